import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DURATION_PATTERN, formatDuration, isTooLong, LONGEST_DURATION, parseDuration } from './duration.ts';
import { DAY, HOUR, MILLISECOND, MINUTE, type Micros, SECOND, WEEK } from './time.ts';

describe('a duration is read', () => {
  test.each([
    ['0', 0],
    ['90s', 90 * SECOND],
    ['1h30m', HOUR + 30 * MINUTE],
    ['1.5h', 90 * MINUTE],
    ['2d', 2 * DAY],
    ['1w2d', WEEK + 2 * DAY],
    ['250ms', 250 * MILLISECOND],
    ['7us', 7],
    ['1w2d3h4m5s6ms7us', WEEK + 2 * DAY + 3 * HOUR + 4 * MINUTE + 5 * SECOND + 6 * MILLISECOND + 7],
  ])('in the style of Go, with days and weeks: %s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  test.each([
    ['PT5M', 5 * MINUTE],
    ['P1DT2H', DAY + 2 * HOUR],
    ['P1W', WEEK],
    ['PT0.5S', SECOND / 2],
    ['P2DT3H4M5S', 2 * DAY + 3 * HOUR + 4 * MINUTE + 5 * SECOND],
  ])('in ISO 8601: %s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  test('rounded to whole microseconds', () => {
    expect([parseDuration('1.4us'), parseDuration('1.6us')]).toEqual([1, 2]);
  });
});

describe('a duration is refused', () => {
  test.each([
    '',
    '5',
    '1.5',
    '-5m',
    '5 m',
    '5M',
    'm',
    '1h 30m',
    '1h1h',
    '30m1h',
    '1ms1s',
    '.5s',
    '1.s',
    'P',
    'PT',
    'P1DT',
    'P1.5D',
    'forever',
  ])('for %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('when it is longer than exact numbers reach', () => {
    expect(parseDuration('14000w')).toBeDefined();
    expect(parseDuration('15000w')).toBeUndefined();
  });

  test('in files, when it is longer than a hundred years', () => {
    expect(parseDuration('36500d')).toBe(LONGEST_DURATION);
    expect(['36500d', '90s', '99999 weeks', ''].map(isTooLong)).toEqual([false, false, false, false]);
    expect(['36501d', '99999w', 'P99999W', `${'9'.repeat(400)}w`].map(isTooLong)).toEqual(
      Array(4).fill(true),
    );
  });

  test('for every bare number but zero', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e15, noNaN: true }), (number) => {
        expect(parseDuration(String(number))).toBeUndefined();
      }),
      { seed: 1 },
    );
  });
});

test('the pattern accepts exactly what the parser reads', () => {
  const piece = fc.constantFrom(
    '0',
    '1',
    '2.5',
    'us',
    'ms',
    's',
    'm',
    'h',
    'd',
    'w',
    'P',
    'T',
    'H',
    'M',
    'S',
    'D',
    '-',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const text = pieces.join('');
      expect(new RegExp(DURATION_PATTERN).test(text)).toBe(parseDuration(text) !== undefined);
    }),
    { seed: 1, numRuns: 2_000 },
  );
});

describe('a duration is printed', () => {
  test.each([
    [0, '0s'],
    [7, '7us'],
    [1_500, '1.5ms'],
    [47 * SECOND, '47s'],
    [HOUR + 47 * SECOND, '1h0m47s'],
    [2 * DAY, '2d'],
    [DAY + HOUR, '1d1h'],
    [-90 * SECOND, '-1m30s'],
    [SECOND + 1, '1.000001s'],
  ])('%d us as %s', (value, expected) => {
    expect(formatDuration(value as Micros)).toBe(expected);
  });

  test('so that reading it back gives the same duration', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(), fc.maxSafeNat()), (value) => {
        expect(parseDuration(formatDuration(value as Micros))).toBe(value);
      }),
      { seed: 1, numRuns: 1_000 },
    );
  });
});
