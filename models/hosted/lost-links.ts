/**
 * What becomes of a link between a Konnectivity agent and a server when one end goes, or what is between them: whoever is not told of it
 * believes in the link until its keepalive fails (`tunnel-links.ts` has each end's idea).
 */
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { AgentId, LinkId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import { END, GONE, WHOLE } from './tunnel-links.ts';
import type { Tunnels } from './tunnels.ts';

export class LostLinks {
  readonly #giveUp: Timer<AgentId>;
  readonly #forgottenFact: FactKind;

  constructor(
    readonly sim: Simulation,
    readonly tunnels: Tunnels,
    readonly parameters: ParameterValues,
    /** Of an agent, from 0 to 1. */
    readonly uniform: (agent: AgentId) => number,
    /** Servers have given up links to the agent. */
    readonly givenUp: (agent: AgentId) => void,
  ) {
    this.#forgottenFact = sim.factKind('agent-given-up');
    this.#giveUp = new Timer(sim, tunnels.agents, 'keepalive-failed', 'control', (agent) =>
      this.#forget(agent),
    );
  }

  /** Nobody believes in any link of the agent any more. */
  close(agent: AgentId): void {
    const { tunnels } = this;
    this.#giveUp.cancel(agent);
    for (let server = 0; server < tunnels.slots(tunnels.cluster(agent)); server++)
      tunnels.links.set(tunnels.link(agent, server), 0);
  }

  /** A server stopped. @param loud its process ended, so its connections break at once; a machine without power says nothing */
  serverGone(agent: AgentId, server: number, loud: boolean): void {
    this.#peerGone(agent, this.tunnels.link(agent, server), END.agent, loud);
  }
  /** The agent stopped. @param loud as for a server */
  agentGone(agent: AgentId, loud: boolean): void {
    const { tunnels } = this;
    const until = this.sim.now + (loud ? 0 : this.#keepalive(agent));
    for (let server = 0; server < tunnels.slots(tunnels.cluster(agent)); server++)
      this.#peerGone(agent, tunnels.link(agent, server), END.server, loud, until);
    this.#arm(agent);
  }
  /** One end is gone. The other hears of it when that was loud and the link worked, else it believes in the link until its keepalive fails. */
  #peerGone(agent: AgentId, link: LinkId, stays: number, loud: boolean, until?: number): void {
    const { links } = this.tunnels;
    const worked = links.works(link);
    if (worked && !loud) links.until.set(link, until ?? this.sim.now + this.#keepalive(agent));
    links.set(link, worked && loud ? 0 : links.ends(link) & stays);
  }

  /**
   * A router stopped.
   * @param loud as for a server
   * @returns whether the agent had links through it
   */
  routerGone(agent: AgentId, router: number, loud: boolean): boolean {
    const { links } = this.tunnels;
    const carrier = router + 1;
    let any = false;
    for (let server = 0; server < this.tunnels.slots(this.tunnels.cluster(agent)); server++) {
      const link = this.tunnels.link(agent, server);
      if (links.via.at(link) !== carrier || links.ends(link) === 0) continue;
      any = true;
      links.via.set(link, GONE);
      if (!loud && links.works(link)) links.until.set(link, this.sim.now + this.#keepalive(agent));
      links.set(link, loud ? 0 : links.ends(link) & ~END.works);
    }
    if (any) this.#arm(agent);
    return any;
  }

  /** The network between the agent and servers may be cut now, or mended. */
  review(agent: AgentId): void {
    const { tunnels } = this;
    for (let server = 0; server < tunnels.slots(tunnels.cluster(agent)); server++)
      this.#reviewCut(agent, server);
    this.#arm(agent);
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

  /** The peer is asked after some silence and has a time to answer. */
  #keepalive(agent: AgentId): number {
    const { keepaliveTime, keepaliveTimeout } = this.parameters.konnectivity;
    return Math.round(keepaliveTimeout + this.uniform(agent) * keepaliveTime);
  }

  /** Servers stop dialling through a silent link when its keepalive fails. For the agent's end `until` is enough: it matters when it dials. */
  #arm(agent: AgentId): void {
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
    let given = 0;
    for (let server = 0; server < this.tunnels.slots(this.tunnels.cluster(agent)); server++) {
      const link = this.tunnels.link(agent, server);
      if (!links.silent(link) || links.until.at(link) > this.sim.now) continue;
      links.set(link, 0);
      given++;
    }
    this.#arm(agent);
    if (given === 0) return;
    const outer = this.sim.enter(this.sim.emit(this.#forgottenFact, agent));
    this.givenUp(agent);
    this.sim.leave(outer);
  }
}
