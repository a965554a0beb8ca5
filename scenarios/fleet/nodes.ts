/** Nodes of one kind, dealt over zones and racks. */
import type { Allocatable, NodePlan, Taint } from '../../models/plan/fleet.ts';
import type { Cursor } from '../source/cursor.ts';
import type { FleetDraft } from './draft.ts';
import { HOSTNAME, REGION, ZONE } from './labels.ts';

/** What nodes of one kind have in common. */
export interface NodeKind {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly allocatable: Allocatable;
  /** Microseconds; undefined where the platform says. */
  readonly boot: number | undefined;
  readonly controlPlane: boolean;
  readonly machineConfigPool: string;
  readonly region: string | undefined;
}

/** Deals nodes round over zones, and within a zone round over its racks. */
export function deal(
  replicas: number,
  prefix: string,
  zones: readonly string[],
  racks: readonly string[],
  place: Cursor,
  draft: FleetDraft,
  kind: NodeKind,
): readonly NodePlan[] {
  return Array.from({ length: replicas }, (_, i) => {
    const zone = zones[i % zones.length]!;
    const rack = racks[Math.floor(i / zones.length) % Math.max(1, racks.length)] ?? '';
    return node(`${prefix}-${i}`, zone, rack, kind, draft);
  }).filter((one) => draft.claimNode(one, place));
}

/** One node, its rack joining the fleet. */
export function node(name: string, zone: string, rack: string, kind: NodeKind, draft: FleetDraft): NodePlan {
  return {
    name,
    zone,
    rack: rack === '' ? '' : draft.places.addRack(zone, rack),
    labels: {
      [HOSTNAME]: name,
      ...(zone === '' ? {} : { [ZONE]: zone }),
      ...(kind.region === undefined ? {} : { [REGION]: kind.region }),
      ...kind.labels,
    },
    taints: kind.taints,
    allocatable: kind.allocatable,
    ...(kind.boot === undefined ? {} : { boot: kind.boot }),
    unschedulable: false,
    controlPlane: kind.controlPlane,
    machineConfigPool: kind.machineConfigPool,
  };
}
