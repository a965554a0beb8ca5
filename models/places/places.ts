/** Failure domains as a tree (region, zone, rack, any depth). A failure hits a place and with it everything inside. */
import { type I32Column, NONE, type Table } from '../../sim/entities.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { NodeId, PlaceId } from '../ids.ts';
import type { PlacePlan } from '../plan/fleet.ts';
import type { Machines } from './machines.ts';

export class Places {
  readonly table: Table<PlaceId>;
  readonly names: string[] = [];
  readonly #byName = new Map<string, PlaceId>();
  readonly #inside: Membership<PlaceId, PlaceId>;
  readonly #parent: I32Column<PlaceId, PlaceId>;

  constructor(sim: Simulation, plans: readonly PlacePlan[]) {
    this.table = sim.table<PlaceId>('place');
    this.#parent = this.table.i32('parent', NONE);
    this.#inside = new Membership('places of place', this.table, this.table);
    for (const plan of plans) {
      const place = this.table.add();
      this.names[place] = plan.name;
      this.#byName.set(plan.name, place);
    }
    for (const plan of plans) {
      if (plan.parent === '') continue;
      const place = this.find(plan.name) as PlaceId;
      const parent = this.find(plan.parent) as PlaceId;
      this.#parent.set(place, parent);
      this.#inside.join(parent, place);
    }
  }

  /** The place of that name, or NONE. */
  find(name: string): PlaceId | typeof NONE {
    return this.#byName.get(name) ?? NONE;
  }

  /** A place and all places inside it, however deep. */
  within(place: PlaceId): PlaceId[] {
    return [place, ...this.#inside.list(place).flatMap((inner) => this.within(inner))];
  }

  /** All machines in a place and in the places inside it. */
  machines(place: PlaceId, machines: Machines): NodeId[] {
    return this.within(place).flatMap((inner) => machines.ofPlace.list(inner));
  }
}
