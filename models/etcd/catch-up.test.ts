import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catchUpSeconds, transferSeconds } from './catch-up.ts';

const SPEC = {
  snapshotCount: 10_000,
  writesPerSecond: 20,
  entryKib: 2,
  databaseMib: 1000,
  bandwidthMib: 100,
};

describe('catching up', () => {
  it('100 MB at 10 MB/s and 1 GB at 100 MB/s take ten seconds, within the 15 of the hardware guide', () => {
    expect(transferSeconds(100, 10)).toBe(10);
    expect(transferSeconds(1000, 100)).toBe(10);
  });

  it('a short absence costs the entries it missed, a long one the whole database', () => {
    expect(catchUpSeconds(60, SPEC)).toBeCloseTo((60 * 20 * 2) / 1024 / 100, 12);
    expect(catchUpSeconds(500, SPEC)).toBeCloseTo((10_000 * 2) / 1024 / 100, 12);
    expect(catchUpSeconds(501, SPEC)).toBe(10);
    expect(catchUpSeconds(Number.POSITIVE_INFINITY, SPEC)).toBe(10);
  });

  it('grows with absence and never exceeds the database', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (a, b) => {
          const [short, long] = [Math.min(a, b), Math.max(a, b)].map((away) => catchUpSeconds(away, SPEC));
          expect(short!).toBeLessThanOrEqual(long!);
          expect(long!).toBeLessThanOrEqual(10);
        },
      ),
      { seed: 1 },
    );
  });
});
