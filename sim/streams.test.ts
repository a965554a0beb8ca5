import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Stream, Streams } from './streams.ts';

const take = (stream: Stream, count = 5): number[] => Array.from({ length: count }, () => stream.uniform());

describe('streams', () => {
  test('the draws of an entity stay when another entity is inserted before it', () => {
    const alone = new Streams(1, 0);
    const together = new Streams(1, 0);
    const first = take(alone.stream('outage', 'zone-b'));
    take(together.stream('outage', 'zone-a'), 17);
    take(together.stream('repair', 'zone-b'), 3);
    expect(take(together.stream('outage', 'zone-b'))).toEqual(first);
  });

  test('a stream asked for again goes on where it was', () => {
    const streams = new Streams(1, 0);
    const halves = [...take(streams.stream('a', 1), 2), ...take(streams.stream('a', 1), 3)];
    expect(halves).toEqual(take(new Streams(1, 0).stream('a', 1), 5));
    expect(new Set(halves).size).toBe(5);
  });

  test('a stream taken once starts at the beginning and leaves nothing behind', () => {
    const streams = new Streams(1, 0);
    expect(take(streams.once('a', 'b'))).toEqual(take(streams.once('a', 'b')));
    expect(take(streams.once('a', 'b'))).toEqual(take(streams.stream('a', 'b')));
    expect(new Streams(1, 0).save().names).toEqual([]);
  });

  test('seed, replication, purpose and entity each make another stream', () => {
    const firsts = [
      new Streams(1, 0).once('a', 'b'),
      new Streams(2, 0).once('a', 'b'),
      new Streams(1, 2).once('a', 'b'),
      new Streams(-1, 0).once('a', 'b'),
      new Streams(1, 0).once('b', 'a'),
      new Streams(1, 0).once('a', '1'),
      new Streams(1, 0).once('a', 1),
    ].map((stream) => stream.uniform());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  test('names that read the same when strung together are different streams', () => {
    const streams = new Streams(1, 0);
    expect(streams.once('a/b', 'c').uniform()).not.toBe(streams.once('a', 'b/c').uniform());
    expect(streams.once('1:a', 'c').uniform()).not.toBe(streams.once('1', ':a/c').uniform());
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (p, e, q, f) => {
        fc.pre(p !== q || e !== f);
        expect(streams.once(p, e).uniform()).not.toBe(streams.once(q, f).uniform());
      }),
      { seed: 1 },
    );
  });

  test('a restored set of streams continues identically, also for who holds a stream', () => {
    const streams = new Streams(7, 3);
    const held = streams.stream('a', 'x');
    take(held, 4);
    take(streams.stream('b', 9), 2);
    const saved = streams.save();
    const after = [take(held), take(streams.stream('b', 9)), take(streams.stream('late', 'z'))];
    streams.restore(saved);
    expect([take(held), take(streams.stream('b', 9)), take(streams.stream('late', 'z'))]).toEqual(after);
    const other = new Streams(7, 3);
    other.restore(saved);
    expect([
      take(other.stream('a', 'x')),
      take(other.stream('b', 9)),
      take(other.stream('late', 'z')),
    ]).toEqual(after);
  });

  test('the first draws of 10,000 streams spread evenly over 20 classes', () => {
    const streams = new Streams(42, 0);
    const classes = new Array<number>(20).fill(0);
    for (let i = 0; i < 10_000; i++) classes[Math.floor(20 * streams.once('node', `node-${i}`).uniform())]!++;
    const chiSquared = classes.reduce((sum, count) => sum + (count - 500) ** 2 / 500, 0);
    // 99.9 % quantile of chi-squared with 19 degrees of freedom; the 0.1 % quantile guards against a grid.
    expect(chiSquared).toBeLessThan(43.8);
    expect(chiSquared).toBeGreaterThan(5.4);
  });

  test('a seed that is no integer and a negative replication are refused', () => {
    expect(() => new Streams(0.5, 0)).toThrow(/seed: found 0.5/);
    expect(() => new Streams(1, -1)).toThrow(/replication: found -1/);
  });
});
