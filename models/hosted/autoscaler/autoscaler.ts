/**
 * The cluster autoscaler of hosted clusters whose node pools have autoScaling. Pods that no node takes make it want more machines
 * (`scale-up.ts`), nodes that are little used go after a while (`scale-down.ts`); machines come and go through `../node-pools.ts`
 * (kubernetes/autoscaler cluster-autoscaler; openshift/hypershift docs/content/how-to/autoscaling.md). It is one process with a lease:
 * it acts while it leads and reaches both APIs, and a new leader remembers nothing.
 *
 * It looks every ten seconds, but only after something changed, or when something that it waits for is due.
 */
import type { F64Column, U8Column } from '../../../sim/entities.ts';
import { Timer } from '../../../sim/timer.ts';
import type { ClusterId, NodeId, PoolId } from '../../ids.ts';
import type { AutoScalingPlan } from '../../plan/fleet.ts';
import { Trial } from '../../scheduler/trial.ts';
import type { World } from '../../world.ts';
import { ScaleDown } from './scale-down.ts';
import { ScaleUp } from './scale-up.ts';
import { ScaledPools } from './scaled-pools.ts';

/** The models that it works with. */
export type AutoscaledWorld = Pick<
  World,
  | 'sim'
  | 'clusters'
  | 'leadership'
  | 'machines'
  | 'pods'
  | 'lifecycle'
  | 'orphans'
  | 'budgets'
  | 'drains'
  | 'nodePools'
  | 'requested'
  | 'scheduler'
  | 'parameters'
>;

/** Has it look at a cluster at the first beat from an instant on. */
export type Remind = (cluster: ClusterId, at: number) => void;

export class Autoscaler {
  readonly #pools: ScaledPools;
  readonly #up: ScaleUp;
  readonly #down: ScaleDown;
  /** Clusters with a pool that scales by itself. */
  readonly #clusters: ClusterId[] = [];
  readonly #scaled: U8Column<ClusterId>;
  readonly #phase: F64Column<ClusterId>;
  readonly #scan: Timer<ClusterId>;

