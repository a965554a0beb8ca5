import { describe, expect, it } from 'vitest';
import { type MatrixRow, NOTHING_FAILS } from '../../sim/matrix-result.ts';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import { parameterValues } from '../parameters.ts';
import { fleetOf, hostedCluster, management, ZONES } from '../testing.ts';
import { failureMatrix } from './matrix.ts';

const FLEET = fleetOf(management(ZONES, 9), [
  hostedCluster('ha', { release: '5.0.1', nodePools: [] }),
  hostedCluster('single', { release: '5.0.1', controllerAvailabilityPolicy: 'SingleReplica', nodePools: [] }),
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

  it('meet control planes that are being replaced: a lost zone takes longer to be made good than at rest', () => {
    const steady = failureMatrix(FLEET, { ...OPTIONS, state: 'steady', parameters: parameterValues() });
    const atRest = steady.rows.find(({ alike }) => alike.some(([name]) => name === 'zone a'))!;
    expect(rowOf('zone a').api.longestBelow).toBeGreaterThan(0);
    expect(rowOf('zone a').wholeAfter!).toBeGreaterThan(atRest.wholeAfter!);
  });
});
