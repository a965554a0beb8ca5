/**
 * Peers that fall silent: nothing comes from them any more, and no packet says so. Their machine was lost, or the network keeps them from who is
 * connected to them; a process that ends while its machine runs and is reached, or because it shuts down,
 * is none: its kernel closes the connections. Whoever
 * keeps connections is told of both in the same way: kubelets of theirs to a kube-apiserver, in management clusters and hosted ones, and
 * kube-apiservers of theirs to etcd members.
 *
 * Of management kube-apiservers the connections to etcd are not followed: the first request without an answer ends them within seconds, which
 * is too short for any grace period or lease, and no figure counts writes to management APIs.
 */
import { NONE } from '../../sim/entities.ts';
import type { HostedControlPlanes } from '../hosted/control-planes.ts';
import type { EtcdConnections } from '../hosted/etcd-connections.ts';
import type { Role } from '../hosted/roles.ts';
import type { ClusterId, MemberId, NodeId, PodId, SetId } from '../ids.ts';
import type { KubeletConnections } from '../kubernetes/kubelet-connections.ts';
import type { ManagementControlPlanes } from '../kubernetes/management-control-plane.ts';
import type { Network } from './network.ts';
import type { Paths } from './paths.ts';

export class SilentPeers {
  constructor(
    readonly network: Network,
    readonly paths: Paths,
    readonly hosted: HostedControlPlanes,
    management: ManagementControlPlanes,
    readonly kubelets: KubeletConnections,
    readonly etcd: EtcdConnections,
  ) {
    management.silent.subscribe((cluster, node) => kubelets.serverLost(cluster, node));
    hosted.silent.subscribe((cluster, role, pod) => this.#podLost(cluster, role, pod));
    hosted.back.subscribe((cluster, pod) => this.#memberBack(cluster, pod));
    network.changed.subscribe(() => this.#networkChanged());
  }

  #podLost(cluster: ClusterId, role: Role, pod: PodId): void {
    const { pods } = this.hosted;
    if (role === 'kube-apiserver') this.kubelets.serverLost(cluster, pods.node.at(pod));
    if (role !== 'etcd') return;
    const patience = this.etcd.patience(this.hosted.clusters.key(cluster));
    for (const server of this.#servers(cluster))
      if (this.network.reaches(pods.node.at(server), pods.node.at(pod)))
        this.etcd.memberSilent(server, pods.ordinal.at(pod), patience);
  }

  /** A member that starts knows nothing of old connections and says so to whom it reaches. */
  #memberBack(cluster: ClusterId, pod: PodId): void {
    const { pods } = this.hosted;
    for (const server of this.#servers(cluster))
      if (this.network.reaches(pods.node.at(server), pods.node.at(pod)))
        this.etcd.memberBack(server, pods.ordinal.at(pod));
  }

  #networkChanged(): void {
    const { clusters } = this.hosted;
    for (let cluster = 0 as ClusterId; cluster < clusters.count; cluster++) {
      if (clusters.isHosted(cluster)) this.#reviewMembers(cluster);
      this.kubelets.networkChanged(cluster);
    }
  }

  #reviewMembers(cluster: ClusterId): void {
    const { ensembles, ensemble, clusters } = this.hosted;
    const members = ensembles.members.of.list(ensemble.at(cluster));
    let patience: number | undefined;
    for (const server of this.#servers(cluster)) {
      members.forEach((member, ordinal) => {
        const parted = this.#parted(server, member);
        if (parted === undefined) return;
        if (!parted) this.#joined(server, member, ordinal);
        else if (ensembles.members.up(member)) {
          patience ??= this.etcd.patience(clusters.key(cluster));
          this.etcd.memberSilent(server, ordinal, patience);
        }
      });
    }
  }

  /** Whether the change of the network parted a server and a member, or let them through again; undefined when it did neither. */
  #parted(server: PodId, member: MemberId): boolean | undefined {
    const [from, to] = [this.hosted.pods.node.at(server), this.paths.memberAt(member)];
    const reaches = this.network.reaches(from, to);
    return reaches === this.network.reached(from, to) ? undefined : !reaches;
  }

  /** A member that ended meanwhile has its kernel say so, where that runs. */
  #joined(server: PodId, member: MemberId, ordinal: number): void {
    const { ensembles, pods } = this.hosted;
    const node = this.paths.memberAt(member);
    if (node === NONE || !pods.machines.running(node as NodeId)) return;
    if (ensembles.members.up(member)) this.etcd.memberHeard(server, ordinal);
    else this.etcd.memberBack(server, ordinal);
  }

  #servers(cluster: ClusterId): PodId[] {
    const { pods } = this.hosted;
    const set = this.hosted.set(cluster, 'kube-apiserver') as SetId;
    return pods.ofSet.list(set).filter((pod) => pods.isRunning(pod));
  }
}
