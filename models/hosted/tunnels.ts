/**
 * The state of Konnectivity, cluster by cluster, and what can be read from it: which servers and agents there are, which of them run,
 * which links stand between them, and what share of dials succeeds over those.
 *
 * A server dials through a random agent of its own, kube-apiserver reaches any listed server through a Service; so the share of dials
 * that succeed is the mean over listed servers of the share of their links that work (kubernetes-sigs/apiserver-network-proxy;
 * openshift/hypershift v2/assets/kube-apiserver/konnectivity-server-service.yaml). Readiness tells little of that: an agent is Ready with
 * one link of three, and the server's probe asks for its process only (v2/assets/kube-apiserver/deployment.yaml).
 */
import { type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { AgentId, ClusterId, LinkId, ServerViewId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import { countBits } from './agent-loop.ts';
import { SIDES, type Side, TunnelLinks } from './tunnel-links.ts';

/** Which of a cluster's servers the load balancer hands out: a bit per server. */
export type ListedServers = (cluster: ClusterId) => number;
/** Tells whether the network keeps an agent and a server apart, while both run. */
export type LinkCut = (agent: AgentId, server: number) => boolean;

/** An agent that does not answer; or a server that no agent has a link to, and whether agents look for it. */
export type Trouble = { readonly agent: AgentId } | { readonly server: number; readonly sought: boolean };

export class Tunnels {
  readonly agents: Table<AgentId>;
  readonly of: Readonly<Record<Side, Membership<ClusterId, AgentId>>>;
  readonly #names: string[] = [];
  readonly links: TunnelLinks;
  /** Servers that there is room for: a cluster's servers are numbered below that. */
  readonly #slots: I32Column<ClusterId>;
  readonly #firstServer: Readonly<Record<Side, I32Column<ClusterId, ServerViewId>>>;
  /** Servers whose process runs, and those that stopped without a word, a bit each. */
  readonly up: I32Column<ClusterId>;
  readonly silent: I32Column<ClusterId>;
  /** Agents look again for a server that they have lost. */
  readonly redials: U8Column<ClusterId>;
  /** Agents whose process runs. */
  readonly running: Readonly<Record<Side, I32Column<ClusterId>>>;
  /** Agents that are about to find a server. */
  readonly finding: Readonly<Record<Side, I32Column<ClusterId>>>;
  readonly #side: U8Column<AgentId>;
  readonly #firstLink: I32Column<AgentId, LinkId>;

  /** Agents of the data plane do not get in. */
  readonly closed: U8Column<ClusterId>;

  listed: ListedServers = () => 0;
  linkCut: LinkCut = () => false;

  constructor(
    readonly sim: Simulation,
    clusters: Clusters,
  ) {
    this.agents = sim.table<AgentId>('agent');
    this.links = new TunnelLinks(sim);
    const perSide = <T>(make: (side: Side) => T): Readonly<Record<Side, T>> => ({
      dataPlane: make('dataPlane'),
      controlPlane: make('controlPlane'),
    });
    this.of = perSide((side) => new Membership(`${side} agents of cluster`, clusters.table, this.agents));
    this.#firstServer = perSide((side) => clusters.table.i32(`${side}Servers`, NONE));
    this.running = perSide((side) => clusters.table.i32(`${side}AgentsRunning`));
    this.#slots = clusters.table.i32('konnectivitySlots');
    this.up = clusters.table.i32('konnectivityUp');
    this.silent = clusters.table.i32('konnectivitySilent');
    this.closed = clusters.table.u8('tunnelClosed');
    this.redials = clusters.table.u8('konnectivityRedials', 1);
    this.finding = perSide((side) => clusters.table.i32(`${side}AgentsFinding`));
    this.#side = this.agents.u8('side');
    this.#firstLink = this.agents.i32('links', NONE);
  }

  begin(cluster: ClusterId, servers: number): void {
    for (const side of SIDES) this.#firstServer[side].set(cluster, this.links.addServers(servers));
    this.#slots.set(cluster, servers);
  }
  add(cluster: ClusterId, side: Side, name: string): AgentId {
    const agent = this.agents.add();
    this.#names[agent] = name;
    this.#side.set(agent, SIDES.indexOf(side));
    this.of[side].join(cluster, agent);
    this.running[side].add(cluster, 1);
    const links = this.links.addLinks(this.#firstServer[side].at(cluster), this.#slots.at(cluster));
    this.#firstLink.set(agent, links);
    return agent;
  }

  /** Agents by their position among a cluster's workers, or among those beside its control plane. */
  agent(cluster: ClusterId, ordinal: number, side: Side = 'dataPlane'): AgentId {
    return this.of[side].list(cluster)[ordinal]!;
  }
  side(agent: AgentId): Side {
    return SIDES[this.#side.at(agent)]!;
  }
  cluster(agent: AgentId): ClusterId {
    return this.of[this.side(agent)].parent(agent);
  }
  /** `hosted/tenant-0/konnectivity-agent-0`, or the key of the worker: names random streams. */
  name(agent: AgentId): string {
    return this.#names[agent]!;
  }
  slots(cluster: ClusterId): number {
    return this.#slots.at(cluster);
  }
  link(agent: AgentId, server: number): LinkId {
    return (this.#firstLink.at(agent) + server) as LinkId;
  }
  view(cluster: ClusterId, side: Side, server: number): ServerViewId {
    return (this.#firstServer[side].at(cluster) + server) as ServerViewId;
  }
  /** Servers that the load balancer hands out and that run, a bit each. */
  listedAndUp(cluster: ClusterId): number {
    return this.listed(cluster) & this.up.at(cluster);
  }

  /** Nothing passes between an agent and a server, while both run. */
  apart(agent: AgentId, server: number): boolean {
    const shut = this.side(agent) === 'dataPlane' && this.closed.at(this.cluster(agent)) === 1;
    return shut || this.linkCut(agent, server);
  }

  /** Servers that an agent takes itself for connected to right now. */
  held(agent: AgentId): number {
    let held = 0;
    for (let server = 0; server < this.slots(this.cluster(agent)); server++) {
      if (this.links.held(this.link(agent, server), this.sim.now)) held++;
    }
    return held;
  }

  /** Every running agent of that side has a working link to each of these servers. */
  complete(cluster: ClusterId, side: Side, servers: number): boolean {
    const running = this.running[side].at(cluster);
    for (let server = 0; servers >> server !== 0; server++) {
      const alive = this.links.alive.at(this.view(cluster, side, server));
      if (has(servers, server) && alive < running) return false;
    }
    return true;
  }

  /** Share of new connections through agents of that side that succeed, 0 to 1: what each log, exec and port-forward needs. */
  reach(cluster: ClusterId, side: Side = 'dataPlane'): number {
    const listed = this.listed(cluster);
    const up = listed & this.up.at(cluster);
    let sum = 0;
    for (let server = 0; up >> server !== 0; server++) {
      if (has(up, server)) sum += this.links.share(this.view(cluster, side, server));
    }
    return listed === 0 ? 0 : sum / countBits(listed);
  }

  /**
   * Share of connections kept open through agents of that side that work, 0 to 1: what webhooks and aggregated APIs go over. One that is
   * refused is tried again at once and comes by another server, so servers that refuse do not count; those that are silent do, until they
   * are noticed (kubernetes/kubernetes kube-aggregator handler_proxy.go, apiserver pkg/util/webhook/client.go: clients with their transports
   * are cached).
   */
  kept(cluster: ClusterId, side: Side): number {
    const listed = this.listed(cluster);
    let sum = 0;
    let counted = 0;
    for (let server = 0; listed >> server !== 0; server++) {
      if (!has(listed, server)) continue;
      const view = this.view(cluster, side, server);
      const serves = has(this.up.at(cluster), server) && this.links.known.at(view) > 0;
      if (serves) sum += this.links.share(view);
      if (serves || has(this.silent.at(cluster), server)) counted++;
    }
    return counted === 0 ? 0 : sum / counted;
  }

  /**
   * Servers that are listed and run and dial through no agent, and that none of the agents that could reach them looks for, a bit each.
   * Nothing but a restart of the agents heals that.
   */
  stuck(cluster: ClusterId, side: Side = 'dataPlane'): number {
    if (this.redials.at(cluster) === 1 || this.finding[side].at(cluster) > 0) return 0;
    const unknown = this.#unknown(cluster, side);
    let stuck = 0;
    const of = this.of[side];
    for (let agent = of.first(cluster); agent !== NONE && stuck !== unknown; agent = of.next(agent)) {
      if (this.held(agent) === 0) continue;
      for (let server = 0; unknown >> server !== 0; server++) {
        if (has(unknown, server) && !this.apart(agent, server)) stuck |= 1 << server;
      }
    }
    return stuck;
  }

  /** What keeps dials from succeeding, besides servers that are dead: agents that are silent, then a server without any. */
  trouble(cluster: ClusterId, side: Side = 'dataPlane'): Trouble | undefined {
    const idle = this.running[side].at(cluster) === 0;
    const servers = this.listedAndUp(cluster);
    if (idle || this.#anySilent(cluster, side, servers)) {
      const of = this.of[side];
      for (let agent = of.first(cluster); agent !== NONE; agent = of.next(agent))
        if (idle || this.#isSilent(agent, servers)) return { agent };
    }
    const unknown = this.#unknown(cluster, side);
    if (unknown === 0) return undefined;
    const server = 31 - Math.clz32(unknown & -unknown);
    return { server, sought: !has(this.stuck(cluster, side), server) };
  }

  /** Servers that are listed and run and dial through no link, a bit each. */
  #unknown(cluster: ClusterId, side: Side): number {
    let unknown = this.listedAndUp(cluster);
    for (let server = 0; unknown >> server !== 0; server++) {
      if (this.links.known.at(this.view(cluster, side, server)) > 0) unknown &= ~(1 << server);
    }
    return unknown;
  }
  #anySilent(cluster: ClusterId, side: Side, servers: number): boolean {
    for (let server = 0; servers >> server !== 0; server++) {
      const view = this.view(cluster, side, server);
      if (has(servers, server) && this.links.known.at(view) > this.links.alive.at(view)) return true;
    }
    return false;
  }
  #isSilent(agent: AgentId, servers: number): boolean {
    for (let server = 0; servers >> server !== 0; server++) {
      if (has(servers, server) && this.links.silent(this.link(agent, server))) return true;
    }
    return false;
  }
}

/** Whether a server is in a mask. */
export function has(servers: number, server: number): boolean {
  return ((servers >> server) & 1) === 1;
}
