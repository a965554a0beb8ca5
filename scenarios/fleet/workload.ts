/** The compact form of a workload: its requests, its topology spread, its disruption budget. */
import type { BudgetPlan, NodePoolPlan, WorkloadPlan } from '../../models/plan/fleet.ts';
import { readCountOrShare } from '../read/count-or-share.ts';
import type { WorkloadSpec } from '../schema/hosted-cluster.ts';
import { readDuration } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { cpuMillis, memoryMib } from './machine.ts';

export function workloadPlan(
  written: WorkloadSpec,
  pools: readonly NodePoolPlan[],
  cursor: Cursor,
): WorkloadPlan {
  checkSpread(written, pools, cursor.to('spread'));
  const budget = written.budget && budgetPlan(written.budget, cursor.to('budget'));
  return {
    name: written.name,
    replicas: written.replicas,
    cpuMillis: cpuMillis(written.cpu, 'up'),
    memoryMib: memoryMib(written.memory, 'up'),
    spread: written.spread,
    needsApi: written.needsApi,
    shutdown: readDuration(written.shutdown),
    terminationGracePeriod: readDuration(written.terminationGracePeriod),
    ...(budget === undefined ? {} : { budget }),
  };
}

/** Kubernetes refuses two constraints of one kind; a zone that no worker has would leave every replica waiting for ever. */
function checkSpread({ spread }: WorkloadSpec, pools: readonly NodePoolPlan[], cursor: Cursor): void {
  spread.forEach(({ by, whenUnsatisfiable }, i) => {
    const same = spread.findIndex((one) => one.by === by && one.whenUnsatisfiable === whenUnsatisfiable);
    if (same < i) {
      cursor.to(i).report('conflicting-keys', {
        found: `two constraints by ${by} with ${whenUnsatisfiable}`,
        expected: 'at most one of each kind',
      });
    }
    const zoned = pools.some((pool) => pool.zones.length > 0);
    if (by === 'zone' && whenUnsatisfiable === 'DoNotSchedule' && pools.length > 0 && !zoned) {
      cursor.to(i, 'by').report('invalid-value', {
        found: 'zones must be kept even, and no worker stands in a zone',
        expected: 'zones in a node pool',
        hint: 'give the node pool zones, spread by host, or set whenUnsatisfiable: ScheduleAnyway',
      });
    }
  });
}

function budgetPlan(written: NonNullable<WorkloadSpec['budget']>, cursor: Cursor): BudgetPlan | undefined {
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy } = written;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    cursor.to('maxUnavailable').reportKey('conflicting-keys', {
      found: 'minAvailable and maxUnavailable in one budget',
      expected: 'one of the two',
    });
    return undefined;
  }
  const amount = minAvailable ?? maxUnavailable;
  if (amount === undefined) {
    cursor.report('missing-key', {
      found: 'a budget of nothing',
      expected: 'minAvailable or maxUnavailable',
    });
    return undefined;
  }
  return {
    bound: minAvailable === undefined ? 'maxUnavailable' : 'minAvailable',
    ...readCountOrShare(amount),
    unhealthyPods: unhealthyPodEvictionPolicy,
  };
}
