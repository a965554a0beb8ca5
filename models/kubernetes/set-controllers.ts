/**
 * The controllers of Deployments and StatefulSets: they look at a set when something about it is otherwise, if they have a leader and an
 * API, and at all of them when they are back. What they then do is in `reconcile.ts`.
 */
import { type I32Column, NONE } from '../../sim/entities.ts';
import { BEGINNING, type CauseId } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId, PodId, ReleaseId, SetId } from '../ids.ts';
import type { Clusters } from './clusters.ts';
import { reconcileSet, type SetPods } from './reconcile.ts';
import type { Sets } from './sets.ts';

export class SetControllers {
  /** What a set was scaled to 0 for. */
  readonly #scaledFor: I32Column<SetId, CauseId>;
  /** The set that is being looked at; it is looked at again afterwards when something about it became otherwise meanwhile. */
  #reconciled: SetId | typeof NONE = NONE;
  #again = false;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly sets: Sets,
    readonly pods: SetPods,
  ) {
    this.#scaledFor = sets.table.i32('scaledFor', BEGINNING);
    clusters.controllersChanged.subscribe((cluster, live) => this.#catchUp(cluster, live));
    clusters.apiChanged.subscribe((cluster, up) => this.#catchUp(cluster, up));
  }

  /** Gives a set another template: its pods are made anew from it, as its strategy says. */
  update(set: SetId, template: ReleaseId): void {
    const { sets } = this;
    if (sets.template.at(set) === template) return;
    this.#keepFormer(set);
    sets.template.set(set, template);
    this.#roll(set);
  }
  /** Gives a set a template that is another one at the same release. */
  rerender(set: SetId): void {
    this.#keepFormer(set);
    this.sets.revision.add(set, 1);
    this.#roll(set);
  }
  #keepFormer(set: SetId): void {
    const { template, formerTemplate, revision, formerRevision } = this.sets;
    formerTemplate.set(set, template.at(set));
    formerRevision.set(set, revision.at(set));
  }
  #roll(set: SetId): void {
    const { sets } = this;
    if (sets.stateful.at(set) === 0) sets.formerReplicas.set(set, this.#formerPods(set));
    this.reconcile(set);
  }
  #formerPods(set: SetId): number {
    const { ofSet } = this.pods;
    let former = 0;
    for (let pod: PodId | typeof NONE = ofSet.first(set); pod !== NONE; pod = ofSet.next(pod))
      if (!this.pods.terminating(pod) && !this.pods.current(pod)) former++;
    return former;
  }

  /** Gives a set other replicas; its controller creates what lacks and deletes what is too much. */
  scale(set: SetId, replicas: number): void {
    this.sets.replicas.set(set, replicas);
    if (replicas === 0) this.#scaledFor.set(set, this.sim.cause);
    this.reconcile(set);
  }
  /** Somebody took all its pods during the run. */
  scaledToZero(set: SetId): boolean {
    return this.sets.replicas.at(set) === 0 && this.#scaledFor.at(set) !== BEGINNING;
  }
  /** The fact for which a set was last scaled to 0; BEGINNING when it never was. */
  scaledFor(set: SetId): CauseId {
    return this.#scaledFor.at(set);
  }

  /** The set's controller looks at it, if it can. */
  reconcile(set: SetId): void {
    if (this.#reconciled === set) {
      this.#again = true;
      return;
    }
    const outer = this.#reconciled;
    this.#reconciled = set;
    do {
      this.#again = false;
      reconcileSet(this.sets, this.pods, this.clusters, set);
    } while (this.#again);
    this.#reconciled = outer;
  }

  /** Controllers that come back find what changed while they were away. */
  #catchUp(cluster: ClusterId, back: boolean): void {
    if (!back || !this.clusters.controlled(cluster)) return;
    for (let set = this.sets.ofCluster.first(cluster); set !== NONE; set = this.sets.ofCluster.next(set))
      this.reconcile(set);
  }
}
