/**
 * Konnectivity: the way from the API servers into the data plane, and to the aggregated APIs of the control plane. A server runs beside
 * each kube-apiserver; agents run on every worker, and two beside the control plane for what lives there. Every agent wants a link to
 * every server and finds them by dialling through a load balancer that picks at random (`agent-loop.ts`). This file is what happens to
 * servers, agents and the network between them; `tunnels.ts` is what that leaves (openshift/hypershift docs reference/konnectivity.md).
 */
import { type I32Column, NONE } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { AgentId, ClusterId, LinkId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';
import { AgentLoop, countBits, type Outcome, type Standing } from './agent-loop.ts';
import { DIRECT, END, GONE, SIDES, type Side, WHOLE } from './tunnel-links.ts';
import { has, Tunnels } from './tunnels.ts';

export class Konnectivity {
  readonly tunnels: Tunnels;
  readonly #loop: AgentLoop;
  /** How many servers there are to be; each tells the agents that find it. */
  readonly #serverCount: I32Column<ClusterId>;
  /** Reasons for an agent not to run. */
  readonly #down: I32Column<AgentId>;
  /** Moves on when the agent's worker is deleted. */
  readonly tenure: I32Column<AgentId>;
  readonly #find: Timer<AgentId>;
  readonly #giveUp: Timer<AgentId>;
  readonly #foundFact: FactKind;
  readonly #forgottenFact: FactKind;

  /** Routers that links of the data plane pass, those that are listed and run, a bit each. Given by the hosted control planes. */
  carriers: (cluster: ClusterId) => number = () => 0;

  /** The share of dials that succeed may have changed, or what keeps it low. */
  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly sim: Simulation,
    clusters: Clusters,
    readonly parameters: ParameterValues,
  ) {
    this.tunnels = new Tunnels(sim, clusters);
    const { agents } = this.tunnels;
    this.#serverCount = clusters.table.i32('konnectivityServerCount');
    this.#down = agents.i32('down');
    this.tenure = agents.i32('tenure');
    this.#loop = new AgentLoop(
      sim,
      agents,
      parameters,
      (agent, server, at) => this.#outcome(agent, server, at),
      (agent) => sim.streams.stream('konnectivity', this.tunnels.name(agent)).uniform(),
    );
    this.#foundFact = sim.factKind('agent-found-server');
    this.#forgottenFact = sim.factKind('agent-given-up');
    this.#find = new Timer(sim, agents, 'agent-connected', 'recover', (agent) => this.#found(agent));
    this.#giveUp = new Timer(sim, agents, 'keepalive-failed', 'control', (agent) => this.#forget(agent));
  }

  /**
   * Gives a cluster its servers; none of them runs yet.
   * @param servers how many there are to be: replicas of kube-apiserver
   * @param redials whether its agents look again for a server that they have lost
   * @param most how many there can be at one time, in a rollout
   */
  begin(cluster: ClusterId, servers: number, redials: boolean, most = servers): void {
    this.tunnels.begin(cluster, most);
    this.tunnels.redials.set(cluster, redials ? 1 : 0);
    this.#serverCount.set(cluster, servers);
  }
  /** An agent whose process runs. */
  add(cluster: ClusterId, side: Side, name: string): AgentId {
    const agent = this.tunnels.add(cluster, side, name);
    this.#loop.restart(agent);
    return agent;
  }
  /** The agent's worker is deleted: its connections are closed in good order. */
  leave(agent: AgentId): void {
    const { tunnels } = this;
    const cluster = tunnels.cluster(agent);
    this.agentDown(agent, true);
    this.#giveUp.cancel(agent);
    for (let server = 0; server < tunnels.slots(cluster); server++)
      tunnels.links.set(tunnels.link(agent, server), 0);
    this.tenure.add(agent, 1);
    tunnels.of.dataPlane.leave(agent);
    this.changed.emit(cluster);
  }
  /** The agent of a new worker; it starts next. */
  rejoin(agent: AgentId, cluster: ClusterId): void {
    this.#down.set(agent, 1);
    this.tunnels.of.dataPlane.join(cluster, agent);
  }
  /** The agent belongs to a worker that exists. */
  belongs(agent: AgentId): boolean {
    return this.tunnels.cluster(agent) !== NONE;
  }

  /** At the beginning of a run: which servers run, a bit each; every agent has found them. */
  settle(cluster: ClusterId, servers: number): void {
    const { tunnels } = this;
    tunnels.up.set(cluster, servers);
    for (const side of SIDES) {
      const of = tunnels.of[side];
      for (let agent = of.first(cluster); agent !== NONE; agent = of.next(agent)) {
        if (this.#down.at(agent) > 0) continue;
        for (let server = 0; servers >> server !== 0; server++)
          if (has(servers, server)) this.#connect(agent, server);
        this.#loop.learn(agent, this.#serverCount.at(cluster), countBits(servers));
      }
    }
  }

  /** What the readiness probe of an agent says: one server is enough, however many it lacks. */
  ready(agent: AgentId): boolean {
    return this.#down.at(agent) === 0 && this.tunnels.held(agent) > 0;
  }

  // --- servers ------------------------------------------------------------------------------------------------------

  serverUp(cluster: ClusterId, ordinal: number): void {
    const { up, silent } = this.tunnels;
    up.set(cluster, up.at(cluster) | (1 << ordinal));
    silent.set(cluster, silent.at(cluster) & ~(1 << ordinal));
    this.listedChanged(cluster);
  }
  /** @param loud the process ended, so its connections break at once; a machine without power says nothing */
  serverDown(cluster: ClusterId, ordinal: number, loud: boolean): void {
    const { up, silent, of } = this.tunnels;
    if (!has(up.at(cluster), ordinal)) return;
    up.set(cluster, up.at(cluster) & ~(1 << ordinal));
    if (!loud) silent.set(cluster, silent.at(cluster) | (1 << ordinal));
    for (const side of SIDES) {
      for (let agent = of[side].first(cluster); agent !== NONE; agent = of[side].next(agent))
        this.#peerGone(agent, this.tunnels.link(agent, ordinal), END.agent, loud);
    }
    this.listedChanged(cluster);
  }

  /** There are to be more or fewer servers. Agents hear of it from the next server that they find, those that look for none never. */
  setServerCount(cluster: ClusterId, servers: number): void {
    this.#serverCount.set(cluster, servers);
  }

  /** The load balancer hands out other servers now: dialling starts, stops, or has other odds. */
  listedChanged(cluster: ClusterId): void {
    this.#redialAll(cluster);
    this.changed.emit(cluster);
  }

  // --- agents -------------------------------------------------------------------------------------------------------

  /** A new process; a machine that has booted answers what is left of old connections with a reset. */
  agentUp(agent: AgentId): void {
    if (this.#down.add(agent, -1) > 0) return;
    const { tunnels } = this;
    const cluster = tunnels.cluster(agent);
    tunnels.running[tunnels.side(agent)].add(cluster, 1);
    this.#giveUp.cancel(agent);
    for (let server = 0; server < tunnels.slots(cluster); server++)
      tunnels.links.set(tunnels.link(agent, server), 0);
    this.#loop.restart(agent);
    this.#redial(agent, 'started');
    this.changed.emit(cluster);
  }
  /** @param loud the process was killed, so its connections break at once; a machine without power says nothing */
  agentDown(agent: AgentId, loud: boolean): void {
    if (this.#down.add(agent, 1) > 1) return;
    const { tunnels } = this;
    const cluster = tunnels.cluster(agent);
    tunnels.running[tunnels.side(agent)].add(cluster, -1);
    this.#stopFinding(agent);
    const until = this.sim.now + (loud ? 0 : this.#keepalive(agent));
    for (let server = 0; server < tunnels.slots(cluster); server++)
      this.#peerGone(agent, tunnels.link(agent, server), END.server, loud, until);
    this.#armGiveUp(agent);
    this.changed.emit(cluster);
  }

  // --- links --------------------------------------------------------------------------------------------------------

  /** The network between agents and servers of the cluster changed. A cut is silent, and a short one ends as if it had not been. */
  linksChanged(cluster: ClusterId): void {
    const { tunnels } = this;
    for (const side of SIDES) {
      const of = tunnels.of[side];
      for (let agent = of.first(cluster); agent !== NONE; agent = of.next(agent)) {
        for (let server = 0; server < tunnels.slots(cluster); server++) this.#reviewCut(agent, server);
        this.#armGiveUp(agent);
      }
    }
    this.listedChanged(cluster);
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

  /** Agents of the data plane get in again, or do not any more; their links fall silent. */
  doorChanged(cluster: ClusterId, open: boolean): void {
    this.tunnels.closed.set(cluster, open ? 0 : 1);
    this.linksChanged(cluster);
  }

  /**
   * A router stopped, and with it the links that it passes on.
   * @param loud the process ended, so both ends hear of it at once; a machine without power says nothing
   */
  routerGone(cluster: ClusterId, ordinal: number, loud: boolean): void {
    const { tunnels } = this;
    const of = tunnels.of.dataPlane;
    for (let agent = of.first(cluster); agent !== NONE; agent = of.next(agent)) {
      if (!this.#carrierGone(agent, ordinal + 1, loud)) continue;
      this.#armGiveUp(agent);
      if (loud) this.#redial(agent, 'between');
    }
    this.changed.emit(cluster);
  }
  /** Whether the agent had links through that router. */
  #carrierGone(agent: AgentId, carrier: number, loud: boolean): boolean {
    const { links } = this.tunnels;
    let any = false;
    for (let server = 0; server < this.tunnels.slots(this.tunnels.cluster(agent)); server++) {
      const link = this.tunnels.link(agent, server);
      if (links.via.at(link) !== carrier || links.ends(link) === 0) continue;
      any = true;
      links.via.set(link, GONE);
      if (!loud && links.works(link)) links.until.set(link, this.sim.now + this.#keepalive(agent));
      links.set(link, loud ? 0 : links.ends(link) & ~END.works);
    }
    return any;
  }

  #reviewCut(agent: AgentId, server: number): void {
    const { links } = this.tunnels;
    const link = this.tunnels.link(agent, server);
    const both = END.agent | END.server;
    if ((links.ends(link) & both) !== both || links.via.at(link) === GONE) return;
    const cut = this.tunnels.apart(agent, server);
    if (cut && links.works(link)) links.until.set(link, this.sim.now + this.#keepalive(agent));
    links.set(link, cut ? both : WHOLE);
  }

  /** One end is gone. The other hears of it when that was loud and the link worked, else it believes in the link until its keepalive fails. */
  #peerGone(agent: AgentId, link: LinkId, stays: number, loud: boolean, until?: number): void {
    const { links } = this.tunnels;
    const worked = links.works(link);
    if (worked && !loud) links.until.set(link, until ?? this.sim.now + this.#keepalive(agent));
    links.set(link, worked && loud ? 0 : links.ends(link) & stays);
  }

  /** The peer is asked after some silence and has a time to answer. */
  #keepalive(agent: AgentId): number {
    const { keepaliveTime, keepaliveTimeout } = this.parameters.konnectivity;
    return Math.round(keepaliveTimeout + this.#loop.uniform(agent) * keepaliveTime);
  }

  /** Servers stop dialling through a silent link when its keepalive fails. For the agent's end `until` is enough: it matters when it dials. */
  #armGiveUp(agent: AgentId): void {
    const { tunnels } = this;
    let first = Number.POSITIVE_INFINITY;
    for (let server = 0; server < tunnels.slots(tunnels.cluster(agent)); server++) {
      const link = tunnels.link(agent, server);
      if (tunnels.links.silent(link)) first = Math.min(first, tunnels.links.until.at(link));
    }
    if (first === Number.POSITIVE_INFINITY) this.#giveUp.cancel(agent);
    else this.#giveUp.at(agent, Math.max(first, this.sim.now));
  }

  #forget(agent: AgentId): void {
    const { links } = this.tunnels;
    const cluster = this.tunnels.cluster(agent);
    let given = 0;
    for (let server = 0; server < this.tunnels.slots(cluster); server++) {
      const link = this.tunnels.link(agent, server);
      if (!links.silent(link) || links.until.at(link) > this.sim.now) continue;
      links.set(link, 0);
      given++;
    }
    this.#armGiveUp(agent);
    if (given === 0) return;
    const outer = this.sim.enter(this.sim.emit(this.#forgottenFact, agent));
    this.#redial(agent, 'between');
    this.changed.emit(cluster);
    this.sim.leave(outer);
  }

  // --- dialling -----------------------------------------------------------------------------------------------------

  #outcome(agent: AgentId, server: number, at: number): Outcome {
    const { tunnels } = this;
    const cluster = tunnels.cluster(agent);
    if (!has(tunnels.up.at(cluster), server))
      return has(tunnels.silent.at(cluster), server) ? 'silent' : 'refused';
    if (tunnels.apart(agent, server)) return 'silent';
    return tunnels.links.held(tunnels.link(agent, server), at) ? 'duplicate' : 'new';
  }

  /** Has every agent look again at what it could find; without a walk where each has found all there is. */
  #redialAll(cluster: ClusterId): void {
    const { tunnels } = this;
    const servers = tunnels.listedAndUp(cluster);
    for (const side of SIDES) {
      const calm = servers !== 0 && tunnels.finding[side].at(cluster) === 0;
      if (calm && tunnels.complete(cluster, side, servers)) continue;
      const of = tunnels.of[side];
      for (let agent = of.first(cluster); agent !== NONE; agent = of.next(agent))
        this.#redial(agent, 'between');
    }
  }

  #redial(agent: AgentId, standing: Standing): void {
    this.#stopFinding(agent);
    if (this.#down.at(agent) > 0) return;
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

  #stopFinding(agent: AgentId): void {
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
    this.#loop.learn(agent, this.#serverCount.at(cluster), tunnels.held(agent));
    if (whole) {
      this.#redial(agent, 'found');
      if (tunnels.finding[side].at(cluster) === 0 && tunnels.redials.at(cluster) === 0)
        this.changed.emit(cluster);
      return;
    }
    const outer = this.sim.enter(this.sim.emit(this.#foundFact, agent, server));
    this.#redial(agent, 'found');
    this.changed.emit(cluster);
    this.sim.leave(outer);
  }
}
