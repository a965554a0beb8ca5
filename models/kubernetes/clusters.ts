/**
 * A Kubernetes cluster as its own nodes and pods see it: is its API there, do its controllers and its scheduler have a leader?
 * Management clusters and hosted clusters are the same here; what makes their control planes work differs and lives elsewhere.
 */
import { type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId } from '../ids.ts';
import { Signal } from '../signal.ts';

export class Clusters {
  readonly table: Table<ClusterId>;
  readonly names: string[] = [];
  /** The management cluster that hosts this one, or NONE for a management cluster. */
  readonly host: I32Column<ClusterId, ClusterId>;
  readonly #api: U8Column<ClusterId>;
  readonly #controllers: U8Column<ClusterId>;
  readonly #scheduler: U8Column<ClusterId>;

  /** The API began or ceased to answer. */
  readonly apiChanged = new Signal<[cluster: ClusterId, up: boolean]>();
  /** kube-controller-manager got or lost its leader. A new leader starts with empty memory. */
  readonly controllersChanged = new Signal<[cluster: ClusterId, live: boolean]>();
  /** kube-scheduler got or lost its leader. */
  readonly schedulerChanged = new Signal<[cluster: ClusterId, live: boolean]>();

  constructor(
    sim: Simulation,
    /** Hosted clusters are taken to have a control plane whatever happens to its pods: the future that losses are measured against. */
    readonly hostedHeldUp = false,
  ) {
    this.table = sim.table<ClusterId>('cluster');
    this.host = this.table.i32('host', NONE);
    this.#api = this.table.u8('api', 1);
    this.#controllers = this.table.u8('controllers', 1);
    this.#scheduler = this.table.u8('scheduler', 1);
  }

  add(name: string, host: ClusterId | typeof NONE): ClusterId {
    const cluster = this.table.add();
    this.names[cluster] = name;
    this.host.set(cluster, host);
    return cluster;
  }

  /** `hosted/tenant-0`: unique even when a hosted cluster is called like a management cluster. Names random streams. */
  key(cluster: ClusterId): string {
    return `${this.isHosted(cluster) ? 'hosted' : 'management'}/${this.names[cluster]}`;
  }

  get count(): number {
    return this.table.length;
  }
  isHosted(cluster: ClusterId): boolean {
    return this.host.at(cluster) !== NONE;
  }

  apiUp(cluster: ClusterId): boolean {
    return this.#api.at(cluster) === 1;
  }
  /** Controllers can act: they have a leader and an API to write to. */
  controlled(cluster: ClusterId): boolean {
    return this.#controllers.at(cluster) === 1 && this.apiUp(cluster);
  }
  /** kube-controller-manager has a leader, whether or not it reaches the API right now. */
  controllersLive(cluster: ClusterId): boolean {
    return this.#controllers.at(cluster) === 1;
  }
  /** The scheduler can bind pods. */
  scheduled(cluster: ClusterId): boolean {
    return this.#scheduler.at(cluster) === 1 && this.apiUp(cluster);
  }
  schedulerLive(cluster: ClusterId): boolean {
    return this.#scheduler.at(cluster) === 1;
  }

  setApi(cluster: ClusterId, up: boolean): void {
    if (this.apiUp(cluster) === up || this.heldUp(cluster)) return;
    this.#api.set(cluster, up ? 1 : 0);
    this.apiChanged.emit(cluster, up);
  }
  setControllers(cluster: ClusterId, live: boolean): void {
    if (this.controllersLive(cluster) === live || this.heldUp(cluster)) return;
    this.#controllers.set(cluster, live ? 1 : 0);
    this.controllersChanged.emit(cluster, live);
  }
  setScheduler(cluster: ClusterId, live: boolean): void {
    if (this.schedulerLive(cluster) === live || this.heldUp(cluster)) return;
    this.#scheduler.set(cluster, live ? 1 : 0);
    this.schedulerChanged.emit(cluster, live);
  }

  /** The cluster has a control plane, and its kubelets reach it, whatever happens. */
  heldUp(cluster: ClusterId): boolean {
    return this.hostedHeldUp && this.isHosted(cluster);
  }
}
