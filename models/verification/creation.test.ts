import { expect, test } from 'vitest';
import { createHostedCluster } from './creation.ts';

test('a hosted cluster comes to be in the order of its dependencies: first its API, then the rest, then its nodes can join', () => {
  const { available, rolledOut, nodePool } = createHostedCluster(1);
  // Load balancers, etcd and kube-apiserver come before the API answers.
  expect(available).toBeGreaterThan(60 + 2 * 15);
  expect(rolledOut).toBeGreaterThan(available + 300);
  expect(nodePool).toBeGreaterThan(available);
  expect(Math.max(available, rolledOut, nodePool)).toBeLessThan(1800);
});
