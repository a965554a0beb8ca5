import { expect, test } from 'vitest';
import type { Micros } from '../sim/time.ts';
import { apiOutage, document, failedGate, gate, hosted, replicated, zoneLoss } from './fixture.ts';
import { renderText } from './text.ts';

const text = (...args: Parameters<typeof document>) => renderText(document(...args));

test('the verdict comes first, with measured value and bound of every gate', () => {
  const [first, , pass, fail] = text(zoneLoss()).split('\n');
  expect(first).toBe('zone-loss  FAIL: 1 gate failed, 1 passed over 1d');
  expect(pass).toBe('  ✔ no hosted API goes down: min api.uptime of 20 is 100%, wanted >= 100%');
  expect(fail).toContain('is 99.9820% (tenant-3), wanted >= 99.9900%');
});

test('a run without gates says so, and who lost the API', () => {
  const printed = text({ ...zoneLoss(), gates: [] });
  expect(printed).toMatch(/^zone-loss {2}NO GATES: /);
  expect(printed.split('\n')[2]).toBe(
    'Hosted APIs: none went down; 7 of 20 lost up to a third of requests for up to 47.1s',
  );
});

test('the one value of a gate has no minimum', () => {
  const alone = { ...failedGate, samples: 1 };
  expect(text({ ...zoneLoss(), gates: [alone] })).toContain(
    'four nines of requests: api.availability is 99.9820% (tenant-3), wanted',
  );
});

test('what a replay that was cut short did not reach, and gates that it does not judge, are told as such', () => {
  const cut = { ...zoneLoss(), gates: [], unjudgedGates: 2, duration: 1_800_000_000 as Micros };
  const later = cut.injected.map((event) => ({ ...event, at: 3_600_000_000 as Micros }));
  const printed = text({ ...cut, injected: later });
  expect(printed).toMatch(/^zone-loss {2}GATES NOT JUDGED: 2 gates of whole runs, /);
  expect(printed).toMatch(/^Not reached: at 1h/m);
  expect(printed).not.toContain('Injected at');
  expect(printed).not.toContain('▼');
});

test('a long chain that ended an outage is cut in its middle', () => {
  const [outage] = zoneLoss().outages;
  const endedBy = Array.from({ length: 14 }, (_, i) => `link ${i}`);
  const printed = text({ ...zoneLoss(), outages: [{ ...outage!, endedBy }] }).replace(/\s+/g, ' ');
  expect(printed).toContain('ended by link 0 → link 1 → … 8 more … → link 10 → link 11 → link 12 → link 13');
});

test('a replay says which replication it is', () => {
  const last = text({ ...zoneLoss(), firstReplication: 3 })
    .trimEnd()
    .split('\n')
    .at(-1);
  expect(last).toContain('seed 1, replication 3, ');
});

test('an outage says what it waited for, phase by phase, and how each stretch ended', () => {
  const at = (seconds: number) => (3_600e6 + seconds * 1e6) as Micros;
  const root = ['nodeFailure x', 'node x lost'];
  const evicted = [...root, 'node x found Unknown', 'pod kube-apiserver-0 evicted'];
  const listed = [...evicted, 'endpoint of kube-apiserver-0 listed'];
  const outage = apiOutage(hosted(0), {
    to: at(400),
    lowest: 0,
    causes: [...root, 'endpoint of kube-apiserver-0 stale'],
    endedBy: [...listed, 'agent found server 1'],
    segments: [
      { from: at(0), to: at(44), value: 0, causes: [...root, 'endpoint of kube-apiserver-0 stale'] },
      { from: at(44), to: at(340), value: 0, causes: [...root, 'kube-apiserver-0 on a lost node'] },
      { from: at(340), to: at(380), value: 0, causes: [...evicted, 'kube-apiserver-0 starting'] },
      { from: at(380), to: at(400), value: 0.5, causes: listed },
    ],
  });
  const printed = text({ ...zoneLoss(), outages: [outage] });
  const shown = printed.slice(printed.indexOf('Outages'), printed.indexOf('\n\nTimeline')).split('\n');
  expect(shown.slice(1)).toEqual([
    '  api of tenant-0 down for 6m20s and at 50% for 20s, from 1h to 1h6m40s',
    '    nodeFailure x → node x lost → endpoint of kube-apiserver-0 stale',
    '      1h       44s    down    endpoint of kube-apiserver-0 stale',
    '      1h0m44s  4m56s  down    kube-apiserver-0 on a lost node',
    '      1h5m40s  40s    down    pod kube-apiserver-0 evicted → kube-apiserver-0 starting',
    '      1h6m20s  20s    at 50%  endpoint of kube-apiserver-0 listed',
    '    back at 50% by … → node x found Unknown → pod kube-apiserver-0 evicted → endpoint of',
    '      kube-apiserver-0 listed',
    '    ended by … → node x found Unknown → pod kube-apiserver-0 evicted → endpoint of kube-apiserver-0',
    '      listed → agent found server 1',
  ]);
});

