import { expect, it } from 'vitest';
import {
  knownRelease,
  knownReleases,
  kubernetesMinor,
  RELEASES,
  releaseOfKubernetes,
  releasesAround,
} from './releases.ts';
import { parseVersion } from './version.ts';

it.each(RELEASES.map(({ name, kubernetes }) => [name, kubernetes] as const))(
  '%s has Kubernetes 1.%i',
  (name, kubernetes) => {
    expect(kubernetesMinor(`${name}.7`)).toBe(kubernetes);
    if (name !== '4.23') expect(releaseOfKubernetes(kubernetes)).toBe(name);
  },
);

it('a release image without a version has no Kubernetes that anybody could tell', () => {
  expect(kubernetesMinor('fake')).toBeUndefined();
});

it.each([
  ['4.20.3', '4.20'],
  ['4.23.0-rc.1', '4.23'],
  ['5.1', '5.1'],
  ['4.24.1', undefined],
  ['5.2', undefined],
  ['4.11', undefined],
  ['3.11', undefined],
  ['fake', undefined],
])('%s is of %s', (text, name) => {
  expect(knownRelease(text)?.name).toBe(name);
});

it('the table in words, and from a version on', () => {
  expect(knownReleases()).toBe('4.12 to 4.23, 5.0 to 5.1');
  const nearest = (text: string) => releasesAround(parseVersion(text)!)[0];
  expect(['4.30', '4.24', '5.7', '4.11', '3.11', '4.20.3'].map(nearest)).toEqual([
    '5.1',
    '5.1',
    '5.1',
    '4.12',
    '4.12',
    '4.20',
  ]);
});
