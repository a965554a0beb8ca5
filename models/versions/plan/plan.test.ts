import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { FleetPlan, HostedClusterPlan, ManagementClusterPlan, OperatorPlan } from '../../plan/fleet.ts';
import { fleetOf, hostedCluster, management, pool } from '../../plan/sample.ts';
import { stops } from '../judge.ts';
import { MCE_RELEASES, windowOf } from '../operators.ts';
import { minorName, minorOf } from '../version.ts';
import { planUpgrade } from './plan.ts';
import type { Step, UpgradePlan } from './steps.ts';
import { Walk } from './testing.ts';

const mce = (version: string): OperatorPlan => ({ product: 'MCE', version });
const ho = (version: string): OperatorPlan => ({ product: 'HyperShift', version });

function fleet(
  version: string,
  operator: OperatorPlan,
  hosted: readonly HostedClusterPlan[],
  more: Partial<ManagementClusterPlan> = {},
): FleetPlan {
  return fleetOf(management(['a', 'b', 'c'], 3, { version, operator, ...more }), hosted);
}

const tenant = (name: string, release: string, pools: readonly string[], more = {}): HostedClusterPlan =>
  hostedCluster(name, {
    release,
    nodePools: pools.map((one, i) => pool(2, { name: `w${i}`, release: one })),
    ...more,
  });

const said = ({ action, target, from, to }: Step): string => {
  const name = target.kind === 'nodePool' ? `${target.hostedCluster}/${target.name}` : target.name;
  return `${action} ${target.kind} ${name} ${from} ${to}`;
};
const lines = ({ stages }: UpgradePlan) => stages.map(({ steps }) => steps.map(said));
const refusals = ({ refused }: UpgradePlan) =>
  refused.map(({ target, reaches, findings }) => [target.name, reaches, findings.map(({ rule }) => rule.id)]);

