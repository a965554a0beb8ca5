/**
 * Which kubelets are in contact with the API of their cluster: those whose machine runs and whom the network, and whatever else stands
 * between, lets through to a server of that API. A kubelet without contact goes on running its pods, renews no lease, reports nothing, and hears of no new pod and no
 * deletion (kubernetes/website concepts/architecture/nodes.md).
 */
import type { I32Column, U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { Location, Network } from '../network/network.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';

/** Where servers of a cluster's API work; empty while none does, which is no matter of the network. */
export type ApiServers = (cluster: ClusterId) => readonly Location[];

export class Contact {
  readonly #present: U8Column<NodeId>;
  /** The fact by which a running machine was last cut off or found again. */
  readonly #change: I32Column<NodeId, CauseId>;
  readonly #cutOffFact: FactKind;
  readonly #foundFact: FactKind;
  /** Reasons of the way between kubelet and API, beside machine and network, for which nothing gets through. */
  readonly #blocks: I32Column<NodeId>;

  /** The kubelet is not heard any more: its machine stopped, or it was cut off. */
  readonly lost = new Signal<[node: NodeId]>();
  /** The kubelet is heard again. */
  readonly made = new Signal<[node: NodeId]>();

  servers: ApiServers = () => [];

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly network: Network,
  ) {
    this.#present = machines.table.u8('contact', 1);
    this.#blocks = machines.table.i32('blocks');
    this.#change = machines.table.i32('contactChange', BEGINNING);
    this.#cutOffFact = sim.factKind('node-cut-off');
    this.#foundFact = sim.factKind('node-in-contact');
    machines.lost.subscribe((node) => this.#set(node, false));
    machines.started.subscribe((node) => this.#set(node, this.#through(node)));
  }

  /** The kubelet of that node is in contact with its API's network; whether anybody answers there is another question. */
  present(node: NodeId): boolean {
    return this.#present.at(node) === 1;
  }

  /** The fact that made the contact what it is: the machine was lost or booted, or the network changed. */
  lastChange(node: NodeId): CauseId {
    return Math.max(this.machines.lastChange(node), this.#change.at(node)) as CauseId;
  }

  /** At the beginning of a run: a machine that is added without power has no contact, one that is settled later has. */
  settle(node: NodeId): void {
    this.#present.set(node, this.machines.running(node) && this.#blocks.at(node) === 0 ? 1 : 0);
  }

  /** One reason more for which the kubelet does not get through, or one less; it follows from the current cause. */
  block(node: NodeId): void {
    this.#blocks.add(node, 1);
    this.#blocksChanged(node);
  }
  unblock(node: NodeId): void {
    this.#blocks.add(node, -1);
    this.#blocksChanged(node);
  }
  #blocksChanged(node: NodeId): void {
    const present = this.machines.running(node) && this.#through(node);
    if (present !== this.present(node)) this.#change.set(node, this.sim.cause);
    this.#set(node, present);
  }

  /** A process there gets through to some server of a cluster's API. */
  reaches(location: Location, cluster: ClusterId): boolean {
    if (!this.network.isCut) return true;
    const servers = this.servers(cluster);
    return servers.length === 0 || servers.some((server) => this.network.reaches(location, server));
  }

  /** The network changed, or while it is cut the servers of an API did. */
  reviewCluster(cluster: ClusterId): void {
    for (const node of this.machines.ofCluster.list(cluster)) this.#review(node);
  }

  /** Of a running machine only the network can take or restore the contact. */
  #review(node: NodeId): void {
    if (!this.machines.running(node)) return;
    const present = this.#through(node);
    if (present === this.present(node)) return;
    const fact = this.sim.emit(present ? this.#foundFact : this.#cutOffFact, node);
    this.#change.set(node, fact);
    const outer = this.sim.enter(fact);
    this.#set(node, present);
    this.sim.leave(outer);
  }

  #through(node: NodeId): boolean {
    if (this.clusters.heldUp(this.machines.cluster.at(node))) return true;
    return this.#blocks.at(node) === 0 && this.reaches(node, this.machines.cluster.at(node));
  }

  #set(node: NodeId, present: boolean): void {
    if (present === this.present(node)) return;
    this.#present.set(node, present ? 1 : 0);
    (present ? this.made : this.lost).emit(node);
  }
}
