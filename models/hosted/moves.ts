/**
 * Moving a hosted cluster to another management cluster of its region, as documented for disasters (openshift/hypershift docs
 * how-to/aws/disaster-recovery.md): pause, stop the API servers, back up etcd and the objects, take the control plane away, create all
 * of it on the other management cluster, where every etcd member starts from the snapshot. external-dns points the fixed name of the API
 * to the new load balancer; workers find it there and never know. Workloads run on meanwhile.
 *
 * A management cluster that is lost has nothing to be stopped: an older backup goes on elsewhere at once. As long as a process of the
 * old control plane may run, the new one is not begun: two of them would write for one set of machines.
 */
import { type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import { transferSeconds } from '../etcd/catch-up.ts';
import type { Database } from '../etcd/database.ts';
import type { Ensembles } from '../etcd/ensembles.ts';
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
import { API_SERVERS } from './restore.ts';
import type { RestoreLedger } from './restore-ledger.ts';

/** The steps in their order, and what is said when one is done. */
const STEPS = [
  ['pause', 'reconciliation paused'],
  ['stopApi', 'API servers scaled to 0'],
  ['backUp', 'etcd backed up'],
  ['takeAway', 'control plane taken away'],
  ['create', 'control plane created from the backup'],
] as const;
type Step = (typeof STEPS)[number][0];
const CREATE = STEPS.length - 1;
const NOT_AT_WORK = STEPS.length;

/** A step in words, with the management cluster where it was taken. */
export function tellMoveStep(told: number, names: readonly string[]): string {
  return `${STEPS[told % STEPS.length]![1]} on ${names[Math.floor(told / STEPS.length)]}`;
}

export class Moves {
  /** The step that comes next, or NOT_AT_WORK. */
  readonly #next: U8Column<ClusterId>;
  /** The next step cannot be taken yet. */
  readonly #waits: U8Column<ClusterId>;
  /** Replicas that a set has when it is not scaled to 0. */
  readonly #replicas: I32Column<SetId>;
  /** Clusters that are being moved, by where they go and by where they come from. */
  readonly #coming: Membership<ClusterId, ClusterId>;
  readonly #leaving: Membership<ClusterId, ClusterId>;
  readonly #step: Timer<ClusterId>;
  /** The old address of the API is forgotten. */
  readonly #forgotten: Timer<ClusterId>;
  readonly #stepFact: FactKind;
  readonly #impossibleFact: FactKind;
  readonly #nameFact: FactKind;
  readonly #foundFact: FactKind;
  readonly #doneFact: FactKind;
  readonly #do: Readonly<Record<Step, (cluster: ClusterId) => void>> = {
    pause: (cluster) => this.pauses.pause(cluster),
    stopApi: (cluster) => {
      this.ledger.writesEnd(cluster);
      for (const role of API_SERVERS) this.#scaleDown(this.hosted.set(cluster, role) as SetId);
    },
    backUp: () => {},
    takeAway: (cluster) => this.#takeAway(cluster),
    create: (cluster) => this.#create(cluster),
  };

  /** Gives what belongs to a cluster's control plane its place on another management cluster. Given by whoever knows the plan. */
  rehouse: (cluster: ClusterId, to: ClusterId) => void = () => {};

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly pods: Pods,
    readonly ensembles: Ensembles,
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
    this.#next = table.u8('moveStep', NOT_AT_WORK);
    this.#waits = table.u8('moveWaits');
    this.#replicas = pods.sets.table.i32('movedFrom');
    this.#coming = new Membership('clusters that come to', table, table);
    this.#leaving = new Membership('clusters that leave', table, table);
    this.#step = new Timer(sim, table, 'move-step', 'control', (cluster) => this.#take(cluster));
    this.#forgotten = new Timer(sim, table, 'old-address-forgotten', 'recover', (cluster) =>
      this.#found(cluster),
    );
    this.#stepFact = sim.factKind('move-step');
    this.#impossibleFact = sim.factKind('move-impossible');
    this.#nameFact = sim.factKind('name-leads-elsewhere');
    this.#foundFact = sim.factKind('name-leads-here');
    this.#doneFact = sim.factKind('api-moved');
    pods.machines.lost.subscribe((node) => this.#changed(pods.machines.cluster.at(node)));
    pods.removing.subscribe((pod) => this.#podGone(pod));
    leadership.changed.subscribe((cluster, _, held) => held && this.#changed(cluster));
    clusters.apiChanged.subscribe((cluster, up) => this.#apiChanged(cluster, up));
    path.reached.subscribe((cluster, open) => open && this.#answered(cluster));
  }

  /** Somebody is at it, or the old address is not forgotten yet. */
  atWork(cluster: ClusterId): boolean {
    return this.#coming.parent(cluster) !== NONE;
  }

  /** Somebody begins to move a cluster. One procedure at a time; a cluster that is there already stays. */
  begin(cluster: ClusterId, to: ClusterId, source: SnapshotSource): void {
    const from = this.clusters.host.at(cluster);
    if (this.ledger.busy(cluster) || from === to) return;
    if (source.kind === 'member' && !this.data.copyable(cluster)) {
      this.sim.emit(this.#impossibleFact, cluster);
      return;
    }
    this.ledger.open(cluster, source, true);
    this.#coming.join(to, cluster);
    this.#leaving.join(from, cluster);
    this.#next.set(cluster, 0);
    this.#tryNext(cluster);
  }

  // --- one step after the other -------------------------------------------------------------------------------------

  /** Sets about the next step, or waits until it can be taken. */
  #tryNext(cluster: ClusterId, going?: PodId): void {
    this.#skipWhatIsLost(cluster, going);
    const can = this.#can(cluster, going);
    this.#waits.set(cluster, can ? 0 : 1);
    if (can) this.#step.after(cluster, this.#duration(cluster));
  }

  /** Where nothing runs and nobody answers there is nothing to be stopped; with a backup at hand it goes on elsewhere. */
  #skipWhatIsLost(cluster: ClusterId, going?: PodId): void {
    const next = this.#next.at(cluster);
    if (next >= CREATE || this.ledger.source(cluster) === 'member') return;
    if (this.clusters.apiUp(this.clusters.host.at(cluster)) || this.#mayRun(cluster, going)) return;
    if (next === 0) this.pauses.pause(cluster);
    if (!this.ledger.awaited(cluster)) this.ledger.writesEnd(cluster);
    this.#next.set(cluster, CREATE);
  }

  #take(cluster: ClusterId): void {
    if (!this.#can(cluster)) {
      this.#tryNext(cluster);
      return;
    }
    const step = this.#next.at(cluster);
    const where = (step === CREATE ? this.#coming : this.#leaving).parent(cluster);
    const outer = this.sim.enter(this.sim.emit(this.#stepFact, cluster, where * STEPS.length + step));
    this.#do[STEPS[step]![0]](cluster);
    this.#next.set(cluster, step + 1);
    if (step < CREATE) this.#tryNext(cluster);
    this.sim.leave(outer);
  }

  /** Every step works through the API of one of the two management clusters. */
  #can(cluster: ClusterId, going?: PodId): boolean {
    const to = this.#coming.parent(cluster);
    switch (STEPS[this.#next.at(cluster)]![0]) {
      case 'backUp':
        return (
          this.#sourceUp(cluster) && (this.ledger.source(cluster) !== 'member' || this.data.copyable(cluster))
        );
      case 'create':
        return (
          this.clusters.apiUp(to) && this.leadership.held(to, 'operator') && !this.#mayRun(cluster, going)
        );
      default:
        return this.#sourceUp(cluster);
    }
  }
  #sourceUp(cluster: ClusterId): boolean {
    return this.clusters.apiUp(this.clusters.host.at(cluster));
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

  /** Microseconds that a step takes. An older backup is there already. */
  #duration(cluster: ClusterId): number {
    const { step } = this.parameters.move;
    if (STEPS[this.#next.at(cluster)]![0] !== 'backUp') return step;
    if (this.ledger.source(cluster) !== 'member') return 0;
    const size = this.database.size(this.hosted.ensemble.at(cluster));
    return step + Math.round(1e6 * transferSeconds(size, this.parameters.restore.bandwidthMib));
  }

  // --- what the steps do --------------------------------------------------------------------------------------------

  /** Sets of the control plane; the cluster's own workloads are not among them. */
  #sets(cluster: ClusterId): SetId[] {
    const { sets } = this.pods;
    const host = this.clusters.host.at(cluster);
    return sets.ofServed.list(cluster).filter((set) => sets.cluster.at(set) === host);
  }

  #scaleDown(set: SetId): void {
    const { sets } = this.pods;
    const replicas = sets.replicas.at(set);
    if (replicas === 0) return;
    this.#replicas.set(set, replicas);
    this.pods.controllers.scale(set, 0);
  }
  #takeAway(cluster: ClusterId): void {
    for (const set of this.#sets(cluster)) this.#scaleDown(set);
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
    for (const set of sets) this.pods.controllers.scale(set, this.#replicas.at(set));
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
    this.#next.set(cluster, NOT_AT_WORK);
    this.ledger.close(cluster);
    this.path.entry.mislead(cluster, false);
    this.hosted.konnectivity.linksChanged(cluster);
    this.sim.leave(outer);
    this.#answered(cluster);
  }

  /** Clients outside get through again. */
  #answered(cluster: ClusterId): void {
    if (this.#next.at(cluster) < NOT_AT_WORK || !this.ledger.moved(cluster)) return;
    if (!this.clusters.apiUp(cluster) || this.path.connecting(cluster) === 0) return;
    this.sim.emit(this.#doneFact, cluster, this.ledger.back(cluster));
  }

  // --- what a step waits for ----------------------------------------------------------------------------------------

  #tryOn(cluster: ClusterId, going?: PodId): void {
    if (this.#waits.at(cluster) === 1) this.#tryNext(cluster, going);
  }
  #podGone(pod: PodId): void {
    const cluster = this.pods.sets.serves.at(this.pods.set.at(pod));
    if (cluster !== NONE) this.#tryOn(cluster, pod);
  }
  #changed(host: ClusterId): void {
    this.#tryAll(this.#leaving, host);
    this.#tryAll(this.#coming, host);
  }
  #tryAll(moving: Membership<ClusterId, ClusterId>, host: ClusterId): void {
    for (let cluster = moving.first(host); cluster !== NONE; cluster = moving.next(cluster))
      this.#tryOn(cluster);
  }
  #apiChanged(cluster: ClusterId, up: boolean): void {
    this.#changed(cluster);
    if (up) this.#answered(cluster);
  }
}
