import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR, type Micros } from '../../sim/time.ts';
import type { Upgrade } from '../plan/faults.ts';
import type { FleetPlan } from '../plan/fleet.ts';
import { fleetOf, hostedCluster, management, metric, pool, ran, scenarioOf, ZONES } from '../testing.ts';
import { planUpgrade } from '../versions/plan/plan.ts';
import type { Step } from '../versions/plan/steps.ts';

/** More than any stage takes. */
const STAGE = 8 * HOUR;

/** The event that asks for a step. */
function upgradeOf({ target, action, to }: Step, at: number): Upgrade {
  const asked = { kind: 'upgrade', at: at as Micros, label: `${target.kind} to ${to}` } as const;
  if (target.kind === 'machineConfigPools') {
    const names = target.pools.map((name) => `${target.name}/${name}`);
    return { ...asked, subject: 'machineConfigPool', names, change: action === 'pause' ? 'pause' : 'resume' };
  }
  const name = target.kind === 'nodePool' ? `${target.hostedCluster}/${target.name}` : target.name;
  return { ...asked, subject: target.kind, names: [name], to };
}

const starts = fc.constantFrom(
  { version: '4.18.9', mce: '2.8', releases: ['4.16.7', '4.18.4'] },
  { version: '4.19.2', mce: '2.9', releases: ['4.18.4', '4.19.1'] },
  { version: '4.20.1', mce: '2.10', releases: ['4.18.4', '4.19.1', '4.20.0'] },
);
const fleets = starts.chain(({ version, mce, releases }) =>
  fc
    .array(
      fc.record({
        release: fc.constantFrom(...releases),
        behind: fc.boolean(),
        upgradeType: fc.constantFrom('Replace' as const, 'InPlace' as const),
      }),
      { minLength: 1, maxLength: 2 },
    )
    .map((tenants): FleetPlan => {
      const operator = { product: 'MCE', version: mce } as const;
      const hosted = tenants.map(({ release, behind, upgradeType }, i) => {
        const nodes = pool(2, { release: behind ? releases[0]! : release, upgradeType });
        return hostedCluster(`t${i}`, { release, nodePools: [nodes], workloads: [] });
      });
      return fleetOf(management(ZONES, 6, { version, operator }), hosted);
    }),
);

test('a legal plan, replayed: every step completes, and no two versions that must not run together ever do', () => {
  fc.assert(
    fc.property(fleets, (fleet) => {
      const { stages, refused } = planUpgrade(fleet, '4.20.3');
      expect(refused).toEqual([]);
      const faults = stages.flatMap(({ steps }, i) => steps.map((step) => upgradeOf(step, (i + 1) * STAGE)));
      const duration = ((stages.length + 2) * STAGE) as Micros;
      const run = ran(scenarioOf(fleet, { faults, duration }));
      const { ledger, releases } = run.fleet.world.upgrades;
      for (const { end, after, refusal } of ledger.records)
        expect([end, releases.name(after), refusal]).toEqual(['completed', releases.name(after), undefined]);
      for (const { name } of fleet.hostedClusters) {
        expect(metric(run, 'skew.violations', name)).toBe(0);
        expect(metric(run, 'api.uptime', name)).toBe(1);
      }
    }),
    { numRuns: 8 },
  );
});
