/** Lets the faults of a scenario happen: each is a fact, the root of everything that follows from it. */
import type { Table } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { EventHandle } from '../../sim/simulation.ts';
import type { Micros } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { FaultId, PodId } from '../ids.ts';
import { faultLabel } from '../plan/fault-label.ts';
import type { Fault } from '../plan/faults.ts';
import type { Found, Hit } from './effect.ts';
import { effectOf } from './index.ts';

/** Of faults that name whom they hit, who is always there. */
const NOT_SOUGHT: Found = { ids: [], names: [], missing: [] };

/** Without a duration: crashes, which whoever watches the process restarts at once, and what somebody does once. */
const OVER_AT_ONCE: readonly Fault['kind'][] = [
  'podFailure',
  'etcdMemberFailure',
  'etcdMemberReplacement',
  'machineDeletion',
  'restoreFromSnapshot',
  'moveHostedCluster',
  'upgrade',
];

export class Injector {
  readonly faults: Fault[] = [];
  readonly #table: Table<FaultId>;
  readonly #begins: EventHandle<FaultId>;
  readonly #ends: EventHandle<FaultId>;
  readonly #beginFact: FactKind;
  readonly #endFact: FactKind;
  #found: (Found | undefined)[] = [];
  #hits: Hit[] = [];
  #begun: CauseId[] = [];
  /** Faults in force that hit pods which come meanwhile. */
  #open: FaultId[] = [];

  constructor(readonly fleet: BuiltFleet) {
    const { sim } = fleet.world;
    this.#table = sim.table<FaultId>('fault');
    this.#begins = sim.event(this.#table, 'fault-begins', 'fail', (fault) => this.#begin(fault));
    this.#ends = sim.event(this.#table, 'fault-ends', 'recover', (fault) => this.#end(fault));
    this.#beginFact = sim.factKind('fault-begins');
    this.#endFact = sim.factKind('fault-ends');
    sim.keep({
      save: () => ({
        found: [...this.#found],
        hits: [...this.#hits],
        begun: [...this.#begun],
        open: [...this.#open],
      }),
      restore: (saved: { found: (Found | undefined)[]; hits: Hit[]; begun: CauseId[]; open: FaultId[] }) => {
        this.#found = [...saved.found];
        this.#hits = [...saved.hits];
        this.#begun = [...saved.begun];
        this.#open = [...saved.open];
      },
    });
    fleet.world.pods.created.subscribe((pod) => this.#joined(pod));
  }

  /** Schedules a fault, and its end when it has a duration. */
  inject(fault: Fault): void {
    const { sim } = this.fleet.world;
    const id = this.#table.add();
    this.faults[id] = fault;
    this.#begun[id] = BEGINNING;
    this.#found[id] = undefined;
    this.#hits[id] = { ids: [] };
    sim.at(this.#begins, id, fault.at);
    const duration = this.duration(fault);
    if (duration !== undefined && duration > 0) sim.at(this.#ends, id, fault.at + duration);
  }

  /** How long a fault is in force, or undefined for one that nobody ends. */
  duration(fault: Fault): Micros | undefined {
    if (fault.duration !== undefined) return fault.duration;
    if (fault.kind === 'konnectivityFailure') return this.fleet.world.parameters.pod.start as Micros;
    return OVER_AT_ONCE.includes(fault.kind) ? (0 as Micros) : undefined;
  }

  /** How a fault is named: by whom it met where it had to look for them, before it happened by whom the fleet began with. */
  label(id: number): string {
    const { kind, label, noun } = this.faults[id]!;
    const names = this.#found[id]?.names ?? [];
    return noun === undefined || names.length === 0 ? label : faultLabel(kind, names, noun);
  }
  /** What a fault means and did not meet when it happened, in words; empty before that, and where it met all. */
  missing(id: number): readonly string[] {
    return this.#found[id]?.missing ?? [];
  }
  /** The entities that a fault hit, by the ids of their own table. */
  hit(id: number): readonly number[] {
    return this.#hits[id]!.ids;
  }
  /** Number of entities that a fault hit when it began. */
  targets(id: number): number {
    const found = this.#found[id];
    return found === undefined || found === NOT_SOUGHT ? this.hit(id).length : found.ids.length;
  }

  #begin(id: FaultId): void {
    const { sim } = this.fleet.world;
    const fault = this.faults[id]!;
    const effect = effectOf(fault);
    const found = effect.find?.(this.fleet, fault) ?? NOT_SOUGHT;
    this.#found[id] = found;
    this.#begun[id] = sim.emit(this.#beginFact, id);
    const outer = sim.enter(this.#begun[id]!);
    this.#hits[id] = effect.begin(this.fleet, fault, found);
    sim.leave(outer);
    if (this.duration(fault) === 0) this.#end(id);
    else if (effect.joined !== undefined) this.#open.push(id);
  }

  /** A fault of all that there are hits a pod that comes while it lasts. */
  #joined(pod: PodId): void {
    for (const id of this.#open) {
      const fault = this.faults[id]!;
      const { sim, pods } = this.fleet.world;
      const outer = sim.enter(this.#begun[id]!);
      if (effectOf(fault).joined!(this.fleet, fault, pod)) {
        const { ids, lives } = this.#hits[id]!;
        this.#hits[id] = { ids: [...ids, pod], lives: [...lives!, pods.table.lifetime.at(pod)] };
      }
      sim.leave(outer);
    }
  }

  #end(id: FaultId): void {
    const { sim } = this.fleet.world;
    const fault = this.faults[id]!;
    const begun = sim.enter(this.#begun[id]!);
    const outer = sim.enter(sim.emit(this.#endFact, id));
    this.#open = this.#open.filter((open) => open !== id);
    effectOf(fault).end(this.fleet, fault, this.#hits[id]!);
    sim.leave(outer);
    sim.leave(begun);
  }
}
