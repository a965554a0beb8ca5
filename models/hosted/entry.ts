/**
 * The entry of a hosted API: what a request from outside meets before a Service of the management cluster sends it on to a pod.
 *
 * - A cloud's load balancer stands in front of all nodes and checks those, never kube-apiserver: HyperShift leaves the Service at
 *   externalTrafficPolicy Cluster (openshift/hypershift kas/service.go, issue 3592). With dedicated request serving those are two
 *   nodes (`balanced-nodes.ts`). Else they are all nodes of the management cluster: what is lost with one of them until the load balancer has
 *   noticed is small and common to all its APIs, and is not counted.
 * - Where there is no cloud, one node announces the address of the load balancer (metallb.universe.tf/concepts/layer2). When that node
 *   is lost nobody gets in until another one announces it. Clients whose dial lasts longer than that get in late and do not fail.
 * - The name of a NodePort leads to some nodes, and nobody checks those: a lost one fails its share for as long as it is away.
 *
 * A node that the network keeps from the outside is as good as lost to all of them.
 */
import { type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import { type Network, OUTSIDE } from '../network/network.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';
import { BalancedNodes, type Onward } from './balanced-nodes.ts';

/** How an API is entered: by a cloud's load balancer, by an address that one node announces, or by the nodes themselves. */
const ENTRY = { cloud: 0, address: 1, nodes: 2 } as const;
export type EntryKind = keyof typeof ENTRY;

export class Entry {
  readonly balanced: BalancedNodes;
  readonly #kind: U8Column<ClusterId>;
  /** The network keeps the node from the outside. */
  readonly #cutOff: U8Column<NodeId>;
  /** Faults of the load balancer itself. */
  readonly #faults: I32Column<ClusterId>;
  /** The fact of its last fault, or of the last loss of a node that it is entered by. */
  readonly #lastLoss: I32Column<ClusterId, CauseId>;
  /** The names of the control plane lead to where it was before it was moved. */
  readonly #misled: U8Column<ClusterId>;
  /** APIs whose address a node announces. */
  readonly #announcedBy: Membership<NodeId, ClusterId>;
  readonly #failover: Timer<ClusterId>;
  /** Whoever dials now gives up before the address is back, until this is over. */
  readonly #unheard: Timer<ClusterId>;
  /** Nodes of a management cluster that take traffic from outside, in order of their zones. */
  readonly #nodes: (readonly NodeId[])[] = [];
  /** Those of them that a NodePort's name leads to. */
  readonly #addressed: (readonly NodeId[])[] = [];
  /** APIs of a management cluster that are entered by the nodes themselves. */
  readonly #byNodes: Membership<ClusterId, ClusterId>;
  /** The same for hosted clusters of which a service beside the API is. */
  readonly #besideByNodes: Membership<ClusterId, ClusterId>;
  readonly #movedFact: FactKind;
  readonly #lostFact: FactKind;
  readonly #addressedFact: FactKind;
  readonly #targetFact: FactKind;
  readonly #met: Onward = (node) => (this.takes(node) ? 1 : 0);
  readonly #runs: Onward = (node) => (this.machines.running(node) ? 1 : 0);

  /** More or fewer requests get in than before. */
  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly network: Network,
    readonly parameters: ParameterValues,
  ) {
    this.balanced = new BalancedNodes(sim, clusters, machines, (node) => this.takes(node), parameters);
    this.#cutOff = machines.table.u8('cutOffFromOutside');
    this.#kind = clusters.table.u8('entry', ENTRY.cloud);
    this.#faults = clusters.table.i32('entryFaults');
    this.#misled = clusters.table.u8('misled');
    this.#lastLoss = clusters.table.i32('entryLastLoss', BEGINNING);
    this.#announcedBy = new Membership('addresses of node', machines.table, clusters.table);
    this.#byNodes = new Membership('entered by nodes of', clusters.table, clusters.table);
    this.#besideByNodes = new Membership('beside entered by nodes of', clusters.table, clusters.table);
    this.#failover = new Timer(sim, clusters.table, 'address-announced', 'recover', (cluster) =>
      this.#announce(cluster),
    );
    this.#unheard = new Timer(sim, clusters.table, 'address-soon-back', 'recover', (cluster) =>
      this.changed.emit(cluster),
    );
    this.#lostFact = sim.factKind('address-lost');
    this.#movedFact = sim.factKind('address-moved');
    this.#addressedFact = sim.factKind('addressed-node-lost');
    this.#targetFact = sim.factKind('target-lost');
    this.balanced.changed.subscribe((cluster, node) => this.#targetChanged(cluster, node));
    machines.lost.subscribe((node) => this.#cutOff.at(node) === 0 && this.#nodeLost(node));
    machines.started.subscribe((node) => this.#cutOff.at(node) === 0 && this.#nodeStarted(node));
  }

  /**
   * Opens a management cluster to the outside.
   * @param nodes those that take traffic, of one zone after the other
   */
  open(host: ClusterId, nodes: readonly NodeId[]): void {
    this.#nodes[host] = nodes;
    this.#addressed[host] = nodes.slice(0, this.parameters.apiPath.nodePortAddresses);
  }

  /** Says how a hosted API is entered; the node that announces an address is drawn. */
  describe(cluster: ClusterId, kind: EntryKind): void {
    this.#kind.set(cluster, ENTRY[kind]);
    this.#open(cluster);
  }

  #open(cluster: ClusterId): void {
    const kind = this.#kind.at(cluster);
    if (kind === ENTRY.nodes) this.#byNodes.join(this.clusters.host.at(cluster), cluster);
    const node = kind === ENTRY.address ? this.#draw(cluster) : undefined;
    if (node !== undefined) this.#announcedBy.join(node, cluster);
  }

  /**
   * The API is entered on the management cluster that hosts it now.
   * @param balanced nodes of its own behind its load balancer
   */
  rehouse(cluster: ClusterId, balanced: readonly NodeId[]): void {
    this.#byNodes.leave(cluster);
    if (this.#besideByNodes.parent(cluster) !== NONE) {
      this.#besideByNodes.leave(cluster);
      this.describeBeside(cluster);
    }
    this.#announcedBy.leave(cluster);
    this.#failover.cancel(cluster);
    this.#unheard.cancel(cluster);
    this.balanced.replace(cluster, balanced);
    this.#open(cluster);
    this.changed.emit(cluster);
  }

  /** Says that a service beside the API is published by NodePort. */
  describeBeside(cluster: ClusterId): void {
    if (this.#besideByNodes.parent(cluster) === NONE)
      this.#besideByNodes.join(this.clusters.host.at(cluster), cluster);
  }

  /** The node runs and is reached from outside. */
  takes(node: NodeId): boolean {
    return this.machines.running(node) && this.#cutOff.at(node) === 0;
  }

  /**
   * Share of requests that get in, 0 to 1.
   * @param onward what becomes of them on a node; by default those that come to one that takes them are in
   */
  share(cluster: ClusterId, onward: Onward = this.#met): number {
    if (this.#faults.at(cluster) > 0) return 0;
    switch (this.#kind.at(cluster)) {
      case ENTRY.address:
        return this.#announcedShare(cluster, onward);
      case ENTRY.nodes:
        return mean(this.#addressedBy(cluster), onward);
      default:
        return this.balanced.any(cluster)
          ? this.balanced.share(cluster, onward)
          : this.#anyShare(cluster, onward);
    }
  }

  /** The same for a service that shares no entry with the API: the nodes of its NodePort, else all nodes, by whatever stands before them. */
  shareBeside(cluster: ClusterId, byNodes: boolean, onward: Onward = this.#met): number {
    return byNodes ? mean(this.#addressedBy(cluster), onward) : this.#anyShare(cluster, onward);
  }

  /** The share for clients to whom the network is open. */
  standing(cluster: ClusterId): number {
    return this.share(cluster, this.#runs);
  }
  standingBeside(cluster: ClusterId, byNodes: boolean): number {
    return this.shareBeside(cluster, byNodes, this.#runs);
  }

  /** All nodes stand behind the load balancer, which finds out those that the network keeps from it. Without any it sends to all. */
  #anyShare(cluster: ClusterId, onward: Onward): number {
    if (!this.network.isCut) return 1;
    const nodes = this.#nodes[this.clusters.host.at(cluster)]!;
    const taking = nodes.filter((node) => this.takes(node));
    return mean(taking.length > 0 ? taking : nodes, onward);
  }

  /** Whoever gets in does so by one node, and nobody would after its loss. */
  hangsOnOneNode(cluster: ClusterId): boolean {
    return this.#kind.at(cluster) === ENTRY.nodes && this.#taking(this.#addressedBy(cluster)) <= 1;
  }

  /** What it follows from that some requests do not get in. */
  lastLoss(cluster: ClusterId): CauseId {
    return this.#lastLoss.at(cluster);
  }

  /** One fault of the load balancer more; the current cause is what it follows from. */
  fail(cluster: ClusterId): void {
    this.#lastLoss.set(cluster, this.sim.cause);
    this.#faults.add(cluster, 1);
    this.changed.emit(cluster);
  }
  repair(cluster: ClusterId): void {
    this.#faults.add(cluster, -1);
    this.changed.emit(cluster);
  }

  /** The names by which the API, the OAuth server and the Konnectivity server are known lead elsewhere, or to where they are. */
  mislead(cluster: ClusterId, elsewhere: boolean): void {
    if (this.misled(cluster) === elsewhere) return;
    this.#misled.set(cluster, elsewhere ? 1 : 0);
    if (elsewhere) this.fail(cluster);
    else this.repair(cluster);
  }
  misled(cluster: ClusterId): boolean {
    return this.#misled.at(cluster) === 1;
  }

  #targetChanged(cluster: ClusterId, node: NodeId): void {
    if (this.balanced.share(cluster, this.#met) < 1) this.#lose(cluster, this.#targetFact, node);
    else this.changed.emit(cluster);
  }

  // --- addresses that a node announces -------------------------------------------------------------------------------

  /** Clients that dial while the address moves come to whoever will have it. */
  #announcedShare(cluster: ClusterId, onward: Onward): number {
    const node = this.#announcedBy.parent(cluster);
    if (node === NONE || this.#unheard.armed(cluster)) return 0;
    if (!this.#failover.armed(cluster)) return onward(node);
    return mean(this.#candidates(cluster), onward);
  }

  /** Nodes that can announce an address to the outside. */
  #candidates(cluster: ClusterId): readonly NodeId[] {
    return this.#nodes[this.clusters.host.at(cluster)]!.filter((node) => this.takes(node));
  }

  /** MetalLB puts nodes in the order of a hash of node and address: any of them, as far as anybody can tell. */
  #draw(cluster: ClusterId): NodeId | undefined {
    const nodes = this.#candidates(cluster);
    const u = this.sim.streams.stream('announcer', this.clusters.key(cluster)).uniform();
    return nodes[Math.floor(u * nodes.length)];
  }

  /** Where no node is reached from outside, one that runs goes on announcing to whoever it reaches. */
  #announce(cluster: ClusterId): void {
    const before = this.#announcedBy.parent(cluster);
    const node = this.#draw(cluster);
    if (node !== undefined || before === NONE || !this.machines.running(before))
      this.#announcedBy.leave(cluster);
    if (node === undefined) {
      this.changed.emit(cluster);
      return;
    }
    this.#announcedBy.join(node, cluster);
    const outer = this.sim.enter(this.sim.emit(this.#movedFact, cluster, node));
    this.changed.emit(cluster);
    this.sim.leave(outer);
  }

  #nodeLost(node: NodeId): void {
    this.balanced.review(node);
    for (let c = this.#announcedBy.first(node); c !== NONE; c = this.#announcedBy.next(c)) {
      if (this.#failover.armed(c)) continue;
      const { addressFailover, dialTimeout } = this.parameters.apiPath;
      this.#failover.after(c, addressFailover);
      if (addressFailover > dialTimeout) this.#unheard.after(c, addressFailover - dialTimeout);
      this.#lose(c, this.#lostFact, node);
    }
    for (const cluster of this.#enteredBy(node, this.#byNodes))
      this.#lose(cluster, this.#addressedFact, node);
    for (const cluster of this.#enteredBy(node, this.#besideByNodes)) this.changed.emit(cluster);
    this.#otherNodes(node);
  }

  /** While the network is cut, and when none is left, every node counts for whatever is entered by any of them. */
  #otherNodes(node: NodeId): void {
    const host = this.machines.cluster.at(node);
    const nodes = this.#nodes[host];
    if (nodes === undefined) return;
    if (!this.network.isCut && nodes.some((other) => this.takes(other))) return;
    for (let cluster = 0 as ClusterId; cluster < this.clusters.count; cluster++)
      if (this.clusters.host.at(cluster) === host) this.changed.emit(cluster);
  }
  #lose(cluster: ClusterId, kind: FactKind, node: NodeId): void {
    const fact = this.sim.emit(kind, cluster, node);
    this.#lastLoss.set(cluster, fact);
    const outer = this.sim.enter(fact);
    this.changed.emit(cluster);
    this.sim.leave(outer);
  }

  /** A node that is back keeps the addresses that it has, and takes those that no other could take. */
  #nodeStarted(node: NodeId): void {
    this.balanced.review(node);
    const nodes = this.#nodes[this.machines.cluster.at(node)];
    if (nodes === undefined) return;
    for (let c = this.#announcedBy.first(node); c !== NONE; c = this.#announcedBy.next(c)) {
      this.#failover.cancel(c);
      this.#unheard.cancel(c);
      this.changed.emit(c);
    }
    if (nodes.every((other) => other === node || !this.takes(other)))
      this.#takeAll(this.machines.cluster.at(node));
    for (const by of [this.#byNodes, this.#besideByNodes])
      for (const cluster of this.#enteredBy(node, by)) this.changed.emit(cluster);
    this.#otherNodes(node);
  }
  #takeAll(host: ClusterId): void {
    for (let cluster = 0 as ClusterId; cluster < this.clusters.count; cluster++) {
      const ours = this.clusters.host.at(cluster) === host && this.#kind.at(cluster) === ENTRY.address;
      if (!ours || this.#failover.armed(cluster)) continue;
      const node = this.#announcedBy.parent(cluster);
      if (node === NONE || !this.takes(node)) this.#announce(cluster);
    }
  }

  // --- the network to the nodes --------------------------------------------------------------------------------------

  /** The network changed: first all nodes are known to be cut off or not, then each is taken for lost or back. */
  reviewNetwork(): void {
    for (let host = 0 as ClusterId; host < this.clusters.count; host++) {
      if (this.#nodes[host] === undefined) continue;
      const changed = this.machines.ofCluster.list(host).filter((node) => this.#reviewNode(node));
      for (const node of changed) {
        if (this.takes(node)) this.#nodeStarted(node);
        else this.#nodeLost(node);
      }
      if (changed.some((node) => this.takes(node))) this.#takeAll(host);
    }
  }
  /** Whether a node that runs became one that takes traffic or ceased to be one. */
  #reviewNode(node: NodeId): boolean {
    const cutOff = this.network.reaches(OUTSIDE, node) ? 0 : 1;
    if (this.#cutOff.at(node) === cutOff) return false;
    this.#cutOff.set(node, cutOff);
    return this.machines.running(node);
  }

  // --- nodes that clients address themselves -------------------------------------------------------------------------

  #addressedBy(cluster: ClusterId): readonly NodeId[] {
    return this.#addressed[this.clusters.host.at(cluster)]!;
  }
  #taking(nodes: readonly NodeId[]): number {
    let taking = 0;
    for (const node of nodes) if (this.takes(node)) taking++;
    return taking;
  }
  /** Of these clusters, by their hosts, those whose name leads to a node. */
  #enteredBy(node: NodeId, by: Membership<ClusterId, ClusterId>): readonly ClusterId[] {
    const host = this.machines.cluster.at(node);
    return this.#addressed[host]?.includes(node) ? by.list(host) : [];
  }
}

function mean(nodes: readonly NodeId[], onward: Onward): number {
  let sum = 0;
  for (const node of nodes) sum += onward(node);
  return nodes.length === 0 ? 0 : sum / nodes.length;
}
