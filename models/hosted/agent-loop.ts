/**
 * The loop in which a Konnectivity agent looks for servers (kubernetes-sigs/apiserver-network-proxy pkg/agent/clientset.go): a dial goes
 * to one of the servers that the load balancer lists, whichever. A new server is kept; after a dial that meets one already connected
 * the loop sleeps a sync interval; after one that fails it sleeps longer each time, up to the cap.
 *
 * Whether an agent that has lost a server looks for it again is where sources disagree. The loop as written dials while it holds fewer
 * servers than it was told there are. Live clusters of releases without the flag sync-forever do not: their agents stay at two of
 * three until they are restarted (openshift/hypershift pulls 9260, 9430, which set the flag). Here a release decides, by
 * `konnectivity.redialFrom`: before it agents look only until they have been complete once, and again when they have lost all.
 */
import { invariant } from '../../sim/assert.ts';
import type { F64Column, Table, U8Column } from '../../sim/entities.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { AgentId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';

/** What a dial comes to: a new server, one already connected, a refusal, or no answer at all. */
export type Outcome = 'new' | 'duplicate' | 'refused' | 'silent';
/** Tells what a dial to a server at an instant comes to. */
export type OutcomeOf = (agent: AgentId, server: number, at: number) => Outcome;

/** Where the loop stands when it is looked at: its process just started, a server was just found, or anywhere between two dials. */
export type Standing = 'started' | 'found' | 'between';

/** The back-off of the loop: clientset.go resetBackoff. */
const FACTOR = 1.5;
const JITTER = 0.1;
/** Dials without success although a server is there to be found: practically impossible. */
const MOST_DIALS = 100_000;
const NOT_FAILING = -1;

export class AgentLoop {
  readonly #told: U8Column<AgentId>;
  readonly #searching: U8Column<AgentId>;
  /** Since when no server could be reached. */
  readonly #failing: F64Column<AgentId>;
  readonly #next: U8Column<AgentId>;

  constructor(
    readonly sim: Simulation,
    agents: Table<AgentId>,
    readonly parameters: ParameterValues,
    readonly outcome: OutcomeOf,
    readonly uniform: (agent: AgentId) => number,
  ) {
    this.#told = agents.u8('serversTold');
    this.#searching = agents.u8('searching');
    this.#failing = agents.f64('failingSince', NOT_FAILING);
    this.#next = agents.u8('serverNext');
  }

  /** How many servers there are, as the last server found said; 0 before the first. */
  told(agent: AgentId): number {
    return this.#told.at(agent);
  }
  /** The agent has not been complete since it started, or since it last lost all. */
  searching(agent: AgentId): boolean {
    return this.#searching.at(agent) === 1;
  }
  /** The server that `find` found. */
  next(agent: AgentId): number {
    return this.#next.at(agent);
  }

  /** The process starts with no idea of how many servers there are. */
  restart(agent: AgentId): void {
    this.#told.set(agent, 0);
    this.#searching.set(agent, 1);
    this.#failing.set(agent, NOT_FAILING);
  }

  /** The agent was told by a server how many there are; holding all of them, its search is over. */
  learn(agent: AgentId, servers: number, held: number): void {
    this.#told.set(agent, servers);
    this.#searching.set(agent, held < servers ? 1 : 0);
  }

  /** No server can be reached from now on: the pauses grow. */
  failing(agent: AgentId): void {
    if (this.#failing.at(agent) === NOT_FAILING) this.#failing.set(agent, this.sim.now);
  }
  succeeding(agent: AgentId): void {
    this.#failing.set(agent, NOT_FAILING);
  }

  /**
   * Draws the dials until one finds a server, from the present state of the world; when that changes, they are drawn anew.
   * @param listed the servers that the load balancer hands out, a bit each; at least one of them can be found
   * @param from the instant at which the agent begins to look, not before now
   * @returns the instant of the find; the server stands in `next`
   */
  find(agent: AgentId, listed: number, from: number, standing: Standing): number {
    let failures = this.#failuresSoFar(agent);
    this.#failing.set(agent, NOT_FAILING);
    let at = from + this.#untilDial(agent, standing, failures);
    for (let dial = 0; dial < MOST_DIALS; dial++) {
      const server = this.#any(agent, listed);
      const outcome = this.outcome(agent, server, at);
      if (outcome === 'new') {
        this.#next.set(agent, server);
        return Math.round(at);
      }
      failures = outcome === 'duplicate' ? 0 : failures + 1;
      if (outcome === 'silent') at += this.parameters.konnectivity.connectTimeout;
      at += this.#pause(agent, Math.max(0, failures - 1));
    }
    return invariant(false, () => `agent ${agent} dials in vain`) as never;
  }

  #untilDial(agent: AgentId, standing: Standing, failures: number): number {
    if (standing === 'started') return 0;
    const pause = this.#pause(agent, Math.max(0, failures - 1));
    return standing === 'found' ? pause : this.uniform(agent) * pause;
  }

  /** Dials that failed one after the other since no server could be reached. */
  #failuresSoFar(agent: AgentId): number {
    const since = this.#failing.at(agent);
    if (since === NOT_FAILING) return 0;
    let failures = 1;
    let elapsed = 0;
    while (this.#interval(failures - 1) < this.parameters.konnectivity.syncIntervalCap) {
      elapsed += this.#interval(failures - 1) * (1 + JITTER / 2);
      if (since + elapsed > this.sim.now) break;
      failures++;
    }
    return failures;
  }

  /** Pause after so many failures beyond the first, without jitter. */
  #interval(step: number): number {
    const { syncInterval, syncIntervalCap } = this.parameters.konnectivity;
    return Math.min(syncIntervalCap, syncInterval * FACTOR ** Math.min(step, 64));
  }
  #pause(agent: AgentId, step: number): number {
    return this.#interval(step) * (1 + JITTER * this.uniform(agent));
  }

  #any(agent: AgentId, listed: number): number {
    let skip = Math.floor(this.uniform(agent) * countBits(listed));
    for (let server = 0; ; server++) {
      if (((listed >> server) & 1) === 1 && skip-- === 0) return server;
    }
  }
}

/** How many bits of a mask are set. */
export function countBits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
