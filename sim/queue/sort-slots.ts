import { precedes } from './slotted-queue.ts';

const SHORT = 24;

/**
 * Sorts the first `count` entries of `slots` by (time, order), in place. `scratch` must be as long as `slots`.
 * Runs that are already in order, or exactly reversed, take one pass: events at one instant mostly come that way.
 */
export function sortSlots(slots: Int32Array, count: number, reals: Float64Array, scratch: Int32Array): void {
  if (count <= SHORT) {
    insertionSort(slots, 0, count, reals);
    return;
  }
  const rising = precedes(reals, slots[0]!, slots[1]!);
  let run = 2;
  while (run < count && precedes(reals, slots[run - 1]!, slots[run]!) === rising) run++;
  if (run < count) mergeSort(slots, count, reals, scratch);
  else if (!rising) slots.subarray(0, count).reverse();
}

function insertionSort(slots: Int32Array, from: number, to: number, reals: Float64Array): void {
  for (let i = from + 1; i < to; i++) {
    const slot = slots[i]!;
    let hole = i;
    while (hole > from && precedes(reals, slot, slots[hole - 1]!)) {
      slots[hole] = slots[hole - 1]!;
      hole--;
    }
    slots[hole] = slot;
  }
}

function mergeSort(slots: Int32Array, count: number, reals: Float64Array, scratch: Int32Array): void {
  for (let from = 0; from < count; from += SHORT) {
    insertionSort(slots, from, Math.min(from + SHORT, count), reals);
  }
  let source = slots;
  let target = scratch;
  for (let width = SHORT; width < count; width *= 2) {
    for (let from = 0; from < count; from += 2 * width) {
      merge(source, target, from, Math.min(from + width, count), Math.min(from + 2 * width, count), reals);
    }
    [source, target] = [target, source];
  }
  if (source !== slots) slots.set(source.subarray(0, count));
}

function merge(
  source: Int32Array,
  target: Int32Array,
  from: number,
  middle: number,
  to: number,
  reals: Float64Array,
): void {
  let left = from;
  let right = middle;
  for (let i = from; i < to; i++) {
    const takeRight = left === middle || (right < to && precedes(reals, source[right]!, source[left]!));
    target[i] = takeRight ? source[right++]! : source[left++]!;
  }
}
