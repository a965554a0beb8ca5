import { describe, expect, test } from 'vitest';
import { type MatrixResult, NOTHING_FAILS } from '../../sim/matrix-result.ts';
import { seconds } from '../../sim/time.ts';
import { share } from './cells.ts';
import { renderMatrixCsv } from './csv.ts';
import { document, impact, lifecycle, MATRIX, nodes, row } from './fixture.ts';
import { renderMatrixJson } from './json.ts';
import { renderMatrixMarkdown } from './markdown.ts';
import { renderMatrixText } from './text.ts';

const text = (...results: MatrixResult[]) => renderMatrixText(document(...results));
const flat = (printed: string) => printed.replace(/\s+/g, ' ');
const down = impact(
  4,
  0,
  3752,
  'node hosting-0',
  'node hosting-0 lost',
  'etcd of tenant-0 lost its quorum, 1 alive',
);

describe('the verdict', () => {
  test('names the exceptions in its first line while they are few', () => {
    expect(flat(text(MATRIX))).toMatch(
      /^three-zones, steady state: no single failure takes a hosted API down, except: management control plane and workers of mgmt \(20 of 20 for 1h3m43s\)\. Workloads run on through every one of them\./,
    );
    expect(flat(text({ ...MATRIX, rows: MATRIX.rows.slice(0, 3) }))).toContain(
      'no single failure takes a hosted API down. ',
    );
  });

  test('counts them, worst first, when they are many', () => {
    const rows = [
      row(nodes(5), { api: down }),
      row(nodes(2, 5), { api: { ...down, down: 2 } }),
      ...MATRIX.rows.slice(2),
    ];
    const fatal = row(['zone a'], { api: { ...down, down: 3 } });
    expect(flat(text({ ...MATRIX, rows: [...rows, fatal] }))).toContain(
      '9 of 30 single failures take a hosted API down, worst first: management control plane and workers of mgmt ' +
        '(20 of 20 for 1h3m43s); node hosting-0 and 4 more (up to 4 of 20 for 1h2m32s); zone a (3 of 20 for 1h2m32s); and 2 more.',
    );
  });

  test('says what was down before', () => {
    const before = {
      ...MATRIX,
      state: 'zone-down' as const,
      before: 'zone a',
      downBefore: 20,
      rows: MATRIX.rows.slice(0, 3),
    };
    expect(flat(text(before))).toContain(
      'three-zones, zone a down already: zone a alone takes 20 of 20 hosted APIs down; no single failure takes another hosted API down.',
    );
  });

  test('calls nothing available that may be down already', () => {
    const before = { ...MATRIX, state: 'zone-down' as const, before: 'zone a' };
    expect(text(before)).toContain('unchanged');
    expect(text(before).replaceAll('not available', '')).not.toContain('available');
    expect(flat(text({ ...MATRIX, downBefore: 2 }))).toContain(
      '2 of 20 hosted APIs are down to begin with; no single',
    );
  });

  test('tells when the fleet does not heal and when workloads suffer', () => {
    const { wholeAfter: _, ...open } = row(nodes(3), { workloads: impact(3, 0.5, 300) });
    const printed = flat(
      text({ ...MATRIX, rows: [open, row(['zone a'], { workloads: impact(2, 0, 300) })] }),
    );
    expect(printed).toContain('4 failures cost replicas of workloads, 1 takes all of some.');
    expect(printed).toContain('After 3 of them the fleet is not whole again within 1h of their end.');
    expect(printed).toContain('not within 1h');
  });
});

