/**
 * The half of the cluster autoscaler that gives machines up: a node that is little used and whose pods would fit elsewhere goes when it has been
 * so for long, emptied by evictions that its budgets allow, one by one; empty nodes go together
 * (kubernetes/autoscaler cluster-autoscaler/core/scaledown). A node that is not Ready is no candidate: that is the work of
 * machine health checks.
 */
import type { F64Column, U8Column } from '../../../sim/entities.ts';
import type { FactKind } from '../../../sim/facts.ts';
import type { ClusterId, NodeId, PoolId } from '../../ids.ts';
import type { Trial } from '../../scheduler/trial.ts';
import type { AutoscaledWorld, Remind } from './autoscaler.ts';
import type { ScaledPools } from './scaled-pools.ts';

const NEVER = -1;
const LONG_AGO = Number.NEGATIVE_INFINITY;

export class ScaleDown {
  /** When a node of the cluster could last not be emptied. */
  readonly #failed: F64Column<ClusterId>;
  readonly #unneededSince: F64Column<NodeId>;
  /** It is being emptied to go. */
  readonly #emptying: U8Column<NodeId>;
  readonly #unneededFact: FactKind;
  readonly #failedFact: FactKind;

  constructor(
    readonly world: AutoscaledWorld,
    readonly pools: ScaledPools,
    readonly remind: Remind,
  ) {
    const { sim, clusters, machines } = world;
    this.#failed = clusters.table.f64('autoscalerFailed', LONG_AGO);
    this.#unneededSince = machines.table.f64('unneededSince', NEVER);
    this.#emptying = machines.table.u8('autoscalerEmpties');
    this.#unneededFact = sim.factKind('node-unneeded');
    this.#failedFact = sim.factKind('scale-down-failed');
  }

