import { expect, test } from 'vitest';
import { KeptRecords } from './kept-records.ts';
import { Simulation } from './simulation.ts';

test('a record that is written after a snapshot is as it was when the snapshot is put back', () => {
  const sim = new Simulation({ seed: 1 });
  let restored = 0;
  const records = new KeptRecords<{ values: number[] }>(sim, () => restored++);
  records.set(0, { values: [1] });
  records.set(1, { values: [2] });
  const snapshot = sim.save();
  records.write(0).values.push(3);
  const untouched = records.at(1);
  expect(records.at(0).values).toEqual([1, 3]);
  sim.restore(snapshot);
  expect([records.at(0).values, restored]).toEqual([[1], 1]);
  expect(records.at(1)).toBe(untouched);
  records.write(0).values.push(4);
  sim.restore(snapshot);
  expect(records.all.map(({ values }) => values)).toEqual([[1], [2]]);
});