describe('the table', () => {
  test('has a line per kind of failure: what, how deep, how long, for whom, and when it is whole again', () => {
    const lines = text(MATRIX).split('\n');
    const at = lines.findIndex((line) => line.includes('node hosting-0 and 8 more'));
    expect(lines[at]).toMatch(/2\/3 of requests +available +available +2m44s after$/);
    expect(lines[at + 1]!.trim()).toBe('for 48.8s, up to 7 of 20');
    expect(lines[at + 2]).toBe('      worst: api of tenant-0 for 48.8s: endpoint of kube-apiserver-1 stale');
  });

  test('is in groups, the worst first in each', () => {
    const rows = [...MATRIX.rows].reverse();
    const printed = text({ ...MATRIX, rows });
    const order = [
      'One node',
      'One zone',
      'Management control plane, alone and with all workers',
      '  management control plane and',
      '  management control plane of',
      'One etcd member',
    ];
    const table = printed.slice(printed.indexOf('what fails'));
    const places = order.map((title) => table.indexOf(title));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  test('tells who else is meant where two lines of a group could be', () => {
    const rows = [row(nodes(5), { api: down }), row(nodes(3, 5))];
    const printed = text({ ...MATRIX, rows });
    expect(printed).toContain('same: hosting-1 … hosting-4 (4)');
    expect(printed).toContain('same: hosting-6, hosting-7');
    expect(text(MATRIX)).not.toContain('same:');
  });

  test('keeps apart those that lose the API and those that keep a part of it', () => {
    const api = { ...down, hit: 20 };
    expect(text({ ...MATRIX, rows: [row(['zone a'], { api })] })).toContain('16 more below 100%');
  });

  test('a thousand hosted clusters and 150 nodes take no more lines than twenty and nine', () => {
    const rows = [
      row(nodes(150), { api: impact(22, 2 / 3, 48.8) }),
      ...[0, 1, 2].map((i) => row(Array.from({ length: 1000 }, (_, k) => `etcd-${i} of tenant-${k}`))),
    ];
    const printed = text({ ...MATRIX, hostedClusters: 1000, rows });
    expect(printed).toContain('up to 22 of 1,000');
    expect(printed).toContain('etcd-0 of tenant-0 and 999 more');
    expect(printed.split('\n').length).toBeLessThan(30);
  });

  test('stays within its width, names included', () => {
    const long = 'node ip-10-0-142-29.us-east-2.compute.internal';
    const rows = [
      row([long, `${long}-b`], { api: { ...down, hit: 20 }, lifecycle: lifecycle(61) }),
      ...MATRIX.rows,
    ];
    for (const width of [90, 100, 140]) {
      const printed = renderMatrixText(document({ ...MATRIX, rows }), { width });
      expect(Math.max(...printed.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    }
  });

  test('colours only when asked', () => {
    expect(renderMatrixText(document(MATRIX), { color: true })).toContain('\u001b[');
    expect(text(MATRIX)).not.toContain('\u001b[');
  });
});

describe('pairs', () => {
  const pair = row(
    [
      ['node hosting-0', 'node hosting-1'],
      ['node hosting-2', 'node hosting-3'],
    ],
    { api: down },
  );
  const paired: MatrixResult = { ...MATRIX, depth: 2, pairs: [pair] };

  test('stand in a table of their own and in the verdict', () => {
    const printed = flat(text(paired));
    expect(printed).toContain(
      '2 pairs of failures that are harmless alone take an API or workloads down together; the worst: ' +
        'node hosting-0 + node hosting-1 (4 of 20 APIs).',
    );
    expect(printed).toContain('and 1 more pair');
    expect(flat(text({ ...paired, pairs: [] }))).toContain('No two failures that are harmless alone');
    expect(text(MATRIX)).not.toContain('airs of failures');
  });

  test('are cut short where they are many, and all in JSON', () => {
    const pairs = Array.from({ length: 40 }, (_, i) => row([[`node a-${i}`, `node b-${i}`]], { api: down }));
    const many = { ...paired, pairs };
    expect(text(many)).toContain('and 28 more pairs (all of them: -o json)');
    expect(JSON.parse(renderMatrixJson(document(many))).results[0].pairs).toHaveLength(40);
  });
});

test.each([
  [2 / 3, '2/3'],
  [0.5, '1/2'],
  [0.8, '4/5'],
  [0.87, '87%'],
  [0.123456, '12.3456%'],
])('a share of %d reads %s', (ratio, words) => expect(share(ratio)).toBe(words));

test('JSON speaks seconds and ratios, a row of the matrix per line', () => {
  const printed = renderMatrixJson(document(MATRIX));
  const parsed = JSON.parse(printed);
  expect(parsed).toMatchObject({ schema: 'hcpsim.matrix/v1', hcpsim: '0.1.0', model: '1', partial: false });
  expect(parsed.results[0]).toMatchObject({ failureSeconds: 3600, watchedSeconds: 7200, downBefore: 0 });
  expect(parsed.results[0].rows[0]).toMatchObject({
    failures: ['node hosting-0'],
    api: { hit: 7, down: 0, lowest: 2 / 3, longestDownSeconds: 0, longestBelowSeconds: 48.8 },
    wholeAfterSeconds: 164,
  });
  expect(printed.split('\n').filter((line) => line.includes('"failures"'))).toHaveLength(MATRIX.rows.length);
});

test('what needs a human stands where the fleet would be whole again, and tunnels below the figures', () => {
  const { wholeAfter: _, ...stuck } = row(nodes(2), {
    tunnel: impact(7, 2 / 3, 7000),
    allElseAfter: seconds(145),
    needsHuman: [{ what: 'Konnectivity agents', remedy: 'restart the pods', count: 7 }],
  });
  const result = { ...MATRIX, rows: [stuck] };
  const printed = flat(text(result));
  expect(printed).toContain('After all of them something needs a human: Konnectivity agents.');
  expect(printed).toContain('tunnels: 2/3 of dials for 1h56m40s, up to 7 of 20');
  expect(printed).toContain(
    'needs a human: up to 7 × Konnectivity agents (restart the pods); all else is whole 2m25s after',
  );
  expect(printed).not.toContain('not whole again');
  expect(renderMatrixMarkdown(document(result))).toContain(
    '**needs a human**: up to 7 × Konnectivity agents',
  );
});

test('CSV and JSON hold the figures of every failure of a row', () => {
  const [mild, hard] = [
    row(['node a'], { api: impact(7, 0.6, 44) }),
    row(['node b'], { api: impact(1, 0.25, 54) }),
  ];
  const rows = [{ ...hard, alike: [['node a'], ['node b']], tried: [...mild.tried, ...hard.tried] }];
  const both = document({ ...MATRIX, rows });
  const lines = renderMatrixCsv(both).trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/,node a,,,1,node a,7,0,0\.6,0,44,.*,node b$/);
  expect(lines[2]).toMatch(/,node b,,,1,node b,1,0,0\.25,0,54,.*,node b$/);
  const { tried } = JSON.parse(renderMatrixJson(both)).results[0].rows[0];
  expect(tried.map((one: { api: { lowest: number } }) => one.api.lowest)).toEqual([0.6, 0.25]);
});

test('of pairs the method says that the second failure begins later', () => {
  expect(flat(text({ ...MATRIX, depth: 2 }))).toContain(
    'The second of two begins 2m after the first, and both end together.',
  );
  expect(flat(text(MATRIX))).not.toContain('The second of two');
});

test('CSV has a row per failure with all names it stands for', () => {
  const { wholeAfter: _, ...open } = row(['rack a/r1'], { api: down });
  const lines = renderMatrixCsv(document({ ...MATRIX, rows: [...MATRIX.rows, { ...open, tried: [open] }] }))
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(1 + MATRIX.rows.length + 1);
  const fields = lines[0]!.split(',').length;
  for (const line of lines) expect(line.replace(/"[^"]*"/g, '').split(',')).toHaveLength(fields);
  expect(lines[1]).toContain('node hosting-0,,,9,node hosting-0; node hosting-1;');
  expect(lines[1]!.endsWith(',164,,,node hosting-0')).toBe(true);
  expect(lines[2]).toMatch(/rack a\/r1.*,0,,,,,,rack a\/r1$/);
});

test('Markdown is a table of as many columns in every row, the verdict in bold above it', () => {
  const printed = renderMatrixMarkdown(document(MATRIX));
  expect(printed).toContain('## Failure matrix of three-zones, steady state');
  expect(printed).toContain('**No single failure takes a hosted API down, except:');
  expect(printed).toContain('| node hosting-0 and 8 more | 2/3 of requests for 48.8s, up to 7 of 20 |');
  const table = printed.split('\n').filter((line) => line.startsWith('|'));
  expect(new Set(table.map((line) => line.split('|').length))).toEqual(new Set([9]));
});

test('names of users stay text in Markdown and in terminals', () => {
  const rows = [row(['node <b>|*x*\u001b[31m'], { api: down })];
  const markdown = renderMatrixMarkdown(document({ ...MATRIX, rows }));
  expect(markdown).toContain('node \\<b\\>\\|\\*x\\*\\\\x1b\\[31m');
  expect(text({ ...MATRIX, rows })).toContain('\\x1b[31m');
});

test('two states follow each other; what was interrupted says so', () => {
  const second: MatrixResult = { ...MATRIX, state: 'zone-down', before: 'zone a' };
  const partial = { ...document(MATRIX, second), partial: true };
  expect(renderMatrixText(partial)).toMatch(
    /steady state[\s\S]*─{100}[\s\S]*zone a down already[\s\S]*PARTIAL/,
  );
  expect(renderMatrixMarkdown(partial)).toMatch(/^\*\*Partial/);
  const none = { ...partial, results: [{ ...MATRIX, rows: MATRIX.rows.slice(0, 1) }] };
  expect(flat(renderMatrixText(none))).toContain(
    'none of the failures tried so far takes a hosted API down.',
  );
});

test('the same result gives the same bytes, whatever the order of its rows in memory', () => {
  const again = structuredClone(MATRIX);
  for (const render of [renderMatrixText, renderMatrixJson, renderMatrixCsv, renderMatrixMarkdown])
    expect(render(document(again))).toBe(render(document(MATRIX)));
  const open = { ...MATRIX, rows: [...MATRIX.rows].reverse() };
  for (const render of [renderMatrixText, renderMatrixCsv, renderMatrixMarkdown])
    expect(render(document(open))).toBe(render(document(MATRIX)));
});

test('what an upgrade does by itself is told once, and of failures only what they add', () => {
  const tunnel = (length: number) => impact(3, 0, length, 'agents look for nobody');
  const rows = [
    row([NOTHING_FAILS], { tunnel: tunnel(72) }),
    row(['node hosting-0'], { tunnel: tunnel(73) }),
    row(['zone a'], { tunnel: tunnel(300) }),
  ];
  const printed = flat(text({ ...MATRIX, state: 'upgrade', before: 'upgrade', rows }));
  expect(printed.match(/tunnels: not available for [0-9ms]+/g)).toEqual([
    'tunnels: not available for 1m12s',
    'tunnels: not available for 5m',
  ]);
});

test('a failure that is worse at one moment says at which', () => {
  const rows = [row(['node hosting-0'], { api: down, during: 'etcd is being replaced' })];
  const result: MatrixResult = { ...MATRIX, state: 'upgrade', before: 'upgrade', rows };
  expect(flat(text(result))).toMatch(/node hosting-0, while .*etcd is .*being replaced/);
  expect(JSON.parse(renderMatrixJson(document(result))).results[0].rows[0].during).toBe(
    'etcd is being replaced',
  );
});
