import { draw, exponential } from '../distributions.ts';
import { type Id, NONE } from '../entities.ts';
import type { FactKind } from '../facts.ts';
import type { QueueFactory } from '../queue/queue.ts';
import { Simulation } from '../simulation.ts';
import { Timer } from '../timer.ts';

type WalkerId = Id<'walker'>;

const BETWEEN_ARRIVALS = exponential({ mean: 10 });
const BETWEEN_STEPS = exponential({ mean: 5 });
const REST = exponential({ mean: 20 });

/**
 * A model for tests that uses everything the kernel offers: walkers arrive, step, wake or tire each other and leave, so that
 * rows are reused, timers replaced and cancelled, events go stale, work is deferred, and facts have causes.
 */
export class Walkers {
  readonly sim: Simulation;
  readonly arrived: FactKind;
  /** Sum over all events of the number of walkers present: state outside the tables. */
  walkerEvents = 0;
  #present = 0;

  constructor(seed: number, replication = 0, queue?: QueueFactory) {
    this.sim = new Simulation({ seed, replication, ...(queue ? { queue } : {}) });
    const { sim } = this;
    const walkers = sim.table<WalkerId>('walker', 1);
    const gates = sim.table('gate');
    const steps = walkers.i32('steps');
    const rested = walkers.f64('rested', NONE);
    const [arrived, stepped, left] = [sim.factKind('arrived'), sim.factKind('stepped'), sim.factKind('left')];
    this.arrived = arrived;
    const delay = (purpose: string, id: number, distribution = BETWEEN_STEPS): number =>
      Math.round(draw(distribution, sim.streams.stream(purpose, id)));

    const settle = {
      settle: () => {
        this.walkerEvents += this.#present;
      },
    };
    const rest = new Timer(sim, walkers, 'rest', 'observe', (id) => {
      rested.set(id, sim.now);
      sim.emit(left, id, steps.at(id));
      walkers.remove(id);
      this.#present--;
      sim.defer(settle);
    });
    const step = sim.event(walkers, 'step', 'control', (id) => {
      const outer = sim.enter(sim.emit(stepped, id, steps.add(id, 1) / 3));
      const other = ((id * 7 + steps.at(id)) % walkers.length) as WalkerId;
      if (rest.armed(other) && steps.at(other) % 2 === 0) rest.cancel(other);
      rest.after(id, delay('rest', id, REST));
      sim.after(step, id, delay('step', id));
      sim.leave(outer);
      sim.defer(settle);
    });
    const arrive = sim.event(gates, 'arrive', 'recover', (gate) => {
      const id = walkers.add();
      this.#present++;
      sim.enter(sim.emit(arrived, id));
      sim.after(step, id, delay('step', id));
      sim.after(arrive, gate, delay('arrive', gate, BETWEEN_ARRIVALS));
    });
    sim.keep({
      save: () => [this.walkerEvents, this.#present] as const,
      restore: ([walkerEvents, present]: readonly [number, number]) => {
        this.walkerEvents = walkerEvents;
        this.#present = present;
      },
    });
    sim.after(arrive, gates.add(), 0);
  }

  /** Everything that two runs could differ in, but for the streams: those show in what is drawn next. */
  state(): object {
    const { sim } = this;
    const { streams: _, ...saved } = sim.save();
    return { saved, pending: sim.pending, digest: sim.digest };
  }
}
