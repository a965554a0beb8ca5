/**
 * The scores of kube-scheduler's default profile for the pods of a fleet, with its weights: taints 3, node affinity 2, resources 1,
 * topology spread 2, inter-pod affinity 2, balance 1 (kubernetes/kubernetes pkg/scheduler/apis/config/v1/default_plugins.go).
 * Image locality is left out: every node has every image.
 */
import { NONE } from '../../sim/entities.ts';
import type { NodeId, PodId, SetId } from '../ids.ts';
import type { Pods } from '../kubernetes/pods.ts';
import { SPREAD } from '../kubernetes/sets.ts';
import type { Machines } from '../places/machines.ts';
import type { Siblings } from './filters.ts';
import type { Placement, PlacementTable } from './placement.ts';
import type { Requested } from './requested.ts';
import { occurrences, type TopologySpread } from './topology-spread.ts';

const WEIGHT = { taints: 3, nodeAffinity: 2, resources: 1, spread: 2, podAffinity: 2, balance: 1 } as const;
/** Weight of the preferred terms by which pods of one control plane seek each other and siblings shun a zone. */
const PREFERENCE = 100;

/** Largest raw scores among the feasible nodes. */
interface Most {
  readonly affinity: number;
  readonly avoided: number;
}

export class Scores {
  /** Pods of the same control plane per node, for the pod at hand. */
  #together = new Int32Array(0);
  /** Nodes where that is not 0. */
  #counted = new Int32Array(0);
  #countedNodes = 0;
  #spread = new Float64Array(0);
  #affinity = new Float64Array(0);

  constructor(
    readonly pods: Pods,
    readonly machines: Machines,
    readonly requested: Requested,
    readonly spread: TopologySpread,
  ) {}

  /**
   * Scores the feasible nodes of one pod.
   * @param feasible positions in the cluster's node list
   * @param count how many of them there are
   * @param into receives one score per feasible node, 0 to 1100
   */
  score(
    pod: PodId,
    table: PlacementTable,
    feasible: Int32Array,
    count: number,
    siblings: Siblings,
    into: Float64Array,
  ): void {
    const set = this.pods.set.at(pod);
    const sets = this.pods.sets;
    const placement = table.classes[sets.placement.at(set)]!;
    this.#podAffinity(pod, table, feasible, count, siblings);
    this.#topologySpread(set, table, feasible, count, siblings);
    const most = this.#most(placement, feasible, count);
    for (let i = 0; i < count; i++) {
      const index = feasible[i]!;
      const node = table.nodes[index]!;
      into[i] =
        this.#static(placement, index, most) +
        this.#resources(node, sets.cpuMillis.at(set), sets.memoryMib.at(set)) +
        WEIGHT.podAffinity * this.#affinity[i]! +
        WEIGHT.spread * this.#spread[i]!;
    }
  }