test('what was down from the beginning has a heading of its own, after the others', () => {
  const never = apiOutage(hosted(9), {
    from: 0 as Micros,
    lowest: 0,
    open: true,
    endedBy: [],
    causes: ['pod etcd-0 fits on no node'],
  });
  const run = zoneLoss();
  const printed = text({ ...run, outages: [never, ...run.outages] });
  const heading = printed.indexOf('From the beginning, not by an event 1 outage');
  expect(heading).toBeGreaterThan(printed.indexOf('api of tenant-0'));
  expect(printed.indexOf('api of tenant-9')).toBeGreaterThan(heading);
});

test('a table is squeezed before it is cut: at 100 columns it stays whole', () => {
  const run = zoneLoss(20, 20, (i) => `civ8kn910u3bkslbt6lg${'x'.repeat(i)}`);
  const metrics = run.metrics.map((m, i) =>
    m.unit === 'ratio' && !m.metric.startsWith('workloads') ? { ...m, value: 0.9 - i / 1e4 } : m,
  );
  const table = (width: number) => {
    const printed = renderText(document({ ...run, metrics }), { width });
    const start = printed.indexOf('Services');
    return printed.slice(start, printed.indexOf('management cluster', start));
  };
  expect(table(100).match(/^hosted cluster/gm)).toHaveLength(1);
  expect(table(100)).toContain('At 100% for all: workloads');
  expect(table(60).match(/^hosted cluster/gm)!.length).toBeGreaterThan(1);
});

test('a gate without data says so and why', () => {
  const { measured: _, ...unmeasured } = gate;
  const empty = { ...unmeasured, verdict: 'inconclusive' as const, samples: 0, note: 'no metric matched' };
  const printed = text({ ...zoneLoss(), gates: [empty] });
  expect(printed).toContain('INCONCLUSIVE');
  expect(printed).toContain('nothing to measure for min api.uptime: no metric matched, wanted >=');
});

test('the last line identifies the run', () => {
  expect(text(zoneLoss()).trimEnd().split('\n').at(-1)).toBe(
    'seed 1, 1 replication, 12,345 events, digest 0123456789abcdef, window 1d',
  );
});

test('a thousand hosted clusters take hardly more lines than twenty', () => {
  const lines = (run: Parameters<typeof document>[0]) => text(run).split('\n').length;
  // A few lines more, where longer numbers wrap.
  expect(lines(zoneLoss(1000, 333))).toBeLessThanOrEqual(lines(zoneLoss(20, 7)) + 5);
  expect(text(zoneLoss(1000, 333))).toContain('tenant-0 … tenant-332 (333)');
});

