/**
 * Which Konnectivity agents look for a server, from when on, and what they find. The dials themselves are drawn by `agent-loop.ts`, from the
 * present state of the world; whenever that changes, whoever looks begins anew.
 */
import { type I32Column, NONE } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { AgentId, ClusterId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Signal } from '../signal.ts';
import { AgentLoop, countBits, type Outcome, type Standing } from './agent-loop.ts';
import { DIRECT, SIDES, WHOLE } from './tunnel-links.ts';
import { has, type Tunnels } from './tunnels.ts';

export class Dialling {
  /** How many servers there are to be; each tells the agents that find it. */
  readonly serverCount: I32Column<ClusterId>;
  readonly #loop: AgentLoop;
  readonly #find: Timer<AgentId>;
  readonly #foundFact: FactKind;

  /** Routers that links of the data plane pass, those that are listed and run, a bit each. Given by the hosted control planes. */
  carriers: (cluster: ClusterId) => number = () => 0;

  constructor(
    readonly sim: Simulation,
    clusters: Clusters,
    readonly tunnels: Tunnels,
    parameters: ParameterValues,
    /** Of an agent, from 0 to 1. */
    uniform: (agent: AgentId) => number,
    /** The process of an agent runs. */
    readonly runs: (agent: AgentId) => boolean,
    /** The share of dials that succeed may have changed, or what keeps it low. */
    readonly changed: Signal<[cluster: ClusterId]>,
  ) {
    const { agents } = tunnels;
    this.serverCount = clusters.table.i32('konnectivityServerCount');
    const outcome = (agent: AgentId, server: number, at: number) => this.#outcome(agent, server, at);
    this.#loop = new AgentLoop(sim, agents, parameters, outcome, uniform);
    this.#foundFact = sim.factKind('agent-found-server');
    this.#find = new Timer(sim, agents, 'agent-connected', 'recover', (agent) => this.#found(agent));
  }

  /** The process of the agent is a new one, and knows nothing. */
  restart(agent: AgentId): void {
    this.#loop.restart(agent);
  }

  /** At the beginning of a run: the agent has found these servers, a bit each. */
  settle(agent: AgentId, servers: number): void {
    for (let server = 0; servers >> server !== 0; server++)
      if (has(servers, server)) this.#connect(agent, server);
    this.#loop.learn(agent, this.serverCount.at(this.tunnels.cluster(agent)), countBits(servers));
  }

  /** Has every agent look again at what it could find; without a walk where each has found all there is. */
  redialAll(cluster: ClusterId): void {
    const { tunnels } = this;
    const servers = tunnels.listedAndUp(cluster);
    for (const side of SIDES) {
      const calm = servers !== 0 && tunnels.finding[side].at(cluster) === 0;
      if (calm && tunnels.complete(cluster, side, servers)) continue;
      const of = tunnels.of[side];
      for (let agent = of.first(cluster); agent !== NONE; agent = of.next(agent))
        this.redial(agent, 'between');
    }
  }

  /** Has an agent look again at what it could find. */
  redial(agent: AgentId, standing: Standing): void {
    this.stop(agent);
    if (!this.runs(agent)) return;
    const { tunnels } = this;
    const cluster = tunnels.cluster(agent);
    const servers = tunnels.listedAndUp(cluster);
    let reached = false;
    let lacks = false;
    for (let server = 0; servers >> server !== 0; server++) {
      if (!has(servers, server) || tunnels.apart(agent, server)) continue;
      reached = true;
      if (!tunnels.links.works(tunnels.link(agent, server))) lacks = true;
    }
    if (!reached) this.#loop.failing(agent);
    else if (!lacks) this.#loop.succeeding(agent);
    const from = lacks ? this.#looksFrom(agent) : Number.POSITIVE_INFINITY;
    if (from === Number.POSITIVE_INFINITY) return;
    tunnels.finding[tunnels.side(agent)].add(cluster, 1);
    this.#find.at(agent, this.#loop.find(agent, tunnels.listed(cluster), from, standing));
  }

