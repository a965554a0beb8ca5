import { expect, test } from 'vitest';
import type { Micros } from '../sim/time.ts';
import { apiOutage, document, gate, hosted, replicated, zoneLoss } from './fixture.ts';
import { renderText } from './text.ts';

const text = (...args: Parameters<typeof document>) => renderText(document(...args));

test('the verdict comes first, with measured value and bound of every gate', () => {
  const [first, , pass, fail] = text(zoneLoss()).split('\n');
  expect(first).toBe('zone-loss  FAIL: 1 gate failed, 1 passed over 1d');
  expect(pass).toBe('  ✔ no hosted API goes down: min api.uptime of 20 is 100%, wanted >= 100%');
  expect(fail).toContain('is 99.9820% (tenant-3), wanted >= 99.9900%');
});

test('a run without gates says so', () => {
  expect(text({ ...zoneLoss(), gates: [] })).toMatch(/^zone-loss {2}NO GATES: /);
});

test('a gate without data says so and why', () => {
  const { measured: _, ...unmeasured } = gate;
  const empty = { ...unmeasured, verdict: 'inconclusive' as const, samples: 0, note: 'no metric matched' };
  const printed = text({ ...zoneLoss(), gates: [empty] });
  expect(printed).toContain('INCONCLUSIVE');
  expect(printed).toContain('is no data');
  expect(printed).toContain('no metric matched');
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
  expect(printed).toContain('ended by zoneOutage us-east-2a → node hosting-0 NotReady → endpoints dropped');
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