test('hosted clusters that all differ still fit on a screen or two', () => {
  const run = zoneLoss(1000, 1000);
  const outages = run.outages.map((o, i) => ({ ...o, to: (o.to + i) as Micros }));
  const metrics = run.metrics.map((m, i) =>
    m.metric === 'api.availability' ? { ...m, value: 1 - i / 1e6 } : m,
  );
  expect(text({ ...run, outages, metrics }).split('\n').length).toBeLessThan(60);
});

test('an outage tells whom, how deep, how long, from when to when, the chain and what ended it', () => {
  const printed = text(zoneLoss()).replace(/\n\s+/g, ' ');
  expect(printed).toContain('api of tenant-0 … tenant-6 (7) at 66.6667% for 47.1s, from 1h to 1h0m47s');
  expect(printed).toContain(
    'zoneOutage us-east-2a → node hosting-0 down → endpoint of kube-apiserver-0 stale',
  );
  expect(printed).toContain('ended by … → node hosting-0 NotReady → endpoints dropped');
});

test('what needs a human is told once per reason, with whose it is and what to do', () => {
  const printed = text(zoneLoss());
  const from = printed.indexOf('Needs a human');
  expect(printed.slice(from, printed.indexOf('\n\n', from)).split('\n')).toEqual([
    'Needs a human 7 things at the end',
    '  Konnectivity agents of tenant-0 … tenant-6 (7): they lost a server and do not look for it again',
    '    remedy: restart them',
  ]);
  const labels = { managementCluster: 'mgmt' };
  const dead = ['a', 'b'].map((name) => ({
    what: `node ${name}`,
    why: 'dead',
    remedy: 'replace it',
    labels,
  }));
  expect(text({ ...zoneLoss(), unhealed: dead })).toContain('  node a, b: dead\n    remedy: replace it\n');
  expect(text({ ...zoneLoss(), unhealed: [] })).not.toContain('Needs a human');
});

test('an outage that outlives the run is said to', () => {
  const open = apiOutage(hosted(0), { open: true, lowest: 0, endedBy: [] });
  const printed = text({ ...zoneLoss(), outages: [open] });
  expect(printed).toContain('api of tenant-0 down');
  expect(printed).toContain('still so at the end of the run');
});

test('a run over replications prints no availability without a half-width', () => {
  const printed = text(replicated(zoneLoss(), 20));
  const table = printed.slice(printed.indexOf('Services'), printed.indexOf('Outages'));
  const figures = table.match(/(?<![±\d.])\d[\d.]*%/g) ?? [];
  const widths = table.match(/±[\d.]+%/g) ?? [];
  expect(figures.length).toBeGreaterThan(0);
  expect(widths).toHaveLength(figures.length);
  expect(printed).toContain('is 100% ±0.012%');
});

test.each([60, 80, 100, 160])('nothing is wider than %d columns', (width) => {
  const long = 'a description of many words '.repeat(12).trim();
  const printed = renderText(document({ ...zoneLoss(), description: long }), { width });
  for (const line of printed.split('\n')) expect([...line].length).toBeLessThanOrEqual(width);
});

test('the strip shows the dip of seconds within a day, under its event', () => {
  const lines = text(zoneLoss()).split('\n');
  const event = lines.find((line) => line.startsWith('zoneOutage us-east-2a '))!;
  const strip = lines.find((line) => line.startsWith('api tenant-0'))!;
  expect(strip[event.indexOf('▼')]).toBe('▅');
});

test('colours are there only when asked for', () => {
  const sequence = '\u001b[';
  expect(renderText(document(zoneLoss()))).not.toContain(sequence);
  expect(renderText(document(zoneLoss()), { color: true })).toContain(sequence);
});

test('control characters in names never reach the terminal', () => {
  const printed = text(zoneLoss(2, 1, (i) => `t\u001b[2J\u0007${i}`));
  expect([...printed].filter((c) => c !== '\n' && /\p{Cc}/u.test(c))).toEqual([]);
});

test('an interrupted result says that it is partial', () => {
  expect(renderText({ ...document(zoneLoss()), partial: true })).toContain('PARTIAL');
});
