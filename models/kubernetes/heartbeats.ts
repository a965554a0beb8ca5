/**
 * When a kubelet was last heard. Heartbeats are no events: the phase of one is drawn when somebody asks, and whoever asks at the same
 * instant is told the same.
 */
import type { F64Column } from '../../sim/entities.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { NodeId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';

/** Nobody has asked yet. */
const NEVER = -1;

export class Heartbeats {
  readonly #asked: F64Column<NodeId>;
  readonly #last: F64Column<NodeId>;

  constructor(
    readonly sim: Simulation,
    readonly machines: Machines,
    readonly parameters: ParameterValues,
  ) {
    this.#asked = machines.table.f64('heartbeatAsked', NEVER);
    this.#last = machines.table.f64('heartbeatLast');
  }

  /** The instant, in microseconds, of the last heartbeat of a kubelet that has been heard until now. */
  last(node: NodeId): number {
    const { now } = this.sim;
    if (this.#asked.at(node) === now) return this.#last.at(node);
    const stream = this.sim.streams.stream('heartbeat', this.machines.key(node));
    this.#asked.set(node, now);
    this.#last.set(node, now - stream.uniform() * this.parameters.node.heartbeatPeriod);
    return this.#last.at(node);
  }
}
