import { expect, test } from 'vitest';
import { compareVersions, parseVersion } from '../versions/version.ts';
import { Releases } from './releases.ts';

const NAMES = ['4.19.8', '4.20.0-rc.1', '4.20.0-rc.2', '4.20.0', '4.23.9', '5.0.0', '5.1.0'];

test('releases stand in the order of versions, pre-releases and 4.23 beside 5.0 as well', () => {
  const releases = new Releases();
  for (const [one, other] of NAMES.flatMap((a) => NAMES.map((b) => [a, b] as const))) {
    const expected = compareVersions(parseVersion(one)!, parseVersion(other)!);
    expect(Math.sign(releases.compare(releases.of(one), releases.of(other)))).toBe(Math.sign(expected));
  }
});

test('images that tell no version are the oldest, and alike', () => {
  const releases = new Releases();
  const [image, other, version] = ['quay.io/a', 'quay.io/b', '4.19.8'].map((name) => releases.of(name));
  expect(releases.compare(image!, version!)).toBeLessThan(0);
  expect(releases.compare(version!, image!)).toBeGreaterThan(0);
  expect(releases.compare(image!, other!)).toBe(0);
});

test('a minor without a patch means the patch of it that there is, and else the minor', () => {
  const releases = new Releases();
  const [minor, present, other] = ['4.20', '4.20.8', '4.21.1'].map((name) => releases.of(name));
  expect(releases.meant(minor!, present!)).toBe(present);
  expect(releases.meant(minor!, other!)).toBe(minor);
  expect(releases.meant(present!, other!)).toBe(present);
  expect(releases.meant(present!, minor!)).toBe(present);
});