  constructor(readonly world: AutoscaledWorld) {
    const { sim, clusters, nodePools } = world;
    const remind: Remind = (cluster, at) => this.#arm(cluster, at);
    this.#pools = new ScaledPools(nodePools);
    this.#up = new ScaleUp(world, this.#pools, remind);
    this.#down = new ScaleDown(world, this.#pools, remind);
    this.#scaled = clusters.table.u8('autoscaled');
    this.#phase = clusters.table.f64('autoscalerPhase');
    this.#scan = new Timer(sim, clusters.table, 'autoscaler-looks', 'control', (cluster) =>
      this.#look(cluster),
    );
    this.#listen();
  }

  /** What may make pods fit or not, nodes needed or not, and the autoscaler able or not. */
  #listen(): void {
    const {
      clusters,
      leadership,
      machines,
      pods,
      lifecycle,
      orphans,
      budgets,
      drains,
      nodePools,
      scheduler,
    } = this.world;
    const ofNode = (node: NodeId): void => this.#changed(machines.cluster.at(node));
    pods.assigned.subscribe((pod) => this.#changed(pods.cluster(pod)));
    pods.removing.subscribe((pod) => this.#changed(pods.cluster(pod)));
    scheduler.unschedulable.subscribe((pod) => this.#changed(pods.cluster(pod)));
    budgets.loosened.subscribe((set) => this.#changed(pods.sets.cluster.at(set)));
    lifecycle.schedulable.subscribe((node) => this.#joined(node));
    lifecycle.unready.subscribe(ofNode);
    drains.uncordoned.subscribe(ofNode);
    drains.drained.subscribe((node) => this.#drained(node));
    nodePools.created.subscribe((node) => this.#awaits(node));
    nodePools.deleted.subscribe((node) => {
      this.#down.gone(node);
      ofNode(node);
    });
    orphans.deleted.subscribe((node) => this.#awaits(node));
    leadership.changed.subscribe((cluster, leader, held) => {
      if (leader === 'cluster-autoscaler' && this.#scales(cluster)) this.#leads(cluster, held);
    });
    clusters.apiChanged.subscribe((cluster, up) => {
      if (up) for (const one of this.#clusters) if (this.#hangsOn(one, cluster)) this.#changed(one);
    });
  }

  /** Puts a pool into its hands. */
  enter(pool: PoolId, bounds: AutoScalingPlan): void {
    const cluster = this.world.nodePools.ofCluster.parent(pool);
    this.#pools.enter(pool, bounds);
    if (!this.#scales(cluster)) {
      this.#scaled.set(cluster, 1);
      this.#clusters.push(cluster);
      this.#drawPhase(cluster);
    }
    this.#changed(cluster);
  }
  /** The bounds of a pool; undefined when people say how many machines it has. */
  bounds(pool: PoolId): AutoScalingPlan | undefined {
    return this.#pools.has(pool) ? { min: this.#pools.min(pool), max: this.#pools.max(pool) } : undefined;
  }

  #scales(cluster: ClusterId): boolean {
    return this.#scaled.at(cluster) === 1;
  }
  #hangsOn(cluster: ClusterId, api: ClusterId): boolean {
    return cluster === api || this.world.clusters.host.at(cluster) === api;
  }

  /** It leads, reads pods and nodes from the hosted API, and writes the sizes of pools to the management API. */
  #able(cluster: ClusterId): boolean {
    const { clusters, leadership } = this.world;
    if (clusters.heldUp(cluster)) return true;
    const apis = clusters.apiUp(cluster) && clusters.apiUp(clusters.host.at(cluster));
    return apis && leadership.held(cluster, 'cluster-autoscaler');
  }

  #drawPhase(cluster: ClusterId): void {
    const { sim, clusters, parameters } = this.world;
    const stream = sim.streams.stream('autoscaler-phase', clusters.key(cluster));
    this.#phase.set(cluster, Math.floor(stream.uniform() * parameters.autoscaler.scanPeriod));
  }

  /** It looks at its next beat after an instant. */
  #arm(cluster: ClusterId, after: number): void {
    const { scanPeriod } = this.world.parameters.autoscaler;
    const phase = this.#phase.at(cluster);
    const beat = phase + Math.ceil((after - phase) / scanPeriod) * scanPeriod;
    if (!this.#scan.armed(cluster) || this.#scan.due(cluster) > beat) this.#scan.at(cluster, beat);
  }

  #changed(cluster: ClusterId): void {
    if (this.#scales(cluster)) this.#arm(cluster, this.world.sim.now + 1);
  }

  #awaits(node: NodeId): void {
    if (!this.#scales(this.world.machines.cluster.at(node))) return;
    this.#up.awaits(node);
    this.#changed(this.world.machines.cluster.at(node));
  }
  #joined(node: NodeId): void {
    if (!this.#scales(this.world.machines.cluster.at(node))) return;
    this.#up.joined(node);
    this.#changed(this.world.machines.cluster.at(node));
  }
  #drained(node: NodeId): void {
    const cluster = this.world.machines.cluster.at(node);
    if (!this.#scales(cluster)) return;
    this.#down.emptied(node, this.#able(cluster));
    this.#changed(cluster);
  }

  #leads(cluster: ClusterId, held: boolean): void {
    if (!held) {
      this.#down.stop(cluster);
      return;
    }
    this.#down.forget(cluster);
    this.#up.forget(cluster);
    this.#drawPhase(cluster);
    this.#changed(cluster);
  }

  #look(cluster: ClusterId): void {
    if (!this.#able(cluster)) return;
    const { scheduler } = this.world;
    const trial = new Trial(scheduler.filters, scheduler.tables[cluster]!);
    for (const pool of this.#pools.of(cluster)) this.#up.giveUpLate(cluster, pool);
    if (this.#up.grow(cluster, trial)) this.#changed(cluster);
    else this.#down.shrink(cluster, trial, this.#up.grown(cluster));
  }
}
