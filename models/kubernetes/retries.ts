/**
 * Work on nodes that is tried every period until it can be done, without a tick: what cannot be done now waits until something that it
 * lacked may have come, and is then tried at the next of its own instants.
 */
import { type F64Column, type I32Column, NONE } from '../../sim/entities.ts';
import { BEGINNING, type CauseId } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { Machines } from '../places/machines.ts';
import type { Clusters } from './clusters.ts';

export class Retries {
  readonly #timer: Timer<NodeId>;
  readonly #waiting: Membership<ClusterId, NodeId>;
  /** When it was last tried, and what it follows from. */
  readonly #tried: F64Column<NodeId>;
  readonly #why: I32Column<NodeId, CauseId>;

  constructor(
    readonly sim: Simulation,
    clusters: Clusters,
    readonly machines: Machines,
    name: string,
    /** Microseconds between tries. */
    readonly period: number,
    /** Does the work; false when it cannot be done now. */
    attempt: (node: NodeId) => boolean,
  ) {
    const nodes = machines.table;
    this.#waiting = new Membership(`${name} waiting`, clusters.table, nodes);
    this.#tried = nodes.f64(`${name}:tried`);
    this.#why = nodes.i32(`${name}:why`, BEGINNING);
    this.#timer = new Timer(sim, nodes, name, 'control', (node) => {
      if (!attempt(node)) this.#wait(node);
    });
  }

  /** Has the work on a node tried for the first time after a delay. */
  after(node: NodeId, delay: number): void {
    this.#waiting.leave(node);
    this.#timer.after(node, delay);
  }

  /** Nobody wants the work on the node any more. */
  cancel(node: NodeId): void {
    this.#waiting.leave(node);
    this.#timer.cancel(node);
  }

  /** Something that the work on a cluster's nodes may have lacked has come. */
  wake(cluster: ClusterId): void {
    for (let node = this.#waiting.first(cluster); node !== NONE; node = this.#waiting.first(cluster)) {
      this.#waiting.leave(node);
      const tried = this.#tried.at(node);
      const periods = Math.max(1, Math.ceil((this.sim.now - tried) / this.period));
      const outer = this.sim.enter(this.#why.at(node));
      this.#timer.at(node, tried + periods * this.period);
      this.sim.leave(outer);
    }
  }

  #wait(node: NodeId): void {
    this.#tried.set(node, this.sim.now);
    this.#why.set(node, this.sim.cause);
    this.#waiting.join(this.machines.cluster.at(node), node);
  }
}
