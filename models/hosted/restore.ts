/**
 * Restoring the etcd of a hosted cluster from a snapshot, step by step as documented for a quorum whose data is lost (openshift/hypershift
 * docs how-to/disaster-recovery/etcd-recovery.md; OpenShift hosted control planes, restoring etcd on premises): pause, stop the API
 * servers, fetch the snapshot, stop etcd, delete the volumes of all members but the first, restore into that, start etcd, start the API
 * servers, go on. People do it: each step takes a while, and one that cannot be done yet waits. The API is down throughout.
 */
import type { I32Column, U8Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import { transferSeconds } from '../etcd/catch-up.ts';
import type { Database } from '../etcd/database.ts';
import type { Ensembles } from '../etcd/ensembles.ts';
import type { MemberData } from '../etcd/member-data.ts';
import type { ClusterId, PodId, SetId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { Pauses } from '../kubernetes/pauses.ts';
import type { Pods } from '../kubernetes/pods.ts';
import type { ParameterValues } from '../parameters.ts';
import type { SnapshotSource } from '../plan/faults.ts';
import type { Volumes } from '../scheduler/volumes.ts';
import type { HostedControlPlanes } from './control-planes.ts';
import type { RestoreLedger } from './restore-ledger.ts';
import { ROLE, type Role } from './roles.ts';

/** The steps in their order, and what is said when one is done. */
const STEPS = [
  ['pause', 'reconciliation paused'],
  ['stopApi', 'API servers scaled to 0'],
  ['fetchSnapshot', 'snapshot fetched'],
  ['stopEtcd', 'etcd scaled to 0'],
  ['deleteVolumes', 'volumes of the other members deleted'],
  ['restore', 'snapshot restored into the first member'],
  ['startEtcd', 'etcd scaled up'],
  ['startApi', 'API servers scaled up'],
  ['resume', 'reconciliation goes on'],
] as const;
type Step = (typeof STEPS)[number][0];

/** A step in words. */
export function tellStep(number: number): string {
  return STEPS[number]![1];
}

/** Who writes to etcd. */
export const API_SERVERS: readonly Role[] = [
  'kube-apiserver',
  'openshift-apiserver',
  'openshift-oauth-apiserver',
];
const NOT_AT_WORK = STEPS.length;

export class Restores {
  /** The step that comes next, or NOT_AT_WORK. */
  readonly #next: U8Column<ClusterId>;
  /** The next step cannot be taken yet. */
  readonly #waits: U8Column<ClusterId>;
  readonly #step: Timer<ClusterId>;
  readonly #stepFact: FactKind;
  readonly #impossibleFact: FactKind;
  readonly #doneFact: FactKind;
  readonly #do: Readonly<Record<Step, (cluster: ClusterId) => void>> = {
    pause: (cluster) => this.pauses.pause(cluster),
    stopApi: (cluster) => this.#stopApi(cluster),
    fetchSnapshot: (cluster) => this.ledger.restored(cluster),
    stopEtcd: (cluster) => this.#scaleDown(cluster, ['etcd']),
    deleteVolumes: (cluster) => this.#deleteVolumes(cluster),
    restore: (cluster) => this.data.restored(cluster),
    startEtcd: (cluster) => this.#scaleUp(cluster, ['etcd']),
    startApi: (cluster) => this.#scaleUp(cluster, API_SERVERS),
    resume: (cluster) => this.pauses.resume(cluster),
  };
  /** Replicas that a set has when it is not scaled to 0. */
  readonly #replicas: I32Column<SetId>;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly pods: Pods,
    readonly volumes: Volumes,
    readonly ensembles: Ensembles,
    readonly hosted: HostedControlPlanes,
    readonly pauses: Pauses,
    readonly data: MemberData,
    readonly database: Database,
    readonly ledger: RestoreLedger,
    readonly parameters: ParameterValues,
  ) {
    const { table } = clusters;
    this.#next = table.u8('restoreStep', NOT_AT_WORK);
    this.#waits = table.u8('restoreWaits');
    this.#replicas = pods.sets.table.i32('scaledFrom');
    this.#step = new Timer(sim, table, 'restore-step', 'control', (cluster) => this.#take(cluster));
    this.#stepFact = sim.factKind('restore-step');
    this.#impossibleFact = sim.factKind('restore-impossible');
    this.#doneFact = sim.factKind('api-restored');
    pods.machines.started.subscribe((node) => this.#hostChanged(pods.machines.cluster.at(node)));
    pods.removing.subscribe((pod) => this.#podGone(pod));
    ensembles.changed.subscribe((ensemble) => this.#tryOn(ensembles.cluster.at(ensemble)));
    clusters.apiChanged.subscribe((cluster, up) => this.#apiChanged(cluster, up));
  }
  /** Somebody is at it. */
  atWork(cluster: ClusterId): boolean {
    return this.#next.at(cluster) !== NOT_AT_WORK;
  }

  /** Somebody is at it and cannot go on. */
  waiting(cluster: ClusterId): boolean {
    return this.atWork(cluster) && this.#waits.at(cluster) === 1;
  }

  /** Somebody begins to restore a cluster. One restore at a time: a second one is not begun. */
  begin(cluster: ClusterId, source: SnapshotSource): void {
    if (this.ledger.busy(cluster)) return;
    if (source.kind === 'member' && !this.data.copyable(cluster)) {
      this.sim.emit(this.#impossibleFact, cluster);
      return;
    }
    this.ledger.open(cluster, source);
    this.#next.set(cluster, 0);
    this.#tryNext(cluster);
  }

  // --- one step after the other -------------------------------------------------------------------------------------

  #nextStep(cluster: ClusterId): Step {
    return STEPS[this.#next.at(cluster)]![0];
  }

  /** Sets about the next step, or waits until it can be taken. */
  #tryNext(cluster: ClusterId): void {
    const can = this.#can(cluster);
    this.#waits.set(cluster, can ? 0 : 1);
    if (can) this.#step.after(cluster, this.#duration(cluster));
  }

  #take(cluster: ClusterId): void {
    if (!this.#can(cluster)) {
      this.#waits.set(cluster, 1);
      return;
    }
    const step = this.#next.at(cluster);
    const outer = this.sim.enter(this.sim.emit(this.#stepFact, cluster, step));
    this.#do[STEPS[step]![0]](cluster);
    this.#next.set(cluster, step + 1);
    if (this.atWork(cluster)) this.#tryNext(cluster);
    else this.ledger.close(cluster);
    this.sim.leave(outer);
  }

  /** Every step works through the management API, and some need what the ones before have set going. */
  #can(cluster: ClusterId): boolean {
    if (!this.clusters.apiUp(this.clusters.host.at(cluster))) return false;
    switch (this.#nextStep(cluster)) {
      case 'deleteVolumes':
        return this.pods.ofSet.count(this.#set(cluster, 'etcd')) === 0;
      case 'restore':
        return this.#firstVolumeReachable(cluster);
      case 'startApi':
        return this.ensembles.serving(this.hosted.ensemble.at(cluster));
      case 'resume':
        return this.clusters.apiUp(cluster);
      default:
        return true;
    }
  }

  /** Microseconds that a step takes. */
  #duration(cluster: ClusterId): number {
    const { step, bandwidthMib, restoreMib } = this.parameters.restore;
    const size = this.database.size(this.hosted.ensemble.at(cluster));
    const copy = 1e6 * transferSeconds(size, bandwidthMib);
    switch (this.#nextStep(cluster)) {
      case 'fetchSnapshot':
        return step + Math.round(copy);
      case 'restore': {
        // A pod that holds the first member's volume, the snapshot's way into it, and the writing of the database.
        const attach = this.volumes.detachedIn(this.#set(cluster, 'etcd'), 0);
        const write = 1e6 * transferSeconds(size, restoreMib);
        return step + this.parameters.pod.start + attach + Math.round(copy + write);
      }
      default:
        return step;
    }
  }

  // --- what the steps do --------------------------------------------------------------------------------------------

  #stopApi(cluster: ClusterId): void {
    this.ledger.writesEnd(cluster);
    this.#scaleDown(cluster, API_SERVERS);
  }

  #set(cluster: ClusterId, role: Role): SetId {
    return this.hosted.set(cluster, role) as SetId;
  }

  #scaleDown(cluster: ClusterId, roles: readonly Role[]): void {
    for (const role of roles) {
      const set = this.#set(cluster, role);
      this.#replicas.set(set, this.pods.sets.replicas.at(set));
      this.pods.controllers.scale(set, 0);
    }
  }
  #scaleUp(cluster: ClusterId, roles: readonly Role[]): void {
    for (const role of roles) {
      const set = this.#set(cluster, role);
      this.pods.controllers.scale(set, this.#replicas.at(set));
    }
  }

  #deleteVolumes(cluster: ClusterId): void {
    const members = this.ensembles.members.of.count(this.hosted.ensemble.at(cluster));
    for (let ordinal = 1; ordinal < members; ordinal++) this.data.discard(cluster, ordinal);
  }

  /** Some node runs to which the first member's volume can be attached. */
  #firstVolumeReachable(cluster: ClusterId): boolean {
    const { machines } = this.pods;
    const set = this.#set(cluster, 'etcd');
    return machines.ofCluster
      .list(this.clusters.host.at(cluster))
      .some((node) => machines.running(node) && this.volumes.attachable(set, 0, node));
  }

  // --- what a step waits for ----------------------------------------------------------------------------------------

  #tryOn(cluster: ClusterId): void {
    if (this.#waits.at(cluster) === 1) this.#tryNext(cluster);
  }

  /** The pod is about to go; the step that waits for it is tried when it has gone. */
  #podGone(pod: PodId): void {
    if (this.hosted.role(pod) !== ROLE.etcd) return;
    const cluster = this.pods.sets.serves.at(this.pods.set.at(pod));
    if (this.#waits.at(cluster) === 0 || this.pods.ofSet.count(this.pods.set.at(pod)) > 1) return;
    this.#waits.set(cluster, 0);
    this.#step.after(cluster, this.#duration(cluster));
  }

  #hostChanged(host: ClusterId): void {
    if (this.clusters.isHosted(host)) return;
    for (let cluster = 0 as ClusterId; cluster < this.clusters.count; cluster++) {
      if (this.clusters.host.at(cluster) === host) this.#tryOn(cluster);
    }
  }

  #apiChanged(cluster: ClusterId, up: boolean): void {
    if (!up) return;
    this.#hostChanged(cluster);
    if (!this.clusters.isHosted(cluster) || !this.atWork(cluster)) return;
    if (this.#nextStep(cluster) === 'resume' && this.ledger.awaited(cluster))
      this.sim.emit(this.#doneFact, cluster, this.ledger.back(cluster));
    this.#tryOn(cluster);
  }
}