describe('the way of a fleet', () => {
  test('nothing to do where everything has arrived', () => {
    const plan = planUpgrade(fleet('4.20.3', mce('2.10'), [tenant('t', '4.20.1', ['4.20.1'])]), '4.20');
    expect(plan).toMatchObject({ stages: [], refused: [], notes: [] });
  });

  test('management cluster, hosted cluster, node pools, in this order', () => {
    const plan = planUpgrade(fleet('4.19.2', mce('2.10'), [tenant('t', '4.19.8', ['4.19.8'])]), '4.20.3');
    expect(lines(plan)).toEqual([
      ['update managementCluster mgmt 4.19.2 4.20.3'],
      ['update hostedCluster t 4.19.8 4.20.3'],
      ['update nodePool t/w0 4.19.8 4.20.3'],
    ]);
    expect(plan.stages.map(({ steps }) => steps[0]!.after)).toEqual([[], ['1.1'], ['2.1']]);
  });

  test('from even to even workers wait, and operators come between where the matrix demands it', () => {
    const plan = planUpgrade(fleet('4.18', mce('2.8'), [tenant('t', '4.18', ['4.18'])]), '4.20');
    expect(lines(plan)).toEqual([
      ['update operator mgmt 2.8 2.9'],
      ['pause machineConfigPools mgmt 4.18 4.18'],
      ['update managementCluster mgmt 4.18 4.19'],
      ['update operator mgmt 2.9 2.10'],
      ['update managementCluster mgmt 4.19 4.20'],
      ['resume machineConfigPools mgmt 4.18 4.20'],
      ['update hostedCluster t 4.18 4.19'],
      ['update hostedCluster t 4.19 4.20'],
      ['update nodePool t/w0 4.18 4.20'],
    ]);
    expect(plan.stages[0]!.steps[0]!.why).toBe('MCE 2.8 runs on 4.16 to 4.18, not on 4.19');
  });

  test('hosted clusters move on first where the update of the operator is not for them', () => {
    const plan = planUpgrade(fleet('4.18', mce('2.9'), [tenant('t', '4.16', ['4.16'])]), '4.20');
    const steps = lines(plan).flat();
    const at = (text: string) => steps.indexOf(text);
    expect(at('update hostedCluster t 4.17 4.18')).toBeLessThan(at('update operator mgmt 2.9 2.10'));
    expect(steps).toContain('update operator mgmt 2.9 2.10');
    expect(plan.refused).toEqual([]);
  });

  test('pools move before their cluster leaves them too far behind, over several minors at once', () => {
    const plan = planUpgrade(fleet('5.1', ho('5.1'), [tenant('t', '4.17', ['4.14', '4.17'])]), '4.21');
    expect(lines(plan)).toEqual([
      ['update nodePool t/w0 4.14 4.17'],
      ['update hostedCluster t 4.17 4.18'],
      ['update hostedCluster t 4.18 4.19'],
      ['update hostedCluster t 4.19 4.20'],
      ['update nodePool t/w0 4.17 4.20', 'update nodePool t/w1 4.17 4.20'],
      ['update hostedCluster t 4.20 4.21'],
      ['update nodePool t/w0 4.20 4.21', 'update nodePool t/w1 4.20 4.21'],
    ]);
  });

  test('5.0 comes after 4.22 and after 4.23', () => {
    const hosted = [tenant('a', '4.22', []), tenant('b', '4.23.1', [])];
    const plan = planUpgrade(fleet('5.1', ho('5.1'), hosted), '5.1');
    expect(lines(plan)).toEqual([
      ['update hostedCluster a 4.22 5.0', 'update hostedCluster b 4.23.1 5.1'],
      ['update hostedCluster a 5.0 5.1'],
    ]);
  });

  test('a management cluster goes from 4.23 to 5.0 before 5.1', () => {
    const plan = planUpgrade(fleet('4.23', ho('5.1'), []), '5.1');
    expect(lines(plan)).toEqual([
      ['update managementCluster mgmt 4.23 5.0'],
      ['update managementCluster mgmt 5.0 5.1'],
    ]);
    expect(plan.refused).toEqual([]);
  });

  test('pools of a cluster that is beyond the target stop at the target', () => {
    const plan = planUpgrade(fleet('4.21', mce('2.11'), [tenant('t', '4.21', ['4.19'])]), '4.20');
    expect(lines(plan)).toEqual([['update nodePool t/w0 4.19 4.20']]);
  });

  test('management clusters go side by side', () => {
    const one = fleet('4.19', mce('2.10'), [tenant('a', '4.19', [])]);
    const other = management(['a', 'b', 'c'], 3, { name: 'm2', version: '4.19', operator: mce('2.10') });
    const both = {
      ...one,
      managementClusters: [...one.managementClusters, other],
      hostedClusters: [...one.hostedClusters, tenant('b', '4.19', [], { managementCluster: 'm2' })],
    };
    const plan = planUpgrade(both, '4.20');
    expect(lines(plan)).toEqual([
      ['update managementCluster mgmt 4.19 4.20', 'update managementCluster m2 4.19 4.20'],
      ['update hostedCluster a 4.19 4.20', 'update hostedCluster b 4.19 4.20'],
    ]);
    expect(plan.stages[1]!.steps.map(({ after }) => after)).toEqual([['1.1'], ['1.2']]);
  });

  test('a pool that somebody paused at an odd minor follows when its control plane has arrived', () => {
    const machineConfigPools = management(['a'], 1).machineConfigPools.map((one) => ({
      ...one,
      paused: one.name === 'worker',
    }));
    const plan = planUpgrade(fleet('4.19', mce('2.10'), [], { machineConfigPools }), '4.20');
    expect(lines(plan)).toEqual([
      ['update managementCluster mgmt 4.19 4.20'],
      ['resume machineConfigPools mgmt 4.19 4.20'],
    ]);
  });
});

