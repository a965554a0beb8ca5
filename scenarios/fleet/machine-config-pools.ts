/** MachineConfigPools of a management cluster: `master` and `worker`, and those that its fleet names. */
import type { MachineConfigPoolPlan, NodePlan } from '../../models/plan/fleet.ts';
import { didYouMean, listed } from '../errors/suggest.ts';
import { readCountOrShare } from '../read/count-or-share.ts';
import type { ManagementClusterSpec } from '../schema/management-cluster.ts';
import type { MachineConfigPoolSpec } from '../schema/upgrades.ts';
import type { Cursor } from '../source/cursor.ts';
import { checkDuplicates } from './draft.ts';

const MASTER = 'master';
const WORKER = 'worker';
/** Default of MachineConfigPool.spec.maxUnavailable (openshift/api machineconfiguration/v1 types.go). */
const USUAL = { maxUnavailable: { amount: 1, relative: false }, paused: false } as const;

/** Pools where nobody describes any. */
export const MACHINE_CONFIG_POOLS: readonly MachineConfigPoolPlan[] = [MASTER, WORKER].map((name) => ({
  name,
  ...USUAL,
}));

/** The pool of a node that names none. */
export function usualPool({ controlPlane }: Pick<NodePlan, 'controlPlane'>): string {
  return controlPlane ? MASTER : WORKER;
}

/** `master`, `worker`, then the others as written; reports pools that nodes name and the cluster does not have. */
export function machineConfigPools(
  spec: ManagementClusterSpec,
  cursor: Cursor,
): readonly MachineConfigPoolPlan[] {
  const written = spec.machineConfigPools;
  checkDuplicates(
    written.map((pool) => pool.name),
    'machine config pool',
    (i) => cursor.to('machineConfigPools', i, 'name'),
  );
  const usual = MACHINE_CONFIG_POOLS.filter(({ name }) => written.every((pool) => pool.name !== name));
  const pools = [...usual, ...written.map(planOf)];
  const names = pools.map((pool) => pool.name);
  spec.nodePools.forEach((pool, i) => {
    checkName(pool.machineConfigPool, names, cursor.to('nodePools', i, 'machineConfigPool'));
  });
  spec.nodes.forEach((node, i) => {
    checkName(node.machineConfigPool, names, cursor.to('nodes', i, 'machineConfigPool'));
  });
  return [...pools.filter(({ name }) => name === MASTER), ...pools.filter(({ name }) => name !== MASTER)];
}

function planOf({ name, maxUnavailable, paused }: MachineConfigPoolSpec): MachineConfigPoolPlan {
  return { name, maxUnavailable: readCountOrShare(maxUnavailable), paused };
}

function checkName(wanted: string | undefined, names: readonly string[], place: Cursor): void {
  if (wanted === undefined || names.includes(wanted)) return;
  place.report('invalid-value', {
    found: `no machine config pool "${wanted}"`,
    expected: `one of ${listed(names)}`,
    hint: didYouMean(wanted, names) || 'list it in machineConfigPools',
  });
}
