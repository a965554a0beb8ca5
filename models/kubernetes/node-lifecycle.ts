/**
 * The node lifecycle controller of every cluster, without a tick: the instants at which its passes would act are computed when a
 * kubelet falls silent or speaks again.
 *
 * Silence is measured on the controller's own clock from the last heartbeat that one of its passes observed; a new leader
 * starts that clock anew. At the end of the grace period the node is Unknown, its pods are not ready and the NoExecute taint is
 * queued behind the zone's limiter; from the taint on the leader counts each pod's toleration.
 */
import { type F64Column, type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { Simulation, Timer } from '../../sim/simulation.ts';
import type { ClusterId, NodeId, NodeZoneId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { Endpoints } from './endpoints.ts';
import { evictionRate, NodeZones, ZONE_STATE, zoneState } from './node-zones.ts';
import type { Pods } from './pods.ts';

const UNTAINTED = -1;

export class NodeLifecycle {
  readonly zones: NodeZones;
  /** The Ready condition in the API is True. */
  readonly #ready: U8Column<NodeId>;
  /** The fact of the last detection. */
  readonly #detected: I32Column<NodeId, CauseId>;
  /** When the leader saw the NoExecute taint set, from which tolerations count; UNTAINTED without one. */
  readonly #taintedAt: F64Column<NodeId>;
  /** Phase of the leader's passes within the monitor period. */
  readonly #monitorPhase: F64Column<ClusterId>;
  readonly #grace: F64Column<ClusterId>;
  readonly #detect: Timer<NodeId>;
  readonly #recover: Timer<NodeId>;
  readonly #evict: Timer<NodeId>;
  readonly #deletion: Timer<NodeId>;
  readonly #collect: Timer<NodeId>;
  readonly #taintNext: Timer<NodeZoneId>;
  readonly #deletedFact: FactKind;
  readonly #unreadyFact: FactKind;
  readonly #readyFact: FactKind;
  readonly #taintFact: FactKind;
  readonly #disruptionFact: FactKind;

  /** The node was found Unknown. */
  readonly unready = new Signal<[node: NodeId]>();
  /** The node takes new pods again. */
  readonly schedulable = new Signal<[node: NodeId]>();

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly pods: Pods,
    readonly endpoints: Endpoints,
    readonly parameters: ParameterValues,
  ) {
    const nodes = machines.table;
    this.zones = new NodeZones(sim, clusters, nodes);
    this.#ready = nodes.u8('ready', 1);
    this.#detected = nodes.i32('detected', BEGINNING);
    this.#taintedAt = nodes.f64('taintedAt', UNTAINTED);
    this.#monitorPhase = clusters.table.f64('monitorPhase');
    this.#grace = clusters.table.f64('grace', parameters.node.gracePeriod);
    this.#detect = sim.timer(nodes, 'grace-over', 'control', (node) => this.#markUnready(node));
    this.#recover = sim.timer(nodes, 'heard-again', 'control', (node) => this.#markReady(node));
    this.#evict = sim.timer(nodes, 'toleration-over', 'control', (node) => this.#evictDue(node));
    this.#deletion = sim.timer(nodes, 'node-deleted', 'control', (node) => this.#deregister(node));
    this.#collect = sim.timer(nodes, 'orphans-collected', 'control', (node) => this.#collectPods(node));
    this.#deletedFact = sim.factKind('node-deleted');
    this.#taintNext = sim.timer(this.zones.table, 'taint-next', 'control', (zone) => this.#taintFirst(zone));
    this.#unreadyFact = sim.factKind('node-unready');
    this.#readyFact = sim.factKind('node-ready');
    this.#taintFact = sim.factKind('node-tainted');
    this.#disruptionFact = sim.factKind('zone-state');
    machines.lost.subscribe((node) => this.#silent(node));
    machines.started.subscribe((node) => this.#heard(node));
    clusters.controllersChanged.subscribe((cluster, live) =>
      live ? this.#newLeader(cluster) : this.#noLeader(cluster),
    );
  }

  /** @param grace silence in microseconds after which a node of the cluster is Unknown */
  begin(cluster: ClusterId, grace: number): void {
    this.#grace.set(cluster, grace);
    this.#drawPhase(cluster);
  }
  /** The node registers with its cluster. */
  enter(node: NodeId, ready = this.machines.running(node)): void {
    this.zones.enter(node, this.machines.cluster.at(node), this.machines.zone.at(node));
    this.#ready.set(node, ready ? 1 : 0);
    if (!ready) this.zones.notReady.add(this.zones.nodes.parent(node), 1);
  }

  /** At the beginning of a run: the node has been ready for long. */
  settle(node: NodeId): void {
    if (this.ready(node)) return;
    this.#ready.set(node, 1);
    this.zones.notReady.add(this.zones.nodes.parent(node), -1);
  }

  /** The node has an object in the API. */
  registered(node: NodeId): boolean {
    return this.zones.nodes.parent(node) !== NONE;
  }

  /** Has the node's object deleted later, unless the machine is back by then. Needs the management API at that time. */
  deregisterAfter(node: NodeId, delay: number): void {
    this.#deletion.after(node, delay);
  }

  /**
   * The node's object is deleted, by a cloud controller that finds no machine behind it or by whoever replaces machines. Its pods are
   * orphans from now on; a kubelet that comes back registers again.
   */
  #deregister(node: NodeId): void {
    if (!this.registered(node) || this.machines.running(node) || this.#postponed(this.#deletion, node))
      return;
    const zone = this.zones.nodes.parent(node);
    const outer = this.sim.enter(this.sim.emit(this.#deletedFact, node));
    if (this.ready(node)) this.endpoints.nodeSilent(node);
    else this.zones.notReady.add(zone, -1);
    this.#ready.set(node, 0);
    this.#detect.cancel(node);
    this.#untaint(node);
    this.zones.leave(node);
    this.#review(zone);
    this.#collectOrphans(node);
    this.sim.leave(outer);
  }

  #collectOrphans(node: NodeId): void {
    const { orphanQuarantine, collectionPeriod } = this.parameters.pod;
    const u = this.sim.streams.stream('pod-gc', this.machines.key(node)).uniform();
    this.#collect.after(node, Math.round(orphanQuarantine + u * collectionPeriod));
  }

  /** Pod garbage collection removes the pods of a node that does not exist, whatever their kubelet says. */
  #collectPods(node: NodeId): void {
    if (this.registered(node)) return;
    if (!this.clusters.controlled(this.machines.cluster.at(node))) this.#collectOrphans(node);
    else for (const pod of this.pods.ofNode.list(node)) this.pods.forceDelete(pod);
  }

  ready(node: NodeId): boolean {
    return this.#ready.at(node) === 1;
  }
  tainted(node: NodeId): boolean {
    return this.#taintedAt.at(node) !== UNTAINTED;
  }

  // --- silence and heartbeats ---------------------------------------------------------------------------------------

  #silent(node: NodeId): void {
    this.#recover.cancel(node);
    const cluster = this.machines.cluster.at(node);
    if (!this.clusters.controllersLive(cluster) || !this.ready(node)) return;
    const stream = this.sim.streams.stream('heartbeat', this.machines.key(node));
    const lastHeartbeat = this.sim.now - stream.uniform() * this.parameters.node.heartbeatPeriod;
    this.#detect.at(
      node,
      Math.max(
        this.sim.now,
        this.#passFrom(cluster, this.#passFrom(cluster, lastHeartbeat) + this.#grace.at(cluster)),
      ),
    );
  }

  #heard(node: NodeId): void {
    if (!this.registered(node)) this.enter(node, false);
    this.#detect.cancel(node);
    this.#deletion.cancel(node);
    const cluster = this.machines.cluster.at(node);
    if (this.ready(node) || !this.clusters.controllersLive(cluster)) return;
    this.#recover.at(node, this.#passFrom(cluster, this.sim.now));
  }

  /** First pass of the leader's monitor loop at or after an instant. */
  #passFrom(cluster: ClusterId, instant: number): number {
    const period = this.parameters.node.monitorPeriod;
    const phase = this.#monitorPhase.at(cluster);
    return Math.ceil((instant - phase) / period) * period + phase;
  }

  #drawPhase(cluster: ClusterId): void {
    const u = this.sim.streams.stream('monitor-phase', this.clusters.key(cluster)).uniform();
    this.#monitorPhase.set(cluster, Math.floor(u * this.parameters.node.monitorPeriod));
  }

  // --- a new leader, or none ----------------------------------------------------------------------------------------

  #noLeader(cluster: ClusterId): void {
    for (
      let node = this.machines.ofCluster.first(cluster);
      node !== NONE;
      node = this.machines.ofCluster.next(node)
    ) {
      this.#detect.cancel(node);
      this.#recover.cancel(node);
      this.#evict.cancel(node);
    }
    this.#stopLimiters(cluster);
  }

  #newLeader(cluster: ClusterId): void {
    this.#drawPhase(cluster);
    const firstPass = this.#passFrom(cluster, this.sim.now);
    for (
      let node = this.machines.ofCluster.first(cluster);
      node !== NONE;
      node = this.machines.ofCluster.next(node)
    ) {
      const running = this.machines.running(node);
      if (running === this.ready(node) || !this.registered(node)) continue;
      const outer = this.sim.enter(this.machines.lastChange(node));
      if (running) this.#recover.at(node, firstPass);
      else this.#detect.at(node, this.#passFrom(cluster, firstPass + this.#grace.at(cluster)));
      this.sim.leave(outer);
    }
    for (
      let node = this.machines.ofCluster.first(cluster);
      node !== NONE;
      node = this.machines.ofCluster.next(node)
    ) {
      if (!this.tainted(node) || this.machines.running(node)) continue;
      // The queue of evictions is in the memory of the leader that died: the new one starts every toleration anew.
      this.#taintedAt.set(node, this.sim.now);
      const outer = this.sim.enter(this.machines.lastChange(node));
      this.#evict.after(node, 0);
      this.sim.leave(outer);
    }
    this.#startLimiters(cluster);
  }

  // --- conditions ---------------------------------------------------------------------------------------------------

  /** The controller has a leader but cannot write: it tries again at its next pass. */
  #postponed(timer: Timer<NodeId>, node: NodeId): boolean {
    if (this.clusters.apiUp(this.machines.cluster.at(node))) return false;
    timer.after(node, this.parameters.node.monitorPeriod);
    return true;
  }

  #markUnready(node: NodeId): void {
    if (this.#postponed(this.#detect, node)) return;
    this.#ready.set(node, 0);
    const fact = this.sim.emit(this.#unreadyFact, node);
    this.#detected.set(node, fact);
    const outer = this.sim.enter(fact);
    this.endpoints.nodeSilent(node);
    const zone = this.zones.nodes.parent(node);
    this.zones.notReady.add(zone, 1);
    this.zones.waiting.join(zone, node);
    this.#review(zone);
    this.unready.emit(node);
    this.sim.leave(outer);
  }

  #markReady(node: NodeId): void {
    if (this.#postponed(this.#recover, node)) return;
    this.#ready.set(node, 1);
    const outer = this.sim.enter(this.sim.emit(this.#readyFact, node));
    this.#untaint(node);
    const zone = this.zones.nodes.parent(node);
    this.zones.notReady.add(zone, -1);
    this.#review(zone);
    this.schedulable.emit(node);
    this.sim.leave(outer);
  }

  #untaint(node: NodeId): void {
    this.#taintedAt.set(node, UNTAINTED);
    this.#evict.cancel(node);
    this.zones.waiting.leave(node);
  }

  // --- zones --------------------------------------------------------------------------------------------------------

  #review(zone: NodeZoneId): void {
    const cluster = this.zones.cluster.at(zone);
    const before = this.zones.state.at(zone);
    const wasAllFull = this.zones.allFull(cluster);
    const notReady = this.zones.notReady.at(zone);
    const state = zoneState(
      this.zones.nodes.count(zone) - notReady,
      notReady,
      this.parameters.node.unhealthyZoneThreshold,
    );
    this.zones.state.set(zone, state);
    if (state !== before) this.sim.emit(this.#disruptionFact, zone, state);
    const allFull = this.zones.allFull(cluster);
    if (allFull && !wasAllFull) this.#enterMasterDisruption(cluster);
    else if (!allFull && wasAllFull) this.#leaveMasterDisruption(cluster);
    else this.#arm(zone);
  }

  /** Every zone is dead: the fault is more likely the controller's own, so nobody is evicted any more. */
  #enterMasterDisruption(cluster: ClusterId): void {
    this.#stopLimiters(cluster);
    for (
      let node = this.machines.ofCluster.first(cluster);
      node !== NONE;
      node = this.machines.ofCluster.next(node)
    ) {
      this.#untaint(node);
    }
  }

  /** Some node is back: from the next pass on the others are tainted again, one by one. */
  #leaveMasterDisruption(cluster: ClusterId): void {
    const firstPass = this.#passFrom(cluster, this.sim.now);
    for (
      let node = this.machines.ofCluster.first(cluster);
      node !== NONE;
      node = this.machines.ofCluster.next(node)
    ) {
      if (this.ready(node) || !this.registered(node) || this.zones.waiting.parent(node) !== NONE) continue;
      this.zones.waiting.join(this.zones.nodes.parent(node), node);
    }
    for (
      let zone = this.zones.ofCluster.first(cluster);
      zone !== NONE;
      zone = this.zones.ofCluster.next(zone)
    ) {
      this.zones.nextTaint.set(zone, Math.max(firstPass, this.zones.nextTaint.at(zone)));
    }
    this.#startLimiters(cluster);
  }

  #stopLimiters(cluster: ClusterId): void {
    for (
      let zone = this.zones.ofCluster.first(cluster);
      zone !== NONE;
      zone = this.zones.ofCluster.next(zone)
    ) {
      this.#taintNext.cancel(zone);
    }
  }
  #startLimiters(cluster: ClusterId): void {
    for (
      let zone = this.zones.ofCluster.first(cluster);
      zone !== NONE;
      zone = this.zones.ofCluster.next(zone)
    )
      this.#arm(zone);
  }

  #arm(zone: NodeZoneId): void {
    const cluster = this.zones.cluster.at(zone);
    const size = this.zones.nodes.count(zone);
    const rate = evictionRate(
      this.zones.state.at(zone),
      size,
      this.zones.allFull(cluster),
      this.parameters.node,
    );
    if (rate === 0 || this.zones.waiting.count(zone) === 0) this.#taintNext.cancel(zone);
    else if (!this.#taintNext.armed(zone))
      this.#taintNext.at(zone, Math.max(this.sim.now, this.zones.nextTaint.at(zone)));
  }

  #taintFirst(zone: NodeZoneId): void {
    const cluster = this.zones.cluster.at(zone);
    if (!this.clusters.apiUp(cluster)) {
      this.#taintNext.after(zone, this.parameters.node.monitorPeriod);
      return;
    }
    const node = this.zones.waiting.first(zone);
    this.zones.waiting.leave(node);
    const large = this.zones.nodes.count(zone);
    const rate = evictionRate(this.zones.state.at(zone), large, false, this.parameters.node);
    this.zones.nextTaint.set(zone, this.sim.now + Math.round(1e6 / rate));
    this.#taintedAt.set(node, this.sim.now);
    const zoneCause = this.sim.enter(this.#detected.at(node));
    const outer = this.sim.enter(this.sim.emit(this.#taintFact, node));
    this.#evictDue(node);
    this.sim.leave(outer);
    this.sim.leave(zoneCause);
    this.#arm(zone);
  }

  // --- eviction -----------------------------------------------------------------------------------------------------

  /** Deletes the pods whose toleration of the taint is over and comes back for the next. */
  #evictDue(node: NodeId): void {
    if (this.#postponed(this.#evict, node)) return;
    const taintedAt = this.#taintedAt.at(node);
    let next = Number.POSITIVE_INFINITY;
    for (const pod of this.pods.ofNode.list(node)) {
      if (this.pods.terminating(pod)) continue;
      const due = taintedAt + this.pods.sets.toleration.at(this.pods.set.at(pod));
      if (due <= this.sim.now) this.pods.delete(pod);
      else next = Math.min(next, due);
    }
    if (next < Number.MAX_SAFE_INTEGER) this.#evict.at(node, next);
  }

  /** For invariants: the zone's state recomputed from scratch. */
  recomputeZone(zone: NodeZoneId): { ready: number; notReady: number; state: number } {
    let ready = 0;
    for (const node of this.zones.nodes.list(zone)) if (this.ready(node)) ready++;
    const notReady = this.zones.nodes.count(zone) - ready;
    return {
      ready,
      notReady,
      state: zoneState(ready, notReady, this.parameters.node.unhealthyZoneThreshold),
    };
  }

  /** For readers of results. */
  stateName(state: number): string {
    return Object.keys(ZONE_STATE)[state]!;
  }
}
