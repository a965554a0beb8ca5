/** etcd: ticks, elections, catch-up. */
import { MILLISECOND, SECOND } from '../../sim/time.ts';
import { ASSUMED, count, duration, HYPERSHIFT, type Parameter, rate } from './parameter.ts';

const STATEFUL_SET = `${HYPERSHIFT} v2/assets/etcd/statefulset.yaml`;

const HARDWARE_SPEED =
  'openshift/cluster-etcd-operator pkg/etcdenvvar/etcd_env.go, pkg/hwspeedhelpers; openshift/api operator/v1 types_etcd.go';

export const etcd = {
  heartbeat: duration(
    100 * MILLISECOND,
    'One tick: the heartbeat interval.',
    'etcd-io/website v3.6 tuning; not overridden by HyperShift',
    MILLISECOND,
  ),
  slowerHeartbeat: duration(
    500 * MILLISECOND,
    'The same of management clusters on Azure and IBMCloud (hardware speed Slower: five times the standard).',
    HARDWARE_SPEED,
    MILLISECOND,
  ),
  snapshotCount: count(
    10_000,
    'Entries after which a leader takes a snapshot and drops what came before: a member that missed more gets the whole database.',
    STATEFUL_SET,
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
  slowerElectionTicks: count(
    5,
    'The same of management clusters on Azure and IBMCloud (2500 ms).',
    HARDWARE_SPEED,
    2,
  ),
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
  requestTimeout: duration(
    5 * SECOND,
    'How long a member works on a request before it gives it up, besides two election timeouts.',
    'etcd-io/etcd server/config/config.go (ReqTimeout)',
  ),
  livenessPeriod: duration(5 * SECOND, 'Period of the liveness probe of hosted etcd.', STATEFUL_SET, SECOND),
  livenessTimeout: duration(
    30 * SECOND,
    'How long one such probe waits for its answer.',
    STATEFUL_SET,
    SECOND,
  ),
  livenessFailures: count(5, 'Failed probes until the kubelet kills the container.', STATEFUL_SET),
  startupPeriod: duration(10 * SECOND, 'Period of the start-up probe of hosted etcd.', STATEFUL_SET, SECOND),
  startupFailures: count(18, 'Failed probes until a start is given up.', STATEFUL_SET),
} as const satisfies Record<string, Parameter>;
