/**
 * Pod templates of a hosted control plane that become another one at the release that they have: their Deployment is rolled out as for a release, by
 * whoever deploys it, as soon as that can. What changes them is a field of the HostedCluster that stands in them (`changes.ts`), or another
 * HyperShift operator (`operator-renderings.ts`).
 */
import type { I32Column, U8Column } from '../../../sim/entities.ts';
import { BEGINNING, type CauseId } from '../../../sim/facts.ts';
import type { Simulation } from '../../../sim/simulation.ts';
import type { ClusterId, SetId } from '../../ids.ts';
import type { Clusters } from '../../kubernetes/clusters.ts';
import type { Rollouts } from '../../kubernetes/rollouts.ts';
import { Signal } from '../../signal.ts';
import type { ComponentOrder, OrderedComponent } from './component-order.ts';

/** Why whoever deploys a component does not do it now, in words or because its turn has not come; undefined when it does. */
export type DeployerAbsent = (cluster: ClusterId, component: OrderedComponent) => string | undefined;

export class Renderings {
  /** The template is to be rendered anew, and is not yet. */
  readonly #wanted: U8Column<SetId>;
  readonly #wantedFor: I32Column<SetId, CauseId>;
  /** How many of a cluster are. */
  readonly #open: I32Column<ClusterId>;

  /** Some template of a cluster was rendered, or is waited for. */
  readonly changed = new Signal<[cluster: ClusterId]>();

  constructor(
    readonly sim: Simulation,
    clusters: Clusters,
    readonly rollouts: Rollouts,
    readonly order: ComponentOrder,
    readonly absent: DeployerAbsent,
  ) {
    const { table } = rollouts.pods.sets;
    this.#wanted = table.u8('renderingWanted');
    this.#wantedFor = table.i32('renderingWantedFor', BEGINNING);
    this.#open = clusters.table.i32('renderingsWanted');
  }

  /** Some template of the cluster is still to be rendered. */
  open(cluster: ClusterId): boolean {
    return this.#open.at(cluster) > 0;
  }
  /** Another template is wanted of those that the cluster has of these components. `advance` renders it. */
  want(cluster: ClusterId, names: readonly string[]): void {
    for (const { name, set } of this.order.of(cluster)) {
      if (!names.includes(name) || this.#wanted.at(set) === 1) continue;
      this.#wanted.set(set, 1);
      this.#wantedFor.set(set, this.sim.cause);
      this.#open.add(cluster, 1);
    }
  }

  /** Renders what can be rendered now. */
  advance(cluster: ClusterId): void {
    if (!this.open(cluster)) return;
    for (const component of this.order.of(cluster)) {
      if (this.#wanted.at(component.set) === 0 || this.absent(cluster, component) !== undefined) continue;
      this.#wanted.set(component.set, 0);
      this.#open.add(cluster, -1);
      const outer = this.sim.enter(this.#wantedFor.at(component.set));
      this.rollouts.renew(component.set);
      this.sim.leave(outer);
    }
    this.changed.emit(cluster);
  }

  /** The first of these components that is not rolled out, and why it is not even rendered where that is so; undefined when all are. */
  unfinished(
    cluster: ClusterId,
    names: readonly string[],
  ): { readonly set: SetId; readonly absent: string | undefined } | undefined {
    for (const component of this.order.of(cluster)) {
      if (!names.includes(component.name)) continue;
      const { set } = component;
      if (this.#wanted.at(set) === 1) return { set, absent: this.absent(cluster, component) };
      if (!this.rollouts.complete(set)) return { set, absent: undefined };
    }
    return undefined;
  }
}
