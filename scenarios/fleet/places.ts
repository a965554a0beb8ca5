import type { PlacePlan } from '../../models/plan/fleet.ts';

/** The places of a fleet as they are first mentioned, outside-in. */
export class Places {
  readonly #regions = new Map<string, PlacePlan>();
  readonly #zones = new Map<string, PlacePlan>();
  readonly #racks = new Map<string, PlacePlan>();

  /** Adds a zone; a region given later than the zone still becomes its parent. */
  addZone(name: string, region = ''): void {
    // A region called like its only zone adds nothing and would make names ambiguous.
    const parent = region === name ? '' : region;
    const known = this.#zones.get(name);
    if (known !== undefined && (known.parent !== '' || parent === '')) return;
    if (parent !== '' && !this.#regions.has(parent)) {
      this.#regions.set(parent, { name: parent, kind: 'region', parent: '' });
    }
    this.#zones.set(name, { name, kind: 'zone', parent });
  }

  /** Adds a rack of a zone. @returns its name in the fleet, `zone/rack`. */
  addRack(zone: string, rack: string): string {
    const name = zone === '' ? rack : `${zone}/${rack}`;
    this.#racks.set(name, { name, kind: 'rack', parent: zone });
    return name;
  }

  hasZone(name: string): boolean {
    return this.#zones.has(name);
  }

  zoneNames(): readonly string[] {
    return [...this.#zones.keys()];
  }

  plan(): readonly PlacePlan[] {
    return [...this.#regions.values(), ...this.#zones.values(), ...this.#racks.values()];
  }
}