describe('what is refused', () => {
  test('a hosted cluster with OpenShiftSDN stays, the others go, the pools of both as far as their cluster', () => {
    const hosted = [
      tenant('old', '4.19.8', ['4.18.2'], { network: 'OpenShiftSDN' }),
      tenant('new', '4.19.8', ['4.19.8']),
    ];
    const plan = planUpgrade(fleet('4.20', mce('2.10'), hosted), '4.20');
    expect(lines(plan).flat().sort()).toEqual([
      'update hostedCluster new 4.19.8 4.20',
      'update nodePool new/w0 4.19.8 4.20',
      'update nodePool old/w0 4.18.2 4.19.8',
    ]);
    expect(refusals(plan)).toEqual([
      ['old', '4.19.8', ['hosted-cluster.openshift-sdn']],
      ['w0', '4.19.8', ['node-pool.above-hosted-cluster', 'node-pool.skew-documented']],
    ]);
  });

  test('one hosted cluster that cannot move holds up operator and management cluster', () => {
    const hosted = [tenant('stuck', '4.17', [], { techPreview: true }), tenant('free', '4.18', [])];
    const plan = planUpgrade(fleet('4.18', mce('2.9'), hosted), '4.20');
    expect(refusals(plan)).toEqual([
      ['mgmt', '4.19', ['management-cluster.not-in-matrix']],
      ['mgmt', '2.9', ['operator.hosted-during-update']],
      ['stuck', '4.17', ['hosted-cluster.tech-preview']],
      ['free', '4.19', ['hosted-cluster.above-operator', 'hosted-cluster.not-in-matrix']],
    ]);
    // Workers that waited would reboot once all the same: the control plane gets to no even minor.
    expect(
      lines(plan)
        .flat()
        .filter((line) => line.includes('machineConfigPools')),
    ).toEqual([]);
    const stuck = { target: { kind: 'hostedCluster', name: 'stuck' }, at: '4.17' };
    const operator = { target: { kind: 'operator', name: 'mgmt', product: 'MCE' }, at: '2.9' };
    expect(plan.refused.map(({ heldUpBy }) => heldUpBy)).toEqual([
      [operator, stuck],
      [stuck],
      [],
      [operator, stuck],
    ]);
    // What cannot move stays, whatever the target: none brings all of the fleet further.
    expect(plan.nearest).toBeUndefined();
  });

  test('a pool that its cluster would leave behind is what holds that up', () => {
    const hosted = tenant('t', '4.18.1', ['4.18.1', '4.17.1'], { payload: 'amd64' });
    const nodePools = hosted.nodePools.map(
      (one, i) => ({ ...one, arch: i === 1 ? 'arm64' : 'amd64' }) as const,
    );
    const plan = planUpgrade(fleet('4.20', ho('4.20'), [{ ...hosted, nodePools }]), '4.20');
    const pool = { target: { kind: 'nodePool', name: 'w1', hostedCluster: 't' }, at: '4.17.1' };
    expect(plan.refused[0]).toMatchObject({ reaches: '4.19', heldUpBy: [pool] });
    // What cannot move stays, whatever the target: none brings all of the fleet further.
    expect(plan.nearest).toBeUndefined();
  });

  test('a release that no operator of the table hosts', () => {
    const plan = planUpgrade(fleet('4.22', mce('2.17'), [tenant('t', '4.22', [])]), '5.0');
    expect(refusals(plan)).toEqual([
      ['mgmt', '4.22', ['management-cluster.not-in-matrix']],
      ['mgmt', '2.17', ['operator.unknown']],
      ['t', '4.22', ['hosted-cluster.above-operator', 'hosted-cluster.not-in-matrix']],
    ]);
  });

  test('a release image without a version', () => {
    const plan = planUpgrade(fleet('4.20', mce('2.10'), [tenant('t', 'fake', ['fake'])]), '4.20');
    expect(refusals(plan)).toEqual([
      ['t', 'fake', ['release.without-version']],
      ['w0', 'fake', ['release.without-version']],
    ]);
  });

  test('forced, the very release goes in; the annotation is for no other', () => {
    const forced = (release: string) =>
      fleet('4.20', mce('2.10'), [
        tenant('t', release, [], { upgradeable: false, forceUpgradeTo: '4.20.3' }),
      ]);
    expect(lines(planUpgrade(forced('4.19.1'), '4.20.3'))).toEqual([
      ['update hostedCluster t 4.19.1 4.20.3'],
    ]);
    expect(refusals(planUpgrade(forced('4.18.1'), '4.20.3'))).toEqual([
      ['t', '4.18.1', ['hosted-cluster.not-upgradeable']],
    ]);
  });

  test('drains that will wait for people are noted, of management clusters whose nodes are updated', () => {
    const single = tenant('dev', '4.19.1', ['4.19.1'], { controllerAvailabilityPolicy: 'SingleReplica' });
    const held = hostedCluster('pinned', {
      release: '4.19.1',
      platform: 'KubeVirt',
      nodePools: [pool(2, { name: 'vm', release: '4.19.1', rootVolume: { accessMode: 'ReadWriteOnce' } })],
    });
    const all = [single, held, tenant('prod', '4.19.1', ['4.19.1'])];
    expect(planUpgrade(fleet('4.19', mce('2.10'), all), '4.20').notes).toEqual([
      expect.stringMatching(/^Drains of mgmt wait for single replicas of dev: /),
      expect.stringMatching(/^Drains of mgmt wait for virtual machines of pinned\/vm: /),
    ]);
    expect(planUpgrade(fleet('4.20', mce('2.10'), all), '4.20').notes).toEqual([]);
  });

  test('an engine that no table has is noted', () => {
    expect(planUpgrade(fleet('4.19', mce('2.13'), []), '4.20').notes).toEqual([
      'What MCE 2.13 of mgmt runs on and hosts is in no table: steps there are not checked against it.',
    ]);
  });

  it.each(['newest', '4.30', '5.2.0', '4.11'])('the target %s is a mistake of the caller', (to) => {
    expect(() => planUpgrade(fleet('4.19', mce('2.9'), []), to)).toThrow(RangeError);
  });
});

