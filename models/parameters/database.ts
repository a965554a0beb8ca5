/** The database of a hosted cluster's etcd: growth, quota, defragmentation. At the defaults it does not change, and nothing happens. */
import { MINUTE, SECOND } from '../../sim/time.ts';
import { ASSUMED, count, duration, HYPERSHIFT, type Parameter } from './parameter.ts';

const DEFRAG = `${HYPERSHIFT} etcd-defrag/etcddefrag_controller.go`;

export const database = {
  growth: count(0, 'Growth of the data in use, in MiB per day.', ASSUMED, 0),
  fragments: count(
    0,
    'Space that compaction frees and no later write uses again before a defragmentation, in MiB per day.',
    ASSUMED,
    0,
  ),
  quotaMib: count(
    8192,
    'Size of the database from which on etcd takes no writes, in MiB.',
    `${HYPERSHIFT} v2/assets/etcd/statefulset.yaml`,
  ),
  cleanupAfter: duration(
    0,
    'How long after that somebody has compacted, defragmented and disarmed the alarm; the data is then as large as at the beginning. ' +
      '0: nobody does.',
    ASSUMED,
  ),
  defragPeriod: duration(10 * MINUTE, 'How often the defragmentation sidecar looks.', DEFRAG, SECOND),
  defragThreshold: {
    kind: 'ratio',
    default: 0.45,
    min: 0,
    doc: 'Share of free space from which on it defragments.',
    source: DEFRAG,
  },
  defragMinimumMib: count(100, 'Size below which it does not, in MiB.', DEFRAG, 0),
  defragWait: duration(36 * SECOND, 'Pause after each member.', DEFRAG),
  defragMibPerSecond: count(100, 'How fast a member copies its database, in MiB per second.', ASSUMED),
  mutatingShare: {
    kind: 'ratio',
    default: 0.2,
    min: 0,
    doc: 'Share of API requests that write, and fail while etcd takes no writes or on a connection to a member that fell silent.',
    source: ASSUMED,
  },
} as const satisfies Record<string, Parameter>;
