/**
 * Restoring the etcd of a hosted cluster from a snapshot, step by step as documented for a quorum whose data is lost (openshift/hypershift
 * docs how-to/disaster-recovery/etcd-recovery.md; OpenShift hosted control planes, restoring etcd on premises): pause, stop the API
 * servers, fetch the snapshot, stop etcd, delete the volumes of all members but the first, restore into that, start etcd, start the API
 * servers, go on. People do it: each step takes a while, and one that cannot be done yet waits. The API is down throughout.
 */
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
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
import { Procedure, type Step } from './procedure.ts';
import type { RestoreLedger } from './restore-ledger.ts';
import { API_SERVERS, ROLE, type Role } from './roles.ts';
import { StoppedSets } from './stopped-sets.ts';

export class Restores {
  readonly #procedure: Procedure;
  readonly #stopped: StoppedSets;
  readonly #doneFact: FactKind;

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
    this.#stopped = new StoppedSets(pods, 'scaledFrom');
    this.#procedure = new Procedure(sim, clusters, data, ledger, {
      name: 'restore',
      steps: this.#steps(),
      step: parameters.restore.step,
      end: (cluster) => ledger.close(cluster),
    });
    this.#doneFact = sim.factKind('api-restored');
    pods.machines.started.subscribe((node) => this.#hostChanged(pods.machines.cluster.at(node)));
    pods.removing.subscribe((pod) => this.#podGone(pod));
    ensembles.changed.subscribe((ensemble) => this.#procedure.tryOn(ensembles.cluster.at(ensemble)));
    clusters.apiChanged.subscribe((cluster, up) => this.#apiChanged(cluster, up));
  }

  /** Somebody is at it. */
  atWork(cluster: ClusterId): boolean {
    return this.#procedure.atWork(cluster);
  }
  /** Somebody is at it and cannot go on. */
  waiting(cluster: ClusterId): boolean {
    return this.atWork(cluster) && this.#procedure.waiting(cluster);
  }
  /** A step in words, by the value of its fact. */
  tellStep(value: number): string {
    return this.#procedure.spec.steps[value]!.done;
  }

  /** Somebody begins to restore a cluster. One procedure at a time: a second one is not begun. */
  begin(cluster: ClusterId, source: SnapshotSource): void {
    if (this.#procedure.open(cluster, source, false)) this.#procedure.begin(cluster);
  }

  #steps(): readonly Step[] {
    return [
      { done: 'reconciliation paused', take: (cluster) => this.pauses.pause(cluster) },
      { done: 'API servers scaled to 0', take: (cluster) => this.#stopApi(cluster) },
      {
        done: 'snapshot fetched',
        lasts: (cluster) => this.#fetching(cluster),
        take: (cluster) => this.ledger.restored(cluster),
      },
      { done: 'etcd scaled to 0', take: (cluster) => this.#stopped.stop(this.#set(cluster, 'etcd')) },
      {
        done: 'volumes of the other members deleted',
        possible: (cluster) => this.pods.ofSet.count(this.#set(cluster, 'etcd')) === 0,
        take: (cluster) => this.#deleteVolumes(cluster),
      },
      {
        done: 'snapshot restored into the first member',
        possible: (cluster) => this.#firstVolumeReachable(cluster),
        lasts: (cluster) => this.#restoring(cluster),
        take: (cluster) => this.data.restored(cluster),
      },
      { done: 'etcd scaled up', take: (cluster) => this.#stopped.start(this.#set(cluster, 'etcd')) },
      {
        done: 'API servers scaled up',
        possible: (cluster) => this.ensembles.serving(this.hosted.ensemble.at(cluster)),
        take: (cluster) => this.#startApi(cluster),
      },
      {
        done: 'reconciliation goes on',
        possible: (cluster) => this.clusters.apiUp(cluster),
        take: (cluster) => this.pauses.resume(cluster),
      },
    ];
  }

  // --- how long they take -------------------------------------------------------------------------------------------

  #fetching(cluster: ClusterId): number {
    const { step, bandwidthMib } = this.parameters.restore;
    return step + Math.round(this.#passing(cluster, bandwidthMib));
  }
  /** A pod that holds the first member's volume, the snapshot's way into it, and the writing of the database. */
  #restoring(cluster: ClusterId): number {
    const { step, bandwidthMib, restoreMib } = this.parameters.restore;
    const attach = this.volumes.detachedIn(this.#set(cluster, 'etcd'), 0);
    const work = this.#passing(cluster, bandwidthMib) + this.#passing(cluster, restoreMib);
    return step + this.parameters.pod.start + attach + Math.round(work);
  }
  /** How long the whole database takes at so many MiB/s, microseconds. */
  #passing(cluster: ClusterId, mibPerSecond: number): number {
    return 1e6 * transferSeconds(this.database.size(this.hosted.ensemble.at(cluster)), mibPerSecond);
  }

  // --- what the steps do --------------------------------------------------------------------------------------------

  #stopApi(cluster: ClusterId): void {
    this.ledger.writesEnd(cluster);
    for (const role of API_SERVERS) this.#stopped.stop(this.#set(cluster, role));
  }
  #startApi(cluster: ClusterId): void {
    for (const role of API_SERVERS) this.#stopped.start(this.#set(cluster, role));
  }

  #set(cluster: ClusterId, role: Role): SetId {
    return this.hosted.set(cluster, role) as SetId;
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

  /** The pod is about to go; the step that waits for it is tried when it has gone. */
  #podGone(pod: PodId): void {
    if (this.hosted.role(pod) !== ROLE.etcd) return;
    const cluster = this.pods.sets.serves.at(this.pods.set.at(pod));
    if (this.#procedure.waiting(cluster) && this.pods.ofSet.count(this.pods.set.at(pod)) === 1)
      this.#procedure.goOn(cluster);
  }

  #hostChanged(host: ClusterId): void {
    if (this.clusters.isHosted(host)) return;
    for (let cluster = 0 as ClusterId; cluster < this.clusters.count; cluster++) {
      if (this.clusters.host.at(cluster) === host) this.#procedure.tryOn(cluster);
    }
  }

  #apiChanged(cluster: ClusterId, up: boolean): void {
    if (!up) return;
    this.#hostChanged(cluster);
    if (!this.clusters.isHosted(cluster) || !this.atWork(cluster)) return;
    if (this.#procedure.atLast(cluster) && this.ledger.awaited(cluster))
      this.sim.emit(this.#doneFact, cluster, this.ledger.back(cluster));
    this.#procedure.tryOn(cluster);
  }
}
