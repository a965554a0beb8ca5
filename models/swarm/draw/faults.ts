/**
 * Faults of every kind that is simulated, each with targets that exist in the fleet. A new kind gets a drawer here: the type demands
 * it, and a test compares with the list of what is simulated.
 */
import { HOUR, MILLISECOND, MINUTE, type Micros, SECOND } from '../../../sim/time.ts';
import { COMPONENT_NAMES } from '../../hosted/components.ts';
import type { Fault, FaultKind, NetworkSide } from '../../plan/faults.ts';
import type { FleetPlan, HostedClusterPlan, PlacePlan } from '../../plan/fleet.ts';
import type { Dice } from './dice.ts';
import { drawUpgrade } from './upgrades.ts';

type Head = 'at' | 'duration' | 'label';
type What<K extends FaultKind, F = Fault> = F extends Fault
  ? K extends F['kind']
    ? Omit<F, Head | 'kind'> & { readonly kind: K }
    : never
  : never;
/** What a fault of a kind hits, or undefined in a fleet that has no target for it. */
type Drawer<K extends FaultKind> = (dice: Dice, fleet: FleetPlan) => What<K> | undefined;
type Drawers = { readonly [K in FaultKind]: Drawer<K> };

const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);
const workers = ({ nodePools }: HostedClusterPlan): number =>
  nodePools.reduce((sum, { replicas }) => sum + replicas, 0);
const members = ({ controllerAvailabilityPolicy }: HostedClusterPlan): number =>
  controllerAvailabilityPolicy === 'SingleReplica' ? 1 : 3;

/** One of several hosted clusters that qualify, with targets of which it has so many. */
function numbered(
  dice: Dice,
  { hostedClusters }: FleetPlan,
  count: (plan: HostedClusterPlan) => number,
): { hostedCluster: string; ordinal: number }[] {
  const able = hostedClusters.filter((plan) => count(plan) > 0);
  if (able.length === 0) return [];
  const plan = dice.pick(able);
  const ordinals = Array.from({ length: count(plan) }, (_, ordinal) => ordinal);
  return dice.some(ordinals).map((ordinal) => ({ hostedCluster: plan.name, ordinal }));
}

/** Workers of every node pool, by their place in it. */
const workersOf = ({ hostedClusters }: FleetPlan) =>
  hostedClusters.flatMap(({ name, nodePools }) =>
    nodePools.flatMap((pool) =>
      Array.from({ length: pool.replicas }, (_, ordinal) => ({
        hostedCluster: name,
        nodePool: pool.name,
        ordinal,
      })),
    ),
  );

const managedMembers = (dice: Dice, fleet: FleetPlan) =>
  numbered(dice, fleet, (plan) => (plan.etcd.management === 'Managed' ? members(plan) : 0));

/** How often all are meant that there are, those that come meanwhile included. */
const WHOLE = 0.4;

/** Undefined for a list without an entry. */
function given<T, R>(list: readonly T[], make: (list: readonly T[]) => R): R | undefined {
  return list.length === 0 ? undefined : make(list);
}

function place<K extends 'zoneOutage' | 'rackOutage'>(kind: K, of: PlacePlan['kind']) {
  return (dice: Dice, { places }: FleetPlan) =>
    given(
      places.filter((entry) => entry.kind === of).map(({ name }) => name),
      (all) => ({
        kind,
        places: dice.some(all, 1, 2),
      }),
    );
}

/** A side of the network: places, nodes, control planes or workers, sometimes several of them. */
function side(dice: Dice, { places, managementClusters, hostedClusters }: FleetPlan): NetworkSide {
  const nodes = names(managementClusters.flatMap((cluster) => cluster.nodes));
  const drawn = dice.int(0, 3);
  return {
    places: drawn === 0 ? dice.some(names(places), 1, 2) : [],
    nodes: drawn === 1 ? dice.some(nodes, 1, 4) : [],
    managementControlPlanes: drawn === 2 ? dice.some(names(managementClusters)) : [],
    workers: drawn === 3 || dice.chance(0.2) ? dice.some(names(hostedClusters)) : [],
  };
}

