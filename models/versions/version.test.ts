import { expect, it } from 'vitest';
import { minorOnOneScale, parseVersion } from './version.ts';

it.each([
  ['4.20', { major: 4, minor: 20 }],
  ['4.20.3', { major: 4, minor: 20, patch: 3 }],
  ['4.13.0-x86_64', { major: 4, minor: 13, patch: 0 }],
  ['5.1.0-rc.1', { major: 5, minor: 1, patch: 0 }],
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
