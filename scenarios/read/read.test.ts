import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matches } from './globs.ts';
import { parsePercentage } from './percentage.ts';
import { parseQuantity, toCount, toMib, toMillis } from './quantity.ts';

const quantity = (text: string | number) => parseQuantity(text)!;

describe('quantities', () => {
  test('cores are read exactly in millicores', () => {
    const read = ['500m', '16', '0.5', '15500m', '1e3', '.25', '2k'].map((text) =>
      toMillis(quantity(text), 'down'),
    );
    expect(read).toEqual([500, 16_000, 500, 15_500, 1_000_000, 250, 2_000_000]);
  });

  test('memory is read exactly in mebibytes: 65328868Ki are 63797.72 MiB', () => {
    expect(toMib(quantity('65328868Ki'), 'down')).toBe(63_797);
    expect(toMib(quantity('65328868Ki'), 'up')).toBe(63_798);
    expect(toMib(quantity('2Gi'), 'down')).toBe(2048);
    expect(toMib(quantity('1G'), 'up')).toBe(954);
    expect(toMib(quantity(1_073_741_824), 'down')).toBe(1024);
    expect(toCount(quantity('250'))).toBe(250);
  });

  test('what is finer than a nano is rounded up, as Kubernetes does', () => {
    expect(quantity('0.0000000001')).toBe(1n);
  });

  test.each(['', 'm', '64GB', '-1', '1 Gi', '2gi', '1.2.3', 'Gi', '1e', '0x10'])(
    '%j is no quantity',
    (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    },
  );

  test('whole amounts come back in every unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (n) => {
        expect(toMillis(quantity(`${n}m`), 'down')).toBe(n);
        expect(toMib(quantity(`${n}Mi`), 'up')).toBe(n);
        expect(quantity(`${n}Ki`)).toBe(quantity(`${n * 1024}`));
        expect(quantity(`${n}k`)).toBe(quantity(`${n}e3`));
      }),
    );
  });

  test('rounding up is at most one above rounding down', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n }), (bytes) => {
        const read = quantity(`${bytes}`);
        const [down, up] = [toMib(read, 'down'), toMib(read, 'up')];
        expect(up - down).toBe(bytes % (1024n * 1024n) === 0n ? 0 : 1);
      }),
    );
  });
});

describe('percentages', () => {
  test('are the same doubles as their decimal ratios', () => {
    const read = ['99.9%', '99.99%', '100%', '0%', '7%', '33.3%'].map(parsePercentage);
    expect(read).toEqual([0.999, 0.9999, 1, 0, 0.07, 0.333]);
  });

  test.each(['101%', '-1%', '99,9%', '99', '%', '100.1%'])('%j is none', (text) => {
    expect(parsePercentage(text)).toBeUndefined();
  });

  test('hundredths come back exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9999 }), (n) => {
        const text = `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}%`;
        expect(parsePercentage(text)).toBe(Number(`${n}e-4`));
      }),
    );
  });
});

describe('patterns', () => {
  test('without a star only the text itself matches', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (a, b) => matches(a.replaceAll('*', ''), b) === (a.replaceAll('*', '') === b),
      ),
    );
  });

  test('a star stands for any run of characters, none included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-c]{0,3}$/), { minLength: 2, maxLength: 5 }),
        fc.stringMatching(/^[a-c]{0,3}$/),
        (parts, fill) => {
          expect(matches(parts.join('*'), parts.join(fill))).toBe(true);
        },
      ),
    );
  });

  test('agrees with a regular expression', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab*]{0,6}$/), fc.stringMatching(/^[ab]{0,8}$/), (pattern, text) => {
        expect(matches(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text));
      }),
    );
  });
});
