/** Lets the faults of a scenario happen: each is a fact, the root of everything that follows from it. */
import type { Table } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { EventHandle } from '../../sim/simulation.ts';
import type { Micros } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { FaultId } from '../ids.ts';
import type { Fault } from '../plan/faults.ts';
import type { Hit } from './effect.ts';
import { effectOf } from './index.ts';

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
  #hits: Hit[] = [];
  #begun: CauseId[] = [];

  constructor(readonly fleet: BuiltFleet) {
    const { sim } = fleet.world;
    this.#table = sim.table<FaultId>('fault');
    this.#begins = sim.event(this.#table, 'fault-begins', 'fail', (fault) => this.#begin(fault));
    this.#ends = sim.event(this.#table, 'fault-ends', 'recover', (fault) => this.#end(fault));
    this.#beginFact = sim.factKind('fault-begins');
    this.#endFact = sim.factKind('fault-ends');
    sim.keep({
      save: () => ({ hits: [...this.#hits], begun: [...this.#begun] }),
      restore: (saved: { hits: Hit[]; begun: CauseId[] }) => {
        this.#hits = [...saved.hits];
        this.#begun = [...saved.begun];
      },
    });
  }

  /** Schedules a fault, and its end when it has a duration. */
  inject(fault: Fault): void {
    const { sim } = this.fleet.world;
    const id = this.#table.add();
    this.faults[id] = fault;
    this.#begun[id] = BEGINNING;
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

  /** The entities that a fault hit, by the ids of their own table. */
  hit(id: number): readonly number[] {
    return this.#hits[id]?.ids ?? [];
  }
  /** Number of entities that a fault hit. */
  targets(id: number): number {
    return this.hit(id).length;
  }

  #begin(id: FaultId): void {
    const { sim } = this.fleet.world;
    const fault = this.faults[id]!;
    this.#begun[id] = sim.emit(this.#beginFact, id);
    const outer = sim.enter(this.#begun[id]!);
    this.#hits[id] = effectOf(fault).begin(this.fleet, fault);
    sim.leave(outer);
    if (this.duration(fault) === 0) this.#end(id);
  }

  #end(id: FaultId): void {
    const { sim } = this.fleet.world;
    const fault = this.faults[id]!;
    const begun = sim.enter(this.#begun[id]!);
    const outer = sim.enter(sim.emit(this.#endFact, id));
    effectOf(fault).end(this.fleet, fault, this.#hits[id]!);
    sim.leave(outer);
    sim.leave(begun);
  }
}
