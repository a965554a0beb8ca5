import { expect, test } from 'vitest';
import { document, replicated, zoneLoss } from './fixture.ts';
import { renderJson, toJson } from './json.ts';

const run = () => toJson(document(zoneLoss())).runs[0]!;

test('the document has the published shape', () => {
  expect(Object.keys(toJson(document(zoneLoss())))).toEqual(['schema', 'hcpsim', 'model', 'partial', 'runs']);
  expect(run()).toMatchObject({
    scenario: 'zone-loss',
    seed: 1,
    replications: 1,
    duration: '24h',
    events: 12345,
  });
  expect(run().metrics[1]).toEqual({
    metric: 'api.uptime',
    unit: 'ratio',
    labels: { hostedCluster: 'tenant-0', managementCluster: 'mgmt' },
    value: 1,
    interval: null,
  });
  expect(run().outages[0]).toMatchObject({ service: 'api', from: '1h0m0s', to: '1h0m47.1s', seconds: 47.1 });
  expect(run().gates[0]).toMatchObject({ verdict: 'pass', measured: 1, op: '>=', bound: 1, samples: 20 });
  expect(run().injected[0]).toMatchObject({ at: '1h0m0s', until: '3h0m0s' });
  expect(run().unhealed[0]).toEqual({
    what: 'Konnectivity agents',
    why: 'they lost a server and do not look for it again',
    remedy: 'restart them',
    labels: { hostedCluster: 'tenant-0', managementCluster: 'mgmt' },
  });
  expect(run().timeline[0]!.steps[1]).toEqual({ at: '1h0m0s', value: 2 / 3 });
});

test('the text is the document', () => {
  const documents = [
    document(zoneLoss()),
    document(replicated(zoneLoss(3, 1), 5), zoneLoss(1, 0)),
    document(),
  ];
  for (const d of documents) expect(JSON.parse(renderJson(d))).toEqual(JSON.parse(JSON.stringify(toJson(d))));
});

test('every record has a line of its own, so that results can be compared line by line', () => {
  const lines = renderJson(document(zoneLoss())).split('\n');
  expect(lines.filter((line) => line.includes('"metric":"api.uptime","unit"'))).toHaveLength(20);
});

test('labels in another order give the same bytes', () => {
  const base = zoneLoss(2, 1);
  const turned = base.metrics.map((m) => ({
    ...m,
    labels: Object.fromEntries(Object.entries(m.labels).reverse()),
  }));
  expect(renderJson(document({ ...base, metrics: turned }))).toBe(renderJson(document(base)));
});

test('a gate without data has measured null', () => {
  const { measured: _, ...gate } = zoneLoss().gates[0]!;
  expect(toJson(document({ ...zoneLoss(), gates: [gate] })).runs[0]!.gates[0]!.measured).toBeNull();
});