  /** Nobody leads any more: nobody evicts. */
  stop(cluster: ClusterId): void {
    for (const node of this.pools.nodes(cluster))
      if (this.#emptying.at(node) === 1) this.world.drains.stop(node);
  }
  /** A new leader knows only what it finds; what its predecessor was emptying takes pods again. */
  forget(cluster: ClusterId): void {
    this.#failed.set(cluster, LONG_AGO);
    for (const node of this.pools.nodes(cluster)) {
      if (this.#emptying.at(node) === 1) this.#letStay(node);
      this.#unneededSince.set(node, NEVER);
    }
  }

  /** Somebody had the machine deleted: what is known of it is over. */
  gone(node: NodeId): void {
    this.#emptying.set(node, 0);
    this.#unneededSince.set(node, NEVER);
  }

  /** Times what is unneeded, and has those nodes go that have been for long. */
  shrink(cluster: ClusterId, trial: Trial, grown: number): void {
    const { sim, parameters } = this.world;
    const { unneeded, delayAfterAdd, delayAfterFailure } = parameters.autoscaler;
    const ready = trial.table.nodes.filter((node) => this.#takesPods(node));
    const receivers = new Set<NodeId>();
    const free = Math.max(grown + delayAfterAdd, this.#failed.at(cluster) + delayAfterFailure);
    const due: NodeId[] = [];
    for (const pool of this.pools.of(cluster)) {
      let spare = this.#spare(pool);
      for (const node of this.world.nodePools.slots.list(pool)) {
        const goes = spare > 0 && this.#isUnneeded(node, trial, ready, receivers);
        if (goes) spare--;
        if (!goes) this.#unneededSince.set(node, NEVER);
        else if (this.#unneededSince.at(node) === NEVER) this.#unneededSince.set(node, sim.now);
        if (!goes) continue;
        const at = Math.max(free, this.#unneededSince.at(node) + unneeded);
        if (at <= sim.now) due.push(node);
        else this.remind(cluster, at);
      }
    }
    this.#empty(cluster, due);
  }

  /** Machines of a pool above its lower bound, less those that go already. */
  #spare(pool: PoolId): number {
    const { nodePools } = this.world;
    const going = nodePools.slots.list(pool).filter((node) => this.#emptying.at(node) === 1).length;
    return nodePools.wishes.of(pool) - this.pools.min(pool) - going;
  }

  #takesPods(node: NodeId): boolean {
    const { lifecycle, drains } = this.world;
    return lifecycle.registered(node) && lifecycle.ready(node) && !drains.cordoned(node);
  }

  /** It is little used, nobody is to go there, its budgets let its pods go, and all of them fit elsewhere. */
  #isUnneeded(node: NodeId, trial: Trial, ready: readonly NodeId[], receivers: Set<NodeId>): boolean {
    const { machines, requested, nodePools, parameters, pods, budgets } = this.world;
    if (receivers.has(node) || !this.#takesPods(node) || !nodePools.stays(node)) return false;
    const cpu = requested.cpuMillis.at(node) / machines.cpuMillis.at(node);
    const memory = requested.memoryMib.at(node) / machines.memoryMib.at(node);
    if (Math.max(cpu, memory) >= parameters.autoscaler.utilization) return false;
    const leaving = pods.ofNode.list(node).filter((pod) => !pods.terminating(pod));
    const sets = leaving.map((pod) => pods.set.at(pod));
    const allowed = (set: (typeof sets)[number]): boolean =>
      sets.filter((one) => one === set).length <= budgets.disruptionsAllowed(set);
    if (!sets.every(allowed)) return false;
    const taken: NodeId[] = [];
    const fit = trial.attempt(() => {
      trial.close(node);
      return leaving.every((pod) => {
        const other = ready.find((candidate) => trial.fits(pod, candidate));
        if (other === undefined) return false;
        trial.put(pod, other);
        taken.push(other);
        return true;
      });
    });
    if (fit) for (const other of taken) receivers.add(other);
    return fit;
  }

  /** Several nodes at one time; of those that have pods only a few. */
  #empty(cluster: ClusterId, due: readonly NodeId[]): void {
    const { sim, drains, pods, parameters } = this.world;
    const { parallel, parallelDrains, evictionRetry, evictionTimeout } = parameters.autoscaler;
    const going = this.pools.nodes(cluster).filter((node) => this.#emptying.at(node) === 1);
    let all = going.length;
    let withPods = going.filter((node) => pods.ofNode.count(node) > 0).length;
    for (const node of due) {
      const hasPods = pods.ofNode.count(node) > 0;
      if (all >= parallel || (hasPods && withPods >= parallelDrains)) continue;
      all++;
      if (hasPods) withPods++;
      this.#emptying.set(node, 1);
      const outer = sim.enter(sim.emit(this.#unneededFact, node));
      drains.begin(node, {
        by: 'clusterAutoscaler',
        retry: evictionRetry,
        timeout: evictionTimeout,
        skipUnreachable: 0,
      });
      sim.leave(outer);
    }
  }

  /** The node is empty, or the patience with its pods is over. */
  emptied(node: NodeId, able: boolean): void {
    if (this.#emptying.at(node) === 0) return;
    const { nodePools, machines, pods, sim } = this.world;
    const cluster = machines.cluster.at(node);
    const pool = nodePools.slots.parent(node);
    const goes = able && nodePools.wishes.of(pool) > this.pools.min(pool);
    if (goes && nodePools.stays(node) && pods.ofNode.count(node) === 0) {
      this.#emptying.set(node, 0);
      nodePools.remove(node);
    } else {
      this.#failed.set(cluster, sim.now);
      const outer = sim.enter(sim.emit(this.#failedFact, node));
      this.#letStay(node);
      sim.leave(outer);
    }
  }

  /** The node is emptied no longer and takes pods again. */
  #letStay(node: NodeId): void {
    this.#emptying.set(node, 0);
    this.#unneededSince.set(node, NEVER);
    if (this.world.nodePools.stays(node)) this.world.drains.uncordon(node);
  }
}
