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
