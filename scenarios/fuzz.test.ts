import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatProblems } from './errors/format.ts';
import { loadScenarios } from './load.ts';
import { FLEET, memoryReader, scenario } from './testing.ts';
import { validateFiles } from './validate.ts';

const EVENTS = `  events:
    - at: 1h
      zoneOutage: {zone: zone-a, duration: 2h}
    - at: 2h
      podFailure: {hostedCluster: "tenant-*", component: etcd, ordinal: [0, 1], mode: fixed, value: 2}
    - at: 3h
      nodeFailure: {hosting: {hostedCluster: tenant-0, component: etcd}}
  gates:
    - {name: g, metric: api.uptime, select: {hostedCluster: "*"}, stat: min, op: ">=", value: 99%}
  parameters: {node: {gracePeriod: 60s}}
`;
const MANIFEST = `apiVersion: hypershift.openshift.io/v1beta1
kind: HostedCluster
metadata: {name: c, namespace: n, annotations: {a: b}}
spec:
  platform: {type: AWS, aws: {endpointAccess: Private}}
  release: {image: "x:4.18.3-multi"}
  services: [{service: APIServer, servicePublishingStrategy: {type: Route}}]
  tolerations: [{key: k, operator: Exists}]
---
apiVersion: v1
kind: Node
metadata: {name: n, labels: {topology.kubernetes.io/zone: z}}
spec: {taints: [{key: k, effect: NoSchedule}]}
status: {allocatable: {cpu: "4", memory: 8Gi, pods: "10"}}
`;
const SCENARIO = scenario(EVENTS);
const JOINED = FLEET.replace('spec:', 'spec:\n  manifests: [m.yaml]');

/** What a slip of the hand, or worse, puts in the place of a word. */
const JUNK = [
  '',
  '-1',
  '0',
  '1.5',
  'null',
  'true',
  '{}',
  '[]',
  '[{}]',
  '"*"',
  'x',
  '&a',
  '*a',
  '{a: b}',
  '90',
  '!t',
  '"',
  ': ',
  '__proto__',
  'constructor',
  '1e999',
  '<<',
];

/** The text with some of its words replaced. */
function spoiled(text: string, changes: readonly (readonly [number, number])[]): string {
  const words = text.split(/(?<=[\s{}[\],:])|(?=[\s{}[\],:])/);
  for (const [at, junk] of changes) words[at % words.length] = JUNK[junk % JUNK.length]!;
  return words.join('');
}

const changes = fc.array(fc.tuple(fc.nat(2000), fc.nat(1000)), { minLength: 1, maxLength: 3 });
const which = fc.constantFrom('a.yaml', 'fleet.yaml', 'm.yaml');

test('no file, however broken, makes the loader fail; each problem points into its file', () => {
  fc.assert(
    fc.property(which, changes, (broken, slips) => {
      const files: Record<string, string> = { 'a.yaml': SCENARIO, 'fleet.yaml': JOINED, 'm.yaml': MANIFEST };
      files[broken] = spoiled(files[broken]!, slips);
      const reader = memoryReader(files);
      const loaded = loadScenarios(['a.yaml'], { reader });
      expect(loaded.scenarios.length === 0).toBe(loaded.problems.length > 0);
      const { problems, sources } = validateFiles(Object.keys(files), reader);
      for (const problem of [...loaded.problems, ...problems]) {
        const lines = (files[problem.file] ?? '').split('\n');
        expect(problem.line, JSON.stringify(problem)).toBeLessThanOrEqual(lines.length);
        expect(problem.column, JSON.stringify(problem)).toBeLessThanOrEqual(
          (lines[problem.line - 1] ?? '').length + 1,
        );
      }
      expect(formatProblems(problems, sources) === '').toBe(problems.length === 0);
    }),
    // A fleet that lost its spec.
    {
      numRuns: 400,
      examples: [
        [
          'fleet.yaml',
          [
            [326, 0],
            [1450, 0],
          ],
        ],
      ],
    },
  );
});

test('the files are fine before they are spoiled', () => {
  const reader = memoryReader({ 'a.yaml': SCENARIO, 'fleet.yaml': JOINED, 'm.yaml': MANIFEST });
  expect(loadScenarios(['a.yaml'], { reader }).problems).toEqual([]);
});
