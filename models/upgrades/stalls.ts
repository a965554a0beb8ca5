/** Why the rollout of a set of pods stands still, in words for the ledger. */
import { NONE } from '../../sim/entities.ts';
import type { PodId, SetId, UpgradeId } from '../ids.ts';
import { PHASE } from '../kubernetes/pod-phases.ts';
import type { World } from '../world.ts';
import type { UpgradeLedger } from './ledger.ts';

export class Stalls {
  constructor(
    readonly models: Pick<World, 'pods' | 'endpoints' | 'scheduler' | 'clusters'> & {
      readonly ledger: UpgradeLedger;
    },
  ) {}

  /** Tells the ledger what holds up the rollout of a set, or that nothing does. */
  explain(upgrade: UpgradeId, phase: string, set: SetId): void {
    const why = this.#why(set);
    if (why === undefined) this.models.ledger.goesOn(upgrade, phase);
    else this.models.ledger.waits(upgrade, phase, why);
  }

  #why(set: SetId): string | undefined {
    const { pods, clusters } = this.models;
    const host = pods.sets.cluster.at(set);
    if (!clusters.controlled(host)) return `${clusters.names[host]} has no controllers that could act`;
    for (let pod = pods.ofSet.first(set); pod !== NONE; pod = pods.ofSet.next(pod)) {
      if (this.#fails(pod)) return `the containers of pod ${pods.name(pod)} fail`;
      if (this.#awaits(pod)) return `the init containers of pod ${pods.name(pod)} wait for what it needs`;
      if (this.#neverReady(pod)) return `pod ${pods.name(pod)} runs and does not become Ready`;
      if (!this.#stuck(pod)) continue;
      const node = pods.node.at(pod);
      return node === NONE
        ? `pod ${pods.name(pod)} fits on no node`
        : `pod ${pods.name(pod)} is on ${pods.machines.names[node]}, which does not answer`;
    }
    return undefined;
  }

  #fails(pod: PodId): boolean {
    const { pods } = this.models;
    return !pods.terminating(pod) && pods.containers.restarts.failing(pod);
  }
  /** An etcd that serves, or a hosted API that answers. */
  #awaits(pod: PodId): boolean {
    const { pods } = this.models;
    return !pods.terminating(pod) && pods.containers.phase(pod) === PHASE.waiting;
  }
  #neverReady(pod: PodId): boolean {
    const { pods, endpoints } = this.models;
    return pods.isRunning(pod) && !pods.terminating(pod) && endpoints.probeFails(pod);
  }
  /** A pod that goes frees its place in its own time, unless its kubelet does not hear of it. */
  #stuck(pod: PodId): boolean {
    const { pods, scheduler } = this.models;
    const node = pods.node.at(pod);
    if (node !== NONE) return !pods.contact.present(node);
    return !pods.terminating(pod) && scheduler.unplaceable(pod) && !this.#awaitsSibling(pod);
  }
  #awaitsSibling(pod: PodId): boolean {
    const { pods } = this.models;
    return pods.ofSet.list(pods.set.at(pod)).some((other) => {
      const node = pods.node.at(other);
      return pods.terminating(other) && node !== NONE && pods.contact.present(node);
    });
  }
}
