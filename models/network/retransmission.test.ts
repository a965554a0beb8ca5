import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextSegment } from './retransmission.ts';

/** Segment after segment, as RFC 6298 has it. */
function sent(first: number, now: number, timeout: number): number {
  let at = first;
  for (let wait = timeout; at < now; wait *= 2) at += wait;
  return at;
}

describe('a segment that is not acknowledged', () => {
  it('is sent anew after a time that doubles', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e7 }),
        fc.integer({ min: 0, max: 2e8 }),
        fc.integer({ min: 1, max: 1e6 }),
        (first, later, timeout) => {
          expect(nextSegment(first, first + later, timeout)).toBe(sent(first, first + later, timeout));
        },
      ),
      { seed: 1 },
    );
    expect(nextSegment(5, 3, 1)).toBe(5);
  });
});
