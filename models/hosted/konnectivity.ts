/**
 * Konnectivity: the way from the API servers into the data plane, and to the aggregated APIs of the control plane. A server runs beside
 * each kube-apiserver; agents run on every worker, and two beside the control plane for what lives there. Every agent wants a link to
 * every server and finds them by dialling through a load balancer that picks at random (`dialling.ts`). This file is what happens to
 * servers, agents and the network between them; `lost-links.ts` is what links go by it, `tunnels.ts` what that leaves (openshift/hypershift
 * docs reference/konnectivity.md).
 */
import { type I32Column, NONE } from '../../sim/entities.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { AgentId, ClusterId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { ParameterValues } from '../parameters.ts';
import { Signal } from '../signal.ts';
import { Dialling } from './dialling.ts';
import { LostLinks } from './lost-links.ts';
import { SIDES, type Side } from './tunnel-links.ts';
import { has, Tunnels } from './tunnels.ts';

export class Konnectivity {
  readonly tunnels: Tunnels;
  readonly dialling: Dialling;
  readonly #lost: LostLinks;
  /** Reasons for an agent not to run. */
  readonly #down: I32Column<AgentId>;
  /** Moves on when the agent's worker is deleted. */
  readonly tenure: I32Column<AgentId>;

  /** The share of dials that succeed may have changed, or what keeps it low. */
  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly sim: Simulation,
    clusters: Clusters,
    parameters: ParameterValues,
  ) {
    this.tunnels = new Tunnels(sim, clusters);
    const { agents } = this.tunnels;
    this.#down = agents.i32('down');
    this.tenure = agents.i32('tenure');
    const uniform = (agent: AgentId): number =>
      sim.streams.stream('konnectivity', this.tunnels.name(agent)).uniform();
    const runs = (agent: AgentId): boolean => this.#down.at(agent) === 0;
    this.dialling = new Dialling(sim, clusters, this.tunnels, parameters, uniform, runs, this.changed);
    this.#lost = new LostLinks(sim, this.tunnels, parameters, uniform, (agent) => {
      this.dialling.redial(agent, 'between');
      this.changed.emit(this.tunnels.cluster(agent));
    });
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
    this.dialling.serverCount.set(cluster, servers);
  }
  /** An agent whose process runs. */
  add(cluster: ClusterId, side: Side, name: string): AgentId {
    const agent = this.tunnels.add(cluster, side, name);
    this.dialling.restart(agent);
    return agent;
  }
  /** The agent's worker is deleted: its connections are closed in good order. */
  leave(agent: AgentId): void {
    const { tunnels } = this;
    const cluster = tunnels.cluster(agent);
    this.agentDown(agent, true);
    this.#lost.close(agent);
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
        if (this.#down.at(agent) === 0) this.dialling.settle(agent, servers);
      }
    }
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
        this.#lost.serverGone(agent, ordinal, loud);
    }
    this.listedChanged(cluster);
  }

  /** The load balancer hands out other servers now: dialling starts, stops, or has other odds. */
  listedChanged(cluster: ClusterId): void {
    this.dialling.redialAll(cluster);
    this.changed.emit(cluster);
  }

  // --- agents -------------------------------------------------------------------------------------------------------

  /** A new process; a machine that has booted answers what is left of old connections with a reset. */
  agentUp(agent: AgentId): void {
    if (this.#down.add(agent, -1) > 0) return;
    const { tunnels } = this;
    const cluster = tunnels.cluster(agent);
    tunnels.running[tunnels.side(agent)].add(cluster, 1);
    this.#lost.close(agent);
    this.dialling.restart(agent);
    this.dialling.redial(agent, 'started');
    this.changed.emit(cluster);
  }
  /** @param loud the process was killed, so its connections break at once; a machine without power says nothing */
  agentDown(agent: AgentId, loud: boolean): void {
    if (this.#down.add(agent, 1) > 1) return;
    const { tunnels } = this;
    const cluster = tunnels.cluster(agent);
    tunnels.running[tunnels.side(agent)].add(cluster, -1);
    this.dialling.stop(agent);
    this.#lost.agentGone(agent, loud);
    this.changed.emit(cluster);
  }

  // --- the network between them ------------------------------------------------------------------------------------

  /** The network between agents and servers of the cluster changed. A cut is silent, and a short one ends as if it had not been. */
  linksChanged(cluster: ClusterId): void {
    const { tunnels } = this;
    for (const side of SIDES) {
      const of = tunnels.of[side];
      for (let agent = of.first(cluster); agent !== NONE; agent = of.next(agent)) this.#lost.review(agent);
    }
    this.listedChanged(cluster);
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
      if (this.#lost.routerGone(agent, ordinal, loud) && loud) this.dialling.redial(agent, 'between');
    }
    this.changed.emit(cluster);
  }
}
