/**
 * Moving a hosted cluster to another management cluster of its region, as documented for disasters (openshift/hypershift docs
 * how-to/aws/disaster-recovery.md): pause, stop the API servers, back up etcd and the objects, take the control plane away, create all
 * of it on the other management cluster, where every etcd member starts from the snapshot. external-dns points the fixed name of the API
 * to the new load balancer; workers find it there and never know. Workloads run on meanwhile.
 *
 * A management cluster that is lost has nothing to be stopped: an older backup goes on elsewhere at once. As long as a process of the
 * old control plane may run, the new one is not begun: two of them would write for one set of machines.
 */
import { NONE } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import { transferSeconds } from '../etcd/catch-up.ts';
import type { Database } from '../etcd/database.ts';
import type { MemberData } from '../etcd/member-data.ts';
import type { ClusterId, PodId, SetId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { Leadership } from '../kubernetes/leadership.ts';
import type { Pauses } from '../kubernetes/pauses.ts';
import type { Pods } from '../kubernetes/pods.ts';
import type { ParameterValues } from '../parameters.ts';
import type { SnapshotSource } from '../plan/faults.ts';
import type { ApiPath } from './api-path.ts';
import type { HostedControlPlanes } from './control-planes.ts';
import { Procedure, type Step } from './procedure.ts';
import type { RestoreLedger } from './restore-ledger.ts';
import { API_SERVERS } from './roles.ts';
import { StoppedSets } from './stopped-sets.ts';

export class Moves {
  readonly #procedure: Procedure;
  readonly #stopped: StoppedSets;
  /** Clusters that are being moved, by where they go and by where they come from. */
  readonly #coming: Membership<ClusterId, ClusterId>;
  readonly #leaving: Membership<ClusterId, ClusterId>;
  /** The old address of the API is forgotten. */
  readonly #forgotten: Timer<ClusterId>;
  readonly #nameFact: FactKind;
  readonly #foundFact: FactKind;
  readonly #doneFact: FactKind;

  /** Gives what belongs to a cluster's control plane its place on another management cluster. Given by whoever knows the plan. */
  rehouse: (cluster: ClusterId, to: ClusterId) => void = () => {};

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly pods: Pods,
    readonly leadership: Leadership,
    readonly hosted: HostedControlPlanes,
    readonly path: ApiPath,
    readonly pauses: Pauses,
    readonly data: MemberData,
    readonly database: Database,
    readonly ledger: RestoreLedger,
    readonly parameters: ParameterValues,
  ) {
    const { table } = clusters;
    this.#coming = new Membership('clusters that come to', table, table);
    this.#leaving = new Membership('clusters that leave', table, table);
    this.#stopped = new StoppedSets(pods, 'movedFrom');
    const steps = this.#steps();
    this.#procedure = new Procedure(sim, clusters, data, ledger, {
      name: 'move',
      steps,
      step: parameters.move.step,
      value: (step, through) => through * steps.length + step,
      skip: (cluster, next, going) => this.#skipWhatIsLost(cluster, next, going),
    });
    this.#forgotten = new Timer(sim, table, 'old-address-forgotten', 'recover', (cluster) =>
      this.#found(cluster),
    );
    this.#nameFact = sim.factKind('name-leads-elsewhere');
    this.#foundFact = sim.factKind('name-leads-here');
    this.#doneFact = sim.factKind('api-moved');
    pods.machines.lost.subscribe((node) => this.#changed(pods.machines.cluster.at(node)));
    pods.removing.subscribe((pod) => this.#podGone(pod));
    leadership.changed.subscribe((cluster, _, held) => held && this.#changed(cluster));
    clusters.apiChanged.subscribe((cluster, up) => this.#apiChanged(cluster, up));
    path.reached.subscribe((cluster, open) => open && this.#answered(cluster));
  }

  /** A step in words, with the management cluster where it was taken, by the value of its fact. */
  tellStep(value: number): string {
    const { steps } = this.#procedure.spec;
    return `${steps[value % steps.length]!.done} on ${this.clusters.names[Math.floor(value / steps.length)]}`;
  }

  /** Somebody begins to move a cluster. One procedure at a time; a cluster that is there already stays. */
  begin(cluster: ClusterId, to: ClusterId, source: SnapshotSource): void {
    const from = this.clusters.host.at(cluster);
    if (from === to || !this.#procedure.open(cluster, source, true)) return;
    this.#coming.join(to, cluster);
    this.#leaving.join(from, cluster);
    this.#procedure.begin(cluster);
  }

  #steps(): readonly Step[] {
    return [
      { done: 'reconciliation paused', take: (cluster) => this.pauses.pause(cluster) },
      { done: 'API servers scaled to 0', take: (cluster) => this.#stopApi(cluster) },
      {
        done: 'etcd backed up',
        possible: (cluster) => this.ledger.source(cluster) !== 'member' || this.data.copyable(cluster),
        lasts: (cluster) => this.#backingUp(cluster),
        take: () => {},
      },
      { done: 'control plane taken away', take: (cluster) => this.#takeAway(cluster) },
      {
        done: 'control plane created from the backup',
        through: (cluster) => this.#coming.parent(cluster),
        possible: (cluster, going) =>
          this.leadership.held(this.#coming.parent(cluster), 'operator') && !this.#mayRun(cluster, going),
        take: (cluster) => this.#create(cluster),
      },
    ];
  }

  /** Where nothing runs and nobody answers there is nothing to be stopped; with a backup at hand the control plane is created elsewhere. */
  #skipWhatIsLost(cluster: ClusterId, next: number, going?: PodId): number {
    if (this.#procedure.atLast(cluster) || this.ledger.source(cluster) === 'member') return next;
    if (this.clusters.apiUp(this.clusters.host.at(cluster)) || this.#mayRun(cluster, going)) return next;
    if (next === 0) this.pauses.pause(cluster);
    if (!this.ledger.awaited(cluster)) this.ledger.writesEnd(cluster);
    return this.#procedure.spec.steps.length - 1;
  }

  /** Some pod of the control plane is on a machine that runs. */
  #mayRun(cluster: ClusterId, going?: PodId): boolean {
    const { ofSet, node, machines } = this.pods;
    for (const set of this.#sets(cluster)) {
      for (let pod = ofSet.first(set); pod !== NONE; pod = ofSet.next(pod)) {
        const at = node.at(pod);
        if (pod !== going && at !== NONE && machines.running(at)) return true;
      }
    }
    return false;
  }

  /** Microseconds. An older backup is there already. */
  #backingUp(cluster: ClusterId): number {
    if (this.ledger.source(cluster) !== 'member') return 0;
    const size = this.database.size(this.hosted.ensemble.at(cluster));
    const { move, restore } = this.parameters;
    return move.step + Math.round(1e6 * transferSeconds(size, restore.bandwidthMib));
  }

  // --- what the steps do --------------------------------------------------------------------------------------------

  /** Sets of the control plane; the cluster's own workloads are not among them. */
  #sets(cluster: ClusterId): SetId[] {
    const { sets } = this.pods;
    const host = this.clusters.host.at(cluster);
    return sets.ofServed.list(cluster).filter((set) => sets.cluster.at(set) === host);
  }

  #stopApi(cluster: ClusterId): void {
    this.ledger.writesEnd(cluster);
    for (const role of API_SERVERS) this.#stop(this.hosted.set(cluster, role) as SetId);
  }
  #takeAway(cluster: ClusterId): void {
    for (const set of this.#sets(cluster)) this.#stop(set);
  }
  /** Stops a set, unless that was done before. */
  #stop(set: SetId): void {
    if (this.pods.sets.replicas.at(set) > 0) this.#stopped.stop(set);
  }

  /** Pods whose node does not run left objects behind, which mean nothing elsewhere. */
  #create(cluster: ClusterId): void {
    const sets = this.#sets(cluster);
    this.#takeAway(cluster);
    for (const set of sets)
      for (const pod of this.pods.ofSet.list(set)) this.pods.forceDelete(pod, 'detached');
    this.rehouse(cluster, this.#coming.parent(cluster));
    this.data.foundAnew(cluster);
    this.ledger.restored(cluster);
    for (const set of sets) this.#stopped.start(set);
    this.#misleadName(cluster);
    this.pauses.resume(cluster);
    this.hosted.touched.emit(cluster);
  }

  // --- the names ------------------------------------------------------------------------------------------

  /** Clients are sent to the old address until there is a new one, external-dns has written it, and resolvers have forgotten the old. */
  #misleadName(cluster: ClusterId): void {
    const outer = this.sim.enter(this.sim.emit(this.#nameFact, cluster));
    this.path.entry.mislead(cluster, true);
    this.hosted.konnectivity.linksChanged(cluster);
    this.sim.leave(outer);
    const { entry, dnsInterval, dnsTtl } = this.parameters.move;
    const phase = this.sim.streams.stream('external-dns', this.clusters.key(cluster)).uniform();
    this.#forgotten.after(cluster, Math.round(entry + phase * dnsInterval + dnsTtl));
  }
  #found(cluster: ClusterId): void {
    const outer = this.sim.enter(this.sim.emit(this.#foundFact, cluster));
    this.#coming.leave(cluster);
    this.#leaving.leave(cluster);
    this.ledger.close(cluster);
    this.path.entry.mislead(cluster, false);
    this.hosted.konnectivity.linksChanged(cluster);
    this.sim.leave(outer);
    this.#answered(cluster);
  }

  /** Clients outside get through again. */
  #answered(cluster: ClusterId): void {
    if (this.#procedure.atWork(cluster) || !this.ledger.moved(cluster)) return;
    if (!this.clusters.apiUp(cluster) || this.path.connecting(cluster) === 0) return;
    this.sim.emit(this.#doneFact, cluster, this.ledger.back(cluster));
  }

  // --- what a step waits for ----------------------------------------------------------------------------------------

  #podGone(pod: PodId): void {
    const cluster = this.pods.sets.serves.at(this.pods.set.at(pod));
    if (cluster !== NONE) this.#procedure.tryOn(cluster, pod);
  }
  #changed(host: ClusterId): void {
    this.#tryAll(this.#leaving, host);
    this.#tryAll(this.#coming, host);
  }
  #tryAll(moving: Membership<ClusterId, ClusterId>, host: ClusterId): void {
    for (let cluster = moving.first(host); cluster !== NONE; cluster = moving.next(cluster))
      this.#procedure.tryOn(cluster);
  }
  #apiChanged(cluster: ClusterId, up: boolean): void {
    this.#changed(cluster);
    if (up) this.#answered(cluster);
  }
}
