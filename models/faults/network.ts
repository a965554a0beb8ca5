/** The network between two sides of a fleet is cut, or slow. */
import type { BuiltFleet } from '../build/fleet.ts';
import type { ClusterId, NodeId, PlaceId } from '../ids.ts';
import { elsewhere, type Location, type Side } from '../network/network.ts';
import type { NetworkLatency, NetworkPartition, NetworkSide } from '../plan/faults.ts';
import type { Effect, Hit } from './effect.ts';

const CUT = Number.POSITIVE_INFINITY;

/** Tells which part of a written side holds a location. Machines that come later are judged by where they stand. */
function sideOf(fleet: BuiltFleet, side: NetworkSide): Side {
  const { machines, places, management } = fleet.world;
  const parts = new Map<Location, string>();
  const partOfPlace = new Map<PlaceId, string>();
  const partOfWorkers = new Map<ClusterId, string>();
  for (const name of side.places)
    for (const place of places.within(places.find(name) as PlaceId)) partOfPlace.set(place, name);
  for (const name of side.nodes) parts.set(fleet.nodes.get(name)!, `node ${name}`);
  for (const name of side.workers) partOfWorkers.set(fleet.hostedClusters.get(name)!, `workers of ${name}`);
  for (const name of side.managementControlPlanes) {
    const cluster = fleet.managementClusters.get(name)!;
    for (const location of [elsewhere(cluster), ...management.controlPlaneNodes(cluster)])
      parts.set(location, `control plane of ${name}`);
  }
  return (location) => {
    const part = parts.get(location);
    if (part !== undefined || location < 0) return part;
    const machine = location as NodeId;
    return (
      partOfWorkers.get(machines.cluster.at(machine)) ??
      partOfPlace.get(machines.ofPlace.parent(machine)) ??
      partOfPlace.get(machines.zone.at(machine))
    );
  };
}

/** Everything that a side does not hold. */
function restOf(side: Side): Side {
  return (location) => (side(location) === undefined ? 'the rest' : undefined);
}

function impair(
  fleet: BuiltFleet,
  { side, from }: NetworkPartition | NetworkLatency,
  roundTrip: number,
): Hit {
  const one = sideOf(fleet, side);
  const other = from === undefined ? restOf(one) : sideOf(fleet, from);
  const impairment = { one, other, roundTrip };
  fleet.world.network.impair(impairment);
  const nodes = fleet.world.machines.names.map((_, node) => node as NodeId);
  return { ids: nodes.filter((node) => one(node) !== undefined), impairment };
}

function mend(fleet: BuiltFleet, _fault: unknown, { impairment }: Hit): void {
  fleet.world.network.mend(impairment!);
}

/** Two sides of the fleet do not reach each other. */
export const networkPartition: Effect<NetworkPartition> = {
  begin: (fleet, fault) => impair(fleet, fault, CUT),
  end: mend,
};

/** Two sides of the fleet are far apart. */
export const networkLatency: Effect<NetworkLatency> = {
  begin: (fleet, fault) => impair(fleet, fault, fault.roundTrip),
  end: mend,
};
