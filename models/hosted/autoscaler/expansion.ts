/**
 * Which node pool is to grow, and by how much: for every pool its machines are filled one after the other, and the pool that would leave
 * the least unused wins (kubernetes/autoscaler cluster-autoscaler/estimator/binpacking_estimator.go, expander/waste). Pools with equal
 * machines that could take the same pods are kept at equal size (balance-similar-node-groups).
 */
import type { NodeId, PodId, PoolId } from '../../ids.ts';
import type { Trial } from '../../scheduler/trial.ts';

/** A pool that may grow. */
export interface Growable {
  readonly pool: PoolId;
  /** Machines that it has or is to have. */
  readonly size: number;
  /** Where its further machines would stand, as many as its bound lets in. */
  readonly slots: readonly NodeId[];
}

export interface Option extends Growable {
  readonly machines: number;
  readonly pods: readonly PodId[];
  /** Unused CPU and memory of the new machines, each as a share of what they offer: 0 to 2. */
  readonly waste: number;
}

/** What growing a pool would do for pods that wait; the trial is left as it was. */
export function optionOf(growable: Growable, waiting: readonly PodId[], trial: Trial): Option {
  const { slots } = growable;
  const placed: PodId[] = [];
  let machines = 0;
  trial.attempt(() => {
    const opened: NodeId[] = [];
    for (const pod of waiting) {
      const node = opened.find((slot) => trial.fits(pod, slot)) ?? open(pod, slots, opened, trial);
      if (node === undefined) continue;
      trial.put(pod, node);
      placed.push(pod);
    }
    machines = opened.length;
    return false;
  });
  return { ...growable, machines, pods: placed, waste: waste(slots, machines, placed, trial) };
}

function open(pod: PodId, slots: readonly NodeId[], opened: NodeId[], trial: Trial): NodeId | undefined {
  const next = slots[opened.length];
  if (next === undefined) return undefined;
  trial.expect(next);
  if (!trial.fits(pod, next)) return undefined;
  opened.push(next);
  return next;
}

function waste(slots: readonly NodeId[], count: number, placed: readonly PodId[], trial: Trial): number {
  const [slot] = slots;
  if (slot === undefined || count === 0) return 0;
  const { machines, pods } = trial.filters;
  const sum = (column: { at(set: number): number }): number =>
    placed.reduce((total, pod) => total + column.at(pods.set.at(pod)), 0);
  const cpu = sum(pods.sets.cpuMillis as never) / (count * machines.cpuMillis.at(slot));
  const memory = sum(pods.sets.memoryMib as never) / (count * machines.memoryMib.at(slot));
  return 1 - cpu + (1 - memory);
}

/** The options that waste least; several when they are equal. */
export function leastWaste(options: readonly Option[]): readonly Option[] {
  const useful = options.filter((option) => option.pods.length > 0);
  const least = Math.min(...useful.map((option) => option.waste));
  return useful.filter((option) => option.waste === least);
}

/** How the machines of the chosen option are dealt out over the pools that are like it: always to the smallest. */
export function balanced(chosen: Option, like: readonly Option[]): ReadonlyMap<PoolId, number> {
  const more = new Map<PoolId, number>();
  const grown = (one: Option): number => one.size + (more.get(one.pool) ?? 0);
  for (let dealt = 0; dealt < chosen.machines; dealt++) {
    const open = like.filter((one) => grown(one) < one.size + one.slots.length);
    const smallest = open.reduce((a, b) => (grown(b) < grown(a) ? b : a));
    more.set(smallest.pool, (more.get(smallest.pool) ?? 0) + 1);
  }
  return more;
}
