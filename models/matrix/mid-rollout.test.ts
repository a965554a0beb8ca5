import { describe, expect, it } from 'vitest';
import { type MatrixRow, NOTHING_FAILS } from '../../sim/matrix-result.ts';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import { parameterValues } from '../parameters.ts';
import { fleetOf, hostedCluster, management, ZONES } from '../testing.ts';
import { failureMatrix } from './matrix.ts';

const FLEET = fleetOf(management(ZONES, 9, { operator: { product: 'HyperShift', version: '5.1' } }), [
  hostedCluster('ha', { release: '5.0.1', nodePools: [] }),
  // Its release tells no version, so it stays as it is.
  hostedCluster('image', { release: 'quay.io/release@sha256:0', nodePools: [] }),
]);
const OPTIONS = { seed: 1, depth: 1, failureLasts: (20 * MINUTE) as Micros, watch: HOUR } as const;
const { before, rows } = failureMatrix(FLEET, {
  ...OPTIONS,
  state: 'upgrade',
  parameters: parameterValues(),
});
const rowOf = (label: string): MatrixRow => rows.find(({ alike }) => alike.some(([name]) => name === label))!;

describe('failures in the middle of a rollout', () => {
  it('begin with what the upgrade does alone: a HighlyAvailable API stays, and the fleet is whole after it', () => {
    const alone = rowOf(NOTHING_FAILS);
    expect(rows[0]).toBe(alone);
    expect(before).toBe('upgrade of every hosted cluster');
    expect(alone.api.down).toBe(0);
    expect(alone.wholeAfter).toBe(0);
  });

  it('are told for the worse of two moments: a lost member costs the quorum while another is being replaced', () => {
    const members = rows.filter(({ failures }) => failures[0]!.startsWith('etcd-'));
    expect(members.some(({ during }) => during === 'etcd is being replaced')).toBe(true);
    expect(Math.max(...members.map(({ etcd }) => etcd.down))).toBe(1);
    expect(rowOf(NOTHING_FAILS).during).toBeUndefined();
  });

  it('meet control planes that lack a server already: a lost zone leaves fewer of those that are listed', () => {
    const steady = failureMatrix(FLEET, { ...OPTIONS, state: 'steady', parameters: parameterValues() });
    const lowest = (all: readonly MatrixRow[]): number =>
      Math.min(
        ...all.filter(({ failures }) => failures[0]!.startsWith('zone ')).map(({ api }) => api.lowest),
      );
    expect(lowest(rows)).toBeLessThan(lowest(steady.rows));
  });
});
