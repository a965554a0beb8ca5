/**
 * Scaling of workloads: somebody wants another number of replicas. The wish counts at once; it is written when the API of the cluster
 * answers, and acted on when its controller manager can. While the control plane is away nothing is scaled.
 */
import { NONE } from '../../sim/entities.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId, SetId } from '../ids.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { Pods } from './pods.ts';
import { Wishes, type WishId } from './wishes.ts';

export class Scaling {
  readonly wishes: Wishes<SetId>;

  /** Another number of replicas is wanted, or has been written. */
  readonly changed = new Signal<[set: SetId]>();

  constructor(
    sim: Simulation,
    readonly clusters: Clusters,
    readonly pods: Pods,
  ) {
    this.wishes = new Wishes(sim, 'replicas', pods.sets.table);
    clusters.apiChanged.subscribe((cluster, up) => up && this.#writeAll(cluster));
  }

  scale(set: SetId, replicas: number): WishId {
    const wish = this.wishes.utter(set, replicas);
    this.#write(set);
    return wish;
  }
  withdraw(wish: WishId): void {
    this.#write(this.wishes.withdraw(wish));
  }

  #write(set: SetId): void {
    const { sets } = this.pods;
    if (this.clusters.apiUp(sets.cluster.at(set))) sets.replicas.set(set, this.wishes.of(set));
    this.changed.emit(set);
    this.pods.controllers.reconcile(set);
  }
  #writeAll(cluster: ClusterId): void {
    const { sets } = this.pods;
    for (let set = sets.ofCluster.first(cluster); set !== NONE; set = sets.ofCluster.next(set))
      if (this.wishes.knows(set) && sets.replicas.at(set) !== this.wishes.of(set)) this.#write(set);
  }
}
