import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { version } from '../package.json' with { type: 'json' };
import { ended, hcpsim, start } from './testing.ts';

/** A directory with the files of `hcpsim init`, and one to write to. */
let first = '';
let scratch = '';

beforeAll(async () => {
  first = mkdtempSync(join(tmpdir(), 'hcpsim-init-'));
  expect((await hcpsim(['init', first])).code).toBe(0);
});
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'hcpsim-cli-'));
  return () => rmSync(scratch, { recursive: true, force: true });
});
afterAll(() => rmSync(first, { recursive: true, force: true }));

const scenario = () => join(first, 'scenario.yaml');
const run = (...args: string[]) => hcpsim(['run', scenario(), ...args]);

test('help names every command, on stdout', async () => {
  const { code, stdout, stderr } = await hcpsim(['--help']);
  expect([code, stderr]).toEqual([0, '']);
  for (const command of [
    'run',
    'validate',
    'matrix',
    'plan-upgrade',
    'replay',
    'list',
    'explain',
    'assumptions',
    'schema',
    'init',
  ])
    expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
  expect((await hcpsim(['--version'])).stdout).toBe(`${version}\n`);
});

test.each([
  [[]],
  [['rum', 'x.yaml']],
  [['run']],
  [['run', 'x.yaml', '--nope']],
  [['run', 'x.yaml', '-o', 'pdf']],
  [['run', 'x.yaml', '--seed', '-1']],
  [['run', 'x.yaml', '--replications', '0']],
  [['replay', 'x.yaml', '--until', '90']],
  [['schema', 'Fleat']],
  [['explain', 'nonsense']],
])('wrong usage %j ends with 2 and puts nothing on stdout', async (args) => {
  const { code, stdout, stderr } = await hcpsim(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).not.toBe('');
});

test('what init writes is valid, and is never overwritten', async () => {
  const files = readdirSync(first);
  expect(files.sort()).toEqual(['fleet.yaml', 'hcpsim.schema.json', 'scenario.yaml']);
  const valid = await hcpsim(['validate', scenario(), join(first, 'fleet.yaml')]);
  expect([valid.code, valid.stderr]).toEqual([0, '']);
  const modeline = /^# yaml-language-server: \$schema=\.\/(.*)$/m.exec(readFileSync(scenario(), 'utf8'));
  expect(existsSync(join(first, modeline![1]!))).toBe(true);

  writeFileSync(join(scratch, 'fleet.yaml'), 'mine');
  const again = await hcpsim(['init', scratch]);
  expect([again.code, again.stdout]).toEqual([2, '']);
  expect(readdirSync(scratch)).toEqual(['fleet.yaml']);
  expect(readFileSync(join(scratch, 'fleet.yaml'), 'utf8')).toBe('mine');
});

test('init where no directory can be made is an error of usage', async () => {
  writeFileSync(join(scratch, 'file'), '');
  for (const directory of ['/proc/hcpsim/x', join(scratch, 'file'), join(scratch, 'file', 'x')]) {
    const { code, stdout, stderr } = await hcpsim(['init', directory]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: cannot write to /);
  }
  const deep = join(scratch, 'a', 'b');
  expect((await hcpsim(['init', deep])).code).toBe(0);
  expect(readdirSync(deep)).toHaveLength(3);
});

test('every file of a folder can be run: those without a scenario are checked and noted', async () => {
  const both = await hcpsim(['run', 'fleet.yaml', 'scenario.yaml'], { cwd: first });
  expect(both.code).toBe(0);
  expect(both.stdout).toBe((await run()).stdout);
  expect(both.stderr).toBe('fleet.yaml holds Fleet my-fleet and no Scenario: checked, not run.\n');
  const alone = await hcpsim(['run', 'fleet.yaml'], { cwd: first });
  expect([alone.code, alone.stdout]).toEqual([2, '']);
  expect(alone.stderr).toContain('wrong-kind');
});

test('the name of a scenario of the library is no file, but tells where it is', async () => {
  for (const command of [['run'], ['validate'], ['matrix'], ['plan-upgrade', '--to', '4.20']]) {
    const { code, stderr } = await hcpsim([...command, 'zone-loss'], { cwd: scratch });
    expect(code).toBe(2);
    expect(stderr).toMatch(/hint: zone-loss of the library is .*zone-loss\.yaml$/m);
  }
});

