/**
 * How long a member that was away needs until it counts again. While it lags by fewer entries than the leader keeps, it is sent those;
 * beyond that the whole database. Time is size by bandwidth (etcd-io/website op-guide/hardware: 100 MB in 15 s at 10 MB/s, 1 GB at 100).
 */
export interface CatchUpSpec {
  /** Entries that the leader keeps for slow followers. */
  readonly snapshotCount: number;
  /** Writes per second of the hosted cluster. */
  readonly writesPerSecond: number;
  /** Size of one entry, KiB. */
  readonly entryKib: number;
  /** Size of the database, MiB. */
  readonly databaseMib: number;
  /** Bandwidth between members, MiB per second. */
  readonly bandwidthMib: number;
}

/** Seconds to transfer so many MiB. */
export function transferSeconds(mib: number, bandwidthMib: number): number {
  return mib / bandwidthMib;
}

/**
 * Seconds until a member has what it missed.
 * @param awaySeconds for how long it took no entries; Infinity for an empty one
 */
export function catchUpSeconds(awaySeconds: number, spec: CatchUpSpec): number {
  const missed = awaySeconds * spec.writesPerSecond;
  const mib =
    missed > spec.snapshotCount
      ? spec.databaseMib
      : Math.min(spec.databaseMib, (missed * spec.entryKib) / 1024);
  return transferSeconds(mib, spec.bandwidthMib);
}
