import { expect, test } from 'vitest';
import type { RunResult } from '../sim/result.ts';
import { document, zoneLoss } from './fixture.ts';
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
    'Ended by zoneOutage us-east-2a → node hosting-0 NotReady → endpoints dropped',
    'match pod anti-affinity rules',
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
