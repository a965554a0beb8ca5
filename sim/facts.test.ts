import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BEGINNING, type CauseId, FactLog } from './facts.ts';
import type { Micros } from './time.ts';

describe('a log of facts', () => {
  test('gives back every fact as it was appended, over the blocks that it is kept in', () => {
    const log = new FactLog();
    const kinds = [log.kind('down'), log.kind('up')];
    const ids: CauseId[] = [];
    for (let i = 0; i < 50_000; i++)
      ids.push(log.append(kinds[i % 2]!, i, i / 4, (1e12 + i) as Micros, ids[i - 3] ?? BEGINNING));
    expect(log.length).toBe(50_001);
    ids.forEach((id, i) => {
      expect(log.get(id)).toEqual({
        kind: kinds[i % 2],
        subject: i,
        value: i / 4,
        at: 1e12 + i,
        cause: ids[i - 3] ?? BEGINNING,
      });
    });
  });

  test('has a chain from the root to each fact, every link the cause of the next', () => {
    // Each number says how far back the cause of a fact lies; as far as the beginning makes it a root.
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 60 }), (steps) => {
        const log = new FactLog();
        const kind = log.kind('step');
        steps.forEach((back, i) => {
          log.append(kind, i, 0, i as Micros, Math.max(0, i + 1 - back) as CauseId);
        });
        const last = steps.length as CauseId;
        const chain = log.chain(last);
        expect(chain[0]!.cause).toBe(BEGINNING);
        expect(chain.at(-1)).toEqual(log.get(last));
        for (let i = 1; i < chain.length; i++) expect(log.get(chain[i]!.cause)).toEqual(chain[i - 1]);
      }),
      { seed: 1 },
    );
  });

  test('the beginning of the run has no chain', () => {
    expect(new FactLog().chain(BEGINNING)).toEqual([]);
  });

  test('is rewound by a restore, and goes on from there with the same numbers', () => {
    const log = new FactLog();
    const kind = log.kind('thing');
    const append = (subject: number, cause: CauseId): CauseId =>
      log.append(kind, subject, 0, 0 as Micros, cause);
    const root = append(1, BEGINNING);
    const saved = log.save();
    const child = append(2, root);
    log.restore(saved);
    expect(log.length).toBe(2);
    expect(append(3, root)).toBe(child);
    expect(log.chain(child).map((fact) => fact.subject)).toEqual([1, 3]);
  });

  test('a snapshot keeps what it saved while the log and its restored copies go on', () => {
    const log = new FactLog();
    const kind = log.kind('thing');
    const fill = (facts: FactLog, from: number, to: number): void => {
      for (let i = from; i < to; i++) facts.append(kind, i, 0, 0 as Micros, BEGINNING);
    };
    fill(log, 1, 40_000);
    const saved = log.save();
    fill(log, 70_000, 110_000);
    log.restore(saved);
    fill(log, 40_000, 60_000);
    const other = new FactLog();
    other.kind('thing');
    other.restore(saved);
    expect(other.length).toBe(40_000);
    for (let i = 1; i < 60_000; i++) {
      if (i < 40_000) expect(other.get(i as CauseId).subject).toBe(i);
      expect(log.get(i as CauseId).subject).toBe(i);
    }
  });

  test('is restored into a smaller log of the same kinds', () => {
    const log = new FactLog();
    const kind = log.kind('thing');
    for (let i = 0; i < 30_000; i++) log.append(kind, i, 0, 0 as Micros, i as CauseId);
    const other = new FactLog();
    other.kind('thing');
    other.restore(log.save());
    expect(other.chain(30_000 as CauseId)).toEqual(log.chain(30_000 as CauseId));
    expect(other.append(kind, 9, 0, 0 as Micros, BEGINNING)).toBe(30_001);
  });
});
