/** etcd: ticks, elections, catch-up. */
import { MILLISECOND, SECOND } from '../../sim/time.ts';
import { ASSUMED, count, duration, HYPERSHIFT, type Parameter, rate } from './parameter.ts';

export const etcd = {
  heartbeat: duration(
    100 * MILLISECOND,
    'One tick: the heartbeat interval.',
    'etcd-io/website v3.6 tuning; not overridden by HyperShift',
    MILLISECOND,
  ),
  snapshotCount: count(
    10_000,
    'Entries that a leader keeps for members that lag.',
    `${HYPERSHIFT} v2/assets/etcd/statefulset.yaml`,
  ),
  writesPerSecond: rate(20, 'Writes to the etcd of one hosted cluster.', ASSUMED),
  entryKib: count(2, 'Size of one entry, in KiB.', ASSUMED),
  databaseMib: count(500, 'Size of the database of one hosted cluster, in MiB.', ASSUMED),
  bandwidthMib: count(
    100,
    'Bandwidth between members, in MiB per second.',
    'etcd-io/website v3.6 op-guide/hardware',
  ),
  electionTicks: count(10, 'Ticks of the election timeout (1000 ms).', 'etcd-io/website v3.6 tuning', 2),
  roundTrip: duration(
    MILLISECOND,
    'Round trip between members in one region; a vote takes an fsync (group disk) as well.',
    ASSUMED,
  ),
  ready: duration(
    15 * SECOND,
    'From started containers to a member that votes: replay of the log and first probe.',
    ASSUMED,
  ),
} as const satisfies Record<string, Parameter>;