  /** Node affinity and taints, each normalised over the feasible nodes. */
  #static(placement: Placement, index: number, most: Most): number {
    const affinity = most.affinity === 0 ? 0 : Math.floor((placement.affinity[index]! * 100) / most.affinity);
    const taints =
      most.avoided === 0 ? 100 : 100 - Math.floor((placement.avoided[index]! * 100) / most.avoided);
    return WEIGHT.nodeAffinity * affinity + WEIGHT.taints * taints;
  }

  #most(placement: Placement, feasible: Int32Array, count: number): Most {
    let affinity = 0;
    let avoided = 0;
    for (let i = 0; i < count; i++) {
      const index = feasible[i]!;
      if (placement.affinity[index]! > affinity) affinity = placement.affinity[index]!;
      if (placement.avoided[index]! > avoided) avoided = placement.avoided[index]!;
    }
    return { affinity, avoided };
  }

  /** LeastAllocated and BalancedAllocation over cpu and memory. */
  #resources(node: NodeId, cpuMillis: number, memoryMib: number): number {
    const cpu = Math.min(
      1,
      (this.requested.cpuMillis.at(node) + cpuMillis) / this.machines.cpuMillis.at(node),
    );
    const memory = Math.min(
      1,
      (this.requested.memoryMib.at(node) + memoryMib) / this.machines.memoryMib.at(node),
    );
    const least = Math.floor((Math.floor((1 - cpu) * 100) + Math.floor((1 - memory) * 100)) / 2);
    const balanced = Math.floor((1 - Math.abs(cpu - memory) / 2) * 100);
    return WEIGHT.resources * least + WEIGHT.balance * balanced;
  }

  /** Preferred terms count twice: those of the pod, and those of the pods that are there already. */
  #podAffinity(
    pod: PodId,
    table: PlacementTable,
    feasible: Int32Array,
    count: number,
    siblings: Siblings,
  ): void {
    if (this.#affinity.length < table.nodes.length) this.#affinity = new Float64Array(table.nodes.length);
    const raw = this.#affinity;
    const set = this.pods.set.at(pod);
    const spread = this.pods.sets.spread.at(set);
    const colocated = this.pods.sets.colocated.at(set) === 1;
    if (colocated) this.#countTogether(pod);
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const node = table.nodes[feasible[i]!]!;
      let sum = colocated ? 2 * PREFERENCE * this.#together[node]! : 0;
      if (spread === SPREAD.requiredHostPreferredZone)
        sum -= 2 * PREFERENCE * occurrences(siblings.zones, this.machines.zone.at(node));
      if (spread === SPREAD.preferredHost) sum -= 2 * (PREFERENCE / 10) * occurrences(siblings.nodes, node);
      raw[i] = sum;
      if (sum < min) min = sum;
      if (sum > max) max = sum;
    }
    this.#forgetTogether();
    for (let i = 0; i < count; i++) {
      raw[i] = max === min ? 0 : Math.floor((100 * (raw[i]! - min)) / (max - min));
    }
  }

  /** Counts the pods of the same control plane per node. */
  #countTogether(pod: PodId): void {
    const { length } = this.machines.table;
    if (this.#together.length < length) {
      this.#together = new Int32Array(length);
      this.#counted = new Int32Array(length);
    }
    const sets = this.pods.sets;
    const served = sets.serves.at(this.pods.set.at(pod));
    for (let set = sets.ofServed.first(served); set !== NONE; set = sets.ofServed.next(set)) {
      if (sets.colocated.at(set) === 0) continue;
      for (let other = this.pods.ofSet.first(set); other !== NONE; other = this.pods.ofSet.next(other)) {
        const node = this.pods.node.at(other);
        if (node !== NONE && this.#together[node]!++ === 0) this.#counted[this.#countedNodes++] = node;
      }
    }
  }
  #forgetTogether(): void {
    while (this.#countedNodes > 0) this.#together[this.#counted[--this.#countedNodes]!] = 0;
  }

  /** Fewer siblings on the host and in the zone score higher. */
  #topologySpread(
    set: SetId,
    table: PlacementTable,
    feasible: Int32Array,
    count: number,
    siblings: Siblings,
  ): void {
    if (this.#spread.length < table.nodes.length) this.#spread = new Float64Array(table.nodes.length);
    const raw = this.#spread;
    const hostSkew = this.spread.soft(set, 'host');
    const zoneSkew = this.spread.soft(set, 'zone');
    const indifferent = hostSkew === 0 && zoneSkew === 0;
    if (indifferent || siblings.stayingNodes.length === 0) {
      raw.fill(indifferent ? 0 : 100, 0, count);
      return;
    }
    const hostWeight = Math.log(count + 2);
    const zoneWeight = Math.log(this.#zonesAmong(table, feasible, count) + 2);
    let min = Number.POSITIVE_INFINITY;
    let max = 0;
    for (let i = 0; i < count; i++) {
      const node = table.nodes[feasible[i]!]!;
      let sum = 0;
      if (hostSkew > 0) sum += occurrences(siblings.stayingNodes, node) * hostWeight + hostSkew - 1;
      if (zoneSkew > 0)
        sum += occurrences(siblings.stayingZones, this.machines.zone.at(node)) * zoneWeight + zoneSkew - 1;
      sum = Math.round(sum);
      raw[i] = sum;
      if (sum < min) min = sum;
      if (sum > max) max = sum;
    }
    for (let i = 0; i < count; i++)
      raw[i] = max === 0 ? 100 : Math.floor((100 * (max + min - raw[i]!)) / max);
  }

  #zonesAmong(table: PlacementTable, feasible: Int32Array, count: number): number {
    const zones = new Set<number>();
    for (let i = 0; i < count; i++) zones.add(this.machines.zone.at(table.nodes[feasible[i]!]!));
    return zones.size;
  }
}
