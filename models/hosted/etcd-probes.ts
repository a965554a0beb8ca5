/**
 * Liveness and start-up of hosted etcd. Both probes read one key from the member itself, without asking others
 * (openshift/cluster-etcd-operator pkg/cmd/readyz): no quorum is needed, and a member that catches up passes. What makes them fail is a
 * disk that does not answer: behind a commit of the database that is not done, reads wait as well. Every probe then runs into its
 * timeout, and after so many the kubelet kills the container. The next process cannot open its log either, fails its
 * start-up probe, and the pauses between its starts grow: the member may stay away for minutes after its disk answers again.
 */
import { NONE, type U8Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { Disks } from '../etcd/disks.ts';
import type { MemberId, PodId, SetId } from '../ids.ts';
import { comesUpFrom } from '../kubernetes/crash-loop.ts';
import type { Pods } from '../kubernetes/pods.ts';
import type { ParameterValues } from '../parameters.ts';
import type { HostedControlPlanes } from './control-planes.ts';
import { ROLE } from './roles.ts';

export class EtcdProbes {
  readonly #sim: Simulation;
  readonly #killed: U8Column<MemberId>;
  readonly #liveness: Timer<MemberId>;
  readonly #restart: Timer<MemberId>;
  readonly #killedFact: FactKind;

  constructor(
    sim: Simulation,
    readonly pods: Pods,
    readonly hosted: HostedControlPlanes,
    readonly disks: Disks,
    readonly parameters: ParameterValues,
  ) {
    this.#sim = sim;
    const members = disks.ensembles.members.table;
    this.#killed = members.u8('killed');
    this.#liveness = new Timer(sim, members, 'liveness-failed', 'control', (member) => this.#kill(member));
    this.#restart = new Timer(sim, members, 'etcd-restarted', 'recover', (member) => this.#release(member));
    this.#killedFact = sim.factKind('liveness-failed');
    disks.stalled.subscribe((member) => this.#stalled(member));
    disks.answers.subscribe((member) => this.#answers(member));
    pods.containers.running.subscribe((pod) => this.#isEtcd(pod) && this.#stalled(hosted.memberOf(pod)));
    pods.created.subscribe((pod) => this.#isEtcd(pod) && this.#created(hosted.memberOf(pod)));
    pods.containers.stopped.subscribe(
      (pod) => this.#isEtcd(pod) && this.#liveness.cancel(hosted.memberOf(pod)),
    );
  }

  /** How long each start of a member is given that was killed for its probe, microseconds; undefined for one that was not. */
  startWindow(member: MemberId): number | undefined {
    const { startupPeriod, startupFailures } = this.parameters.etcd;
    return this.#killed.at(member) === 1 ? startupPeriod * startupFailures : undefined;
  }

  #isEtcd(pod: PodId): boolean {
    return this.hosted.role(pod) === ROLE.etcd;
  }

  /** The pod that is the member now, or NONE; members of management clusters are static pods without one here. */
  #podOf(member: MemberId): PodId | typeof NONE {
    const { ensembles } = this.disks;
    const ensemble = ensembles.members.of.parent(member);
    const cluster = ensembles.cluster.at(ensemble);
    if (this.hosted.ensemble.at(cluster) !== ensemble) return NONE;
    const set = this.hosted.set(cluster, 'etcd') as SetId;
    return this.pods.find(set, member - ensembles.members.of.first(ensemble));
  }

  /** Probes fail one after the other, from the first that is due on; each takes its timeout to fail. */
  #stalled(member: MemberId): void {
    this.#restart.cancel(member);
    const pod = this.#podOf(member);
    if (pod === NONE || !this.disks.isStalled(member) || !this.pods.isRunning(pod as PodId)) return;
    const { livenessPeriod, livenessTimeout, livenessFailures } = this.parameters.etcd;
    const lasting = Math.max(livenessPeriod, livenessTimeout);
    const window = (livenessFailures - 1) * lasting + livenessTimeout;
    if (this.disks.doneAt(member) < this.#sim.now + window) return;
    const phase = this.#sim.streams.stream('liveness', this.pods.identity(pod as PodId)).uniform();
    this.#liveness.after(member, Math.round(phase * livenessPeriod) + window);
  }

  #kill(member: MemberId): void {
    const pod = this.#podOf(member);
    if (pod === NONE) return;
    this.#killed.set(member, 1);
    const outer = this.#sim.enter(this.pods.tell(this.#killedFact, pod as PodId));
    this.disks.ensembles.hold(member);
    this.pods.kubelets.hold(pod as PodId);
    this.#sim.leave(outer);
  }

  #answers(member: MemberId): void {
    this.#liveness.cancel(member);
    if (this.#killed.at(member) === 0) return;
    const at = this.#comesUpAt(member);
    if (at < Number.POSITIVE_INFINITY) this.#restart.at(member, at);
  }

  /** When a member comes up whose disk answers from now on: at once, unless its kubelet has no try under way that lasts. */
  #comesUpAt(member: MemberId): number {
    const pod = this.#podOf(member);
    const { restarts } = this.pods.containers;
    if (pod === NONE || !restarts.failing(pod as PodId)) return this.#sim.now;
    const failedAt = restarts.failedAt(pod as PodId);
    const loop = restarts.loop(pod as PodId, this.startWindow(member));
    return failedAt + comesUpFrom(this.#sim.now - failedAt, loop, this.parameters.etcd.ready);
  }

  /** The containers of a new pod have failed nothing yet: on a disk that answers they simply start. */
  #created(member: MemberId): void {
    if (this.#killed.at(member) === 0 || this.disks.isStuck(member)) return;
    this.#restart.cancel(member);
    this.#release(member);
  }

  #release(member: MemberId): void {
    const window = this.startWindow(member);
    this.#killed.set(member, 0);
    this.disks.ensembles.release(member);
    const pod = this.#podOf(member);
    if (pod !== NONE) this.pods.kubelets.release(pod as PodId, window);
  }
}