test('an option and an override that say the same thing are an error of usage', async () => {
  for (const args of [
    ['--seed', '7', '--set', 'seed=9'],
    ['--set', 'spec.seed=9', '--seed', '7'],
    ['--replications', '2', '--set', 'replications=3'],
  ]) {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('both given');
  }
  expect((await run('--seed', '7', '--set', 'replications=2')).code).toBe(0);
});

test('an output never takes the place of an input or of another output', async () => {
  const [copy, fleet] = [join(scratch, 'z.yaml'), join(scratch, 'fleet.yaml')];
  writeFileSync(copy, readFileSync(scenario()));
  writeFileSync(fleet, readFileSync(join(first, 'fleet.yaml')));
  symlinkSync(copy, join(scratch, 'link.yaml'));
  const both = join(scratch, 'both');
  for (const args of [
    ['run', copy, '--report', copy],
    ['run', copy, '--trace', `${scratch}/./z.yaml`],
    ['run', copy, '--report', join(scratch, 'link.yaml')],
    ['run', join(scratch, 'link.yaml'), '--report', copy],
    ['run', copy, '--trace', fleet],
    ['run', copy, '--report', both, '--trace', both],
    ['replay', copy, '--trace', copy],
  ]) {
    const { code, stdout, stderr } = await hcpsim(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: --\w+ .* would overwrite /);
  }
  expect(readFileSync(copy, 'utf8')).toBe(readFileSync(scenario(), 'utf8'));
  expect(readdirSync(scratch).sort()).toEqual(['fleet.yaml', 'link.yaml', 'z.yaml']);
});

test('a run whose gates pass ends with 0 and says nothing but its result', async () => {
  const { code, stdout, stderr } = await run();
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^my-first-scenario {2}PASS: 1 gate passed over 1d\n/);
});

test('a gate that fails ends with 3', async () => {
  const { code, stdout } = await run('--set', 'gates.0.op=<');
  expect(code).toBe(3);
  expect(stdout).toContain('FAIL: 1 gate failed');
});

test('each format is all that is on stdout', async () => {
  const json = await run('-o', 'json');
  expect(JSON.parse(json.stdout)).toMatchObject({
    schema: 'hcpsim.result/v1',
    hcpsim: version,
    partial: false,
  });
  const ndjson = (await run('-o', 'ndjson')).stdout.trimEnd().split('\n');
  expect(new Set(ndjson.map((line) => JSON.parse(line).type))).toContain('gate');
  expect((await run('-o', 'csv')).stdout).toMatch(/^scenario,seed,/);
});

test('all mistakes of all files come at once; nothing runs and no file is touched', async () => {
  const [bad, worse] = [join(scratch, 'bad.yaml'), join(scratch, 'worse.yaml')];
  const text = readFileSync(scenario(), 'utf8').replace('fleet.yaml', join(first, 'fleet.yaml'));
  writeFileSync(bad, text.replace('duration: 24h', 'duration: 90').replace('api.uptime', 'api.uptme'));
  writeFileSync(worse, text.replace('zone: zone-a', 'zone: zone-x'));
  const [report, trace] = [join(scratch, 'report.html'), join(scratch, 'trace.ndjson')];
  writeFileSync(report, 'old');
  const { code, stdout, stderr } = await hcpsim([
    'run',
    scenario(),
    bad,
    worse,
    '--report',
    report,
    '--trace',
    trace,
  ]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/bad\.yaml:\d+:\d+ bare-duration/);
  expect(stderr).toMatch(/bad\.yaml:\d+:\d+ unknown-metric/);
  expect(stderr).toMatch(/worse\.yaml:\d+:\d+ unknown-zone/);
  expect(stderr).toContain('3 problems in 2 files');
  expect(readFileSync(report, 'utf8')).toBe('old');
  expect(existsSync(trace)).toBe(false);
  expect((await hcpsim(['validate', bad, worse])).stderr).toContain('3 problems in 2 files');
});

test('an output that cannot be written is found before anything runs', async () => {
  for (const option of ['--report', '--trace']) {
    const { code, stdout, stderr } = await run(option, join(scratch, 'missing', 'x'));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: cannot write /);
  }
});

