import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { version } from '../../package.json' with { type: 'json' };
import { hcpsim } from '../testing.ts';

const THREE_ZONES = 'scenarios/fleets/three-zones.yaml';
const plan = (...args: string[]) => hcpsim(['plan-upgrade', ...args]);

const MIXED = `apiVersion: hcpsim/v1alpha1
kind: Fleet
metadata: {name: mixed}
spec:
  managementClusters:
    - {name: east, version: "4.18.9", operator: {mce: "2.8"}, nodePools: [{name: h, replicas: 3, zones: [a, b, c]}]}
    - {name: west, version: "4.20.1", nodePools: [{name: h, replicas: 3, zones: [d, e, f]}]}
  hostedClusters:
    - {name: tenant, count: 4, managementCluster: east, release: "4.18.4", nodePools: [{name: w, replicas: 2}]}
    - {name: sdn, managementCluster: west, release: "4.19.1", network: OpenShiftSDN, nodePools: [{name: w, replicas: 2}]}
`;

let scratch = '';
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'hcpsim-plan-'));
  writeFileSync(join(scratch, 'mixed.yaml'), MIXED);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const mixed = (...args: string[]) => plan(join(scratch, 'mixed.yaml'), '--to', '4.20.3', ...args);

test('a fleet that is there already', async () => {
  const { code, stdout, stderr } = await plan(THREE_ZONES, '--to', '4.19');
  expect([code, stdout, stderr]).toEqual([0, 'three-zones to 4.19: nothing to do\n', '']);
});

test('steps of one kind share a line, stages follow each other', async () => {
  const { code, stdout } = await plan(THREE_ZONES, '--to', '4.20');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^three-zones to 4\.20: 40 steps in 2 stages\n/);
  expect(stdout).toMatch(
    /Stage 1\n {2}hosted clusters tenant-0 … tenant-19 \(20\): 4\.19\.8 → 4\.20\n[\s\S]*Stage 2\n {2}node pools workers of tenant-0/,
  );
});

test('what a rule forbids is refused with rule and source, the rest goes on, and the code is 3', async () => {
  const { code, stdout } = await mixed();
  expect(code).toBe(3);
  expect(stdout).toMatch(/, and 2 that do not get there\n/);
  expect(stdout).toContain('operator of east: MCE 2.8 → 2.9');
  expect(stdout).toContain('workers of east: paused at 4.18.9');
  expect(stdout).toContain(
    '  hosted cluster sdn: stays at 4.19.1\n    hosted-cluster.openshift-sdn (an operator refuses):',
  );
  expect(stdout).toContain('openshift/hypershift support/supportedversion/version.go');
});

test('a refusal names who is in the way, what frees it, and how far everything gets', async () => {
  const fleet = MIXED.replace('{mce: "2.8"}', '{mce: "2.9"}').replace(
    'release: "4.18.4"',
    'release: "4.17.4", techPreview: true',
  );
  writeFileSync(join(scratch, 'stuck.yaml'), fleet);
  const { stdout } = await plan(join(scratch, 'stuck.yaml'), '--to', '4.20.3');
  expect(stdout).toContain('No target brings all of it further than it is.\n');
  expect(stdout).toContain(
    '  operator of east: stays at 2.9\n    held up by hosted clusters tenant-0 … tenant-3 (4) at 4.17.4\n',
  );
  expect(stdout).toContain(
    'held up by operator of east at 2.9; hosted clusters tenant-0 … tenant-3 (4) at 4.17.4',
  );
  expect(stdout).toContain(
    'What frees the way: The hosted clusters outside of that range are upgraded first',
  );
  expect(stdout).toContain('hosted clusters tenant-0 … tenant-3 (4): stay at 4.17.4');
});

test('as JSON: every step with what must be finished before it', async () => {
  const { code, stdout } = await mixed('-o', 'json');
  expect(code).toBe(3);
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({
    schema: 'hcpsim.upgrade-plan/v1',
    hcpsim: version,
    fleet: 'mixed',
    to: '4.20.3',
    reached: false,
    notes: [],
  });
  expect(document.stages[0].steps[0]).toEqual({
    id: '1.1',
    managementCluster: 'east',
    target: { kind: 'operator', name: 'east', product: 'MCE' },
    action: 'update',
    from: '2.8',
    to: '2.9',
    why: 'MCE 2.8 runs on 4.16 to 4.18, not on 4.19',
    after: [],
  });
  const ids = document.stages.flatMap(({ steps }: { steps: { id: string }[] }) => steps.map(({ id }) => id));
  for (const { steps } of document.stages)
    for (const { after } of steps) expect(ids).toEqual(expect.arrayContaining(after));
  expect(document.refused[0].findings[0]).toMatchObject({
    rule: 'hosted-cluster.openshift-sdn',
    where: 'reconcile',
    found: '4.19.1 to 4.20.3 with OpenShiftSDN',
  });
});

