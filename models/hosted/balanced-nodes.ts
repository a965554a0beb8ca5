/**
 * Load balancers with nodes of their own: on AWS those of a hosted cluster with dedicated request serving have its two nodes as targets
 * (openshift/hypershift annotation aws-load-balancer-target-nodes). Every target is checked at a phase of its own; so many failures in a
 * row take it out, as many successes put it back. A load balancer without any healthy target sends to all of them (fail open).
 */
import { NONE, type U8Column } from '../../sim/entities.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';

/** The share of requests that succeed once they have come to a node, 0 to 1. */
export type Onward = (node: NodeId) => number;

export class BalancedNodes {
  readonly #of: Membership<ClusterId, NodeId>;
  /** The load balancer sends requests to the node. */
  readonly #inService: U8Column<NodeId>;
  readonly #decided: Timer<NodeId>;

  /** A target of an API's load balancer was lost, came back, or was found to be so. */
  readonly changed = new Signal<[cluster: ClusterId, node: NodeId]>();

  constructor(
    readonly sim: Simulation,
    clusters: Clusters,
    readonly machines: Machines,
    /** The checks of a node succeed: it runs, and the load balancer reaches it. */
    readonly takes: (node: NodeId) => boolean,
    readonly parameters: ParameterValues,
  ) {
    this.#of = new Membership('targets of load balancer', clusters.table, machines.table);
    this.#inService = machines.table.u8('inService', 1);
    this.#decided = new Timer(sim, machines.table, 'target-checked', 'control', (node) => this.#decide(node));
  }

  /** Puts a node behind the load balancer of a hosted API; it can stand behind no other. */
  add(cluster: ClusterId, node: NodeId): void {
    if (this.#of.parent(node) === NONE) this.#of.join(cluster, node);
  }

  /** The API's load balancer has nodes of its own. */
  any(cluster: ClusterId): boolean {
    return this.#of.first(cluster) !== NONE;
  }

  /** The API gets another load balancer, with these nodes behind it. */
  replace(cluster: ClusterId, nodes: readonly NodeId[]): void {
    for (const node of this.#of.list(cluster)) {
      this.#of.leave(node);
      this.#decided.cancel(node);
      this.#inService.set(node, 1);
    }
    for (const node of nodes) {
      this.add(cluster, node);
      if (!this.takes(node)) this.#inService.set(node, 0);
    }
  }

  /** Mean share of requests that succeed on the nodes that the load balancer sends to. */
  share(cluster: ClusterId, onward: Onward): number {
    let [sent, met, all, alive] = [0, 0, 0, 0];
    for (let node = this.#of.first(cluster); node !== NONE; node = this.#of.next(node)) {
      const through = onward(node);
      const inService = this.#inService.at(node);
      all++;
      alive += through;
      sent += inService;
      met += through * inService;
    }
    return sent === 0 ? alive / all : met / sent;
  }

  /** A node was lost or came back, or the network to it was. */
  review(node: NodeId): void {
    const cluster = this.#of.parent(node);
    if (cluster === NONE) return;
    const { checkPeriod, checkFailures, checkSuccesses } = this.parameters.apiPath;
    const running = this.takes(node);
    if (running === (this.#inService.at(node) === 1)) this.#decided.cancel(node);
    else {
      const phase = this.sim.streams.stream('target-check', this.machines.key(node)).uniform();
      const checks = (running ? checkSuccesses : checkFailures) - 1;
      this.#decided.after(node, Math.round((phase + checks) * checkPeriod));
    }
    this.changed.emit(cluster, node);
  }

  #decide(node: NodeId): void {
    this.#inService.set(node, 1 - this.#inService.at(node));
    this.changed.emit(this.#of.parent(node), node);
  }
}
