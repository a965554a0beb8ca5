/** Platforms of a HostedCluster, as its API spells them. */
export const PLATFORMS = [
  'AWS',
  'Azure',
  'Agent',
  'KubeVirt',
  'OpenStack',
  'IBMCloud',
  'PowerVS',
  'GCP',
  'None',
] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Platforms of an OpenShift cluster that hosts control planes, as its Infrastructure object spells them (openshift/api config/v1). */
export const MANAGEMENT_PLATFORMS = [
  'AWS',
  'Azure',
  'BareMetal',
  'GCP',
  'Libvirt',
  'OpenStack',
  'None',
  'VSphere',
  'oVirt',
  'IBMCloud',
  'KubeVirt',
  'EquinixMetal',
  'PowerVS',
  'AlibabaCloud',
  'Nutanix',
  'External',
] as const;
export type ManagementPlatform = (typeof MANAGEMENT_PLATFORMS)[number];

/** What the machines of a platform are: how long they take to come and to boot hangs on that. */
export type Hardware = 'instance' | 'bareMetal' | 'virtualMachine';

const NO_INSTANCES: Readonly<Partial<Record<Platform | ManagementPlatform, Hardware>>> = {
  Agent: 'bareMetal',
  BareMetal: 'bareMetal',
  EquinixMetal: 'bareMetal',
  // Machines that somebody brought along; HyperShift waits for them as long as for those of Agent (nodepool/capi.go).
  None: 'bareMetal',
  KubeVirt: 'virtualMachine',
};

/** Instances of clouds and of hypervisors, hardware, or virtual machines that are pods of the management cluster. */
export function hardwareOf(platform: Platform | ManagementPlatform): Hardware {
  return NO_INSTANCES[platform] ?? 'instance';
}
