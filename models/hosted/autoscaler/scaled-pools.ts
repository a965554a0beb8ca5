/** The pools in the hands of the cluster autoscaler and their bounds. */
import { type I32Column, NONE } from '../../../sim/entities.ts';
import type { ClusterId, NodeId, PoolId } from '../../ids.ts';
import type { AutoScalingPlan } from '../../plan/fleet.ts';
import type { NodePools } from '../node-pools.ts';

/** The pool does not scale by itself. */
const UNBOUNDED = -1;

export class ScaledPools {
  readonly #min: I32Column<PoolId>;
  readonly #max: I32Column<PoolId>;

  constructor(readonly nodePools: NodePools) {
    this.#min = nodePools.table.i32('autoscaleMin');
    this.#max = nodePools.table.i32('autoscaleMax', UNBOUNDED);
  }

  enter(pool: PoolId, { min, max }: AutoScalingPlan): void {
    this.#min.set(pool, min);
    this.#max.set(pool, max);
  }
  has(pool: PoolId): boolean {
    return pool !== NONE && this.#max.at(pool) !== UNBOUNDED;
  }
  min(pool: PoolId): number {
    return this.#min.at(pool);
  }
  max(pool: PoolId): number {
    return this.#max.at(pool);
  }

  of(cluster: ClusterId): PoolId[] {
    return this.nodePools.ofCluster.list(cluster).filter((pool) => this.has(pool));
  }
  /** Slots of these pools. */
  nodes(cluster: ClusterId): NodeId[] {
    return this.of(cluster).flatMap((pool) => this.nodePools.slots.list(pool));
  }
}
