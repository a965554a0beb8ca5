/** A hand-built matrix for the tests of this folder. */
import type { Impact, MatrixDocument, MatrixResult, MatrixRow } from '../../sim/matrix-result.ts';
import { HOUR, type Micros, seconds } from '../../sim/time.ts';

export const NO_IMPACT: Impact = {
  hit: 0,
  down: 0,
  lowest: 1,
  longestDown: 0 as Micros,
  longestBelow: 0 as Micros,
  causes: [],
};

/** A dent of `for` seconds on `hit` clusters; an outage of them where `lowest` is 0. */
export function impact(hit: number, lowest: number, length: number, ...causes: string[]): Impact {
  return {
    hit,
    down: lowest === 0 ? hit : 0,
    lowest,
    longestDown: seconds(lowest === 0 ? length : 0),
    longestBelow: seconds(length),
    worst: { hostedCluster: 'tenant-0', managementCluster: 'mgmt' },
    causes,
  };
}

/** A row of failures that come to the same; without effect but for what is given. */
export function row(
  alike: readonly (string | readonly string[])[],
  more: Partial<MatrixRow> = {},
): MatrixRow {
  const all = alike.map((one) => (typeof one === 'string' ? [one] : one));
  const effect = {
    failures: all[0]!,
    alike: all,
    api: NO_IMPACT,
    etcd: NO_IMPACT,
    tunnel: NO_IMPACT,
    workloads: NO_IMPACT,
    lifecycle: NO_IMPACT,
    wholeAfter: 0 as Micros,
    needsHuman: [],
    ...more,
  };
  return { tried: [effect], ...effect };
}

export const nodes = (count: number, first = 0): string[] =>
  Array.from({ length: count }, (_, i) => `node hosting-${first + i}`);

/** Lifecycle gone for so many seconds. */
export const lifecycle = (length: number): Impact => ({
  ...impact(1, 0, length, 'management control plane of mgmt'),
  worst: { managementCluster: 'mgmt' },
});

/** The documented matrix of a fleet of twenty. */
export const MATRIX: MatrixResult = {
  fleet: 'three-zones',
  state: 'steady',
  before: '',
  depth: 1,
  seed: 1,
  hostedClusters: 20,
  failureLasts: HOUR,
  watched: (2 * HOUR) as Micros,
  rows: [
    row(nodes(9), {
      api: impact(
        7,
        2 / 3,
        48.8,
        'node hosting-0',
        'node hosting-0 lost',
        'endpoint of kube-apiserver-1 stale',
      ),
      wholeAfter: seconds(164),
    }),
    row(['zone a', 'zone b', 'zone c'], {
      api: impact(20, 2 / 3, 70.6, 'zone a', 'node hosting-0 lost', 'endpoint of kube-apiserver-1 stale'),
      wholeAfter: seconds(172),
    }),
    row(['management control plane of mgmt'], { lifecycle: lifecycle(3654), wholeAfter: seconds(54) }),
    row(['management control plane and workers of mgmt'], {
      api: impact(20, 0, 3822.9, 'management control plane and workers of mgmt', 'node hosting-4 lost'),
      lifecycle: lifecycle(3848),
      wholeAfter: seconds(390),
    }),
    row(Array.from({ length: 20 }, (_, i) => `etcd-0 of tenant-${i}`)),
  ],
  pairs: [],
  runs: 17,
  notes: [],
};

export function document(...results: MatrixResult[]): MatrixDocument {
  return { schema: 'hcpsim.matrix/v1', hcpsim: '0.1.0', model: '1', partial: false, results };
}