test('as Markdown: tables for a change request', async () => {
  const { stdout } = await mixed('-o', 'markdown');
  expect(stdout).toMatch(/^## Upgrade of mixed to 4\.20\.3\n/);
  expect(stdout).toContain('| 1 | operator of east | MCE 2.8 → 2.9 |');
  expect(stdout).toContain('### Refused');
});

/** Writes the plan of a fleet as a scenario into the scratch folder, and runs it. */
async function replayed(file: string, to: string, ...more: string[]) {
  const { stdout } = await hcpsim(['plan-upgrade', file, '--to', to, '-o', 'scenario', ...more], {
    cwd: scratch,
  });
  writeFileSync(join(scratch, 'plan.yaml'), stdout);
  const run = await hcpsim(['run', 'plan.yaml', '-o', 'json'], { cwd: scratch });
  return { scenario: stdout, code: run.code, stderr: run.stderr, result: JSON.parse(run.stdout) };
}
interface Upgrade {
  readonly kind: string;
  readonly outcome: string;
}

test('as a scenario: a campaign per management cluster takes every step, and no gate fails', async () => {
  const { scenario, code, stderr, result } = await replayed('mixed.yaml', '4.20.3');
  expect(code, stderr).toBe(0);
  expect(scenario).toMatch(/^# 2 do not get there, and stay where no rule forbids it; /);
  expect(scenario).toContain('fleet: mixed.yaml');
  expect(scenario).toMatch(/machineConfigPool: worker\s+managementCluster: east\s+change: pause/);
  const { upgrades, campaigns } = result.runs[0];
  expect(campaigns.map(({ name, outcome }: { name: string; outcome: string }) => [name, outcome])).toEqual([
    ['east', 'completed'],
    ['west', 'completed'],
  ]);
  expect(upgrades.every(({ outcome }: Upgrade) => outcome === 'completed')).toBe(true);
  expect(new Set(upgrades.map(({ kind }: Upgrade) => kind)).size).toBe(5);
});

const APART = `apiVersion: hcpsim/v1alpha1
kind: Fleet
metadata: {name: apart}
spec:
  managementClusters:
    - {name: m, version: "4.20.3", nodePools: [{name: h, replicas: 3, zones: [a, b, c]}]}
  hostedClusters:
    - {name: old, release: "4.18.4", nodePools: [{name: v, replicas: 1}, {name: w, replicas: 1}]}
    - {name: mid, release: "4.19.1", nodePools: [{name: v, replicas: 1}, {name: w, replicas: 1}]}
    - {name: other, release: "4.19.4", nodePools: [{name: w, replicas: 1}]}
`;

test('as a scenario: steps to one release are one stage, wherever they begin; what comes one after the other without need is said', async () => {
  const file = join(scratch, 'apart.yaml');
  writeFileSync(file, APART);
  const { scenario, code, stderr, result } = await replayed(file, '4.20.3', '--duration', '2d');
  expect(code, stderr).toBe(0);
  // The file is named by its path from here, though it was given by the whole one.
  expect(scenario).toContain('fleet: apart.yaml');
  const { stages } = parse(scenario).spec.campaigns[0];
  const names = stages.map(({ name }: { name: string }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(stages.slice(1, 5)).toEqual([
    { name: 'stage 1, hosted clusters to 4.20.3', hostedCluster: ['mid', 'other'], to: '4.20.3' },
    { name: 'stage 2, hosted clusters to 4.20.3', hostedCluster: 'old', to: '4.20.3' },
    {
      name: 'stage 2, node pools v, w to 4.20.3',
      nodePool: ['v', 'w'],
      hostedCluster: 'mid',
      to: '4.20.3',
    },
    { name: 'stage 2, node pools w to 4.20.3', nodePool: 'w', hostedCluster: 'other', to: '4.20.3' },
  ]);
  expect(scenario).toMatch(
    /^# A stage of a campaign brings one kind of target to one release: what does not wait/,
  );
  expect(result.runs[0].upgrades).toHaveLength(9);
});

const INNER = MIXED.slice(MIXED.indexOf('spec:\n') + 6).replaceAll(/^ {2}/gm, '    ');
const SCENARIO = `apiVersion: hcpsim/v1alpha1
kind: Scenario
metadata: {name: outer}
spec:
  duration: 1h
  parameters: {upgrade: {payload: 3m}}
  events: [{at: 10m, zoneOutage: {zone: a, duration: 5m}}]
  fleet:
${INNER}`;

test('as a scenario, of a scenario: its fleet and parameters, not what happens in it', async () => {
  writeFileSync(join(scratch, 'outer.yaml'), SCENARIO);
  const { scenario, code, stderr } = await replayed('outer.yaml', '4.20.3');
  expect(code, stderr).toBe(0);
  expect(scenario).toContain('payload: 3m');
  expect(scenario).toContain('hostedClusters:');
  expect(scenario).not.toContain('zoneOutage');
});

test('as a scenario, of a fleet with overrides, and of one that lies elsewhere', async () => {
  const { scenario } = await replayed(
    'mixed.yaml',
    '4.20.3',
    '--set',
    'hostedClusters.0.count=1',
    '--duration',
    '30h',
  );
  expect(scenario).toContain('count: 1');
  expect(scenario).toContain('duration: 30h');
});

test('overrides are relative to the fleet', async () => {
  const { stdout } = await plan(THREE_ZONES, '--to', '4.20', '--set', 'hostedClusters.0.count=2');
  expect(stdout).toMatch(/^three-zones to 4\.20: 4 steps/);
});

test.each([
  ['4.30', 'the nearest possible target is 5.1; did you mean "4.20"?'],
  ['4.24.2', 'the nearest possible target is 5.1; OpenShift 4.24 is called 5.1'],
  ['3.11', 'the nearest possible target is 4.12'],
])('a target that nobody knows is refused with the nearest: %s', async (to, said) => {
  const { code, stdout, stderr } = await plan(THREE_ZONES, '--to', to);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`Releases that are known: 4.12 to 4.23, 5.0 to 5.1; ${said}`);
});

test.each([
  [[]],
  [['--to', 'newest']],
  [['--to', '4.20', '-o', 'pdf']],
  [['--to', '4.20', '--set', 'nope=1']],
])('with %j it is not asked rightly', async (args) => {
  const { code, stdout } = await plan(THREE_ZONES, ...args);
  expect([code, stdout]).toEqual([2, '']);
});
