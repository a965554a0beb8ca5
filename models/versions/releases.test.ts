import { expect, it } from 'vitest';
import { kubernetesMinor, RELEASES, releaseOfKubernetes } from './releases.ts';

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