/** Fleets that break no rule as they are: any engine or operator, clusters and pools of every version that it may have. */
const FLEETS: fc.Arbitrary<FleetPlan> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...MCE_RELEASES).map((one) => ({
        operator: mce(one.version),
        management: [minorOf(one.management.from)!, minorOf(one.management.to)!],
        hosted: [minorOf(one.hosted.from)!, minorOf(one.hosted.to)!],
      })),
      fc.integer({ min: 16, max: 24 }).map((minor) => ({
        operator: ho(minorName(minor)),
        management: [14, 24],
        hosted: [14, minor],
      })),
    ),
    fc.nat(),
    fc.array(
      fc.record({
        minor: fc.nat(),
        patch: fc.option(fc.nat(9), { nil: undefined }),
        pools: fc.array(fc.nat(), { maxLength: 3 }),
        network: fc.constantFrom('OVNKubernetes' as const, 'OVNKubernetes' as const, 'OpenShiftSDN' as const),
        techPreview: fc.integer({ max: 9 }).map((dice) => dice === 0),
        upgradeable: fc.integer({ max: 9 }).map((dice) => dice !== 0),
      }),
      { maxLength: 5 },
    ),
    fc.boolean(),
  )
  .map(
    ([
      {
        operator,
        management: [low, high],
        hosted: [from, to],
      },
      at,
      clusters,
      paused,
    ]) => {
      const version = minorName(low! + (at % (high! - low! + 1)));
      const machineConfigPools = management(['a'], 1).machineConfigPools.map((one) => ({
        ...one,
        paused: paused && one.name === 'worker',
      }));
      const tenants = clusters.map(({ minor, patch, pools, ...policy }, i) => {
        const own = from! + (minor % (to! - from! + 1));
        const oldest = Math.max(windowOf(operator, 'AWS')!.min, own - 2);
        const release = patch === undefined ? minorName(own) : `${minorName(own)}.${patch}`;
        const releases = pools.map((dice) => {
          const one = oldest + (dice % (own - oldest + 1));
          return one === own ? release : `${minorName(one)}.7`;
        });
        return tenant(`t${i}`, release, releases, policy);
      });
      return fleet(version, operator, tenants, { machineConfigPools });
    },
  );

