/**
 * The services of every cluster, computed from the state of its components in one fixed order, and only for clusters that an event
 * touched: once, after the event. A change of a service is a fact, with the reason just before it in the causal chain.
 */
import { type F64Column, type I32Column, NONE, type U8Column } from '../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../sim/facts.ts';
import type { Deferred, Simulation } from '../sim/simulation.ts';
import type { Ensembles } from './etcd/ensembles.ts';
import type { ApiPath } from './hosted/api-path.ts';
import { AGGREGATED_APIS, type HostedControlPlanes } from './hosted/control-planes.ts';
import type { Tunnels } from './hosted/tunnels.ts';
import type { ClusterId, EnsembleId, SetId } from './ids.ts';
import type { Clusters } from './kubernetes/clusters.ts';
import type { Endpoints } from './kubernetes/endpoints.ts';
import type { Leadership } from './kubernetes/leadership.ts';
import type { Pods } from './kubernetes/pods.ts';
import type { Scaling } from './kubernetes/scaling.ts';
import { encodeReason } from './reasons/reason.ts';
import { type ReasonSources, Reasons } from './reasons/reasons.ts';
import { HOSTED_SERVICES, MANAGEMENT_SERVICES, SERVICES, type Service, serviceSubject } from './services.ts';

/** What of a hosted cluster's plan its services hang on. */
export interface ServiceTraits {
  /** Some identity provider is reached through the data plane. */
  readonly oauthNeedsDataPlane: boolean;
  /** Some webhook in the data plane has to admit writes. */
  readonly failClosedWebhooks: boolean;
  readonly workloads: readonly SetId[];
}

/** Nothing has been said of a service yet. */
const NO_REASON = -1;

/** The service does not exist there: no workers, no tunnel. */
const NOT_APPLICABLE = Number.NaN;

