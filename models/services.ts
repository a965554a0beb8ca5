/**
 * The things that are up or down, each a number in [0, 1] that steps over time. Nine per hosted cluster, two per management cluster.
 */
export const HOSTED_SERVICES = [
  'api',
  'etcd',
  'controllers',
  'tunnel',
  'oauth',
  'join',
  'workloads',
  'aggregatedApis',
  'webhooks',
] as const;
export const MANAGEMENT_SERVICES = ['management', 'lifecycle'] as const;
export const SERVICES = [...HOSTED_SERVICES, ...MANAGEMENT_SERVICES] as const;
export type Service = (typeof SERVICES)[number];

/** Facts about services carry cluster and service in one number. */
export function serviceSubject(cluster: number, service: Service): number {
  return cluster * SERVICES.length + SERVICES.indexOf(service);
}
export function subjectCluster(subject: number): number {
  return Math.floor(subject / SERVICES.length);
}
export function subjectService(subject: number): Service {
  return SERVICES[subject % SERVICES.length]!;
}

/** What each service means, for people. */
export const SERVICE_DEFINITIONS: Readonly<Record<Service, string>> = {
  api: 'Share of new requests to the hosted API from outside that succeed: those that get in, that routers pass on, that meet a living endpoint among the listed, and that etcd answers in time. 0 without an etcd quorum.',
  etcd: 'The etcd of the hosted cluster has a leader with quorum: writes go through right now.',
  controllers:
    'The hosted kube-controller-manager and kube-scheduler have living leaders and an API to write to: the cluster heals itself.',
  tunnel:
    'Share of dials from the API servers into the data plane that succeed, as each log, exec and port-forward needs one.',
  oauth:
    'Share of logins that succeed: OAuth server, OAuth API, hosted API and, for identity providers reached through the data plane, the tunnel.',
  join: 'A new worker can fetch its ignition, get its certificate, join, and be initialized by a cloud controller manager where the platform has one.',
  workloads: 'Share of the wanted workload replicas that run.',
  aggregatedApis:
    'Share of requests to the OpenShift API, the OAuth API and the package server that succeed, of the worst of the three: hosted API, the connections ' +
    'that it keeps open to them through the Konnectivity agents beside the control plane, and their pods.',
  webhooks:
    'Share of writes that pass a fail-closed webhook in the data plane: hosted API and the connections that it keeps open into the data plane.',
  management: 'The API of the management cluster answers.',
  lifecycle:
    'Hosted clusters can be created, changed and destroyed: management API and a leading HyperShift operator.',
};
