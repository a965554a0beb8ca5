/** What a pod is to the models. Components that no service hangs on and that elect no leader are `other`. */
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
  'openshift-controller-manager',
  'openshift-route-controller-manager',
  'cluster-policy-controller',
  'cloud-controller-manager',
  'control-plane-operator',
  'hosted-cluster-config-operator',
  'cluster-network-operator',
  'cluster-autoscaler',
  'operator',
  'virtual-machine',
  'workload',
] as const;
export type Role = (typeof ROLES)[number];

/** Role numbers, as they stand in columns. */
export const ROLE = Object.fromEntries(ROLES.map((role, i) => [role, i])) as Readonly<Record<Role, number>>;

/** Who writes to etcd. */
export const API_SERVERS: readonly Role[] = [
  'kube-apiserver',
  'openshift-apiserver',
  'openshift-oauth-apiserver',
];
