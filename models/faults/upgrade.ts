import type { BuiltFleet } from '../build/fleet.ts';
import type { ClusterId, PoolId } from '../ids.ts';
import type { Upgrade, UpgradeSubject } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { poolsOf } from './pools.ts';

/** What is to be upgraded, each by its kind. */
function subjects(fleet: BuiltFleet, fault: Upgrade): (readonly [UpgradeSubject, ClusterId | PoolId])[] {
  const named = (names: readonly string[], ids: ReadonlyMap<string, ClusterId>): ClusterId[] =>
    names.map((name) => ids.get(name)!);
  const { hostedClusters, managementClusters } = fleet;
  return [
    ...named(fault.hostedClusters, hostedClusters).map((id) => ['hostedCluster', id] as const),
    ...poolsOf(fleet, fault.nodePools).map((id) => ['nodePool', id] as const),
    ...named(fault.managementClusters, managementClusters).map((id) => ['managementCluster', id] as const),
    ...named(fault.operators, managementClusters).map((id) => ['operator', id] as const),
  ];
}

/** Another release is asked for; how soon it is there, and whether at all, is up to what is upgraded. Nothing takes that back. */
export const upgrade: Effect<Upgrade> = {
  begin(fleet, fault) {
    const { upgrades } = fleet.world;
    const to = fault.to === undefined ? undefined : upgrades.releases.of(fault.to);
    const { force = false, change } = fault;
    const options = change === undefined ? { force } : { force, change };
    return { ids: subjects(fleet, fault).map(([kind, id]) => upgrades.ask(kind, id, to, options)) };
  },
  end() {},
};
