/**
 * Why a service is below 1, right now: the state of the one pod that it waits for most, and the fact from which that follows.
 * The API is looked at again while it is away, so that its outages fall into phases: stale endpoint, toleration, scheduling, start.
 */
import { NONE } from '../../sim/entities.ts';
import { BEGINNING, type CauseId } from '../../sim/facts.ts';
import type { Database } from '../etcd/database.ts';
import type { Ensembles } from '../etcd/ensembles.ts';
import type { ApiPath, OtherService } from '../hosted/api-path.ts';
import { AGGREGATED_APIS } from '../hosted/control-planes.ts';
import type { Role } from '../hosted/roles.ts';
import type { Tunnels } from '../hosted/tunnels.ts';
import type { Workers } from '../hosted/workers.ts';
import type { AgentId, ClusterId, EnsembleId, SetId } from '../ids.ts';
import type { Leadership } from '../kubernetes/leadership.ts';
import type { Scaling } from '../kubernetes/scaling.ts';
import type { ServiceAccountTokens } from '../kubernetes/service-account-tokens.ts';
import type { Service } from '../services.ts';
import { Blame, type BlameSources } from './blame.ts';
import { type PlainCause, REASON, type Reason } from './reason.ts';

/** What a service hangs on, besides the pods of its own. */
type Basis = Extract<Service, 'api' | 'controllers' | 'tunnel' | 'management'>;

/** Whom the reasons are asked of. */
export interface ReasonSources extends BlameSources {
  readonly ensembles: Ensembles;
  readonly database: Database;
  readonly leadership: Leadership;
  readonly path: ApiPath;
  readonly tunnels: Tunnels;
  readonly workers: Workers;
  readonly scaling: Scaling;
  readonly tokens: ServiceAccountTokens;
  /** The etcd of a management cluster. */
  readonly managementEtcd: (cluster: ClusterId) => EnsembleId;
}

const HEALING = ['kube-controller-manager', 'kube-scheduler'] as const;

export class Reasons {
  readonly #of: ReasonSources;
  readonly #blame: Blame;

  constructor(
    sources: ReasonSources,
    /** The fact of the last step of another service of the cluster. */
    readonly stepOf: (cluster: ClusterId, service: Basis) => CauseId,
  ) {
    this.#of = sources;
    this.#blame = new Blame(sources);
  }

  /** The reason for a service below 1, or undefined when what just happened says it all. */
  of(cluster: ClusterId, service: Service): Reason | PlainCause | undefined {
    const { ensembles, leadership, hosted, managementEtcd } = this.#of;
    switch (service) {
      case 'api':
        return this.#api(cluster);
      case 'etcd':
        return { cause: this.#etcdLoss(hosted.ensemble.at(cluster)) };
      case 'controllers':
        return this.#apiUp(cluster)
          ? { cause: leadership.lastLoss(cluster, HEALING) }
          : this.#step(cluster, 'api');
      case 'tunnel':
        return this.#tunnel(cluster);
      case 'oauth':
        return this.#oauth(cluster);
      case 'join':
        return this.#join(cluster);
      case 'workloads':
        return this.#workloads(cluster);
      case 'aggregatedApis':
        return this.#aggregatedApis(cluster);
      case 'webhooks':
        return this.#apiUp(cluster) ? this.#tunnel(cluster) : this.#step(cluster, 'api');
      case 'management':
        return { cause: ensembles.lastLoss.at(managementEtcd(cluster)) };
      case 'lifecycle':
        return this.#apiUp(cluster)
          ? { cause: leadership.lastLoss(cluster, ['operator']) }
          : this.#step(cluster, 'management');
    }
  }

  /** The fact by which it takes no writes. */
  #etcdLoss(ensemble: EnsembleId): CauseId {
    const { ensembles, database } = this.#of;
    return ensembles.hasLeader(ensemble) ? database.lastAlarm.at(ensemble) : ensembles.lastLoss.at(ensemble);
  }

