import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BEGINNING } from '../../sim/facts.ts';
import type { Micros } from '../../sim/time.ts';
import { type Step, summarize } from './service-recorder.ts';

const step = (at: number, value: number): Step => ({ at: at as Micros, value, fact: BEGINNING });
const END = 1000 as Micros;

describe('summary of a service', () => {
  it('weights levels by time', () => {
    const summary = summarize([step(0, 1), step(100, 0.5), step(300, 0), step(400, 1)], END);
    expect(summary.mean).toBeCloseTo((100 + 100 + 0 + 600) / 1000, 12);
    expect(summary).toMatchObject({ down: 100, degraded: 200, outages: 1, longestOutage: 100 });
  });

  it('several steps at 0 in a row are one outage, however its reason changes', () => {
    const summary = summarize([step(0, 1), step(100, 0), step(150, 0), step(200, 0), step(300, 1)], END);
    expect(summary).toMatchObject({ down: 200, outages: 1, longestOutage: 200 });
  });

  it('a level that lasts no time neither makes nor breaks an outage', () => {
    expect(summarize([step(0, 1), step(100, 0), step(100, 1)], END).outages).toBe(0);
    expect(summarize([step(0, 0), step(100, 0.3), step(100, 0), step(200, 1)], END)).toMatchObject({
      down: 200,
      outages: 1,
    });
  });

  it('an outage that is open at the end counts to the end', () => {
    expect(summarize([step(0, 1), step(900, 0)], END)).toMatchObject({
      down: 100,
      outages: 1,
      longestOutage: 100,
    });
  });

  it('levels that do not apply count neither way, and nothing but those has no mean', () => {
    expect(summarize([step(0, Number.NaN), step(500, 0), step(750, 1)], END).mean).toBe(0.5);
    expect(summarize([step(0, Number.NaN)], END).mean).toBeNaN();
  });

  it('down, degraded and full time add up to the window, and the mean lies between its levels', () => {
    const steps = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 999 }), fc.constantFrom(0, 1 / 3, 2 / 3, 1)), {
        minLength: 1,
      })
      .map((list) => [step(0, 1), ...list.sort((a, b) => a[0] - b[0]).map(([at, value]) => step(at, value))]);
    fc.assert(
      fc.property(steps, (list) => {
        const summary = summarize(list, END);
        expect(summary.down + summary.degraded).toBeLessThanOrEqual(END);
        expect(summary.mean).toBeGreaterThanOrEqual(0);
        expect(summary.mean).toBeLessThanOrEqual(1 + 1e-12);
        expect(summary.mean * END).toBeLessThanOrEqual(END - summary.down + 1e-6);
        expect(summary.longestOutage).toBeLessThanOrEqual(summary.down);
      }),
      { seed: 1 },
    );
  });
});
