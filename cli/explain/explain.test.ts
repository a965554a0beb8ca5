import { expect, test } from 'vitest';
import { hcpsim } from '../testing.ts';

test('a component is explained with what it takes to place and to start it', async () => {
  const { stdout } = await hcpsim(['explain', 'konnectivity-agent']);
  for (const part of [
    '2 replicas',
    '40m CPU, 50Mi',
    'priority controlPlane',
    'by node and zone',
    'waits for kube-api',
  ])
    expect(stdout).toContain(part);
  expect((await hcpsim(['explain', 'kube-apiserver'])).stdout).toMatch(
    /Not on AWS: .*waits for etcd.*Request-serving.*\n.*On AWS: /,
  );
});

test('the beginning of names finds all that begin so, where a word of them ends', async () => {
  const explained = async (word: string) => (await hcpsim(['explain', word])).stdout;
  expect(await explained('exposure')).toContain('exposure.api (metric)');
  expect(await explained('lease.controllerManager')).toContain('lease.controllerManagerDuration (parameter)');
  expect((await hcpsim(['explain', 'lease.contr'])).code).toBe(2);
});

test('a word that nothing is called by is told where the names are', async () => {
  const { code, stderr } = await hcpsim(['explain', 'foo']);
  expect(code).toBe(2);
  expect(stderr).toContain('"hcpsim explain" without a word lists all names');
});

test('without a word every name is listed by kind', async () => {
  const { code, stdout } = await hcpsim(['explain']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^metric: .*api\.uptime/m);
  expect(stdout).toMatch(/^component: .*konnectivity-agent/m);
  expect(stdout).toMatch(/^rule on versions: .*hosted-cluster\.downgrade/m);
});

test('keys of files are explained where they stand, and not listed', async () => {
  const { stdout } = await hcpsim(['explain', 'soak']);
  expect(stdout).toMatch(
    /^spec\.campaigns\[\]\.stages\[\]\.soak \(key\)\n {2}Time between the end of the last upgrade/,
  );
  expect((await hcpsim(['explain', 'campaigns'])).stdout).toContain('spec.campaigns (key)');
  expect((await hcpsim(['explain'])).stdout).not.toMatch(/^key/m);
});
