/**
 * Konnectivity: the way from the API servers into the data plane. A server runs beside each kube-apiserver, an agent on each worker;
 * every agent wants a connection to every server and finds them by dialling through a load balancer that picks at random.
 *
 * A server dials through a random agent of its own, kube-apiserver reaches any listed server; so the share of dials that succeed is
 * the mean over listed servers of the share of their agents that still live (kubernetes-sigs/apiserver-network-proxy;
 * openshift/hypershift docs reference/konnectivity.md).
 */
import { type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { AgentId, ClusterId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';

/** Which of a cluster's servers the load balancer hands out: a bit per server. */
export type ListedServers = (cluster: ClusterId) => number;

const bits = (mask: number): number => {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
};

/** An agent that does not answer, or a server that no agent is connected to. */
export type Trouble = { readonly agent: AgentId } | { readonly server: number };

export class Konnectivity {
  readonly #agents: Table<AgentId>;
  readonly #of: Membership<ClusterId, AgentId>;
  readonly #names: string[] = [];
  /** Servers whose process runs, a bit each. */
  readonly #servers: I32Column<ClusterId>;
  /** Reasons for an agent not to run. */
  readonly #down: I32Column<AgentId>;
  /** Servers that hold a connection to the agent, dead or alive, a bit each. */
  readonly #links: U8Column<AgentId>;
  readonly #dial: Timer<AgentId>;
  readonly #noticed: Timer<AgentId>;

  readonly #foundFact: FactKind;
  readonly #forgottenFact: FactKind;

  listed: ListedServers = () => 0;
  /** A connection came, went, or turned out to be dead. */
  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly sim: Simulation,
    clusters: Clusters,
    readonly parameters: ParameterValues,
  ) {
    this.#agents = sim.table<AgentId>('agent');
    this.#of = new Membership('agents of cluster', clusters.table, this.#agents);
    this.#servers = clusters.table.i32('konnectivityServers');
    this.#down = this.#agents.i32('down');
    this.#links = this.#agents.u8('links');
    this.#foundFact = sim.factKind('agent-found-server');
    this.#forgottenFact = sim.factKind('agent-given-up');
    this.#dial = new Timer(sim, this.#agents, 'agent-connected', 'recover', (agent) =>
      this.#connected(agent),
    );
    this.#noticed = new Timer(sim, this.#agents, 'keepalive-failed', 'control', (agent) =>
      this.#forget(agent),
    );
  }

  /** An agent on a worker, connected to every server that runs. */
  add(cluster: ClusterId, name: string): AgentId {
    const agent = this.#agents.add();
    this.#names[agent] = name;
    this.#of.join(cluster, agent);
    return agent;
  }
  /** At the beginning of a run: which servers run; every agent has found them. */
  settle(cluster: ClusterId, servers: number): void {
    this.#servers.set(cluster, servers);
    for (let agent = this.#of.first(cluster); agent !== NONE; agent = this.#of.next(agent)) {
      if (this.#down.at(agent) === 0) this.#links.set(agent, servers);
    }
  }

  agents(cluster: ClusterId): number {
    return this.#of.count(cluster);
  }
  /** Agents by their position among a cluster's workers. */
  agent(cluster: ClusterId, ordinal: number): AgentId {
    return this.#of.list(cluster)[ordinal]!;
  }

  /** Share of dials into the data plane that succeed, 0 to 1. */
  reach(cluster: ClusterId): number {
    const listed = this.listed(cluster);
    let sum = 0;
    for (let server = 0; listed >> server !== 0; server++) {
      const bit = 1 << server;
      if ((listed & bit) !== 0 && (this.#servers.at(cluster) & bit) !== 0) sum += this.#alive(cluster, bit);
    }
    return listed === 0 ? 0 : sum / bits(listed);
  }

  #alive(cluster: ClusterId, bit: number): number {
    let known = 0;
    let alive = 0;
    for (let agent = this.#of.first(cluster); agent !== NONE; agent = this.#of.next(agent)) {
      if ((this.#links.at(agent) & bit) === 0) continue;
      known++;
      if (this.#down.at(agent) === 0) alive++;
    }
    return known === 0 ? 0 : alive / known;
  }

  /** What keeps dials from succeeding, besides servers that are dead: a server that no agent has found, or agents that are silent. */
  trouble(cluster: ClusterId): Trouble | undefined {
    const listed = this.listed(cluster) & this.#servers.at(cluster);
    let silent: Trouble | undefined;
    let found = 0;
    for (let agent = this.#of.first(cluster); agent !== NONE; agent = this.#of.next(agent)) {
      const links = this.#links.at(agent) & listed;
      found |= links;
      if (this.#down.at(agent) > 0 && (links !== 0 || silent === undefined)) silent = { agent };
    }
    const missed = listed & ~found;
    if (silent !== undefined || missed === 0) return silent;
    return { server: 31 - Math.clz32(missed & -missed) };
  }

  // --- servers ------------------------------------------------------------------------------------------------------

  serverUp(cluster: ClusterId, ordinal: number): void {
    this.#servers.set(cluster, this.#servers.at(cluster) | (1 << ordinal));
    this.listedChanged(cluster);
  }
  serverDown(cluster: ClusterId, ordinal: number): void {
    const keep = ~(1 << ordinal);
    this.#servers.set(cluster, this.#servers.at(cluster) & keep);
    for (let agent = this.#of.first(cluster); agent !== NONE; agent = this.#of.next(agent)) {
      this.#links.set(agent, this.#links.at(agent) & keep);
    }
    this.listedChanged(cluster);
  }
  /** The load balancer hands out other servers now: dialling starts, stops, or has other odds. */
  listedChanged(cluster: ClusterId): void {
    for (let agent = this.#of.first(cluster); agent !== NONE; agent = this.#of.next(agent))
      this.#redial(cluster, agent);
    this.changed.emit(cluster);
  }

  // --- agents -------------------------------------------------------------------------------------------------------

  agentUp(agent: AgentId): void {
    if (this.#down.add(agent, -1) > 0) return;
    this.#noticed.cancel(agent);
    this.#links.set(agent, 0);
    this.#redial(this.#of.parent(agent), agent);
    this.changed.emit(this.#of.parent(agent));
  }
  /** @param loud the process was killed, so its connections break at once; a machine without power says nothing */
  agentDown(agent: AgentId, loud: boolean): void {
    if (this.#down.add(agent, 1) > 1) return;
    this.#dial.cancel(agent);
    if (loud) this.#links.set(agent, 0);
    else this.#noticed.after(agent, this.#keepalive(agent));
    this.changed.emit(this.#of.parent(agent));
  }

  /** The peer is asked after some silence and has a time to answer. */
  #keepalive(agent: AgentId): number {
    const { keepaliveTime, keepaliveTimeout } = this.parameters.konnectivity;
    return Math.round(keepaliveTimeout + this.#uniform(agent) * keepaliveTime);
  }

  #forget(agent: AgentId): void {
    this.#links.set(agent, 0);
    const outer = this.sim.enter(this.sim.emit(this.#forgottenFact, agent));
    this.changed.emit(this.#of.parent(agent));
    this.sim.leave(outer);
  }

  /** Servers that the agent lacks and could get. */
  #missing(cluster: ClusterId, agent: AgentId): number {
    return this.#servers.at(cluster) & this.listed(cluster) & ~this.#links.at(agent);
  }

  /** One dial per sync interval hits a missing server with equal odds for each listed one: a geometric number of dials. */
  #redial(cluster: ClusterId, agent: AgentId): void {
    this.#dial.cancel(agent);
    const missing = bits(this.#missing(cluster, agent));
    if (missing === 0 || this.#down.at(agent) > 0) return;
    const odds = missing / bits(this.listed(cluster));
    const misses = odds >= 1 ? 0 : Math.floor(Math.log(this.#uniform(agent)) / Math.log(1 - odds));
    const interval = this.parameters.konnectivity.syncInterval;
    this.#dial.after(agent, Math.round((misses + this.#uniform(agent)) * interval));
  }

  #connected(agent: AgentId): void {
    const cluster = this.#of.parent(agent);
    const missing = this.#missing(cluster, agent);
    let skip = Math.floor(this.#uniform(agent) * bits(missing));
    for (let server = 0; missing >> server !== 0; server++) {
      const bit = 1 << server;
      if ((missing & bit) === 0 || skip-- > 0) continue;
      this.#links.set(agent, this.#links.at(agent) | bit);
      const outer = this.sim.enter(this.sim.emit(this.#foundFact, agent, server));
      this.#redial(cluster, agent);
      this.changed.emit(cluster);
      this.sim.leave(outer);
      return;
    }
  }

  #uniform(agent: AgentId): number {
    return this.sim.streams.stream('konnectivity', this.#names[agent]!).uniform();
  }
}
