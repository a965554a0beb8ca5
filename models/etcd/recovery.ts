/**
 * Automatic recovery of exactly one broken member of a HighlyAvailable managed etcd (openshift/hypershift
 * hypershift-operator/controllers/hostedcluster/etcd_recovery.go and etcd-recovery/etcdrecovery.go).
 *
 * The operator looks every ten seconds at an etcd that is not fully available. When the container of a member is Waiting with restarts and
 * three pods exist, it creates one Job. The Job tries: etcd must answer, at most one member be unhealthy and the StatefulSet not be on its way
 * to another revision, then the claim and the pod of the one that fails are deleted, and it waits for an etcd in which nobody fails. A try that fails is repeated with growing
 * pauses; the eleventh failure fails the Job, and from then on the operator leaves the cluster to people, until etcd is fully available.
 * It sees crash loops only: a member that is Pending, or on a silent node, is none of its business.
 */
import type { F64Column, I32Column, U8Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { HostedControlPlanes } from '../hosted/control-planes.ts';
import type { EtcdProbes } from '../hosted/etcd-probes.ts';
import type { Reconciliation } from '../hosted/reconciliation.ts';
import { ROLE } from '../hosted/roles.ts';
import type { ClusterId, EnsembleId, PodId, SetId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import { type CrashLoopSpec, firstSeenWaiting, isWaiting } from '../kubernetes/crash-loop.ts';
import type { Leadership } from '../kubernetes/leadership.ts';
import type { Pauses } from '../kubernetes/pauses.ts';
import type { Pods } from '../kubernetes/pods.ts';
import type { Rollouts } from '../kubernetes/rollouts.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Ensembles } from './ensembles.ts';
import type { MemberData } from './member-data.ts';

const JOB = {
  none: 0,
  /** Its pod is about to try. */
  trying: 1,
  /** A member was replaced; it waits for a healthy etcd. */
  polling: 2,
  succeeded: 3,
  failed: 4,
} as const;

/** Pods that the operator wants to see before it acts, and members that recovery is made for. */
const MEMBERS = 3;

export class EtcdRecovery {
  readonly #enabled: U8Column<ClusterId>;
  readonly #job: U8Column<ClusterId>;
  readonly #failures: I32Column<ClusterId>;
  /** Until when the current try waits. */
  readonly #deadline: F64Column<ClusterId>;
  /** The next step of the Job needs a management cluster that starts pods. */
  readonly #stalled: U8Column<ClusterId>;
  readonly #check: Timer<ClusterId>;
  readonly #step: Timer<ClusterId>;
  readonly #startedFact: FactKind;
  readonly #replacedFact: FactKind;
  readonly #failedFact: FactKind;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly pods: Pods,
    readonly rollouts: Rollouts,
    readonly ensembles: Ensembles,
    leadership: Leadership,
    readonly hosted: HostedControlPlanes,
    readonly reconciliation: Reconciliation,
    pauses: Pauses,
    readonly data: MemberData,
    readonly probes: EtcdProbes,
    readonly parameters: ParameterValues,
  ) {
    this.#enabled = clusters.table.u8('etcdRecovery');
    this.#job = clusters.table.u8('recoveryJob', JOB.none);
    this.#failures = clusters.table.i32('recoveryFailures');
    this.#deadline = clusters.table.f64('recoveryDeadline');
    this.#stalled = clusters.table.u8('recoveryStalled');
    this.#check = new Timer(sim, clusters.table, 'etcd-checked', 'control', (cluster) => this.#look(cluster));
    this.#step = new Timer(sim, clusters.table, 'recovery-job', 'control', (cluster) =>
      this.#job.at(cluster) === JOB.trying ? this.#try(cluster) : this.#poll(cluster),
    );
    this.#startedFact = sim.factKind('recovery-started');
    this.#replacedFact = sim.factKind('member-replaced');
    this.#failedFact = sim.factKind('recovery-failed');
    pods.created.subscribe((pod) => this.#podChanged(pod));
    pods.containers.stopped.subscribe((pod) => this.#podChanged(pod));
    pods.containers.progressed.subscribe((pod) => this.#podChanged(pod));
    ensembles.changed.subscribe((ensemble) => this.#review(ensembles.cluster.at(ensemble)));
    leadership.changed.subscribe((cluster) => this.#reviewHosted(cluster));
    clusters.apiChanged.subscribe((cluster) => this.#reviewHosted(cluster));
    pauses.resumed.subscribe((cluster) => this.#review(cluster));
    reconciliation.changed.subscribe((cluster) => this.#review(cluster));
  }

  /** The operator looks after this cluster's etcd. */
  enable(cluster: ClusterId): void {
    this.#enabled.set(cluster, 1);
  }
  /** The operator replaces a member of this cluster's etcd when it is the only one that is broken. */
  enabled(cluster: ClusterId): boolean {
    return this.#enabled.at(cluster) === 1;
  }
  /** Jobs and what the operator has seen stay behind on the management cluster that the cluster leaves. */
  forget(cluster: ClusterId): void {
    this.#check.cancel(cluster);
    this.#step.cancel(cluster);
    this.#job.set(cluster, JOB.none);
    this.#stalled.set(cluster, 0);
  }
  /** The Job failed: people have to act. */
  failed(cluster: ClusterId): boolean {
    return this.#job.at(cluster) === JOB.failed;
  }
  /** A Job is at work. */
  active(cluster: ClusterId): boolean {
    const job = this.#job.at(cluster);
    return job === JOB.trying || job === JOB.polling;
  }

  // --- crash loops --------------------------------------------------------------------------------------------------

  #podChanged(pod: PodId): void {
    if (this.hosted.role(pod) === ROLE.etcd) this.#review(this.pods.sets.serves.at(this.pods.set.at(pod)));
  }

  #set(cluster: ClusterId): SetId {
    return this.hosted.set(cluster, 'etcd') as SetId;
  }

  /** Pods whose main container fails again and again. */
  #looping(cluster: ClusterId): PodId[] {
    return this.pods.ofSet
      .list(this.#set(cluster))
      .filter((pod) => this.pods.containers.restarts.failing(pod));
  }
  /** Of those, the ones that show it right now: Waiting, with restarts. */
  #failing(cluster: ClusterId): PodId[] {
    return this.#looping(cluster).filter((pod) => isWaiting(this.#since(pod), this.#loopOf(pod)));
  }
  #since(pod: PodId): number {
    return this.sim.now - this.pods.containers.restarts.failedAt(pod);
  }

  /** Each try lasts until the member fails on its data, or as long as its start-up probe lets it wait for its disk. */
  #loopOf(pod: PodId): CrashLoopSpec {
    return this.pods.containers.restarts.loop(pod, this.probes.startWindow(this.hosted.memberOf(pod)));
  }

  // --- the operator -------------------------------------------------------------------------------------------------

  /** The operator looks after the cluster: a pause and a release that it refuses keep it from etcd, too. */
  #able(cluster: ClusterId): boolean {
    return this.reconciliation.idle(cluster) === undefined;
  }

  #reviewHosted(host: ClusterId): void {
    if (this.clusters.isHosted(host)) return;
    for (let cluster = 0 as ClusterId; cluster < this.clusters.count; cluster++) {
      if (this.clusters.host.at(cluster) === host) this.#review(cluster);
    }
  }

  /** Something that the operator's next look hangs on has changed. */
  #review(cluster: ClusterId): void {
    if (this.#enabled.at(cluster) === 0) return;
    if (this.#job.at(cluster) === JOB.none && this.#fullyAvailable(cluster)) return;
    this.#continue(cluster);
    if (this.active(cluster) || !this.#able(cluster)) return;
    if (this.#job.at(cluster) === JOB.succeeded || this.#fullyAvailable(cluster))
      this.#job.set(cluster, JOB.none);
    if (this.failed(cluster) || this.#check.armed(cluster)) return;
    const looping = this.#looping(cluster);
    if (looping.length === 0) return;
    const { check } = this.parameters.etcdRecovery;
    const key = this.clusters.key(cluster);
    const phase = Math.round(this.sim.streams.stream('etcd-check', key).uniform() * check);
    const seen = looping.map((pod) => {
      const since = this.#since(pod);
      return firstSeenWaiting(since + phase, check, this.#loopOf(pod)) - since;
    });
    const first = Math.min(...seen);
    if (Number.isFinite(first)) this.#check.after(cluster, first);
  }

  #fullyAvailable(cluster: ClusterId): boolean {
    return this.ensembles.members.alive(this.hosted.ensemble.at(cluster)) === MEMBERS;
  }

  #look(cluster: ClusterId): void {
    if (!this.#able(cluster) || this.pods.ofSet.count(this.#set(cluster)) < MEMBERS) return;
    if (this.#failing(cluster).length === 0) {
      this.#review(cluster);
      return;
    }
    const outer = this.sim.enter(this.sim.emit(this.#startedFact, cluster));
    this.#failures.set(cluster, 0);
    this.#startTry(cluster, 0);
    this.sim.leave(outer);
  }

  // --- the Job ------------------------------------------------------------------------------------------------------

  #startTry(cluster: ClusterId, pause: number): void {
    this.#job.set(cluster, JOB.trying);
    this.#step.after(cluster, pause + this.parameters.pod.start);
  }

  /** A pod of a Job is created and placed by the management cluster, like any other. */
  #hostWorks(cluster: ClusterId): boolean {
    const host = this.clusters.host.at(cluster);
    return this.clusters.controlled(host) && this.clusters.scheduled(host);
  }
  #continue(cluster: ClusterId): void {
    if (this.#stalled.at(cluster) === 0 || !this.#hostWorks(cluster)) return;
    this.#stalled.set(cluster, 0);
    this.#startTry(cluster, 0);
  }

  #try(cluster: ClusterId): void {
    if (!this.#hostWorks(cluster)) {
      this.#stalled.set(cluster, 1);
      return;
    }
    const failing = this.#failing(cluster);
    const ensemble = this.hosted.ensemble.at(cluster);
    if (!this.#answers(cluster) || this.#unhealthy(ensemble) > 1 || failing.length > 1)
      this.#tryFailed(cluster);
    else if (failing.length === 0) this.#job.set(cluster, JOB.succeeded);
    else this.#replace(cluster, this.pods.ordinal.at(failing[0]!));
    this.#review(cluster);
  }

  /** The Job can tell how etcd is: etcd answers, and its StatefulSet is not being updated, when members come and go without being broken. */
  #answers(cluster: ClusterId): boolean {
    return (
      this.ensembles.serving(this.hosted.ensemble.at(cluster)) && !this.rollouts.revising(this.#set(cluster))
    );
  }

  /** Members that do not answer, do not hear a majority, or have an alarm: that of a full database is everybody's. */
  #unhealthy(ensemble: EnsembleId): number {
    if (this.ensembles.refusesWrites(ensemble)) return MEMBERS;
    return MEMBERS - this.ensembles.members.electable(ensemble).length;
  }

  #replace(cluster: ClusterId, ordinal: number): void {
    const { poll, wait } = this.parameters.etcdRecovery;
    const outer = this.sim.enter(this.sim.emit(this.#replacedFact, cluster, ordinal));
    this.#job.set(cluster, JOB.polling);
    this.#deadline.set(cluster, this.sim.now + wait);
    this.#step.after(cluster, Math.min(poll, wait));
    this.data.replace(cluster, ordinal);
    this.sim.leave(outer);
  }

  #poll(cluster: ClusterId): void {
    const answered = this.#answers(cluster) && this.clusters.apiUp(this.clusters.host.at(cluster));
    if (!answered) this.#tryFailed(cluster);
    else if (this.#failing(cluster).length === 0) this.#job.set(cluster, JOB.succeeded);
    else if (this.sim.now >= this.#deadline.at(cluster)) this.#tryFailed(cluster);
    else
      this.#step.at(
        cluster,
        Math.min(this.sim.now + this.parameters.etcdRecovery.poll, this.#deadline.at(cluster)),
      );
    this.#review(cluster);
  }

  #tryFailed(cluster: ClusterId): void {
    const { backoffLimit, retry, retryMost } = this.parameters.etcdRecovery;
    const failures = this.#failures.add(cluster, 1);
    if (failures <= backoffLimit) {
      this.#startTry(cluster, Math.min(retry * 2 ** (failures - 1), retryMost));
      return;
    }
    this.#job.set(cluster, JOB.failed);
    this.sim.emit(this.#failedFact, cluster, this.data.lost(cluster).length);
  }
}