  /** The agent looks for nothing any more. */
  stop(agent: AgentId): void {
    if (!this.#find.armed(agent)) return;
    this.#find.cancel(agent);
    const { finding } = this.tunnels;
    finding[this.tunnels.side(agent)].add(this.tunnels.cluster(agent), -1);
  }

  /** From when on the agent dials, or Infinity. */
  #looksFrom(agent: AgentId): number {
    if (this.tunnels.redials.at(this.tunnels.cluster(agent)) === 1) return this.sim.now;
    if (!this.#loop.searching(agent)) return this.#heldUntil(agent, Math.max);
    const lacking = this.#loop.told(agent) - this.tunnels.held(agent);
    if (this.#loop.told(agent) === 0 || lacking > 0) return this.sim.now;
    return lacking < 0 ? Number.POSITIVE_INFINITY : this.#heldUntil(agent, Math.min);
  }

  /** When the first (`Math.min`) or the last (`Math.max`) server that the agent takes itself for connected to is given up; now, without any. */
  #heldUntil(agent: AgentId, pick: (a: number, b: number) => number): number {
    const { links } = this.tunnels;
    let until: number | undefined;
    for (let server = 0; server < this.tunnels.slots(this.tunnels.cluster(agent)); server++) {
      const link = this.tunnels.link(agent, server);
      if (!links.held(link, this.sim.now)) continue;
      const own = links.works(link) ? Number.POSITIVE_INFINITY : links.until.at(link);
      until = until === undefined ? own : pick(until, own);
    }
    return until ?? this.sim.now;
  }

  /**
   * Of many agents that find a server the first one matters: it serves every dial. The others are no fact; but once the last of a side that
   * does not redial has ended its search, what it did not find is stuck.
   */
  #found(agent: AgentId): void {
    const { tunnels } = this;
    const cluster = tunnels.cluster(agent);
    const server = this.#loop.next(agent);
    const side = tunnels.side(agent);
    const whole = tunnels.links.whole(tunnels.view(cluster, side, server));
    tunnels.finding[side].add(cluster, -1);
    this.#connect(agent, server);
    this.#loop.learn(agent, this.serverCount.at(cluster), tunnels.held(agent));
    if (whole) {
      this.redial(agent, 'found');
      if (tunnels.finding[side].at(cluster) === 0 && tunnels.redials.at(cluster) === 0)
        this.changed.emit(cluster);
      return;
    }
    const outer = this.sim.enter(this.sim.emit(this.#foundFact, agent, server));
    this.redial(agent, 'found');
    this.changed.emit(cluster);
    this.sim.leave(outer);
  }

  #outcome(agent: AgentId, server: number, at: number): Outcome {
    const { tunnels } = this;
    const cluster = tunnels.cluster(agent);
    if (!has(tunnels.up.at(cluster), server))
      return has(tunnels.silent.at(cluster), server) ? 'silent' : 'refused';
    if (tunnels.apart(agent, server)) return 'silent';
    return tunnels.links.held(tunnels.link(agent, server), at) ? 'duplicate' : 'new';
  }

  #connect(agent: AgentId, server: number): void {
    const { links } = this.tunnels;
    const link = this.tunnels.link(agent, server);
    links.via.set(link, this.tunnels.side(agent) === 'dataPlane' ? this.#carrier(agent) : DIRECT);
    links.set(link, WHOLE);
  }

  /** Any of the routers that connections are sent to and that run. */
  #carrier(agent: AgentId): number {
    const carriers = this.carriers(this.tunnels.cluster(agent));
    if (carriers === 0) return DIRECT;
    let left = Math.floor(this.#loop.uniform(agent) * countBits(carriers));
    let router = 0;
    while (!has(carriers, router) || left-- > 0) router++;
    return router + 1;
  }
}
