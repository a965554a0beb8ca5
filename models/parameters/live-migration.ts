/** KubeVirt's live migration of virtual machines. */
import { MILLISECOND, SECOND } from '../../sim/time.ts';
import { ASSUMED, count, duration, type Parameter, rate } from './parameter.ts';

const GUIDE = 'kubevirt/user-guide docs/compute/live_migration.md';

export const liveMigration = {
  parallel: count(
    5,
    'Migrations at one time in a management cluster.',
    `${GUIDE} (parallelMigrationsPerCluster)`,
  ),
  outbound: count(
    2,
    'Migrations at one time away from a node.',
    `${GUIDE} (parallelOutboundMigrationsPerNode)`,
  ),
  bandwidth: rate(
    64,
    'MiB of memory that a migration copies per second.',
    `${GUIDE} (bandwidthPerMigration)`,
    0.001,
  ),
  dirtyRate: rate(
    4,
    'MiB of memory that a guest writes anew per second while it is copied; from the bandwidth on a migration never ends.',
    ASSUMED,
  ),
  completionTimeout: duration(
    150 * SECOND,
    'A migration that takes longer than this per GiB of memory is given up and tried again.',
    `${GUIDE} (completionTimeoutPerGiB)`,
    SECOND,
  ),
  progressTimeout: duration(
    150 * SECOND,
    'A migration that gets no further for so long is given up and tried again.',
    `${GUIDE} (progressTimeout)`,
    SECOND,
  ),
  pause: duration(
    300 * MILLISECOND,
    'How long a guest stands still when it goes over: its kubelet is not heard for so long.',
    'QEMU migration parameter downtime-limit',
  ),
} as const satisfies Record<string, Parameter>;