  #apiUp(cluster: ClusterId): boolean {
    return this.#of.hosted.clusters.apiUp(cluster);
  }

  #step(cluster: ClusterId, service: Basis): PlainCause {
    return { cause: this.stepOf(cluster, service) };
  }

  #servers(cluster: ClusterId): SetId {
    return this.#of.hosted.set(cluster, 'kube-apiserver') as SetId;
  }

  /** Whatever lets no request through, then what lets through some: servers, routers, the entry, connections to etcd. */
  #api(cluster: ClusterId): Reason | PlainCause {
    const { ensembles, hosted, path } = this.#of;
    if (!ensembles.serving(hosted.ensemble.at(cluster))) return this.#etcd(cluster);
    const entered = path.entry.share(cluster);
    const pods = this.#blame.failing(
      cluster,
      path.routed(cluster) ? ['kube-apiserver', 'router'] : ['kube-apiserver'],
    );
    if (entered === 0) return { cause: path.entry.lastLoss(cluster) };
    if (ensembles.refusesWrites(hosted.ensemble.at(cluster)))
      return { cause: this.#of.database.lastAlarm.at(hosted.ensemble.at(cluster)) };
    if (pods !== undefined) return path.etcdShare(cluster) < 1 ? alsoOnDeadConnections(pods) : pods;
    if (entered < 1) return { cause: path.entry.lastLoss(cluster) };
    if (path.etcdShare(cluster) < 1) return this.#onDeadConnections(cluster);
    const cut = this.#blame.cut(cluster, path.hops(cluster), (pod) => path.unreached(cluster, pod));
    return cut ?? this.#blame.furthest(this.#servers(cluster));
  }

  #etcd(cluster: ClusterId): Reason | PlainCause {
    const { ensembles, hosted } = this.#of;
    const ensemble = hosted.ensemble.at(cluster);
    const etcd = hosted.set(cluster, 'etcd') as SetId;
    const cause = ensembles.lastLoss.at(ensemble);
    if (ensembles.hasQuorum(ensemble)) return { set: etcd, ordinal: 0, reason: REASON.electing, cause };
    const member = this.#blame.furthest(etcd);
    // All members run and are stuck or cut off: no pod stands for that.
    if (member.reason === REASON.noPod && cause !== BEGINNING) return { cause };
    if (member.reason === REASON.scaledDown) return member;
    return cause === BEGINNING ? member : { ...member, cause };
  }

  #onDeadConnections(cluster: ClusterId): Reason | PlainCause {
    const { pods, path, hosted } = this.#of;
    const set = this.#servers(cluster);
    for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod)) {
      if (!path.connections.holdsDead(pod)) continue;
      const cause = path.connections.lostFor(pod);
      return { set, ordinal: pods.ordinal.at(pod), reason: REASON.etcdConnections, cause };
    }
    const etcd = hosted.ensemble.at(cluster);
    if (path.stuck.share(etcd) > 0) return { cause: path.stuck.lastFact.at(etcd) };
    return this.#blame.furthest(set);
  }

  /** A server that is dead but listed, then one that no agent has found, then agents that do not answer. */
  #tunnel(cluster: ClusterId): Reason | PlainCause | undefined {
    const { tunnels, path } = this.#of;
    if (tunnels.closed.at(cluster) === 1)
      return this.#blame.failing(cluster, ['router']) ?? { cause: path.entry.lastLoss(cluster) };
    const server = this.#blame.failing(cluster, ['kube-apiserver']);
    if (server !== undefined) return server;
    if (tunnels.of.dataPlane.count(cluster) === 0) return this.#noAgent(cluster);
    const trouble = tunnels.trouble(cluster);
    if (trouble === undefined) return undefined;
    if ('agent' in trouble) return this.#silentAgent(trouble.agent);
    return this.#lacking(cluster, trouble);
  }

  /** The loss of the worker of a silent agent; of one whose machine runs what just happened is the cause. */
  #silentAgent(agent: AgentId): PlainCause | undefined {
    const { workers } = this.#of;
    const worker = workers.workerOf(agent)!;
    return workers.machines.running(worker) ? undefined : { cause: workers.causeOf(worker) };
  }

  #aggregatedApis(cluster: ClusterId): Reason | PlainCause | undefined {
    const { path } = this.#of;
    if (!this.#apiUp(cluster) || path.outside(cluster) === 0) return this.#step(cluster, 'api');
    return (
      this.#blame.failing(cluster, ['kube-apiserver', ...AGGREGATED_APIS]) ??
      this.#blame.cut(cluster, AGGREGATED_APIS, (pod) => path.uncalled(cluster, pod)) ??
      this.#ownAgents(cluster)
    );
  }

  /** What keeps the API servers from the APIs beside the control plane: a silent agent of theirs, or a server without any. */
  #ownAgents(cluster: ClusterId): Reason | undefined {
    const { tunnels, hosted } = this.#of;
    if (tunnels.kept(cluster, 'controlPlane') >= 1) return undefined;
    const server = this.#blame.failing(cluster, ['kube-apiserver']);
    if (server !== undefined) return server;
    const trouble = tunnels.trouble(cluster, 'controlPlane');
    if (trouble === undefined) return undefined;
    const agents = hosted.set(cluster, 'konnectivity-agent');
    if ('agent' in trouble && agents !== NONE) return this.#blame.furthest(agents as SetId);
    return 'agent' in trouble ? this.#noAgent(cluster) : this.#lacking(cluster, trouble);
  }

  #lacking(cluster: ClusterId, { server, sought }: { server: number; sought: boolean }): Reason {
    const reason = sought ? REASON.unfound : REASON.unsought;
    return { set: this.#servers(cluster), ordinal: server, reason };
  }

  #oauth(cluster: ClusterId): Reason | PlainCause | undefined {
    if (!this.#apiUp(cluster)) return this.#step(cluster, 'api');
    const { path } = this.#of;
    if (path.entry.misled(cluster)) return { cause: path.entry.lastLoss(cluster) };
    const own =
      this.#door(cluster, 'OAuthServer') ??
      this.#blame.failing(cluster, ['oauth-openshift', 'openshift-oauth-apiserver']) ??
      this.#cutBeside(cluster, 'OAuthServer', ['oauth-openshift']) ??
      this.#blame.cut(cluster, ['openshift-oauth-apiserver'], (pod) => path.uncalled(cluster, pod));
    if (own !== undefined) return own;
    const reached = this.#ownAgents(cluster);
    if (reached !== undefined) return reached;
    const { tunnels } = this.#of;
    if (tunnels.of.dataPlane.count(cluster) === 0) return this.#noAgent(cluster);
    return tunnels.reach(cluster) < 1 ? this.#step(cluster, 'tunnel') : undefined;
  }

  #noAgent(cluster: ClusterId): Reason {
    return { set: this.#servers(cluster), ordinal: 0, reason: REASON.noAgent };
  }

  #join(cluster: ClusterId): Reason | PlainCause | undefined {
    const led = HEALING.every((leader) => this.#of.leadership.held(cluster, leader));
    if (!led || !this.#apiUp(cluster)) return this.#step(cluster, 'controllers');
    if (this.#of.path.outside(cluster) === 0) return this.#step(cluster, 'api');
    const approver = this.#approver(cluster);
    if (approver !== undefined) return approver;
    const { leadership } = this.#of;
    if (!leadership.heldIfAny(cluster, 'cloud-controller-manager'))
      return { cause: leadership.lastLoss(cluster, ['cloud-controller-manager']) };
    const ignition = ['ignition-server', 'ignition-server-proxy'] as const;
    return (
      this.#door(cluster, 'Ignition') ??
      this.#blame.failing(cluster, ignition) ??
      this.#cutBeside(cluster, 'Ignition', ignition) ??
      this.#kept(cluster)
    );
  }

  /** The pod that is closest to running; where none was ever created, the API that should have had it created, or a worker without power. */
  #workloads(cluster: ClusterId): Reason | PlainCause | undefined {
    const { pods, workers, hosted, scaling, tokens } = this.#of;
    let best: Reason | undefined;
    let lapsed = false;
    for (const set of pods.sets.ofCluster.list(cluster)) {
      lapsed ||= tokens.lapsedOf.at(set) > 0;
      if (pods.containers.runningOf.at(set) >= scaling.wishes.of(set)) continue;
      const found = this.#blame.furthest(set);
      if (best === undefined || found.reason > best.reason) best = found;
    }
    if (best === undefined) return lapsed ? { cause: tokens.lastLapse.at(cluster) } : undefined;
    if (best.reason !== REASON.noPod && best.reason !== REASON.pending) return best;
    const cause = workers.lost(cluster);
    if (cause !== undefined && cause !== BEGINNING)
      return best.reason === REASON.noPod ? { cause } : { ...best, cause };
    return best.reason === REASON.noPod && !hosted.clusters.apiUp(cluster)
      ? this.#step(cluster, 'api')
      : best;
  }

  /** The first pod that the network keeps requests to a service beside the API from: a router, or one of these components. */
  #cutBeside(cluster: ClusterId, service: OtherService, roles: readonly Role[]): Reason | undefined {
    const { path } = this.#of;
    const hops: readonly Role[] = path.throughRouter(cluster, service) ? ['router', ...roles] : roles;
    return this.#blame.cut(cluster, hops, (pod) => path.unreachedBeside(cluster, service, pod));
  }

  /** What keeps requests from a service beside the API: routers, or the entry. */
  #door(cluster: ClusterId, service: OtherService): Reason | PlainCause | undefined {
    const { path } = this.#of;
    if (path.enteredBeside(cluster, service) < 1) return { cause: path.entry.lastLoss(cluster) };
    return path.throughRouter(cluster, service) ? this.#blame.failing(cluster, ['router']) : undefined;
  }

  /** The fact by which the network keeps workers from the control plane. */
  #kept(cluster: ClusterId): PlainCause | undefined {
    const { workers, path } = this.#of;
    const kept = workers.machines.ofCluster.list(cluster).find((worker) => !path.admits(worker));
    return kept === undefined ? undefined : { cause: workers.contact.lastChange(kept) };
  }

  /** The machine approver, while it does not run or does not reach the API. */
  #approver(cluster: ClusterId): Reason | undefined {
    const { hosted, pods } = this.#of;
    const set = hosted.set(cluster, 'machine-approver');
    if (set === NONE || hosted.actsOnApi(cluster, 'machine-approver')) return undefined;
    return pods.containers.runningOf.at(set as SetId) > 0
      ? { set: set as SetId, ordinal: 0, reason: REASON.cutOffFromApi }
      : this.#blame.furthest(set as SetId);
  }
}

/** The pod is of no use, and writes are lost on the connections that others have to etcd. */
function alsoOnDeadConnections(reason: Reason): Reason {
  if (reason.reason === REASON.stale) return { ...reason, reason: REASON.staleToo };
  return reason.reason === REASON.cutOff ? { ...reason, reason: REASON.cutOffToo } : reason;
}
