/**
 * Bytes that a piece of work allocates on the JavaScript heap, garbage included: the heap's growth over many short stretches, of
 * which those with a collection in them (where it shrank) are left out.
 * @param stretch does a part of the work, allocating far less than the young generation holds.
 */
export function allocatedBytes(stretches: number, stretch: () => void): number {
  const before = new Float64Array(stretches);
  const after = new Float64Array(stretches);
  for (let i = 0; i < stretches; i++) {
    before[i] = process.memoryUsage().heapUsed;
    stretch();
    after[i] = process.memoryUsage().heapUsed;
  }
  let sum = 0;
  for (let i = 0; i < stretches; i++) sum += Math.max(0, after[i]! - before[i]!);
  return sum;
}
