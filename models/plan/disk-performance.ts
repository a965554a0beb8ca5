/** Kinds of storage by how fast they make a write durable; their figures are the parameters of group `disk`. */
export const DISK_PERFORMANCES = [
  'cloud-ssd',
  'local-lvm',
  'local-volume',
  'shared-isolated',
  'shared-pool',
] as const;
export type DiskPerformance = (typeof DISK_PERFORMANCES)[number];
