/**
 * A cluster as it would be: pods are put on nodes on paper, with the filters of the scheduler, nodes are taken away and machines that do
 * not exist yet are added. What the cluster autoscaler's simulator is to kube-scheduler
 * (kubernetes/autoscaler cluster-autoscaler/simulator). The world itself stays as it is.
 */
import type { NodeId, PodId, SetId } from '../ids.ts';
import type { Filters, Siblings } from './filters.ts';
import type { PlacementTable } from './placement.ts';
import { REFUSED } from './refused.ts';

/** Requests on a node beyond those of its bound pods. */
interface Load {
  readonly cpuMillis: number;
  readonly memoryMib: number;
  readonly pods: number;
}
const NOTHING: Load = { cpuMillis: 0, memoryMib: 0, pods: 0 };

export class Trial {
  #added = new Map<NodeId, Load>();
  #siblings = new Map<SetId, Siblings>();
  #gone = new Set<NodeId>();
  #future = new Set<NodeId>();

  constructor(
    readonly filters: Filters,
    readonly table: PlacementTable,
  ) {}

  /** A machine that will be there, empty. */
  expect(node: NodeId): void {
    this.#future.add(node);
  }
  /** A node that takes no pods any more; those that are on it are still there until they are put elsewhere. */
  close(node: NodeId): void {
    this.#gone.add(node);
  }

  /** What is tried stays only when it succeeds. */
  attempt(action: () => boolean): boolean {
    const before = [
      new Map(this.#added),
      new Map(this.#siblings),
      new Set(this.#gone),
      new Set(this.#future),
    ] as const;
    const kept = action();
    if (!kept) [this.#added, this.#siblings, this.#gone, this.#future] = before;
    return kept;
  }

  /** The pod, wherever it is now, would find room on the node. */
  fits(pod: PodId, node: NodeId): boolean {
    if (this.#gone.has(node)) return false;
    const { pods, spread } = this.filters;
    const set = pods.set.at(pod);
    if (!this.#hasRoom(set, node)) return false;
    const siblings = this.#siblingsOf(set);
    if (this.#future.has(node)) return !spread.refuses(set, node, siblings);
    return this.filters.check(pod, this.table, this.table.position(node), siblings) === REFUSED.none;
  }

  /** Puts a pod on a node that it fits on; the place that it had is its own no more. */
  put(pod: PodId, node: NodeId): void {
    const { pods, machines, spread } = this.filters;
    const { sets } = pods;
    const set = pods.set.at(pod);
    const load = this.#added.get(node) ?? NOTHING;
    this.#added.set(node, {
      cpuMillis: load.cpuMillis + sets.cpuMillis.at(set),
      memoryMib: load.memoryMib + sets.memoryMib.at(set),
      pods: load.pods + 1,
    });
    const { stayingNodes: before } = this.#siblingsOf(set);
    const left = before.indexOf(pods.node.at(pod) as NodeId);
    const nodes = [...before.filter((_, i) => i !== left), node];
    const zones = nodes.map((one) => machines.zone.at(one));
    const staying = { stayingNodes: nodes, stayingZones: zones };
    const least = spread.hard(set) ? spread.least(set, this.table, staying) : undefined;
    this.#siblings.set(set, { nodes, zones, ...staying, least });
  }

  #siblingsOf(set: SetId): Siblings {
    let siblings = this.#siblings.get(set);
    if (siblings === undefined) {
      siblings = this.filters.siblings(set, this.table);
      this.#siblings.set(set, siblings);
    }
    return siblings;
  }

  #hasRoom(set: SetId, node: NodeId): boolean {
    const { machines, requested, pods } = this.filters;
    const more = this.#added.get(node) ?? NOTHING;
    const there = this.#future.has(node)
      ? NOTHING
      : {
          cpuMillis: requested.cpuMillis.at(node),
          memoryMib: requested.memoryMib.at(node),
          pods: requested.pods.at(node),
        };
    return (
      there.pods + more.pods + 1 <= machines.maxPods.at(node) &&
      there.cpuMillis + more.cpuMillis + pods.sets.cpuMillis.at(set) <= machines.cpuMillis.at(node) &&
      there.memoryMib + more.memoryMib + pods.sets.memoryMib.at(set) <= machines.memoryMib.at(node)
    );
  }
}