/** Two sides; the second is all the rest half of the time. */
function sides(dice: Dice, fleet: FleetPlan): { side: NetworkSide; from?: NetworkSide } {
  const one = side(dice, fleet);
  return dice.chance(0.5) ? { side: one } : { side: one, from: side(dice, fleet) };
}

const DRAWERS: Drawers = {
  nodeFailure: (dice, { managementClusters }) => ({
    kind: 'nodeFailure',
    nodes: dice.some(names(managementClusters.flatMap(({ nodes }) => nodes)), 1, 5),
    ...(dice.chance(0.3) ? { deleteNodeAfter: dice.spread(SECOND, HOUR) as Micros } : {}),
    ...(dice.chance(0.2) ? { outOfServiceAfter: dice.spread(SECOND, HOUR) as Micros } : {}),
  }),
  nodeDrain: (dice, { managementClusters }) => ({
    kind: 'nodeDrain',
    nodes: dice.some(names(managementClusters.flatMap(({ nodes }) => nodes)), 1, 3),
    ...(dice.chance(0.3) ? { timeout: dice.spread(MINUTE, HOUR) as Micros } : {}),
  }),
  zoneOutage: place('zoneOutage', 'zone'),
  rackOutage: place('rackOutage', 'rack'),
  managementControlPlaneOutage: (dice, { managementClusters }) => ({
    kind: 'managementControlPlaneOutage',
    managementClusters: dice.some(names(managementClusters)),
  }),
  etcdMemberFailure: (dice, fleet) =>
    given(managedMembers(dice, fleet), (found) => ({
      kind: 'etcdMemberFailure',
      failure: dice.pick(['process', 'data'] as const),
      members: found,
    })),
  etcdMemberReplacement: (dice, fleet) =>
    given(managedMembers(dice, fleet), (found) => ({ kind: 'etcdMemberReplacement', members: found })),
  pause: (dice, { hostedClusters, managementClusters }) => {
    const pools = hostedClusters.flatMap(({ name, nodePools }) =>
      nodePools.map((pool) => ({ hostedCluster: name, nodePool: pool.name })),
    );
    return {
      kind: 'pause',
      hostedClusters: dice.some(names(hostedClusters)),
      nodePools: pools.length > 0 && dice.chance(0.3) ? dice.some(pools) : [],
      managementClusters: dice.chance(0.3) ? dice.some(names(managementClusters)) : [],
    };
  },
  restoreFromSnapshot: (dice, { hostedClusters }) =>
    given(
      hostedClusters.filter(({ etcd }) => etcd.management === 'Managed'),
      (able) => ({
        kind: 'restoreFromSnapshot',
        hostedClusters: dice.some(names(able), 1, 2),
        snapshot: dice.pick([
          { kind: 'age', age: HOUR },
          { kind: 'every', every: HOUR },
          { kind: 'member' },
        ] as const),
      }),
    ),
  moveHostedCluster: (dice, { hostedClusters, managementClusters }) =>
    given(
      hostedClusters.filter(({ etcd, platform }) => etcd.management === 'Managed' && platform !== 'KubeVirt'),
      (able) => ({
        kind: 'moveHostedCluster',
        hostedClusters: dice.some(names(able), 1, 2),
        to: dice.pick(names(managementClusters)),
        snapshot: dice.pick([{ kind: 'age', age: HOUR }, { kind: 'member' }] as const),
      }),
    ),
  slowDisk: (dice, fleet) => {
    const storage = fleet.managementClusters.flatMap(({ name, storageClasses }) =>
      storageClasses.map((one) => ({ managementCluster: name, name: one.name })),
    );
    const whose = dice.pick(['nodes', 'storageClasses', 'members'] as const);
    const nodes = names(fleet.managementClusters.flatMap((cluster) => cluster.nodes));
    const found = numbered(dice, fleet, (plan) => (plan.etcd.management === 'Managed' ? members(plan) : 0));
    if (whose === 'members' && found.length === 0) return undefined;
    return {
      kind: 'slowDisk',
      nodes: whose === 'nodes' ? dice.some(nodes, 1, 5) : [],
      storageClasses: whose === 'storageClasses' ? dice.some(storage) : [],
      members: whose === 'members' ? found : [],
      ...(dice.chance(0.3) ? { fsync: dice.spread(100 * MILLISECOND, MINUTE) as Micros } : {}),
    };
  },
  podFailure: (dice, fleet) => ({
    kind: 'podFailure',
    failure: dice.pick(['crash', 'delete']),
    pods: dice.times(dice.int(1, 6), () => ({
      hostedCluster: dice.pick(names(fleet.hostedClusters)),
      component: dice.pick(COMPONENT_NAMES),
      ...(dice.chance(WHOLE) ? {} : { ordinal: dice.int(0, 2) }),
    })),
  }),
  konnectivityFailure: (dice, fleet) => {
    const side = dice.pick(['server', 'agent'] as const);
    const single = numbered(dice, fleet, side === 'agent' ? workers : members);
    const targets = dice.chance(WHOLE)
      ? single.slice(0, 1).map(({ hostedCluster }) => ({ hostedCluster }))
      : single;
    return given(targets, () => ({ kind: 'konnectivityFailure', side, targets }));
  },
  loadBalancerFailure: (dice, { hostedClusters }) => ({
    kind: 'loadBalancerFailure',
    hostedClusters: dice.some(names(hostedClusters)),
  }),
  workerFailure: (dice, fleet) => {
    const all = workersOf(fleet);
    return given(all, () => ({ kind: 'workerFailure', workers: dice.some(all, 1, 4) }));
  },
  machineDeletion: (dice, fleet) => {
    const all = workersOf(fleet);
    return given(all, () => ({ kind: 'machineDeletion', machines: dice.some(all, 1, 4) }));
  },
  networkPartition: (dice, fleet) => ({ kind: 'networkPartition', ...sides(dice, fleet) }),
  networkLatency: (dice, fleet) => ({
    kind: 'networkLatency',
    ...sides(dice, fleet),
    roundTrip: dice.spread(MILLISECOND, 5 * SECOND) as Micros,
  }),
  scale: (dice, { hostedClusters }) => {
    const pools = hostedClusters.flatMap(({ name, nodePools }) =>
      nodePools
        .filter((entry) => entry.autoScaling === undefined)
        .map((entry) => ({ hostedCluster: name, nodePool: entry.name })),
    );
    const workloads = hostedClusters.flatMap(({ name, workloads: own }) =>
      own.map((entry) => ({ hostedCluster: name, workload: entry.name })),
    );
    const replicas = dice.int(0, 6);
    return dice.chance(0.5)
      ? given(pools, (all) => ({ kind: 'scale', pools: dice.some(all, 1, 2), workloads: [], replicas }))
      : given(workloads, (all) => ({ kind: 'scale', pools: [], workloads: dice.some(all, 1, 2), replicas }));
  },
  upgrade: drawUpgrade,
};

