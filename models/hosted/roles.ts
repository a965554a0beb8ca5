/** What a pod is to the models. Components that no service hangs on are `other`. */
export const ROLES = [
  'other',
  'etcd',
  'kube-apiserver',
  'router',
  'kube-controller-manager',
  'kube-scheduler',
  'openshift-apiserver',
  'openshift-oauth-apiserver',
  'oauth-openshift',
  'packageserver',
  'ignition-server',
  'ignition-server-proxy',
  'machine-approver',
  'cluster-api',
  'capi-provider',
  'konnectivity-agent',
  'operator',
  'virtual-machine',
  'workload',
] as const;
export type Role = (typeof ROLES)[number];

/** Role numbers, as they stand in columns. */
export const ROLE = Object.fromEntries(ROLES.map((role, i) => [role, i])) as Readonly<Record<Role, number>>;
