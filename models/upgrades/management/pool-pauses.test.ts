import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros } from '../../../sim/time.ts';
import { managementAway } from '../../faults/testing.ts';
import type { Fault, Upgrade } from '../../plan/faults.ts';
import type { HostedClusterPlan, ManagementClusterPlan } from '../../plan/fleet.ts';
import { fleetOf, hostedCluster, management, ran, scenarioOf, ZONES } from '../../testing.ts';

const asked = (hour: number, more: Partial<Upgrade>): Upgrade => ({
  kind: 'upgrade',
  at: (hour * HOUR) as Micros,
  label: 'upgrade',
  subject: 'managementCluster',
  names: ['mgmt'],
  ...more,
});
const pools = (change: 'pause' | 'resume', hour: number, pool = 'worker') =>
  asked(hour, { subject: 'machineConfigPool', names: [`mgmt/${pool}`], change });

function rehearse(
  faults: readonly Fault[],
  plan: Partial<ManagementClusterPlan> = {},
  tenants: readonly HostedClusterPlan[] = [],
) {
  const fleet = fleetOf(management(ZONES, 6, { version: '4.18.2', ...plan }), tenants);
  const run = ran(scenarioOf(fleet, { faults, duration: (24 * HOUR) as Micros }));
  const { managementUpdates, upgrades, machines } = run.fleet.world;
  const { ledger, releases } = upgrades;
  return {
    records: ledger.records,
    told: () =>
      ledger.records.map(({ kind, change, before, after, end }) =>
        [kind, change ?? '', releases.name(before), releases.name(after), end].join(' '),
      ),
    /** Kubelets of control-plane nodes and of the others. */
    kubelets: () => {
      const of = (own: boolean) =>
        run.fleet.plan.managementClusters[0]!.nodes.filter(({ controlPlane }) => controlPlane === own).map(
          ({ name }) =>
            releases.name(managementUpdates.releases.kubelet(run.fleet.nodes.get(name)!) as never),
        );
      return [new Set(of(true)), new Set(of(false))].map((set) => [...set].join());
    },
    machines,
  };
}

describe('a machine config pool', () => {
  it('that is paused stays while the control plane goes on by two minors, and follows at once when it is resumed', () => {
    const { records, told, kubelets } = rehearse([
      pools('pause', 1),
      asked(2, { to: '4.19.1' }),
      asked(6, { to: '4.20.1' }),
      pools('resume', 10),
    ]);
    expect(told()).toEqual([
      'machineConfigPool pause 4.18.2 4.18.2 completed',
      'managementCluster  4.18.2 4.19.1 completed',
      'managementCluster  4.19.1 4.20.1 completed',
      'machineConfigPool resume 4.18.2 4.20.1 completed',
    ]);
    expect(records[1]!.remarks).toContain('pool worker is paused, and stays behind');
    expect(kubelets()).toEqual(['4.20.1', '4.20.1']);
    // Each worker is updated once, under the record of its pool.
    const nodes = records.flatMap(({ phases }, i) =>
      phases.flatMap(({ name }) => (/^node h-/.test(name) ? [`${i} ${name}`] : [])),
    );
    expect(nodes).toHaveLength(new Set(nodes).size);
    expect(nodes.every((one) => one.startsWith('3 '))).toBe(true);
    expect(nodes).toHaveLength(6);
  });

  it('that is paused in the middle finishes the node at hand, begins no other, and holds up no update', () => {
    // Operators and control-plane nodes take about an hour and a half; then the workers begin.
    const stopped = rehearse([asked(1, { to: '4.19.1' }), pools('pause', 2.75)]);
    const [update, pause] = stopped.records;
    expect([update!.end, pause!.end]).toEqual(['completed', 'completed']);
    expect(update!.remarks).toContain('pool worker is paused, and stays behind');
    expect(stopped.kubelets()[1]!.split(',').sort()).toEqual(['4.18.2', '4.19.1']);
    const later = rehearse([asked(1, { to: '4.19.1' }), pools('pause', 2.75), pools('resume', 12)]);
    expect(later.kubelets()).toEqual(['4.19.1', '4.19.1']);
    expect(later.told().at(-1)).toBe('machineConfigPool resume 4.18.2 4.19.1 completed');
  });

  it('of the control-plane nodes that is paused holds up the update until it is resumed', () => {
    const { records } = rehearse([
      pools('pause', 1, 'master'),
      asked(2, { to: '4.19.1' }),
      pools('resume', 12, 'master'),
    ]);
    const update = records.find(({ kind }) => kind === 'managementCluster')!;
    const wait = update.waits.find(({ phase }) => phase === 'pool master')!;
    expect(wait.why).toBe('the pool is paused');
    expect(wait.to! / HOUR).toBeCloseTo(12, 1);
    expect(update.end).toBe('completed');
    expect(update.to).toBeGreaterThan(12 * HOUR);
  });

  it('that is resumed while a drain of a node stands still says what that waits for', () => {
    const single = hostedCluster('t', { controllerAvailabilityPolicy: 'SingleReplica' });
    const { records } = rehearse([asked(1, { to: '4.19.1' }), pools('pause', 12), pools('resume', 13)], {}, [
      single,
    ]);
    const [update, , resume] = records;
    expect(update!.end).toBe('completed');
    expect(resume!.end).toBeUndefined();
    const stuck = update!.waits.find(
      ({ phase, why }) => phase.startsWith('node h-') && why.includes('etcd'),
    )!;
    expect(resume!.waits).toContainEqual(
      expect.objectContaining({ phase: stuck.phase, why: stuck.why, from: 13 * HOUR }),
    );
  });

  it('that was paused from the beginning, and one that was not, can be resumed', () => {
    const machineConfigPools = management(ZONES, 6).machineConfigPools.map((pool) => ({
      ...pool,
      paused: pool.name === 'worker',
    }));
    const { told } = rehearse([pools('resume', 1), asked(2, { to: '4.19.1' })], { machineConfigPools });
    expect(told()[0]).toBe('machineConfigPool resume 4.18.2 4.18.2 completed');
    const without = rehearse([asked(2, { to: '4.19.1' }), pools('resume', 12)]);
    expect(without.records[1]).toMatchObject({ end: 'completed', from: 12 * HOUR, to: 12 * HOUR });
  });

  it('cannot be told anything while the API is away, and what was said last holds', () => {
    const outage = managementAway(HOUR, 2 * HOUR);
    const { records, kubelets } = rehearse([
      outage,
      pools('pause', 1.5),
      pools('resume', 2),
      asked(4, { to: '4.19.1' }),
    ]);
    const [pause, resume] = records;
    expect([pause!.end, resume!.end]).toEqual(['superseded', 'completed']);
    expect(resume!.waits[0]!.why).toBe('the API of mgmt does not answer');
    expect(resume!.to! - 3 * HOUR).toBeLessThan(5 * MINUTE);
    expect(kubelets()).toEqual(['4.19.1', '4.19.1']);
  });
});
