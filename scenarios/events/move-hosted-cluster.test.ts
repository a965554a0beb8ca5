import { describe, expect, test } from 'vitest';
import { loadScenarios } from '../load.ts';
import { memoryReader, scenario } from '../testing.ts';

const MANAGEMENT = (name: string, more = '') =>
  `    - {name: ${name}, nodePools: [{name: h, replicas: 3, zones: [${name}-a, ${name}-b, ${name}-c]}]${more}}\n`;
const NAMED = 'services: {APIServerHostname: api.example.com}';

/** A scenario that moves `t`, and one more that could be moved, from `one` to `two`. */
function loaded(tenant: string, one = '', two = '') {
  const fleet = `apiVersion: hcpsim/v1alpha1
kind: Fleet
metadata: {name: f}
spec:
  managementClusters:
${MANAGEMENT('one', one)}${MANAGEMENT('two', two)}  hostedClusters:
    - {name: t, managementCluster: one, ${tenant}}
`;
  const event =
    '  events:\n    - at: 1h\n      moveHostedCluster: {hostedCluster: t, to: two, snapshotEvery: 6h}\n';
  return loadScenarios(['a.yaml'], {
    reader: memoryReader({ 'a.yaml': scenario(event), 'fleet.yaml': fleet }),
  });
}

describe('a move', () => {
  test('of a cluster with a fixed DNS name is one', () => {
    const { problems, scenarios } = loaded(NAMED);
    expect(problems).toEqual([]);
    expect(scenarios[0]!.plan.faults).toMatchObject([
      {
        kind: 'moveHostedCluster',
        hostedClusters: ['t'],
        to: 'two',
        snapshot: { kind: 'every' },
        label: 'moveHostedCluster t to two',
      },
    ]);
  });

  test.each([
    ['without a name', 'release: "4.20"', '', '', 'no fixed DNS name', 'never find it again'],
    ['of virtual workers', `${NAMED}, platform: KubeVirt`, '', '', 'KubeVirt', 'stay behind'],
    [
      'of an etcd of others',
      `${NAMED}, etcd: {management: Unmanaged}`,
      '',
      '',
      'not managed',
      'whoever runs it',
    ],
    [
      'to where its storage class is not',
      `${NAMED}, etcd: {storageClass: fast}`,
      ', storageClasses: [{name: fast, binding: zone}]',
      '',
      'without storage class "fast"',
      'storageClasses',
    ],
    ['to another region', NAMED, ', region: here', ', region: there', 'two in there', 'region'],
  ])('%s is refused, with the reason', (_, tenant, one, two, found, hint) => {
    const { problems } = loaded(tenant, one, two);
    expect(problems.map(({ code }) => code)).toEqual(['not-movable']);
    expect(problems[0]!.found).toContain(found);
    expect(problems[0]!.hint).toContain(hint);
    expect(problems[0]).toMatchObject({ file: 'a.yaml', line: 9 });
  });

  const DEDICATED = `${NAMED}, isolation: DedicatedRequestServing`;
  const serving = (cluster: string, more: string) =>
    `, nodePools: [{name: h, replicas: 3, zones: [${cluster}-a]}, {name: s, replicas: 2, zones: [${cluster}-a, ${cluster}-b], requestServing: true${more}}]`;

  test('of a cluster with nodes of its own needs such nodes where it goes', () => {
    const lacking = movedTo('two', DEDICATED, serving('one', ''), serving('two', ''));
    expect(lacking.map(({ code }) => code)).toEqual(['not-movable']);
    expect(lacking[0]!.found).toContain('without request-serving nodes for hosted cluster t');
    expect(lacking[0]!.hint).toContain('dedicatedTo: t and requestServing: true');
    expect(movedTo('two', DEDICATED, serving('one', ''), serving('two', ', dedicatedTo: t'))).toEqual([]);
  });

  test('to where the cluster is already is none; to where it was before a move is', () => {
    const idle = movedTo('one', NAMED);
    expect(idle.map(({ code, found }) => [code, found])).toEqual([
      ['not-movable', 'hosted cluster t is on management cluster one already'],
    ]);
    const again = '    - at: 2h\n      moveHostedCluster: {hostedCluster: t, to: one, snapshotEvery: 6h}\n';
    expect(movedTo('two', NAMED, '', '', again)).toEqual([]);
    expect(movedTo('two', NAMED, '', '', again.replace('one', 'two'))).toHaveLength(1);
  });
});

/** The problems of moving `t`, which is on `one`. */
function movedTo(to: string, tenant: string, one = '', two = '', more = '') {
  const cluster = (name: string, pools: string) =>
    pools === '' ? MANAGEMENT(name) : `    - {name: ${name}${pools}}\n`;
  const fleet = `apiVersion: hcpsim/v1alpha1
kind: Fleet
metadata: {name: f}
spec:
  managementClusters:
${cluster('one', one)}${cluster('two', two)}  hostedClusters:
    - {name: t, managementCluster: one, ${tenant}}
`;
  const event = `  events:\n    - at: 1h\n      moveHostedCluster: {hostedCluster: t, to: ${to}, snapshotEvery: 6h}\n${more}`;
  return loadScenarios(['a.yaml'], {
    reader: memoryReader({ 'a.yaml': scenario(event), 'fleet.yaml': fleet }),
  }).problems;
}
