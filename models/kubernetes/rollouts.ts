/**
 * Rollouts of Deployments and StatefulSets: their controllers look again whenever the API believes something else of a pod, and a rollout
 * is over when every wanted pod is of the template and available (openshift/hypershift support/util/deployment.go).
 */
import { NONE, type U8Column } from '../../sim/entities.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ReleaseId, SetId } from '../ids.ts';
import { Signal } from '../signal.ts';
import type { Endpoints } from './endpoints.ts';
import type { Pods } from './pods.ts';
import { isUpdating } from './rolling-update.ts';

export class Rollouts {
  /** Something about the pods of a set is otherwise: its rollout may be over, or no longer. */
  readonly changed = new Signal<[set: SetId]>();

  readonly #revising: U8Column<SetId>;
  /** What its controller hears of a set reaches it when everybody else has heard it. */
  readonly #sync: Timer<SetId>;

  constructor(
    sim: Simulation,
    readonly pods: Pods,
    readonly endpoints: Endpoints,
  ) {
    this.#revising = pods.sets.table.u8('revising');
    this.#sync = new Timer(sim, pods.sets.table, 'rollout-synced', 'control', (set) =>
      pods.controllers.reconcile(set),
    );
    endpoints.believed.subscribe((pod) => this.#follow(pods.set.at(pod)));
    pods.created.subscribe((pod) => this.#tell(pods.set.at(pod)));
    pods.terminated.subscribe((pod) => this.#tell(pods.set.at(pod)));
  }

  begin(set: SetId, template: ReleaseId): void {
    if (this.pods.sets.template.at(set) !== template) this.#revising.set(set, 1);
    this.pods.controllers.update(set, template);
    this.#tell(set);
  }
  /** The same for a template that is rendered anew at the release that it has. */
  renew(set: SetId): void {
    this.#revising.set(set, 1);
    this.pods.controllers.rerender(set);
    this.#tell(set);
  }

  /**
   * A StatefulSet is on its way to another revision (status.currentRevision is not status.updateRevision): until every pod is of it and ready, be it that
   * one is broken (kubernetes/kubernetes pkg/controller/statefulset/stateful_set_utils.go completeRollingUpdate).
   */
  revising(set: SetId): boolean {
    return this.#revising.at(set) === 1;
  }

  /** Every wanted pod is there, of the template, and available. */
  complete(set: SetId): boolean {
    const { sets } = this.pods;
    let available = 0;
    for (let pod = this.pods.ofSet.first(set); pod !== NONE; pod = this.pods.ofSet.next(pod)) {
      if (!this.pods.terminating(pod) && !this.pods.current(pod)) return false;
      if (!this.pods.terminating(pod) && this.endpoints.believedReady(pod)) available++;
    }
    return sets.formerReplicas.at(set) === 0 && available >= sets.replicas.at(set);
  }

  #follow(set: SetId): void {
    if (isUpdating(this.pods.sets, this.pods, set)) this.#sync.after(set, 0);
    this.#tell(set);
  }
  #tell(set: SetId): void {
    if (this.revising(set) && this.complete(set)) this.#revising.set(set, 0);
    this.changed.emit(set);
  }
}
