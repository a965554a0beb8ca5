import { expect, test } from 'vitest';
import type { SkewResult } from '../../sim/result.ts';
import { HOUR, type Micros } from '../../sim/time.ts';
import { document, hosted, upgradeOf, zoneLoss } from '../fixture.ts';
import { renderHtml } from '../html.ts';
import { toJson } from '../json.ts';
import { renderText } from '../text.ts';
import { skewTexts } from './skew.ts';

const at = (hours: number): Micros => (hours * HOUR) as Micros;
const skewOf = (i: number, change: Partial<SkewResult> = {}): SkewResult => ({
  labels: hosted(i),
  steps: [{ at: at(1), part: 'kubelet', nodePool: 'workers', oldest: '4.17.1', newest: '4.20.1' }],
  apart: [{ at: at(1), minors: 3 }],
  nearest: [
    { rule: 'kubelet.older', ofNodes: true, left: 1, at: at(1) },
    { rule: 'kube-scheduler.older', ofNodes: false, left: 0, at: at(1) },
    { rule: 'kubelet.newer', ofNodes: true, left: 2, at: at(1) },
  ],
  violations: [],
  ...change,
});
const violation = { rule: 'kubelet.older', statement: 'Not older.', from: at(1), to: at(3), by: 1 };

test('broken rules are told once for all that broke them', () => {
  const { to: _, ...open } = violation;
  const skew = [skewOf(0, { violations: [violation] }), skewOf(1, { violations: [{ ...open, by: 2 }] })];
  expect(skewTexts({ ...zoneLoss(), skew })).toEqual({
    good: false,
    lines: [
      'tenant-0, tenant-1 broke kubelet.older by 2 minors for 2h … 23h, from 1h on (1 still at the end): Not older.',
    ],
  });
});

test('where none was broken, the nearest of nodes is told', () => {
  expect(skewTexts({ ...zoneLoss(), skew: [skewOf(0), skewOf(1)] })).toEqual({
    good: true,
    lines: [
      'No rule of the version skew policy was broken; nodes came nearest with 1 minor left: kubelet.older of tenant-0, tenant-1',
    ],
  });
});

test('a rule that was as near at the beginning is not told', () => {
  const always = { rule: 'ovn-kubernetes.strict', ofNodes: true, left: 0, at: at(0) };
  const lines = (nearest: SkewResult['nearest']) =>
    skewTexts({ ...zoneLoss(), skew: [skewOf(0, { nearest })] }).lines;
  expect(lines([always, { rule: 'kubelet.older', ofNodes: true, left: 1, at: at(1) }])).toEqual([
    'No rule of the version skew policy was broken; nodes came nearest with 1 minor left: kubelet.older of tenant-0',
  ]);
  expect(lines([always])).toEqual([
    'No rule of the version skew policy was broken, and nodes came no nearer to break one',
  ]);
});

test('rules that are documented alone are told beside the policy, with who broke them', () => {
  const upgrades = [0, 1].map((i) => ({
    ...upgradeOf(i),
    remarks: [
      'a pool of 4.17.9 is too far behind 4.20.3 (hosted-cluster.leaves-pools-behind)',
      'the pool is paused',
    ],
  }));
  expect(skewTexts({ ...zoneLoss(), upgrades, skew: [skewOf(0)] }).lines[1]).toBe(
    'Upgrades broke what is documented and nobody stops, as remarked there: hosted-cluster.leaves-pools-behind by tenant-0, tenant-1',
  );
});

test('text, page and JSON have it; nothing is said where no version changed', async () => {
  const run = { ...zoneLoss(), skew: [skewOf(0, { violations: [violation] })] };
  expect(renderText(document(run))).toContain(
    'Version skew\n  tenant-0 broke kubelet.older by 1 minor for 2h',
  );
  expect(await renderHtml(document(run))).toContain('3 or more minors apart');
  expect(toJson(document(run)).runs[0]!.skew[0]).toMatchObject({
    steps: [{ at: '1h0m0s', part: 'kubelet', nodePool: 'workers' }],
    violations: [{ rule: 'kubelet.older', from: '1h0m0s', to: '3h0m0s', by: 1 }],
  });
  expect(renderText(document(zoneLoss()))).not.toContain('Version skew');
});
