import { expect, test } from 'vitest';
import { renderCsv } from './csv.ts';
import { document, replicated, zoneLoss } from './fixture.ts';

test('a header, then a row per metric with its window', () => {
  const lines = renderCsv(document(zoneLoss(2, 1)))
    .trimEnd()
    .split('\n');
  expect(lines[0]).toBe(
    'scenario,seed,replications,windowSeconds,metric,unit,hostedCluster,managementCluster,value,low,high,halfWidth,confidence',
  );
  expect(lines[2]).toBe('zone-loss,1,1,86400,api.uptime,ratio,tenant-0,mgmt,1,,,,');
  expect(lines).toHaveLength(1 + zoneLoss(2, 1).metrics.length);
});

test('a mean of replications has its interval beside it', () => {
  const [, first] = renderCsv(document(replicated(zoneLoss(1, 0), 20, 0.25))).split('\n');
  expect(first).toBe('zone-loss,1,20,86400,api.availability,ratio,tenant-0,mgmt,1,0.75,1.25,0.25,0.95');
});

test('commas, quotes and line breaks in names are quoted', () => {
  expect(renderCsv(document(zoneLoss(1, 0, () => 'a,"b"\nc')))).toContain('"a,""b""\nc"');
});

test('a label that other metrics lack gets a column', () => {
  const run = zoneLoss(1, 0);
  const metrics = [...run.metrics, { ...run.metrics[0]!, labels: { nodePool: 'workers' } }];
  const lines = renderCsv(document({ ...run, metrics }))
    .trimEnd()
    .split('\n');
  expect(lines[0]).toContain(',managementCluster,nodePool,value');
  expect(lines.at(-1)).toContain(',,,workers,');
});