export const DRAWN_KINDS = Object.keys(DRAWERS) as FaultKind[];

/** How often what happens is an upgrade beyond its share among the kinds: faults that meet one show more than faults that do not. */
const UPGRADES = 0.15;

/** When the last fault begins at the latest. */
export const SPAN = (10 * HOUR) as Micros;
const ENDLESS = 0.08;

/** From two to eight faults that overlap; some never end, some begin at the same instant as another, or as another ends. */
export function drawFaults(dice: Dice, fleet: FleetPlan): Fault[] {
  const faults: Fault[] = [];
  const instants: number[] = [];
  const wanted = dice.int(2, 8);
  while (faults.length < wanted) {
    const kind = dice.chance(UPGRADES) ? 'upgrade' : dice.pick(DRAWN_KINDS);
    const what = DRAWERS[kind](dice, fleet);
    if (what === undefined) continue;
    const at = instants.length > 0 && dice.chance(0.4) ? dice.pick(instants) : dice.int(MINUTE, SPAN);
    // Nothing takes back that an upgrade was asked for.
    const endless = dice.chance(ENDLESS) || kind === 'upgrade';
    const duration = endless ? undefined : dice.spread(SECOND, 4 * HOUR);
    instants.push(at, at + (duration ?? 0));
    const label = `${kind} ${faults.length}`;
    const head = {
      at: at as Micros,
      label,
      ...(duration === undefined ? {} : { duration: duration as Micros }),
    };
    faults.push({ ...what, ...head } as Fault);
  }
  return faults;
}
