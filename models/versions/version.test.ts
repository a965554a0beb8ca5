import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareVersions,
  isNewer,
  minorName,
  minorOnOneScale,
  parseVersion,
  type Version,
} from './version.ts';

it.each([
  ['4.20', { major: 4, minor: 20 }],
  ['4.20.3', { major: 4, minor: 20, patch: 3 }],
  ['4.13.0-x86_64', { major: 4, minor: 13, patch: 0 }],
  ['5.1.0-rc.1', { major: 5, minor: 1, patch: 0, preRelease: 'rc.1' }],
  ['5.1.0-rc.1-x86_64', { major: 5, minor: 1, patch: 0, preRelease: 'rc.1' }],
  ['5.1.0-ec.2-multi', { major: 5, minor: 1, patch: 0, preRelease: 'ec.2' }],
] as const)('%s is read', (text, version) => {
  expect(parseVersion(text)).toEqual(version);
});

it.each(['', 'fake', '4', 'v4.20', '4.20.'])('%j is no version', (text) => {
  expect(parseVersion(text)).toBeUndefined();
});

it('5.x goes on from 4.23 on one scale', () => {
  const scale = (text: string): number => minorOnOneScale(parseVersion(text)!);
  expect(['4.14', '4.22', '4.23', '5.0', '5.1'].map(scale)).toEqual([14, 22, 23, 23, 24]);
});

it('a minor has the name that the way to its target goes by', () => {
  expect([19, 22, 23, 24].map((minor) => minorName(minor))).toEqual(['4.19', '4.22', '5.0', '5.1']);
  expect(minorName(23, parseVersion('4.23.1'))).toBe('4.23');
});

const ASCENDING = [
  '4.9.9',
  '4.20',
  '4.20.0-ec.3',
  '4.20.0-rc.1',
  '4.20.0-rc.2',
  '4.20.0-rc.10',
  '4.20.0',
  '4.20.3',
];
const ACROSS = ['4.22.9', '4.23.1', '4.23.7', '5.0.0-rc.0', '5.0.0', '5.1.0'];

describe('the order of versions', () => {
  it.each([...ASCENDING, ...ACROSS].slice(1).map((text, i) => [[...ASCENDING, ...ACROSS][i]!, text]))(
    '%s stands before %s',
    (older, newer) => {
      expect(compareVersions(parseVersion(older)!, parseVersion(newer)!)).toBeLessThan(0);
      expect(compareVersions(parseVersion(newer)!, parseVersion(older)!)).toBeGreaterThan(0);
    },
  );

  const version: fc.Arbitrary<Version> = fc
    .record({
      major: fc.constantFrom(4, 5),
      minor: fc.nat(24),
      patch: fc.option(fc.nat(3), { nil: undefined }),
      preRelease: fc.option(fc.constantFrom('rc.1', 'rc.10', 'rc', 'ec.2', '1', '1.x'), { nil: undefined }),
    })
    .map(({ patch, preRelease, ...minor }) => ({
      ...minor,
      ...(patch === undefined ? {} : { patch, ...(preRelease === undefined ? {} : { preRelease }) }),
    }));

  it('is total: antisymmetric, transitive, and 0 only for the same', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        const [x, y, z] = [a, b, c].sort(compareVersions) as [Version, Version, Version];
        expect(compareVersions(x, y) <= 0 && compareVersions(y, z) <= 0 && compareVersions(x, z) <= 0).toBe(
          true,
        );
        expect(compareVersions(a, b) === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it('a version without a patch is not newer or older than a patch of its minor', () => {
    const [minor, patch, next] = ['4.20', '4.20.3', '4.21'].map((text) => parseVersion(text)!);
    expect([isNewer(minor!, patch!), isNewer(patch!, minor!), isNewer(next!, patch!)]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
