import { describe, expect, it } from 'vitest';
import { FAULT_KINDS } from '../faults/index.ts';
import type { ClusterId, SetId } from '../ids.ts';
import type { Replication } from '../run.ts';
import { DRAWN_KINDS } from './draw/faults.ts';
import { drawCase } from './draw.ts';
import { BUDGETS } from './invariants/budgets.ts';
import { POOL_AFTER_CLUSTER, SURGE } from './invariants/upgrades.ts';
import { INVARIANTS } from './invariants.ts';
import { Sightings, SOMETIMES } from './sometimes.ts';
import { commandOf, type Recipe, recipeText, trySeed } from './swarm.ts';

/** The same seeds at every run; SWARM_SEEDS plays more of them, `npm run swarm` others. */
const SEEDS = Number(process.env.SWARM_SEEDS ?? 600);
const seeds = Array.from({ length: SEEDS }, (_, i) => i);

describe('the swarm', () => {
  it('finds nothing that must not be, and reaches what it must reach', () => {
    const sightings = new Sightings();
    const look = (replication: Replication): void => sightings.look(replication);
    const recipes = seeds.flatMap((seed) => trySeed(seed, { look }) ?? []);
    expect(recipes.map(recipeText).join('\n\n')).toBe('');
    expect(Object.keys(SOMETIMES).filter((name) => !sightings.seen.has(name))).toEqual([]);
  });

  it('draws every kind of fault that is simulated', () => {
    const drawn = new Set(seeds.flatMap((seed) => drawCase(seed).faults.map(({ kind }) => kind)));
    expect([...DRAWN_KINDS].sort((a, b) => (a < b ? -1 : 1))).toEqual(
      [...FAULT_KINDS].sort((a, b) => (a < b ? -1 : 1)),
    );
    expect(FAULT_KINDS.filter((kind) => !drawn.has(kind))).toEqual([]);
  });

  it('draws faults without an end, and faults that begin at one instant', () => {
    const faults = seeds.map((seed) => drawCase(seed).faults);
    expect(faults.some((list) => list.some(({ duration }) => duration === undefined))).toBe(true);
    expect(faults.some((list) => new Set(list.map(({ at }) => at)).size < list.length)).toBe(true);
  });

  it('one seed is one case', () => {
    expect(JSON.stringify(drawCase(7))).toBe(JSON.stringify(drawCase(7)));
    expect(JSON.stringify(drawCase(8))).not.toBe(JSON.stringify(drawCase(7)));
  });
});

