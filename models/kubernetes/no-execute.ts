/**
 * The NoExecute taint of silent nodes: queued per zone behind a limiter whose rate follows the zone's state, and counted from by the
 * tolerations of the node's pods. The queue of evictions is in the memory of the leader: a new one starts every toleration anew
 * (kubernetes/kubernetes pkg/controller/tainteviction).
 */
import type { F64Column } from '../../sim/entities.ts';
import type { CauseId, FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { NodeId, NodeZoneId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Clusters } from './clusters.ts';
import type { Contact } from './contact.ts';
import { evictionRate, type NodeZones } from './node-zones.ts';
import type { Pods } from './pods.ts';

const UNTAINTED = -1;

export class NoExecuteTaints {
  /** When the leader saw the taint set, from which tolerations count; UNTAINTED without one. */
  readonly #since: F64Column<NodeId>;
  readonly #next: Timer<NodeZoneId>;
  readonly #evict: Timer<NodeId>;
  readonly #taintFact: FactKind;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly contact: Contact,
    readonly pods: Pods,
    readonly zones: NodeZones,
    readonly parameters: ParameterValues,
    /** The fact by which a node was found silent: what its taint follows from. */
    readonly detected: (node: NodeId) => CauseId,
  ) {
    this.#since = contact.machines.table.f64('taintedAt', UNTAINTED);
    this.#evict = new Timer(sim, contact.machines.table, 'toleration-over', 'control', (node) =>
      this.#evictDue(node),
    );
    this.#next = new Timer(sim, zones.table, 'taint-next', 'control', (zone) => this.#taintFirst(zone));
    this.#taintFact = sim.factKind('node-tainted');
  }

  tainted(node: NodeId): boolean {
    return this.#since.at(node) !== UNTAINTED;
  }

  /** Takes the taint off a node, or the node out of the queue for it. */
  remove(node: NodeId): void {
    this.#since.set(node, UNTAINTED);
    this.#evict.cancel(node);
    this.zones.waiting.leave(node);
  }

  /** The limiter of a zone runs at the rate of its state, while nodes wait. */
  arm(zone: NodeZoneId): void {
    if (this.#rate(zone) === 0 || this.zones.waiting.count(zone) === 0) this.#next.cancel(zone);
    else if (!this.#next.armed(zone))
      this.#next.at(zone, Math.max(this.sim.now, this.zones.nextTaint.at(zone)));
  }
  stop(zone: NodeZoneId): void {
    this.#next.cancel(zone);
  }

  /** Without a leader nobody is evicted. */
  forget(node: NodeId): void {
    this.#evict.cancel(node);
  }
  /** A new leader finds the taint and starts its pods' tolerations anew. */
  restart(node: NodeId): void {
    if (!this.tainted(node) || this.contact.present(node)) return;
    this.#since.set(node, this.sim.now);
    const outer = this.sim.enter(this.detected(node));
    this.#evict.after(node, 0);
    this.sim.leave(outer);
  }

  #rate(zone: NodeZoneId): number {
    const allFull = this.zones.allFull(this.zones.cluster.at(zone));
    return evictionRate(this.zones.state.at(zone), this.zones.size.at(zone), allFull, this.parameters.node);
  }

  #taintFirst(zone: NodeZoneId): void {
    if (!this.clusters.apiUp(this.zones.cluster.at(zone))) {
      this.#next.after(zone, this.parameters.node.monitorPeriod);
      return;
    }
    const node = this.zones.waiting.first(zone);
    this.zones.waiting.leave(node);
    this.zones.nextTaint.set(zone, this.sim.now + Math.round(1e6 / this.#rate(zone)));
    this.#since.set(node, this.sim.now);
    const outer = this.sim.enter(this.detected(node));
    this.sim.enter(this.sim.emit(this.#taintFact, node));
    this.#evictDue(node);
    this.sim.leave(outer);
    this.arm(zone);
  }

  /** Deletes the pods whose toleration is over and comes back for the next. */
  #evictDue(node: NodeId): void {
    if (!this.clusters.apiUp(this.contact.machines.cluster.at(node))) {
      this.#evict.after(node, this.parameters.node.monitorPeriod);
      return;
    }
    let next = Number.POSITIVE_INFINITY;
    for (const pod of this.pods.ofNode.list(node)) {
      if (this.pods.terminating(pod)) continue;
      const due = this.#since.at(node) + this.pods.sets.toleration.at(this.pods.set.at(pod));
      if (due <= this.sim.now) this.pods.delete(pod, 'evicted');
      else next = Math.min(next, due);
    }
    if (next < Number.MAX_SAFE_INTEGER) this.#evict.at(node, next);
  }
}
