/** Which control-plane pods found no node, since when, until when, and why; and how many of them at once per hosted cluster. */
import type { PendingPod } from '../../sim/result.ts';
import type { Micros } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { ClusterId, PodId, SetId } from '../ids.ts';

type Episode = { -readonly [K in keyof PendingPod]: PendingPod[K] };

interface Saved {
  readonly episodes: readonly Episode[];
  readonly open: readonly (readonly [PodId, number])[];
  readonly at: readonly (readonly [string, number])[];
  readonly waiting: readonly (readonly [ClusterId, number])[];
  readonly most: readonly (readonly [ClusterId, number])[];
}

/** Reasons node by node are kept for that many episodes; the others share the list of one like them, or have the summary only. */
const DETAILED = 300;

export class PendingRecorder {
  readonly #fleet: BuiltFleet;
  #episodes: Episode[] = [];
  #open = new Map<PodId, number>();
  /** Episodes by set, ordinal and beginning. */
  #at = new Map<string, number>();
  #waiting = new Map<ClusterId, number>();
  #most = new Map<ClusterId, number>();

  constructor(fleet: BuiltFleet) {
    this.#fleet = fleet;
    const { sim, scheduler } = fleet.world;
    scheduler.unschedulable.subscribe((pod) => this.#began(pod));
    scheduler.placed.subscribe((pod) => this.#ended(pod));
    sim.keep({
      save: (): Saved => ({
        episodes: this.#episodes.map((episode) => ({ ...episode })),
        open: [...this.#open],
        at: [...this.#at],
        waiting: [...this.#waiting],
        most: [...this.#most],
      }),
      restore: (saved: Saved) => {
        this.#episodes = saved.episodes.map((episode) => ({ ...episode }));
        this.#open = new Map(saved.open);
        this.#at = new Map(saved.at);
        this.#waiting = new Map(saved.waiting);
        this.#most = new Map(saved.most);
      },
    });
  }

  episodes(): readonly PendingPod[] {
    return this.#episodes;
  }
  /** When the last pod found its node of those that began to wait after an instant; Infinity while one of them waits. */
  endedAt(after: Micros): number {
    let last = 0;
    for (const { since, until } of this.#episodes) {
      if (since > after) last = Math.max(last, until ?? Number.POSITIVE_INFINITY);
    }
    return last;
  }

  /** Most pods of a hosted cluster's control plane that waited at one time. */
  most(cluster: ClusterId): number {
    return this.#most.get(cluster) ?? 0;
  }

  /** Why a pod was refused at an instant, without the count of nodes; undefined when nothing was recorded then. */
  messageAt(set: SetId, ordinal: number, at: Micros): string | undefined {
    const index = this.#at.get(`${set}/${ordinal}/${at}`);
    return index === undefined
      ? undefined
      : this.#episodes[index]!.message.replace(/^.*available: |\.$/g, '');
  }

  #began(pod: PodId): void {
    const { world } = this.#fleet;
    const cluster = world.sets.serves.at(world.pods.set.at(pod));
    const waiting = (this.#waiting.get(cluster) ?? 0) + 1;
    this.#waiting.set(cluster, waiting);
    this.#most.set(cluster, Math.max(this.most(cluster), waiting));
    this.#open.set(pod, this.#episodes.length);
    const key = `${world.pods.set.at(pod)}/${world.pods.ordinal.at(pod)}/${world.sim.now}`;
    this.#at.set(key, this.#episodes.length);
    const reasons = world.scheduler.explain(pod);
    const detailed = this.#episodes.length < DETAILED;
    this.#episodes.push({
      pod: world.pods.name(pod),
      labels: this.#fleet.labelsOf(cluster),
      since: world.sim.now,
      message: summary(reasons.map(({ reason }) => reason)),
      nodes: detailed
        ? reasons.map(({ node, reason }) => ({ node: world.machines.names[node]!, reason }))
        : [],
    });
  }

  #ended(pod: PodId): void {
    const index = this.#open.get(pod);
    if (index === undefined) return;
    const { world } = this.#fleet;
    const cluster = world.sets.serves.at(world.pods.set.at(pod));
    this.#waiting.set(cluster, this.#waiting.get(cluster)! - 1);
    this.#open.delete(pod);
    this.#episodes[index]!.until = world.sim.now as Micros;
  }
}

/** The scheduler's own summary: `0/9 nodes are available: 3 Insufficient cpu, 6 node(s) ...`. */
export function summary(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const parts = [...counts].map(([reason, count]) => `${count} ${reason}`).sort((a, b) => (a < b ? -1 : 1));
  return `0/${reasons.length} nodes are available: ${parts.join(', ')}.`;
}