/** Defects, each planted by a listener that flips what an invariant is about. */
const DEFECTS: Readonly<Record<string, (replication: Replication) => void>> = {
  'the number of running pods of a set is what a count gives': ({ fleet: { world } }) => {
    const { pods, machines } = world;
    machines.lost.subscribe((node) => {
      for (const pod of pods.ofNode.list(node)) pods.containers.runningOf.add(pods.set.at(pod), 1);
    });
  },
  'no pod on a dead node runs or is ready': ({ fleet: { world } }) => {
    const { pods, machines, endpoints } = world;
    const honest = endpoints.ready.bind(endpoints);
    endpoints.ready = (pod) =>
      honest(pod) || (pods.node.at(pod) >= 0 && !machines.running(pods.node.at(pod)));
  },
  'a kubelet is in contact only where its machine runs': ({ fleet: { world } }) => {
    const { contact, machines } = world;
    const honest = contact.present.bind(contact);
    contact.present = (node) => honest(node) || !machines.running(node);
  },
  'etcd serves with an alive majority only, led by one of it': ({ fleet: { world } }) => {
    world.ensembles.changed.subscribe((ensemble) => {
      const first = world.ensembles.members.of.first(ensemble);
      if (first >= 0) world.ensembles.leader.set(ensemble, first);
    });
  },
  'a service is what its components give from scratch, between 0 and 1': ({ fleet: { world } }) => {
    world.health.touch = () => {};
  },
  'no two pods of a set that stay have one name, and no set has more than it wants and its surge': ({
    fleet: { world },
  }) => {
    world.machines.lost.subscribe((node) => {
      for (const pod of world.pods.ofNode.list(node))
        world.pods.create(world.pods.set.at(pod), world.pods.ordinal.at(pod));
    });
  },
  'lists of pods hold no row that is gone, and every pod stands in the lists it names': ({
    fleet: { world },
  }) => {
    world.machines.lost.subscribe((node) => {
      for (const pod of world.pods.ofNode.list(node)) world.pods.ofSet.leave(pod);
    });
  },
  'bound pods fit their node: CPU, memory, number of pods': ({ fleet: { world } }) => {
    world.pods.removing.subscribe((pod) => {
      if (world.pods.node.at(pod) >= 0) world.requested.pods.add(world.pods.node.at(pod), 1);
    });
  },
  [BUDGETS]: ({ fleet: { world } }) => {
    world.budgets.disruptionsAllowed = () => 1;
  },
  'required anti-affinity holds among bound pods': ({ fleet: { world } }) => {
    const nobody = { nodes: [], zones: [], stayingNodes: [], stayingZones: [] };
    world.scheduler.filters.siblings = () => nobody;
  },
  'a lease is held by a process that is up': ({ fleet: { world } }) => {
    const { leases } = world.leadership;
    leases.changed.subscribe((lease, held) => {
      if (!held) leases.holder.set(lease, leases.candidate(lease, 0));
    });
  },
  'a member whose data is lost takes no part': ({ fleet: { world } }) => {
    world.pods.kubelets.hold = () => {};
  },
  'a node pool that scales by itself stays within its bounds': ({ fleet: { world } }) => {
    const { nodePools, autoscaler } = world;
    nodePools.created.subscribe((node) => {
      const pool = nodePools.slots.parent(node);
      if (autoscaler.bounds(pool) !== undefined) nodePools.wishes.begin(pool, 99);
    });
  },
  'phases and waits of an upgrade lie within it, and are over when it is': ({ fleet: { world } }) => {
    const { ledger } = world.upgrades;
    ledger.closed.subscribe((upgrade) => {
      ledger.record(upgrade).phases.push({ name: 'late', from: world.sim.now });
    });
  },
  'kube-apiservers are of the last completed release of their cluster, or of one that it was let go to since':
    ({ fleet: { world } }) => {
      const { ledger } = world.upgrades;
      ledger.closed.subscribe((upgrade) => {
        const { kind, subject, end, after } = ledger.record(upgrade);
        if (kind !== 'hostedCluster' || end !== 'refused') return;
        const set = world.hosted.set(subject as ClusterId, 'kube-apiserver') as SetId;
        for (const pod of world.pods.ofSet.list(set)) world.pods.template.set(pod, after);
      });
    },
  [SURGE]: ({ fleet: { world } }) => {
    const { life } = world.nodePools;
    const honest = life.create.bind(life);
    life.create = (pool, set, wanted) => honest(pool, set, wanted + 1);
  },
  [POOL_AFTER_CLUSTER]: ({ fleet: { world } }) => {
    const { releases } = world.upgrades;
    const newest = releases.names
      .map((name) => releases.of(name))
      .reduce((a, b) => (releases.compare(a, b) < 0 ? b : a));
    world.hostedReleases.completedRelease = () => newest;
  },
  'an upgrade that stands still says why': ({ fleet: { world } }) => {
    world.upgrades.ledger.waits = () => {};
  },
  'an upgrade goes on when it can': ({ plan, fleet: { world } }) => {
    const { hostedReleases, upgrades, sim } = world;
    const { ledger } = upgrades;
    const honest = hostedReleases.reconsider.bind(hostedReleases);
    hostedReleases.reconsider = (cluster) => {
      const upgrade = ledger.current('hostedCluster', cluster as ClusterId);
      if (upgrade === undefined || sim.now >= plan.duration) return honest(cluster);
      const phase = ledger.record(upgrade).phases.findLast(({ to }) => to === undefined);
      if (phase !== undefined) ledger.waits(upgrade, phase.name, 'nothing');
    };
  },
  'node zones count their nodes and know their state': ({ fleet: { world } }) => {
    const { zones } = world.lifecycle;
    world.lifecycle.unready.subscribe((node) => zones.notReady.add(zones.nodes.parent(node), 1));
  },
};

it('finds no upgrade any more that goes on blaming a node which is heard of again', () => {
  expect(trySeed(1055, {}, [1, 3])).toBeUndefined();
});

describe('canaries: a planted defect', () => {
  it.each(Object.entries(DEFECTS))('is found when it breaks "%s"', (name, prepare) => {
    let recipe: Recipe | undefined;
    for (let seed = 0; recipe === undefined && seed < SEEDS; seed++) recipe = trySeed(seed, { prepare });
    expect(recipe?.name).toBe(name);
    const text = recipeText(recipe!);
    expect(text).toContain(`seed ${recipe!.seed} breaks "${name}"`);
    expect(text).toContain(`npm run swarm -- --seed ${recipe!.seed} --faults `);
  });

  it('comes with the fewest faults that show it: each of them is needed', () => {
    const prepare = DEFECTS['the number of running pods of a set is what a count gives']!;
    for (const seed of seeds.slice(0, 20)) {
      const recipe = trySeed(seed, { prepare });
      if (recipe === undefined) continue;
      expect(trySeed(seed, { prepare }, recipe.faults)?.name, commandOf(recipe)).toBe(recipe.name);
      for (const fault of recipe.faults) {
        const fewer = recipe.faults.filter((other) => other !== fault);
        expect(trySeed(seed, { prepare }, fewer)?.name, commandOf(recipe)).not.toBe(recipe.name);
      }
    }
  });

  it('has a canary for every invariant that is looked at while a run goes on', () => {
    const without = INVARIANTS.map(({ name }) => name).filter((name) => DEFECTS[name] === undefined);
    expect(without).toEqual([]);
  });
});
