import type { F64Column, Table } from './entities.ts';
import type { Lane } from './lanes.ts';
import type { EventHandle, Simulation } from './simulation.ts';
import type { Micros } from './time.ts';

/** Not armed. */
const UNARMED = -1;

/** An event of which a target has at most one pending: arming it again replaces it, and it can be cancelled. */
export class Timer<I extends number> {
  readonly #sim: Simulation;
  readonly #event: EventHandle<I>;
  readonly #due: F64Column<I>;

  constructor(sim: Simulation, table: Table<I>, name: string, lane: Lane, handler: (target: I) => void) {
    this.#sim = sim;
    this.#due = table.f64(`${name}:due`, UNARMED);
    const fire = (target: I): void => {
      this.#due.set(target, UNARMED);
      handler(target);
    };
    this.#event = sim.event(table, name, lane, fire, table.epochs(name));
  }

  armed(target: I): boolean {
    return this.#due.at(target) !== UNARMED;
  }
  /** When it is due; meaningful while armed. */
  due(target: I): Micros {
    return this.#due.at(target) as Micros;
  }

  /** Arms it `delay` microseconds from now, replacing what was pending. */
  after(target: I, delay: number): void {
    this.at(target, this.#sim.now + delay);
  }
  /** Arms it at an instant, replacing what was pending. */
  at(target: I, time: number): void {
    if (this.armed(target)) this.#event.epoch.add(target, 1);
    this.#due.set(target, time);
    this.#sim.at(this.#event, target, time);
  }
  cancel(target: I): void {
    if (!this.armed(target)) return;
    this.#event.epoch.add(target, 1);
    this.#due.set(target, UNARMED);
  }
}
