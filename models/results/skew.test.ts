import { expect, it } from 'vitest';
import { HOUR, type Micros } from '../../sim/time.ts';
import type { ClusterId } from '../ids.ts';
import type { Upgrade } from '../plan/faults.ts';
import { Replication } from '../run.ts';
import { Signal } from '../signal.ts';
import { fleetOf, hostedCluster, management, metric, pool, ran, scenarioOf, ZONES } from '../testing.ts';
import type { RunningVersions } from '../upgrades/version-source.ts';
import { skewResults } from './skew.ts';

const FLEET = fleetOf(management(ZONES, 3), [
  hostedCluster('t', { release: '4.20.1', nodePools: [], workloads: [] }),
  hostedCluster('u', { nodePools: [pool(1)] }),
]);

/** Kubelets of `t` as a test says: what they run from which hour on. */
function watched(...kubelets: readonly (readonly [hour: number, oldest: string, newest: string])[]) {
  const replication = new Replication(
    {
      ...scenarioOf(FLEET),
      campaigns: [
        {
          name: 'names releases',
          at: (99 * HOUR) as Micros,
          stages: kubelets
            .flatMap(([, oldest, newest]) => [oldest, newest])
            .map((to) => ({
              name: '',
              kind: 'hostedCluster' as const,
              to,
              force: false,
              waves: [['t']],
              concurrency: 1,
              soak: 0 as Micros,
              maxFailures: 0,
              stopWhen: [],
              badReleases: 0,
              rollback: 'none' as const,
            })),
        },
      ],
    },
    0,
  );
  const { fleet, recorders } = replication;
  const { upgrades, sim } = fleet.world;
  const t = fleet.hostedClusters.get('t')!;
  let running: RunningVersions[] = [];
  const changed = new Signal<[ClusterId]>();
  upgrades.versions.register({ changed, running: (cluster) => (cluster === t ? running : []) });
  for (const [hour, oldest, newest] of kubelets) {
    replication.run((hour * HOUR) as Micros);
    const { releases } = upgrades;
    running = [{ part: 'kubelet', oldest: releases.of(oldest), newest: releases.of(newest) }];
    changed.emit(t);
  }
  const of = () => skewResults(fleet, recorders.skew);
  return { replication, t, of, sim, recorders };
}

it('kubelets come nearer to the limit of the policy and away from it', () => {
  const { of } = watched([1, '4.17.1', '4.17.1'], [2, '4.18.1', '4.19.8'], [3, '4.20.1', '4.20.1']);
  const [result, ...others] = of();
  expect(others).toEqual([]);
  expect(result).toMatchObject({ labels: { hostedCluster: 't' }, violations: [] });
  expect(result!.steps.filter(({ part }) => part === 'kubelet')).toEqual([
    { at: HOUR, part: 'kubelet', oldest: '4.17.1', newest: '4.17.1' },
    { at: 2 * HOUR, part: 'kubelet', oldest: '4.18.1', newest: '4.19.8' },
    { at: 3 * HOUR, part: 'kubelet', oldest: '4.20.1', newest: '4.20.1' },
  ]);
  expect(result!.apart).toEqual([
    { at: 0, minors: 0 },
    { at: HOUR, minors: 3 },
    { at: 2 * HOUR, minors: 2 },
    { at: 3 * HOUR, minors: 0 },
  ]);
  expect(result!.nearest).toContainEqual({ rule: 'kubelet.older', ofNodes: true, left: 0, at: HOUR });
  expect(result!.nearest).toContainEqual({ rule: 'kubelet.newer', ofNodes: true, left: 0, at: 3 * HOUR });
});

it('a broken rule has a beginning, an end and a measure; each stretch counts', () => {
  const { of, replication } = watched(
    [1, '4.16.1', '4.16.1'],
    [2, '4.15.1', '4.15.1'],
    [3, '4.20.1', '4.20.1'],
    [4, '4.20.1', '4.21.1'],
  );
  replication.run((5 * HOUR) as Micros);
  expect(of()[0]!.violations).toMatchObject([
    { rule: 'kubelet.older', from: HOUR, to: 3 * HOUR, by: 2 },
    { rule: 'kubelet.newer', from: 4 * HOUR, by: 1 },
  ]);
  expect(of()[0]!.violations[1]).not.toHaveProperty('to');
  expect(of()[0]!.violations[0]!.statement).toContain('three minors older');
  expect(metric(replication, 'skew.violations', 't')).toBe(2);
  expect(metric(replication, 'skew.violations', 'u')).toBe(0);
});

it('what is put right in the same instant was never broken', () => {
  const { of } = watched([1, '4.15.1', '4.15.1'], [1, '4.20.1', '4.20.1']);
  expect(of()[0]!.violations).toEqual([]);
  expect(of()[0]!.apart).toEqual([{ at: 0, minors: 0 }, ...[{ at: HOUR, minors: 0 }].slice(1)]);
});

it('management clusters are followed as hosted ones are; the version of an operator is on no scale of theirs', () => {
  const plan = management(ZONES, 3, {
    version: '4.20.1',
    operator: { product: 'MCE', version: '2.10' },
    machineConfigPools: management(ZONES, 3).machineConfigPools.map((pool) => ({
      ...pool,
      paused: pool.name === 'worker',
    })),
  });
  const upgrade = (hour: number, more: object): Upgrade => ({
    kind: 'upgrade',
    at: (hour * HOUR) as Micros,
    label: 'upgrade',
    subject: 'managementCluster',
    names: ['mgmt'],
    to: '4.21.0',
    ...more,
  });
  const faults = [
    upgrade(1, {}),
    upgrade(6, { to: '2.11', subject: 'operator' }),
    upgrade(8, { to: '4.22.0' }),
  ];
  const replication = ran(scenarioOf(fleetOf(plan, [hostedCluster('t')]), { faults }));
  const [result, ...others] = skewResults(replication.fleet, replication.recorders.skew);
  expect(others).toEqual([]);
  expect(result!.labels).toEqual({ managementCluster: 'mgmt' });
  expect(result!.apart.map(({ minors }) => minors)).toEqual([0, 1, 2]);
  expect(result!.nearest).toContainEqual(expect.objectContaining({ rule: 'kubelet.older', left: 1 }));
  expect(result!.steps.filter(({ part }) => part === 'operator').map(({ newest }) => newest)).toEqual([
    '2.10',
    '2.11',
    '2.11',
  ]);
  expect(metric(replication, 'skew.violations', 'mgmt')).toBe(0);
});

it('histories are part of a snapshot', () => {
  const { sim, of, replication } = watched([1, '4.15.1', '4.15.1']);
  const saved = sim.save();
  const before = JSON.stringify(of());
  replication.run((2 * HOUR) as Micros);
  sim.restore(saved);
  expect(JSON.stringify(of())).toBe(before);
});
