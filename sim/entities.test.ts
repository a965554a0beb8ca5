import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Id, NONE, Table } from './entities.ts';

type ThingId = Id<'thing'>;

function things(capacity: number) {
  const table = new Table<ThingId>('thing', capacity);
  return {
    table,
    real: table.f64('real', 0.5),
    reference: table.i32<ThingId>('reference', NONE),
    flag: table.u8('flag', 7),
    timer: table.epochs('timer'),
  };
}

describe('a table', () => {
  test('grows, and new rows start at the initial values while old ones keep theirs', () => {
    const { table, real, reference, flag, timer } = things(1);
    const first = table.add();
    real.set(first, 2.25);
    reference.set(first, first);
    flag.set(first, 255);
    timer.add(first, 3);
    const rest = Array.from({ length: 100 }, () => table.add());
    expect([real.at(first), reference.at(first), flag.at(first), timer.at(first)]).toEqual([
      2.25,
      first,
      255,
      3,
    ]);
    for (const id of rest) expect([real.at(id), reference.at(id), flag.at(id)]).toEqual([0.5, NONE, 7]);
    expect(table.length).toBe(101);
    expect(new Set([first, ...rest]).size).toBe(101);
  });

  test('gives the row of a removed entity to a later one, clean', () => {
    const { table, real, reference, flag } = things(4);
    const [a, b] = [table.add(), table.add()];
    real.set(a, 9);
    reference.set(a, b);
    flag.set(a, 1);
    table.remove(a);
    expect(table.add()).toBe(a);
    expect([real.at(a), reference.at(a), flag.at(a)]).toEqual([0.5, NONE, 7]);
    expect(table.add()).not.toBe(a);
    expect(table.length).toBe(3);
  });

  test('refuses to remove what it never held', () => {
    const { table } = things(4);
    table.add();
    expect(() => table.remove(1 as ThingId)).toThrow('thing 1 does not exist');
    expect(() => table.remove(-1 as ThingId)).toThrow('thing -1 does not exist');
  });

  test('refuses to remove a row twice, which would give it to two later entities', () => {
    const { table } = things(4);
    const id = table.add();
    table.remove(id);
    expect(() => table.remove(id)).toThrow('thing 0 does not exist');
    table.add();
    expect(() => table.remove(id)).not.toThrow();
  });

  test('never takes an epoch back, whatever is added and removed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 9 }), { maxLength: 60 }), (choices) => {
        const { table, timer } = things(1);
        const alive: ThingId[] = [];
        const least: number[] = [];
        for (const choice of choices) {
          const id = alive[choice];
          if (id === undefined) alive.push(table.add());
          else {
            least[id] = Math.max(table.lifetime.at(id), timer.at(id)) + 1;
            table.remove(id);
            alive.splice(choice, 1);
          }
          for (let row = 0; row < table.length; row++) {
            expect(table.lifetime.at(row as ThingId)).toBe(least[row] ?? 0);
            expect(timer.at(row as ThingId)).toBe(least[row] ?? 0);
          }
        }
      }),
      { seed: 1 },
    );
  });

  test('is put back as it was saved, also into one built the same way', () => {
    const original = things(1);
    const ids = Array.from({ length: 20 }, () => original.table.add());
    for (const id of ids) original.real.set(id, id * 1.5);
    original.timer.add(ids[3]!, 2);
    original.table.remove(ids[5]!);
    const saved = original.table.save();

    const scramble = (id: ThingId): void => original.real.set(id, -1);
    ids.forEach(scramble);
    original.table.add();
    const later = original.table.add();
    original.real.set(later, 77);
    original.table.remove(ids[0]!);

    const other = things(2);
    for (const { table, real, timer, flag } of [original, other]) {
      table.restore(saved);
      expect(table.length).toBe(20);
      expect(real.at(ids[19]!)).toBe(28.5);
      expect([timer.at(ids[3]!), timer.at(ids[0]!), table.lifetime.at(ids[5]!)]).toEqual([2, 0, 1]);
      expect(table.add()).toBe(ids[5]);
      const fresh = table.add();
      expect([fresh, real.at(fresh), flag.at(fresh)]).toEqual([20, 0.5, 7]);
    }
  });

  test('a saved copy does not change with the table', () => {
    const { table, real } = things(4);
    const id = table.add();
    const saved = table.save();
    real.set(id, 3);
    table.remove(id);
    table.restore(saved);
    expect([real.at(id), table.length, table.lifetime.at(id)]).toEqual([0.5, 1, 0]);
  });

  test('refuses a snapshot with other columns', () => {
    const saved = new Table('thing').save();
    expect(() => things(4).table.restore(saved)).toThrow('thing: snapshot of another model');
  });
});
