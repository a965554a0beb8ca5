import { expect, test } from 'vitest';
import type { RunResult } from '../sim/result.ts';
import { document, gate, zoneLoss } from './fixture.ts';
import { renderHtml } from './html.ts';
import { mapStrings } from './view/strings.ts';

const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(2)>'&amp;\u0000]]>-->`;

/** Every string of a run is an attack. */
function hostile(run: RunResult): RunResult {
  const keep = new Set(run.metrics.map((m) => m.metric).concat('pass', 'fail', 'ratio', 'seconds', 'count'));
  return mapStrings(run, (text) => (keep.has(text) ? text : `${text}${HOSTILE}`));
}

test('no text of a result becomes markup', async () => {
  const page = await renderHtml(document(hostile(zoneLoss(3, 2))), { assumptions: [HOSTILE] });
  expect(page).toContain('&lt;script&gt;');
  expect(page).not.toMatch(/<script|<img/i);
  expect(page).not.toContain('\u0000');
  const tags = new Set([...page.matchAll(/<([a-z][a-z0-9]*)/gi)].map((match) => match[1]!.toLowerCase()));
  const known =
    'html head meta title style body main section header h1 h2 h3 p ul ol li b strong small div table caption thead tbody tr th td figure figcaption svg g path text rect line defs article dl dt dd footer';
  for (const tag of tags) expect(known.split(' ')).toContain(tag);
});

test('no attribute carries text of a result', async () => {
  const page = await renderHtml(document(hostile(zoneLoss(3, 2))));
  const tags = page.match(/<[a-z][^>]*>/gi) ?? [];
  expect(tags.filter((tag) => /alert|onerror/.test(tag))).toEqual([]);
});

test('the page loads nothing and runs nothing', async () => {
  const page = await renderHtml(document(zoneLoss()));
  expect(page).not.toMatch(/<(script|link|iframe|object|embed|img|base|form)\b/i);
  expect(page).not.toMatch(/\s(src|href|on[a-z]+)=/i);
  expect(page).not.toMatch(/@import|url\((?!#)/i);
});

test('the same result gives the same page, however often', async () => {
  const first = await renderHtml(document(zoneLoss(), zoneLoss(3, 3)));
  expect(await renderHtml(document(zoneLoss(), zoneLoss(3, 3)))).toBe(first);
});

test('a thousand hosted clusters make no larger a page than twenty', async () => {
  const small = await renderHtml(document(zoneLoss(20, 7)));
  const large = await renderHtml(document(zoneLoss(1000, 333)));
  expect(large.length).toBeLessThan(small.length * 1.1);
});

test('the page tells verdict, gates, chains, refusals, notes and identity', async () => {
  const page = await renderHtml(document(zoneLoss()), { assumptions: ['etcd.ready is assumed'] });
  for (const part of [
    'FAIL: 1 gate failed, 1 passed over 1d',
    'no hosted API goes down',
    '99.9818%',
    '<li>node hosting-0 down</li>',
    'Ended by … → node hosting-0 NotReady → endpoints dropped',
    'Hosted APIs: none went down; 7 of 20 lost',
    'match pod anti-affinity rules',
    '<dt>Konnectivity agents of tenant-0 … tenant-6 (7)</dt><dd>they lost a server and do not look for it again. <strong>restart them</strong></dd>',
    'the class gp3-csi of AWS is used',
    'digest 0123456789abcdef, window 1d',
    'etcd.ready is assumed',
    'prefers-color-scheme: dark',
    '@media print',
    '<svg',
  ])
    expect(page).toContain(part);
});

test('a run in which nothing dipped needs no picture', async () => {
  const page = await renderHtml(document(zoneLoss(3, 0)));
  expect(page).not.toContain('<svg');
  expect(page).toContain('Every service was at 100% throughout.');
});

test('the page shows the phases of an outage, and names the metric of a gate without data', async () => {
  const run = zoneLoss(3, 1);
  const [outage] = run.outages;
  const { from, to } = outage!;
  const half = ((from + to) / 2) as typeof from;
  const segments = [
    { from, to: half, value: 0, causes: ['zoneOutage us-east-2a', 'etcd-0 on a lost node'] },
    { from: half, to, value: 0, causes: ['zoneOutage us-east-2a', 'etcd-0 starting'] },
  ];
  const { measured: _, ...unmeasured } = gate;
  const page = await renderHtml(
    document({
      ...run,
      outages: [{ ...outage!, lowest: 0, segments }],
      gates: [{ ...unmeasured, samples: 0 }],
    }),
  );
  expect(page).toContain('<td>etcd-0 starting</td>');
  expect(page).toContain('<td>min api.uptime</td><td>nothing to measure');
});
