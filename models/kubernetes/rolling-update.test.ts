import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import type { SetId } from '../ids.ts';
import type { Fault } from '../plan/faults.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import { fleetOf, hostedCluster, management, ran, scenarioOf, ZONES } from '../testing.ts';

const upgrade: Fault = {
  kind: 'upgrade',
  at: HOUR as Micros,
  label: 'upgrade',
  subject: 'hostedCluster',
  names: ['tenant'],
  to: '4.20.1',
};

/** Of every set of a hosted control plane: most pods that there were at one time beyond those wanted, and most that were missing. */
function extremes(plan: Partial<HostedClusterPlan>, faults: readonly Fault[], seed: number) {
  const fleet = fleetOf(management(ZONES, 9), [hostedCluster('tenant', plan)]);
  const surplus = new Map<string, number>();
  const missing = new Map<string, number>();
  const raise = (map: Map<string, number>, name: string, value: number): unknown =>
    map.set(name, Math.max(map.get(name) ?? 0, value));
  const run = ran(scenarioOf(fleet, { faults: [...faults, upgrade], seed }), (replication) => {
    const { rollouts, pods, endpoints, sets, sim } = replication.fleet.world;
    // What happens within one instant is seen when it is over.
    const touched = new Set<SetId>();
    const settle = (): void => {
      for (const set of touched) {
        const there = pods.ofSet.list(set).filter((pod) => !pods.terminating(pod));
        const wanted = sets.replicas.at(set);
        raise(surplus, sets.names[set]!, there.length - wanted);
        raise(missing, sets.names[set]!, wanted - there.filter((pod) => endpoints.believedReady(pod)).length);
      }
      touched.clear();
    };
    rollouts.changed.subscribe((set) => {
      if (touched.size === 0) sim.defer({ settle });
      touched.add(set);
    });
  });
  return { surplus, missing, sets: run.fleet.world.sets };
}

const plans = fc.record({
  controllerAvailabilityPolicy: fc.constantFrom('HighlyAvailable' as const, 'SingleReplica' as const),
  platform: fc.constantFrom('AWS' as const, 'Agent' as const, 'KubeVirt' as const),
  router: fc.boolean(),
});

test('undisturbed, no set has more pods than its surge allows, nor fewer available than it must keep', () => {
  fc.assert(
    fc.property(plans, fc.integer({ min: 1, max: 1e6 }), (plan, seed) => {
      const { surplus, missing, sets } = extremes(plan, [], seed);
      for (let set = 0 as SetId; set < sets.table.length; set++) {
        const name = sets.names[set]!;
        if (name === 'operator' || name === 'app' || sets.recreates.at(set) === 1) continue;
        const stateful = sets.stateful.at(set) === 1;
        expect(surplus.get(name) ?? 0, name).toBeLessThanOrEqual(stateful ? 0 : sets.maxSurge.at(set));
        // Servers of a single replica are not Ready while the only etcd member is replaced.
        if (plan.controllerAvailabilityPolicy === 'SingleReplica') continue;
        expect(missing.get(name) ?? 0, name).toBeLessThanOrEqual(stateful ? 1 : sets.maxUnavailable.at(set));
      }
    }),
    { numRuns: 10 },
  );
});

test('whatever fails meanwhile, no Deployment has more pods than its surge allows', () => {
  const lost = fc.record({
    node: fc.integer({ min: 0, max: 8 }),
    after: fc.integer({ min: 0, max: 20 }),
    lasts: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(plans, fc.array(lost, { minLength: 1, maxLength: 3 }), (plan, losses) => {
      const faults = losses.map(({ node, after, lasts }) => ({
        kind: 'nodeFailure' as const,
        at: (HOUR + after * MINUTE) as Micros,
        duration: (lasts * MINUTE) as Micros,
        label: `h-${node}`,
        nodes: [`h-${node}`],
      }));
      const { surplus, sets } = extremes(plan, faults, 1);
      for (let set = 0 as SetId; set < sets.table.length; set++)
        expect(surplus.get(sets.names[set]!) ?? 0).toBeLessThanOrEqual(
          sets.stateful.at(set) === 1 ? 0 : sets.maxSurge.at(set),
        );
    }),
    { numRuns: 15 },
  );
});
