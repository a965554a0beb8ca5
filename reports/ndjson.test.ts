import { expect, test } from 'vitest';
import { document, zoneLoss } from './fixture.ts';
import { renderNdjson } from './ndjson.ts';

test('one line per run, metric, outage and gate, each with its type', () => {
  const run = zoneLoss();
  const text = renderNdjson(document(run, run));
  expect(text.endsWith('\n')).toBe(true);
  const types = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).type as string);
  const count = (type: string) => types.filter((t) => t === type).length;
  expect([count('run'), count('metric'), count('outage'), count('gate')]).toEqual([
    2,
    2 * run.metrics.length,
    2 * run.outages.length,
    2 * run.gates.length,
  ]);
  expect(types).toHaveLength(2 * (1 + run.metrics.length + run.outages.length + run.gates.length));
});

test('no runs, no lines', () => {
  expect(renderNdjson(document())).toBe('');
});

test('names with line breaks stay on one line', () => {
  const text = renderNdjson(document(zoneLoss(1, 1, () => 'a\nb\u2028c')));
  for (const line of text.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
});
