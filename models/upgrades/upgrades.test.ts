import { expect, test } from 'vitest';
import type { ClusterId, ReleaseId } from '../ids.ts';
import { Replication } from '../run.ts';
import { Signal } from '../signal.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from '../testing.ts';
import { standIns } from './testing.ts';
import { type RunningVersions, VersionSources } from './version-source.ts';

const FLEET = fleetOf(management(ZONES, 3), [hostedCluster('t', { nodePools: [pool(1)] })]);

test('a bad release is bad as long as its upgrade goes on, and until another one supersedes it', () => {
  const { fleet } = new Replication(scenarioOf(FLEET), 0);
  const { upgrades } = fleet.world;
  standIns(fleet, { takes: () => undefined });
  const t = fleet.hostedClusters.get('t')!;
  const release = upgrades.release('hostedCluster', t);
  expect(upgrades.fails('hostedCluster', t)).toBe(false);
  upgrades.ask('hostedCluster', t, release, { force: false, bad: true });
  expect(upgrades.fails('hostedCluster', t)).toBe(true);
  upgrades.ask('hostedCluster', t, release);
  expect(upgrades.fails('hostedCluster', t)).toBe(false);
});

test('every source of versions is asked, and heard', () => {
  const sources = new VersionSources();
  const changes: ClusterId[] = [];
  sources.changed.subscribe((cluster) => changes.push(cluster));
  const sourceOf = (part: RunningVersions['part']) => {
    const changed = new Signal<[ClusterId]>();
    const running = { part, oldest: 0 as ReleaseId, newest: 1 as ReleaseId };
    sources.register({ changed, running: () => [running] });
    return changed;
  };
  sourceOf('kube-apiserver');
  sourceOf('kubelet').emit(7 as ClusterId);
  expect(sources.running(7 as ClusterId).map(({ part }) => part)).toEqual(['kube-apiserver', 'kubelet']);
  expect(changes).toEqual([7]);
});