const TARGETS = fc
  .tuple(fc.integer({ min: 14, max: 24 }), fc.option(fc.nat(9), { nil: undefined }))
  .map(([minor, patch]) => (patch === undefined ? minorName(minor) : `${minorName(minor)}.${patch}`));

describe('every plan', () => {
  it('walked step by step, in any order within a stage, breaks no rule at any moment, and ends at the target or is refused', () => {
    fc.assert(
      fc.property(FLEETS, TARGETS, fc.infiniteStream(fc.nat()), (plan, to, dice) => {
        const upgrade = planUpgrade(plan, to);
        const walk = new Walk(plan);
        for (const { steps } of upgrade.stages) {
          const shuffled = steps
            .map((step) => ({ step, key: dice.next().value }))
            .sort((a, b) => a.key - b.key)
            .map(({ step }) => step);
          for (const step of shuffled)
            expect({ step, broken: walk.take(step) }).toEqual({ step, broken: [] });
        }
        const refused = new Set(upgrade.refused.map(({ target }) => JSON.stringify(target)));
        expect(walk.behind(to).filter((target) => !refused.has(JSON.stringify(target)))).toEqual([]);
        for (const { findings, reaches, target } of upgrade.refused) {
          expect(findings).not.toEqual([]);
          expect(walk.versionOf(target)).toBe(reaches);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('names the hosted clusters without which an operator gets on, and a nearest target that refuses nothing', () => {
    fc.assert(
      fc.property(FLEETS, TARGETS, (plan, to) => {
        const { refused, nearest } = planUpgrade(plan, to);
        const stuck = refused.find(({ target }) => target.kind === 'operator');
        if (stuck !== undefined && stuck.heldUpBy.length > 0) {
          const names = new Set(stuck.heldUpBy.map(({ target }) => target.name));
          const without = {
            ...plan,
            hostedClusters: plan.hostedClusters.filter(({ name }) => !names.has(name)),
          };
          const was = stuck.findings.map(({ rule }) => rule.id);
          const left = planUpgrade(without, to).refused.find(({ target }) => target.kind === 'operator');
          expect(left?.reaches === stuck.reaches && left.findings.map(({ rule }) => rule.id)).not.toEqual(
            was,
          );
        }
        if (refused.length === 0) expect(nearest).toBeUndefined();
        else if (nearest !== undefined) expect(planUpgrade(plan, nearest).refused).toEqual([]);
      }),
    );
  });

  it('has steps that wait only for earlier stages, and is the same every time', () => {
    fc.assert(
      fc.property(FLEETS, TARGETS, (plan, to) => {
        const upgrade = planUpgrade(plan, to);
        const stageOf = new Map(
          upgrade.stages.flatMap(({ number, steps }) => steps.map(({ id }) => [id, number])),
        );
        for (const { number, steps } of upgrade.stages)
          for (const { after } of steps) for (const id of after) expect(stageOf.get(id)).toBeLessThan(number);
        expect(planUpgrade(plan, to)).toEqual(upgrade);
      }),
    );
  });
});

describe('single steps that are not legal', () => {
  const minor = fc.integer({ min: 14, max: 24 });
  it('always name a rule', () => {
    fc.assert(
      fc.property(minor, minor, minor, minor, (operator, from, to, poolAt) => {
        const plan = fleet('5.1', ho(minorName(operator)), [
          tenant('t', minorName(from), [minorName(poolAt)]),
        ]);
        const walk = new Walk(plan);
        const skew = operator >= 21 ? 3 : 2;
        const legal =
          to - from >= 0 &&
          to - from <= 1 &&
          to <= operator &&
          to - poolAt <= skew &&
          to >= Math.max(14, operator <= 16 ? operator - 2 : 14);
        expect(walk.asks('t', minorName(to)).length === 0).toBe(legal);
        const legalPool =
          to >= poolAt &&
          to <= from &&
          to <= operator &&
          from - to <= skew &&
          to >= Math.max(14, operator <= 16 ? operator - 2 : 14);
        const pools = walk.asksPool('t', 'w0', minorName(to));
        expect(pools.length === 0).toBe(legalPool);
        if (to > from) expect(stops(pools)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
