import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import type { Fault } from '../plan/faults.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, node, scenarioOf } from '../testing.ts';

/** Zones a and b, two racks in each, two hosting nodes per rack. */
const cluster = management(['a', 'b'], 0);
const racked = ['a/1', 'a/2', 'b/1', 'b/2'].flatMap((rack) =>
  [0, 1].map((i) => node(`${rack}-${i}`, rack.slice(0, 1), { rack })),
);
const FLEET = fleetOf({ ...cluster, nodes: [...cluster.nodes, ...racked] }, [hostedCluster('t')]);
const BOOT = 2 * MINUTE;

interface Drawn {
  readonly kind: 'nodeFailure' | 'zoneOutage' | 'rackOutage';
  readonly target: string;
  readonly from: number;
  readonly to: number;
}

function faultOf({ kind, target, from, to }: Drawn): Fault {
  const base = {
    at: (from * MINUTE) as Micros,
    duration: ((to - from) * MINUTE) as Micros,
    label: `${kind} ${target}`,
  };
  return kind === 'nodeFailure' ? { ...base, kind, nodes: [target] } : { ...base, kind, places: [target] };
}

const hits = (drawn: Drawn, name: string): boolean =>
  drawn.kind === 'nodeFailure' ? name === drawn.target : name.startsWith(drawn.target);

const window = fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 })).map(([a, b]) => ({
  from: Math.min(a, b),
  to: Math.max(a, b) + 1,
}));
const drawn: fc.Arbitrary<Drawn> = fc
  .oneof(
    fc.record({
      kind: fc.constant('nodeFailure' as const),
      target: fc.constantFrom(...racked.map((entry) => entry.name)),
    }),
    fc.record({ kind: fc.constant('zoneOutage' as const), target: fc.constantFrom('a', 'b') }),
    fc.record({
      kind: fc.constant('rackOutage' as const),
      target: fc.constantFrom('a/1', 'a/2', 'b/1', 'b/2'),
    }),
  )
  .chain((what) => window.map((when) => ({ ...what, ...when })));

describe('overlapping failures', () => {
  it('nest: a machine runs only when neither it nor any place around it is out, and has booted since', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 6 }), (list) => {
        const replication = new Replication(scenarioOf(FLEET, { faults: list.map(faultOf) }), 0);
        const { world } = replication.fleet;
        for (let minute = 0; minute <= 110; minute++) {
          const now = minute * MINUTE + MINUTE / 2;
          replication.run(now as Micros);
          for (const { name } of racked) {
            const lastHit = list.filter((fault) => hits(fault, name) && fault.from * MINUTE <= now);
            const free = lastHit.every((fault) => fault.to * MINUTE + BOOT <= now);
            const machine = world.machines.names.indexOf(name);
            expect(world.machines.running(machine as never), `${name} at ${minute}m`).toBe(free);
          }
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('a rack outage takes its rack and nothing else', () => {
    const rack: Fault = { kind: 'rackOutage', at: HOUR, duration: HOUR, label: 'rack', places: ['a/2'] };
    const replication = new Replication(scenarioOf(FLEET, { faults: [rack] }), 0);
    replication.run((1.5 * HOUR) as Micros);
    const { machines } = replication.fleet.world;
    const down = machines.names.filter((_, machine) => !machines.running(machine as never));
    expect(down).toEqual(['a/2-0', 'a/2-1']);
  });
});
