/**
 * Which kubelets are in contact with the API of their cluster: those whose machine runs and whom the network lets through to a server of
 * that API. A kubelet without contact goes on running its pods, renews no lease, reports nothing, and hears of no new pod and no
 * deletion (kubernetes/website concepts/architecture/nodes.md).
 */
import type { U8Column } from '../../sim/entities.ts';
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
    machines.lost.subscribe((node) => this.#review(node));
    machines.started.subscribe((node) => this.#review(node));
  }

  /** The kubelet of that node is in contact with its API's network; whether anybody answers there is another question. */
  present(node: NodeId): boolean {
    return this.#present.at(node) === 1;
  }

  /** At the beginning of a run: a machine that is added without power has no contact, one that is settled later has. */
  settle(node: NodeId): void {
    this.#present.set(node, this.machines.running(node) ? 1 : 0);
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
  reviewAll(): void {
    for (let cluster = 0 as ClusterId; cluster < this.clusters.count; cluster++) this.reviewCluster(cluster);
  }

  #review(node: NodeId): void {
    const present = this.machines.running(node) && this.reaches(node, this.machines.cluster.at(node));
    if (present === this.present(node)) return;
    this.#present.set(node, present ? 1 : 0);
    (present ? this.made : this.lost).emit(node);
  }
}
