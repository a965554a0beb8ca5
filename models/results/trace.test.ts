import { describe, expect, it } from 'vitest';
import { HOUR, type Micros } from '../../sim/time.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, scenarioOf, ZONES } from '../testing.ts';
import type { TraceLine } from './trace.ts';

const plan = scenarioOf(fleetOf(management(ZONES, 6), [hostedCluster('t')]), {
  faults: [{ kind: 'zoneOutage', at: HOUR, duration: HOUR, label: 'zoneOutage a', places: ['a'] }],
  duration: (4 * HOUR) as Micros,
});

function traced(): TraceLine[] {
  const lines: TraceLine[] = [];
  new Replication(plan, 3, (line) => lines.push(line)).run(plan.duration);
  return lines;
}

describe('trace', () => {
  it('names what it shows: no line falls back to a number', () => {
    const lines = traced();
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines)
      expect(line.target, line.event).not.toMatch(/^(node|pod|cluster|agent|lease|fault|ensemble) \d+$/);
    expect(lines.every((line) => line.replication === 3)).toBe(true);
  });

  it('tells pods of different hosted clusters apart, and each fact its nearest cause', () => {
    const dropped = traced().find((line) => line.event === 'endpoint-dropped')!;
    expect(dropped.target).toMatch(/^t: endpoint of .*-\d dropped$/);
    expect(dropped.cause).toMatch(/^node h-\d found Unknown$/);
  });

  it('is in order of time', () => {
    const times = traced().map((line) => line.at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});