export class Health implements Deferred {
  readonly #values: Readonly<Record<Service, F64Column<ClusterId>>>;
  readonly #exposed: U8Column<ClusterId>;
  readonly #dirty: U8Column<ClusterId>;
  readonly #because: I32Column<ClusterId, CauseId>;
  readonly #traits: ServiceTraits[] = [];
  #touched: ClusterId[] = [];
  readonly serviceFact: FactKind;
  readonly exposureFact: FactKind;
  readonly #reasonFact: FactKind;
  readonly #reasons: Reasons;
  /** The fact of the last step of each service. */
  readonly #steps: Readonly<Record<Service, I32Column<ClusterId, CauseId>>>;
  /** The fact of the last step of each service to all of it, or to nothing that could fail: what was so before has not made it fall since. */
  readonly #whole: Readonly<Record<Service, I32Column<ClusterId, CauseId>>>;
  /** Why each service is below 1, as last said: an encoded reason, or a fact below -1. */
  readonly #known: Readonly<Record<Service, F64Column<ClusterId>>>;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly pods: Pods,
    readonly endpoints: Endpoints,
    readonly ensembles: Ensembles,
    readonly leadership: Leadership,
    readonly hosted: HostedControlPlanes,
    readonly path: ApiPath,
    readonly tunnels: Tunnels,
    readonly scaling: Scaling,
    readonly sources: Pick<ReasonSources, 'database' | 'refusals' | 'workers' | 'tokens' | 'managementEtcd'>,
  ) {
    const columns = SERVICES.map((service) => [
      service,
      clusters.table.f64(`service:${service}`, NOT_APPLICABLE),
    ]);
    this.#values = Object.fromEntries(columns);
    this.#exposed = clusters.table.u8('exposed');
    this.#dirty = clusters.table.u8('dirty');
    this.#because = clusters.table.i32('touchedBy');
    this.serviceFact = sim.factKind('service');
    this.exposureFact = sim.factKind('exposure');
    this.#reasonFact = sim.factKind('reason');
    const steps = SERVICES.map((service) => [service, clusters.table.i32(`step:${service}`, BEGINNING)]);
    this.#steps = Object.fromEntries(steps);
    const whole = SERVICES.map((service) => [service, clusters.table.i32(`whole:${service}`, BEGINNING)]);
    this.#whole = Object.fromEntries(whole);
    const known = SERVICES.map((service) => [service, clusters.table.f64(`reason:${service}`, NO_REASON)]);
    this.#known = Object.fromEntries(known);
    const stepOf = (cluster: ClusterId, service: Service): CauseId => this.#steps[service].at(cluster);
    this.#reasons = new Reasons(
      { ...sources, pods, endpoints, ensembles, leadership, hosted, path, tunnels, scaling },
      stepOf,
    );
    hosted.touched.subscribe((cluster) => this.touch(cluster));
    path.changed.subscribe((cluster) => this.touch(cluster));
  }

  /** Registers a hosted cluster; clusters without traits are management clusters. */
  describe(cluster: ClusterId, traits: ServiceTraits): void {
    this.#traits[cluster] = traits;
  }

  value(cluster: ClusterId, service: Service): number {
    return this.#values[service].at(cluster);
  }

  /** The API is up and one more failure away from an outage. */
  exposed(cluster: ClusterId): boolean {
    return this.#exposed.at(cluster) === 1;
  }

  /** Has a cluster's services computed after the current event, with the current cause. */
  touch(cluster: ClusterId): void {
    if (this.#dirty.at(cluster) === 1) return;
    this.#dirty.set(cluster, 1);
    this.#because.set(cluster, this.sim.cause);
    if (this.#touched.length === 0) this.sim.defer(this);
    this.#touched.push(cluster);
  }

  settle(): void {
    const touched = this.#touched;
    this.#touched = [];
    for (const cluster of touched) {
      this.#dirty.set(cluster, 0);
      const outer = this.sim.enter(this.#because.at(cluster));
      this.#evaluate(cluster);
      this.sim.leave(outer);
    }
  }

  /**
   * Computes a service from scratch, without remembering anything: what `value` must equal between events.
   * @param outside share of requests from outside that succeed now, which several services hang on, where it is known
   */
  compute(cluster: ClusterId, service: Service, outside?: number): number {
    switch (service) {
      case 'api':
        return outside ?? this.path.outside(cluster);
      case 'etcd':
        return this.#etcdWrites(this.hosted.ensemble.at(cluster)) ? 1 : 0;
      case 'controllers':
        return this.#controllers(cluster) ? 1 : 0;
      case 'tunnel':
        return this.#tunnel(cluster);
      case 'oauth':
        return this.#oauth(cluster);
      case 'join':
        return this.#join(cluster, outside ?? this.path.outside(cluster));
      case 'workloads':
        return this.#workloads(cluster);
      case 'aggregatedApis':
        return this.#aggregatedApis(cluster, outside ?? this.path.outside(cluster));
      case 'webhooks':
        return this.#webhooks(cluster, outside ?? this.path.outside(cluster));
      case 'management':
        return this.clusters.apiUp(cluster) ? 1 : 0;
      case 'lifecycle':
        return this.clusters.apiUp(cluster) && this.leadership.held(cluster, 'operator') ? 1 : 0;
    }
  }

  #etcdWrites(ensemble: EnsembleId): boolean {
    return this.ensembles.hasLeader(ensemble) && !this.ensembles.refusesWrites(ensemble);
  }

  #evaluate(cluster: ClusterId): void {
    if (this.clusters.isHosted(cluster)) {
      this.#step(cluster, 'api');
      this.path.review(cluster);
      // Whoever acts through an API that takes no writes cannot act: leases are not renewed, nothing is changed.
      const writable = !this.ensembles.refusesWrites(this.hosted.ensemble.at(cluster));
      this.clusters.setApi(cluster, writable && this.path.inside(cluster) > 0);
      const outside = this.path.outside(cluster);
      for (const service of HOSTED_SERVICES) if (service !== 'api') this.#step(cluster, service, outside);
      this.#reviewExposure(cluster);
    } else for (const service of MANAGEMENT_SERVICES) this.#step(cluster, service);
  }

  #step(cluster: ClusterId, service: Service, outside?: number): void {
    const column = this.#values[service];
    const before = column.at(cluster);
    const value = this.compute(cluster, service, outside);
    const same = value === before || (Number.isNaN(value) && Number.isNaN(before));
    if (same && !(value < 1)) return;
    const cause = value < 1 ? this.#explain(cluster, service, same, value > before) : this.sim.cause;
    if (cause === undefined) return;
    column.set(cluster, value);
    const outer = this.sim.enter(cause);
    const step = this.sim.emit(this.serviceFact, serviceSubject(cluster, service), value);
    this.#steps[service].set(cluster, step);
    if (!(value < 1)) this.#whole[service].set(cluster, step);
    this.sim.leave(outer);
  }

  /**
   * The last link of the chain of a service below 1: what is wrong right now, as a fact.
   * @param same the level did not change; then undefined is returned when the reason did not either
   * @param better the level rose: what just happened is the cause of that, and no reason is needed
   */
  #explain(cluster: ClusterId, service: Service, same: boolean, better: boolean): CauseId | undefined {
    const reason = this.#reasons.of(cluster, service);
    const known = this.#known[service];
    const said = known.at(cluster);
    const code =
      reason === undefined ? NO_REASON : 'set' in reason ? encodeReason(reason) : -2 - reason.cause;
    known.set(cluster, code);
    if (same && (code === said || reason === undefined)) return undefined;
    if (reason === undefined) return this.sim.cause;
    // What was so already when the service was whole did not make it fall: what just happened did.
    const since = this.#whole[service].at(cluster);
    const cause = reason.cause === undefined || reason.cause <= since ? this.sim.cause : reason.cause;
    if (!('set' in reason)) return cause;
    const outer = this.sim.enter(better ? this.sim.cause : cause);
    const fact = this.sim.emit(this.#reasonFact, reason.set, code);
    this.sim.leave(outer);
    return fact;
  }

  #controllers(cluster: ClusterId): boolean {
    const led =
      this.leadership.held(cluster, 'kube-controller-manager') &&
      this.leadership.held(cluster, 'kube-scheduler');
    return led && this.clusters.apiUp(cluster);
  }

  #tunnel(cluster: ClusterId): number {
    return this.tunnels.of.dataPlane.count(cluster) === 0 ? NOT_APPLICABLE : this.tunnels.reach(cluster);
  }

  #oauth(cluster: ClusterId): number {
    if (!this.clusters.apiUp(cluster) || this.path.entry.misled(cluster)) return 0;
    const login =
      this.path.entering(cluster, 'OAuthServer') *
      this.tunnels.kept(cluster, 'controlPlane') *
      this.path.called(cluster, 'openshift-oauth-apiserver');
    return this.#traits[cluster]!.oauthNeedsDataPlane ? login * this.tunnels.reach(cluster) : login;
  }

  #aggregatedApis(cluster: ClusterId, outside: number): number {
    const reached = outside * this.tunnels.kept(cluster, 'controlPlane');
    let worst = 1;
    for (const role of AGGREGATED_APIS) worst = Math.min(worst, this.path.called(cluster, role));
    return reached * worst;
  }

  #webhooks(cluster: ClusterId, outside: number): number {
    if (!this.#traits[cluster]!.failClosedWebhooks) return NOT_APPLICABLE;
    return outside * this.tunnels.kept(cluster, 'dataPlane');
  }

  #join(cluster: ClusterId, outside: number): number {
    const approved = this.hosted.actsOnApi(cluster, 'machine-approver');
    const initialized = this.leadership.heldIfAny(cluster, 'cloud-controller-manager');
    if (!this.#controllers(cluster) || !approved || !initialized || outside === 0) return 0;
    return this.path.entering(cluster, 'Ignition') * this.path.admitted(cluster);
  }

  #workloads(cluster: ClusterId): number {
    let wanted = 0;
    let running = 0;
    for (const set of this.#traits[cluster]!.workloads) {
      const replicas = this.scaling.wishes.of(set);
      wanted += replicas;
      // A replica that was replaced while it was cut off may run on beside its successor.
      const ready = this.pods.containers.runningOf.at(set) - this.sources.tokens.lapsedOf.at(set);
      running += Math.min(replicas, ready);
    }
    return wanted === 0 ? NOT_APPLICABLE : running / wanted;
  }

  /** Whether the API is up and losing one more management node would take it down. */
  #reviewExposure(cluster: ClusterId): void {
    const exposed = this.#oneNodeFromOutage(cluster) ? 1 : 0;
    if (exposed === this.#exposed.at(cluster)) return;
    this.#exposed.set(cluster, exposed);
    this.sim.emit(this.exposureFact, cluster, exposed);
  }

  #oneNodeFromOutage(cluster: ClusterId): boolean {
    if (this.#values.api.at(cluster) === 0) return false;
    if (this.#onOneNode(cluster, 'kube-apiserver') || this.path.entry.hangsOnOneNode(cluster)) return true;
    if (this.path.routed(cluster) && this.#onOneNode(cluster, 'router')) return true;
    const ensemble = this.hosted.ensemble.at(cluster);
    if (!this.ensembles.managed(ensemble)) return false;
    const spare = this.ensembles.members.alive(ensemble) - this.ensembles.quorum(ensemble);
    return this.#mostOnOneNode(this.hosted.set(cluster, 'etcd') as SetId) > Math.max(0, spare);
  }

  #onOneNode(cluster: ClusterId, role: 'kube-apiserver' | 'router'): boolean {
    const set = this.hosted.set(cluster, role) as SetId;
    return this.#mostOnOneNode(set) === this.pods.containers.runningOf.at(set);
  }

  /** Most running pods of a set that stand on one and the same node. */
  #mostOnOneNode(set: SetId): number {
    const { ofSet, node } = this.pods;
    let most = 0;
    for (let pod = ofSet.first(set); pod !== NONE; pod = ofSet.next(pod)) {
      let together = 0;
      for (let other = ofSet.first(set); other !== NONE; other = ofSet.next(other))
        if (this.pods.isRunning(other) && node.at(other) === node.at(pod)) together++;
      if (this.pods.isRunning(pod)) most = Math.max(most, together);
    }
    return most;
  }
}