test('report and trace are written, talk goes to stderr, and neither moves the digest', async () => {
  const [report, trace] = [join(scratch, 'report.html'), join(scratch, 'trace.ndjson')];
  const plain = await run('-o', 'json');
  const traced = await run('-o', 'json', '--report', report, '--trace', trace);
  expect(traced.stdout).toBe(plain.stdout);
  expect(traced.stderr).toContain(report);
  expect(readFileSync(report, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  const lines = readFileSync(trace, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.some(({ kind }) => kind === 'event')).toBe(true);
  expect(readdirSync(scratch).sort()).toEqual(['report.html', 'trace.ndjson']);
});

test('a replay is the run again', async () => {
  const once = JSON.parse((await run('-o', 'json', '--seed', '7')).stdout).runs[0];
  const again = await hcpsim(['replay', scenario(), '--seed', '7', '--replication', '0', '-o', 'json']);
  expect(again.code).toBe(0);
  const replayed = JSON.parse(again.stdout).runs[0];
  expect(replayed).toEqual({ ...once, gates: [] });
});

test('replicated runs print intervals', async () => {
  const { stdout } = await run('--replications', '3', '-o', 'json');
  const [result] = JSON.parse(stdout).runs;
  expect(result.replications).toBe(3);
  expect(result.metrics[0].interval).toMatchObject({ confidence: expect.any(Number) });
});

test('colours follow NO_COLOR and FORCE_COLOR', async () => {
  const colored = await hcpsim(['run', scenario()], { env: { FORCE_COLOR: '1' } });
  expect(colored.stdout).toContain('\u001b[');
  const never = await hcpsim(['run', scenario()], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
  expect(never.stdout).not.toContain('\u001b[');
  expect((await run()).stdout).not.toContain('\u001b[');
});

test('a reader that closes the pipe early is no error', async () => {
  const child = start(['schema']);
  child.stdout.destroy();
  const stderr: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => stderr.push(chunk));
  const code = await new Promise((resolve) => child.on('exit', resolve));
  expect([code, stderr.join('')]).toEqual([0, '']);
});

test('the first interrupt finishes the replication at hand and prints what there is', async () => {
  const trace = join(scratch, 'trace.ndjson');
  const child = start(['run', scenario(), '--replications', '1000000', '-o', 'json', '--trace', trace]);
  const result = ended(child);
  // The trace appears under its draft name when the simulation starts.
  while (readdirSync(scratch).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  child.kill('SIGINT');
  const { code, stdout, stderr } = await result;
  expect(code).toBe(130);
  expect(stderr).toContain('once more to stop at once');
  const document = JSON.parse(stdout);
  expect(document.partial).toBe(true);
  expect(document.runs[0]?.replications ?? 0).toBeLessThan(1_000_000);
});

test('the swarm tries seeds and parts of what they draw, and is not for the help page', async () => {
  const { code, stdout, stderr } = await hcpsim(['swarm', '--seed', '3', '--count', '2', '--faults', '0,1']);
  expect([code, stdout, stderr]).toEqual([0, '', '2 seeds from 3 on: 0 with a finding\n']);
  expect((await hcpsim(['--help'])).stdout).not.toContain('swarm');
  expect((await hcpsim(['swarm', '--faults', 'a'])).code).toBe(2);
});

test('the library is listed with what each scenario shows', async () => {
  const { code, stdout } = await hcpsim(['list']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^zone-loss +\S/m);
});

test.each([
  ['api.uptime', 'metric'],
  ['tunnel', 'service'],
  ['unknown-zone', 'error code'],
  ['kube-apiserver', 'component'],
  ['zoneOutage', 'event'],
  ['node.gracePeriod', 'parameter'],
  ['GRACEPERIOD', 'parameter'],
])('explain %s tells of a %s', async (word, kind) => {
  const { code, stdout } = await hcpsim(['explain', word]);
  expect(code).toBe(0);
  expect(stdout).toContain(`(${kind})`);
});

test('a word that nothing is called by gets a suggestion', async () => {
  expect((await hcpsim(['explain', 'api.uptme'])).stderr).toContain('did you mean "api.uptime"?');
});

test('assumptions are the parameters without a source', async () => {
  const { stdout } = await hcpsim(['assumptions']);
  expect(stdout).toMatch(/^etcd\.ready = 15s: /m);
  expect(stdout).not.toContain('node.gracePeriod');
});

test('the schema is JSON Schema of the draft that editors read', async () => {
  for (const args of [[], ['Fleet'], ['scenario']]) {
    const { stdout } = await hcpsim(['schema', ...args]);
    expect(JSON.parse(stdout).$schema).toBe('http://json-schema.org/draft-07/schema#');
  }
});
