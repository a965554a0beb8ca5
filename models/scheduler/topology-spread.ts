/**
 * Topology spread constraints of workloads, by zone and by host: the filter of PodTopologySpread for those that must hold (DoNotSchedule),
 * the skews that its score works with for the others (kubernetes/kubernetes pkg/scheduler/framework/plugins/podtopologyspread;
 * kubernetes/website topology-spread-constraints.md).
 *
 * Domains are those of every registered node that the pod may select, cordoned or tainted ones included (nodeTaintsPolicy Ignore):
 * a zone that lost its power still counts, with the pods that are not Terminating there, until its Node objects are gone.
 */
import { NONE, type U8Column } from '../../sim/entities.ts';
import type { NodeId, SetId } from '../ids.ts';
import type { Sets } from '../kubernetes/sets.ts';
import type { Machines } from '../places/machines.ts';
import type { SpreadConstraint } from '../plan/fleet.ts';
import type { Siblings } from './filters.ts';
import type { PlacementTable } from './placement.ts';

/** Tells whether a node has an object in its cluster. */
export interface Registry {
  registered(node: NodeId): boolean;
}

/** What the scheduler's score assumes for pods without constraints of their own: by host with skew 3, by zone with skew 5. */
const BY_DEFAULT = { host: 3, zone: 5 } as const;

/** Fewest pods of a set in any domain. */
export interface Least {
  readonly host: number;
  readonly zone: number;
}

export class TopologySpread {
  /** Largest difference that must not be exceeded; 0 without such a constraint. */
  readonly #hardHost: U8Column<SetId>;
  readonly #hardZone: U8Column<SetId>;
  /** The same for what is only preferred. */
  readonly #softHost: U8Column<SetId>;
  readonly #softZone: U8Column<SetId>;

  constructor(
    readonly sets: Sets,
    readonly machines: Machines,
    readonly registry: Registry,
  ) {
    const { table } = sets;
    this.#hardHost = table.u8('spreadHardHost');
    this.#hardZone = table.u8('spreadHardZone');
    this.#softHost = table.u8('spreadSoftHost', BY_DEFAULT.host);
    this.#softZone = table.u8('spreadSoftZone', BY_DEFAULT.zone);
  }

  /** Gives a set constraints of its own; the scheduler's defaults no longer apply to it then. */
  constrain(set: SetId, constraints: readonly SpreadConstraint[]): void {
    if (constraints.length === 0) return;
    this.#softHost.set(set, 0);
    this.#softZone.set(set, 0);
    for (const { by, maxSkew, whenUnsatisfiable } of constraints) {
      const hard = whenUnsatisfiable === 'DoNotSchedule';
      if (by === 'zone') (hard ? this.#hardZone : this.#softZone).set(set, maxSkew);
      else (hard ? this.#hardHost : this.#softHost).set(set, maxSkew);
    }
  }

  /** Some constraint of the set must hold. */
  hard(set: SetId): boolean {
    return this.#hardHost.at(set) > 0 || this.#hardZone.at(set) > 0;
  }
  /** Skew that the score works with; 0 when the topology does not count. */
  soft(set: SetId, by: 'host' | 'zone'): number {
    return (by === 'host' ? this.#softHost : this.#softZone).at(set);
  }

  /** Fewest pods of the set in any domain that it may use; computed once per attempt. */
  least(set: SetId, table: PlacementTable, staying: Pick<Siblings, 'stayingNodes' | 'stayingZones'>): Least {
    const { allowed } = table.classes[this.sets.placement.at(set)]!;
    const zoned = this.#hardZone.at(set) > 0;
    let host = Number.POSITIVE_INFINITY;
    let zone = Number.POSITIVE_INFINITY;
    table.nodes.forEach((node, index) => {
      if (allowed[index] === 0 || !this.registry.registered(node)) return;
      const domain = this.machines.zone.at(node);
      if (zoned && domain === NONE) return;
      host = Math.min(host, occurrences(staying.stayingNodes, node));
      if (zoned) zone = Math.min(zone, occurrences(staying.stayingZones, domain));
    });
    return { host, zone };
  }

  /** One more pod of the set on that node would stretch a constraint that must hold. */
  refuses(set: SetId, node: NodeId, siblings: Siblings): boolean {
    const { least } = siblings;
    if (least === undefined) return false;
    const hostSkew = this.#hardHost.at(set);
    if (hostSkew > 0 && occurrences(siblings.stayingNodes, node) + 1 - least.host > hostSkew) return true;
    const zoneSkew = this.#hardZone.at(set);
    if (zoneSkew === 0) return false;
    const zone = this.machines.zone.at(node);
    return zone === NONE || occurrences(siblings.stayingZones, zone) + 1 - least.zone > zoneSkew;
  }
}

/** How often a value stands in a list. */
export function occurrences(list: readonly number[], value: number): number {
  let found = 0;
  for (const item of list) if (item === value) found++;
  return found;
}
