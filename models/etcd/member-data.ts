/**
 * What lies in the volumes of hosted etcd members. A member whose data is lost or corrupt fails whenever it is started, until somebody
 * deletes its claim and its pod; nothing else ends that. The new pod finds an empty volume: its reset-member init container removes
 * the old member from the cluster, adds itself and joins as a new one, which takes a working cluster (openshift/hypershift
 * control-plane-operator v2/assets/etcd/statefulset.yaml). Removing comes first, so that the dead member never counts in a larger
 * majority: of three members there are two for a moment, then three again, and two are the majority of both.
 */
import { NONE, type U8Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { HostedControlPlanes } from '../hosted/control-planes.ts';
import { ROLE } from '../hosted/roles.ts';
import type { ClusterId, MemberId, PodId, SetId } from '../ids.ts';
import { PHASE } from '../kubernetes/pod-phases.ts';
import type { Pods } from '../kubernetes/pods.ts';
import type { Volumes } from '../scheduler/volumes.ts';
import { Signal } from '../signal.ts';
import type { Ensembles } from './ensembles.ts';

const DATA = {
  intact: 0,
  /** Lost or corrupt: the member fails on it. */
  unusable: 1,
  /** A new volume: the member has to join a working cluster. */
  empty: 2,
  /** A new volume beside a restored member: all bootstrap one cluster together. */
  founding: 3,
} as const;

export class MemberData {
  readonly #data: U8Column<MemberId>;
  /** The claim is deleted, and goes when the pod that uses it is gone. */
  readonly #doomed: U8Column<MemberId>;
  readonly #lostFact: FactKind;
  readonly #aloneFact: FactKind;
  readonly #rejoinedFact: FactKind;

  /** The member has a new volume. */
  readonly renewed = new Signal<[member: MemberId]>();

  constructor(
    readonly sim: Simulation,
    readonly pods: Pods,
    readonly volumes: Volumes,
    readonly ensembles: Ensembles,
    readonly hosted: HostedControlPlanes,
  ) {
    this.#data = ensembles.members.table.u8('data', DATA.intact);
    this.#doomed = ensembles.members.table.u8('doomed');
    this.#lostFact = sim.factKind('member-data-lost');
    this.#aloneFact = sim.factKind('member-found-no-cluster');
    this.#rejoinedFact = sim.factKind('member-rejoined');
    pods.containers.progressed.subscribe((pod) => this.#progressed(pod));
    pods.containers.running.subscribe((pod) => this.#running(pod));
    pods.removing.subscribe((pod) => this.#removing(pod));
  }

  /** The member's data can be served from: a snapshot can be taken there, and it needs nobody to start. */
  intact(member: MemberId): boolean {
    return this.#data.at(member) === DATA.intact;
  }
  /** The member waits for somebody who gives it a new volume. */
  unusable(member: MemberId): boolean {
    return this.#data.at(member) === DATA.unusable;
  }
  /** A copy can be made of a member of the cluster: it has its data, and somebody can get into its pod. */
  copyable(cluster: ClusterId): boolean {
    const { pods } = this;
    return pods.ofSet.list(this.#set(cluster)).some((pod) => {
      const node = pods.node.at(pod);
      const running = node !== NONE && pods.machines.running(node);
      return running && this.intact(this.#member(cluster, pods.ordinal.at(pod)));
    });
  }
  /** Members of a hosted cluster whose data is lost or corrupt. */
  lost(cluster: ClusterId): number[] {
    const members = this.ensembles.members.of.list(this.hosted.ensemble.at(cluster));
    return members.flatMap((member, ordinal) => (this.unusable(member) ? [ordinal] : []));
  }

  /** A member's data is lost or corrupt from now on: its process fails, and fails again at every start. */
  lose(cluster: ClusterId, ordinal: number): void {
    this.#fail(this.#lostFact, cluster, ordinal);
  }

  /**
   * Deletes a member's claim and pod, as documented for a member that is beyond repair; the claim goes with the pod, and the next pod
   * of that ordinal makes a new one.
   */
  replace(cluster: ClusterId, ordinal: number): void {
    this.discard(cluster, ordinal);
    const pod = this.pods.find(this.#set(cluster), ordinal);
    if (pod !== NONE) this.pods.delete(pod as PodId);
  }

  /** Deletes a member's claim alone. */
  discard(cluster: ClusterId, ordinal: number): void {
    const set = this.#set(cluster);
    const used = this.pods.ofSet.list(set).some((pod) => this.pods.ordinal.at(pod) === ordinal);
    if (used) this.#doomed.set(this.#member(cluster, ordinal), 1);
    else this.#renew(cluster, ordinal);
  }

  /** A snapshot was restored into the first member's volume; the others, whose volumes are new, found a cluster with it. */
  restored(cluster: ClusterId): void {
    this.ensembles.members.of.list(this.hosted.ensemble.at(cluster)).forEach((member, ordinal) => {
      if (ordinal === 0) {
        this.#become(member, DATA.intact);
        this.ensembles.members.setEmpty(member, false);
      } else if (this.#data.at(member) === DATA.empty) this.#become(member, DATA.founding);
    });
  }

  /** All members get new volumes elsewhere, into which each restores the same snapshot before it starts (openshift/hypershift etcd-init.sh). */
  foundAnew(cluster: ClusterId): void {
    this.ensembles.members.of.list(this.hosted.ensemble.at(cluster)).forEach((member, ordinal) => {
      this.#renew(cluster, ordinal);
      this.#become(member, DATA.founding);
    });
  }

  #fail(fact: FactKind, cluster: ClusterId, ordinal: number): void {
    const member = this.#member(cluster, ordinal);
    if (this.unusable(member)) return;
    this.#data.set(member, DATA.unusable);
    const outer = this.sim.enter(this.sim.emit(fact, cluster, ordinal));
    this.ensembles.hold(member);
    // The process of a pod that is being deleted runs on while its kubelet does not hear of that.
    for (const pod of this.pods.ofSet.list(this.#set(cluster)))
      if (this.pods.ordinal.at(pod) === ordinal) this.pods.kubelets.hold(pod);
    this.sim.leave(outer);
  }

  #set(cluster: ClusterId): SetId {
    return this.hosted.set(cluster, 'etcd') as SetId;
  }
  #member(cluster: ClusterId, ordinal: number): MemberId {
    return this.ensembles.member(this.hosted.ensemble.at(cluster), ordinal);
  }
  #clusterOf(pod: PodId): ClusterId {
    return this.pods.sets.serves.at(this.pods.set.at(pod));
  }

  /** What keeps a member down because of its data ends with that data. */
  #become(member: MemberId, data: number): void {
    if (this.unusable(member)) this.ensembles.release(member);
    this.#data.set(member, data);
  }

  #renew(cluster: ClusterId, ordinal: number): void {
    const member = this.#member(cluster, ordinal);
    this.volumes.renew(this.#set(cluster), ordinal);
    this.ensembles.members.setEmpty(member, true);
    this.#become(member, DATA.empty);
    this.#doomed.set(member, 0);
    this.renewed.emit(member);
  }

  #removing(pod: PodId): void {
    if (this.hosted.role(pod) !== ROLE.etcd) return;
    const cluster = this.#clusterOf(pod);
    const ordinal = this.pods.ordinal.at(pod);
    if (this.#doomed.at(this.#member(cluster, ordinal)) === 1) this.#renew(cluster, ordinal);
  }

  /** Init containers are through: without a working cluster to join, a member with an empty volume fails like one without data. */
  #progressed(pod: PodId): void {
    if (this.hosted.role(pod) !== ROLE.etcd || this.pods.containers.phase(pod) !== PHASE.starting) return;
    const cluster = this.#clusterOf(pod);
    const ordinal = this.pods.ordinal.at(pod);
    if (this.#data.at(this.#member(cluster, ordinal)) !== DATA.empty) return;
    if (this.ensembles.serving(this.hosted.ensemble.at(cluster))) return;
    this.#fail(this.#aloneFact, cluster, ordinal);
  }

  #running(pod: PodId): void {
    if (this.hosted.role(pod) !== ROLE.etcd) return;
    const cluster = this.#clusterOf(pod);
    const ordinal = this.pods.ordinal.at(pod);
    const member = this.#member(cluster, ordinal);
    if (this.intact(member)) return;
    this.#data.set(member, DATA.intact);
    this.sim.emit(this.#rejoinedFact, cluster, ordinal);
  }
}
