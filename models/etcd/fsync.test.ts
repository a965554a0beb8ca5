import { describe, expect, it } from 'vitest';
import { MILLISECOND, SECOND } from '../../sim/time.ts';
import { parameterValues } from '../parameters.ts';
import { DISK_PERFORMANCES } from '../plan/disk-performance.ts';
import { fsyncs, fsyncTimes, longFsyncs } from './fsync.ts';

const PARAMETERS = parameterValues();
const times = (kind: (typeof DISK_PERFORMANCES)[number]) => fsyncTimes(kind, PARAMETERS);

describe('fsync', () => {
  it.each(DISK_PERFORMANCES)(
    '%s: half of all fsyncs up to the typical, 99 %% up to the 99th percentile',
    (kind) => {
      const law = fsyncs(times(kind));
      expect(law.cdf(times(kind).typical)).toBeCloseTo(0.5, 9);
      expect(law.cdf(times(kind).p99)).toBeCloseTo(0.99, 9);
    },
  );

  it('only a shared pool has fsyncs that outlast an election timeout', () => {
    const stalling = DISK_PERFORMANCES.filter((kind) => longFsyncs(times(kind), SECOND, 20).share > 0);
    expect(stalling).toEqual(['shared-pool']);
  });

  it('a fixed time is either always too long or never', () => {
    const fixed = (value: number) => ({ typical: value, p99: value });
    expect(longFsyncs(fixed(2 * SECOND), SECOND, 20)).toMatchObject({ share: 1, gap: 50 * MILLISECOND });
    expect(longFsyncs(fixed(2 * SECOND), SECOND, 20).length(0.3)).toBe(2 * SECOND);
    expect(longFsyncs(fixed(SECOND / 2), SECOND, 20)).toMatchObject({
      share: 0,
      gap: Number.POSITIVE_INFINITY,
    });
  });

  it('gap and length of long fsyncs are those of a disk that makes one fsync after the other', () => {
    // The whole sequence, fsync by fsync: 50 ms on average until the next write, then a time drawn by inversion.
    const pool = times('shared-pool');
    const law = fsyncs(pool);
    const long = longFsyncs(pool, SECOND, 20);
    let now = 0;
    let since = 0;
    let gaps = 0;
    let lengths = 0;
    let count = 0;
    const n = 400_000;
    for (let i = 0; i < n; i++) {
      const begin = now + 50 * MILLISECOND;
      // An equidistributed sequence (golden ratio) stands for random numbers.
      const length = law.quantile(((i + 0.5) * 0.6180339887498949) % 1);
      now = begin + length;
      if (length <= SECOND) continue;
      gaps += begin - since;
      lengths += length;
      since = now;
      count++;
    }
    expect(Math.abs(count / n - long.share)).toBeLessThan(1e-3);
    expect(gaps / count / long.gap).toBeCloseTo(1, 2);
    let mean = 0;
    for (let i = 0; i < 10_000; i++) mean += long.length((i + 0.5) / 10_000) / 10_000;
    expect(lengths / count / mean).toBeCloseTo(1, 1);
  });
});
