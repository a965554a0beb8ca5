/** Which control-plane pods found no node, since when, until when, and why; and how many of them at once per hosted cluster. */
import type { PendingPod } from '../../sim/result.ts';
import { type Micros, START } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import { ROLE } from '../hosted/roles.ts';
import type { ClusterId, PodId, SetId } from '../ids.ts';

interface Episode {
  readonly set: SetId;
  readonly ordinal: number;
  readonly since: Micros;
  until?: Micros;
  readonly message: string;
  readonly nodes: PendingPod['nodes'];
}

interface Saved {
  readonly episodes: readonly Episode[];
  readonly open: readonly (readonly [PodId, number])[];
  readonly waiting: readonly (readonly [ClusterId, number])[];
  readonly most: readonly (readonly [ClusterId, number])[];
}

/** Reasons node by node are kept for that many episodes; the others share the list of one like them, or have the summary only. */
const DETAILED = 300;

export class PendingRecorder {
  readonly #fleet: BuiltFleet;
  #episodes: Episode[] = [];
  #open = new Map<PodId, number>();
  /** Every message once: thousands of pods wait for the same reasons. */
  readonly #messages = new Map<string, string>();
  #waiting = new Map<ClusterId, number>();
  #most = new Map<ClusterId, number>();

  constructor(fleet: BuiltFleet) {
    this.#fleet = fleet;
    const { sim, scheduler } = fleet.world;
    scheduler.unschedulable.subscribe((pod, codes) => this.#began(pod, codes));
    scheduler.placed.subscribe((pod) => this.#ended(pod));
    sim.keep({
      save: (): Saved => ({
        episodes: this.#episodes.map((episode) => ({ ...episode })),
        open: [...this.#open],
        waiting: [...this.#waiting],
        most: [...this.#most],
      }),
      restore: (saved: Saved) => {
        this.#episodes = saved.episodes.map((episode) => ({ ...episode }));
        this.#open = new Map(saved.open);
        this.#waiting = new Map(saved.waiting);
        this.#most = new Map(saved.most);
      },
    });
  }

  episodes(): readonly PendingPod[] {
    const { sets } = this.#fleet.world;
    return this.#episodes.map(({ set, ordinal, since, until, message, nodes }) => ({
      pod: `${sets.names[set]}-${ordinal}`,
      labels: this.#fleet.labelsOf(sets.serves.at(set)),
      since,
      message,
      nodes,
      ...(until === undefined ? {} : { until }),
    }));
  }
  /** When the last pod found its node of those that began to wait after an instant; Infinity while one of them waits. */
  endedAt(after: Micros): number {
    let last = 0;
    for (const { since, until } of this.#episodes) {
      if (since > after) last = Math.max(last, until ?? Number.POSITIVE_INFINITY);
    }
    return last;
  }

  /** Most pods of a hosted cluster's control plane that waited at one time, from an instant on. */
  most(cluster: ClusterId, from: Micros = START): number {
    return from === START ? (this.#most.get(cluster) ?? 0) : this.#mostSince(cluster, from);
  }
  #mostSince(cluster: ClusterId, from: Micros): number {
    const { sets } = this.#fleet.world;
    const own = this.#episodes.filter(
      ({ set, until = Infinity }) => sets.serves.at(set) === cluster && this.#counts(set) && until > from,
    );
    // The most wait at the moment at which one of them began to, or at the first.
    const begins = own.map(({ since }) => Math.max(since, from));
    const waiting = (at: number) =>
      own.filter(({ since, until = Infinity }) => since <= at && until > at).length;
    return Math.max(0, ...begins.map(waiting));
  }

  /** Why a pod was refused at an instant, without the count of nodes; undefined when nothing was recorded then. */
  messageAt(set: SetId, ordinal: number, at: Micros): string | undefined {
    for (let i = this.#firstSince(at); this.#episodes[i]?.since === at; i++) {
      const episode = this.#episodes[i]!;
      if (episode.set === set && episode.ordinal === ordinal)
        return episode.message.replace(/^.*available: |\.$/g, '');
    }
    return undefined;
  }

  /** The first episode that began at an instant or later; they stand in order of time. */
  #firstSince(at: Micros): number {
    let low = 0;
    let high = this.#episodes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#episodes[middle]!.since < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #began(pod: PodId, codes: Uint8Array): void {
    const { world } = this.#fleet;
    const set = world.pods.set.at(pod);
    this.#count(set, 1);
    this.#open.set(pod, this.#episodes.length);
    const detailed = this.#episodes.length < DETAILED;
    this.#episodes.push({
      set,
      ordinal: world.pods.ordinal.at(pod),
      since: world.sim.now,
      message: this.#once(summary(world.scheduler.refusals(pod, codes))),
      nodes: detailed
        ? world.scheduler
            .explain(pod, codes)
            .map(({ node, reason }) => ({ node: world.machines.names[node]!, reason }))
        : [],
    });
  }

  /** Pods of the control plane; applications and virtual machines of workers belong to the data plane. */
  #counts(set: SetId): boolean {
    const role = this.#fleet.world.sets.role.at(set);
    return role !== ROLE.workload && role !== ROLE['virtual-machine'];
  }
  #count(set: SetId, difference: 1 | -1): void {
    if (!this.#counts(set)) return;
    const cluster = this.#fleet.world.sets.serves.at(set);
    const waiting = (this.#waiting.get(cluster) ?? 0) + difference;
    this.#waiting.set(cluster, waiting);
    this.#most.set(cluster, Math.max(this.most(cluster), waiting));
  }

  #once(message: string): string {
    const known = this.#messages.get(message);
    if (known === undefined) this.#messages.set(message, message);
    return known ?? message;
  }

  #ended(pod: PodId): void {
    const index = this.#open.get(pod);
    if (index === undefined) return;
    const { world } = this.#fleet;
    this.#count(world.pods.set.at(pod), -1);
    this.#open.delete(pod);
    this.#episodes[index]!.until = world.sim.now as Micros;
  }
}

/** The scheduler's own summary: `0/9 nodes are available: 3 Insufficient cpu, 6 node(s) ...` (kubernetes/kubernetes schedule_one.go). */
export function summary(nodesPerReason: ReadonlyMap<string, number>): string {
  if (nodesPerReason.size === 0) return 'no nodes available to schedule pods';
  const parts: string[] = [];
  let nodes = 0;
  for (const [reason, count] of nodesPerReason) {
    parts.push(`${count} ${reason}`);
    nodes += count;
  }
  return `0/${nodes} nodes are available: ${parts.sort((a, b) => (a < b ? -1 : 1)).join(', ')}.`;
}
