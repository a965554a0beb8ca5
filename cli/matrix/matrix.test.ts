import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { version } from '../../package.json' with { type: 'json' };
import { ended, hcpsim, start } from '../testing.ts';

const FLEET = 'scenarios/fleets/compact-three-node.yaml';
const matrix = (...args: string[]) => hcpsim(['matrix', ...args]);

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'hcpsim-matrix-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

test('the verdict is the first line, and nothing is said beside the matrix', async () => {
  const { code, stdout, stderr } = await matrix(FLEET);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /^compact-three-node, steady state: 5 of 21 single failures take a hosted API down, worst first:/,
  );
});

test('each format is all that is on stdout, the same bytes every time', async () => {
  const json = await matrix(FLEET, '-o', 'json', '--depth', '2', '--seed', '7', '--for', '30m');
  const document = JSON.parse(json.stdout);
  expect(document).toMatchObject({ schema: 'hcpsim.matrix/v1', hcpsim: version, partial: false });
  expect(document.results[0]).toMatchObject({
    fleet: 'compact-three-node',
    depth: 2,
    seed: 7,
    failureSeconds: 1800,
    watchedSeconds: 5400,
  });
  expect(document.results[0].pairs.length).toBeGreaterThan(0);
  expect((await matrix(FLEET, '-o', 'json', '--depth', '2', '--seed', '7', '--for', '30m')).stdout).toBe(
    json.stdout,
  );
  expect((await matrix(FLEET, '-o', 'csv')).stdout).toMatch(/^fleet,state,before,/);
  expect((await matrix(FLEET, '-o', 'markdown')).stdout).toMatch(/^## Failure matrix of compact-three-node/);
});

test('several states give several results', async () => {
  const { stdout } = await matrix(FLEET, '--state', 'steady,zone-down', '-o', 'json');
  const { results } = JSON.parse(stdout);
  expect(results.map(({ before }: { before: string }) => before)).toEqual(['', 'zone host-a']);
});

test('overrides are relative to the fleet, of a scenario too', async () => {
  const count = async (path: string) => {
    const { stdout } = await matrix(path, '--set', 'hostedClusters.0.count=2', '-o', 'json');
    return JSON.parse(stdout).results[0].hostedClusters;
  };
  expect(await count(FLEET)).toBe(2);
  expect(await count('scenarios/library/compact-three-node.yaml')).toBe(2);
});

test.each([
  [['--depth', '3'], 'It must be 1 or 2'],
  [['--state', 'stedy'], 'steady, zone-down'],
  [['--for', '90'], 'It must be a duration'],
  [['--depth', '2', '--for', '1m'], 'at least'],
  [['-o', 'ndjson'], 'Allowed choices'],
  [['--set', 'hostedClusters.0.cuont=2'], 'unknown-set-path'],
])('wrong usage %j ends with 2 and puts nothing on stdout', async (args, said) => {
  const { code, stdout, stderr } = await matrix(FLEET, ...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(said);
});

test('a fleet without zones has none that could be down', async () => {
  const fleet = `apiVersion: hcpsim/v1alpha1
kind: Fleet
metadata: { name: flat }
spec:
  managementClusters: [{ name: m, nodePools: [{ name: h, replicas: 3 }] }]
  hostedClusters: [{ name: t }]
`;
  const { code, stderr } = await matrix(file('flat.yaml', fleet), '--state', 'zone-down');
  expect([code, stderr]).toEqual([2, 'error: the fleet flat has no zone that could be down\n']);
});

test('mistakes come all at once, with their places', async () => {
  const path = file(
    'bad.yaml',
    'apiVersion: hcpsim/v1alpha1\nkind: Fleet\nmetadata: {name: f}\nspec: {hostedClusters: [{name: t, cuont: 2}]}\n',
  );
  const { code, stdout, stderr } = await matrix(path);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/bad\.yaml:4:\d+ unknown-key/);
  expect(stderr).toMatch(/bad\.yaml:4:\d+ no-management-nodes/);
});

test('manifests in several files are one fleet', async () => {
  const names = ['aws-default', 'agent-minimal', 'management-nodes'];
  const files = names.map((name) => `scenarios/fleets/manifests/${name}.yaml`);
  const { code, stdout } = await matrix(...files, '-o', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout).results[0].hostedClusters).toBe(2);
});

test('an interrupt ends with 130 and prints what there is', async () => {
  const set = ['--set', 'managementClusters.0.nodePools.0.replicas=24', '--set', 'hostedClusters.0.count=10'];
  const args = ['scenarios/fleets/three-zones.yaml', ...set, '--state', 'steady,zone-down', '--depth', '2'];
  // Nothing tells from outside when the program listens: one that was killed before it did is started again.
  const interrupted = async (delay: number): ReturnType<typeof ended> => {
    const child = start(['matrix', ...args, '-o', 'json']);
    const result = ended(child);
    await new Promise((resolve) => setTimeout(resolve, delay));
    child.kill('SIGINT');
    return (await result).code === null ? interrupted(2 * delay) : result;
  };
  const { code, stdout, stderr } = await interrupted(400);
  expect([code, stderr]).toEqual([130, 'finishing the failure at hand; once more to stop at once\n']);
  expect(JSON.parse(stdout).partial).toBe(true);
});
