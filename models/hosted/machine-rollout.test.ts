import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { defaultRollout } from '../plan/pool-rollout.ts';
import {
  inPlaceAtOnce,
  type MachineSetScale,
  type RolloutBounds,
  rollOut,
  rollOutOnDelete,
  rolloutBounds,
} from './machine-rollout.ts';

const set = (replicas: number, machines = replicas, available = machines): MachineSetScale => ({
  replicas,
  machines,
  available,
});
const of = (maxSurge: number | string, maxUnavailable: number | string) => {
  const read = (value: number | string) =>
    typeof value === 'number'
      ? { amount: value, relative: false }
      : { amount: Number.parseInt(value, 10) / 100, relative: true };
  return { ...defaultRollout('Replace'), maxSurge: read(maxSurge), maxUnavailable: read(maxUnavailable) };
};

describe('a MachineDeployment with RollingUpdate', () => {
  const after = (
    wanted: number,
    newest: MachineSetScale,
    old: MachineSetScale[],
    bounds: RolloutBounds,
  ): number[] => {
    rollOut(wanted, newest, old, bounds);
    return [newest.replicas, ...old.map(({ replicas }) => replicas)];
  };

  it.each([
    ['makes one machine more first', 3, set(0), [set(3)], { surge: 1, unavailable: 0 }, [1, 3]],
    ['waits until that is available', 3, set(1, 1, 0), [set(3)], { surge: 1, unavailable: 0 }, [1, 3]],
    ['deletes one then', 3, set(1), [set(3)], { surge: 1, unavailable: 0 }, [1, 2]],
    ['makes no other while that one goes', 3, set(1), [set(2, 3, 2)], { surge: 1, unavailable: 0 }, [1, 2]],
    ['makes the next when it is gone', 3, set(1), [set(2)], { surge: 1, unavailable: 0 }, [2, 2]],
    ['deletes first without surge', 3, set(0), [set(3)], { surge: 0, unavailable: 1 }, [0, 2]],
    // Concrete example of machinedeployment_rolling.go: three new ones, old ones down to eight; five new ones that never become available.
    ['surges and gives up at once', 10, set(0), [set(10)], { surge: 3, unavailable: 2 }, [3, 8]],
    ['makes five of ten', 10, set(3, 3, 0), [set(8)], { surge: 3, unavailable: 2 }, [5, 8]],
    ['and no more if none of them joins', 10, set(5, 5, 0), [set(8)], { surge: 3, unavailable: 2 }, [5, 8]],
    ['nor if an old one fails then', 10, set(5, 5, 0), [set(8, 8, 7)], { surge: 3, unavailable: 2 }, [5, 8]],
    [
      'deletes those when it goes back',
      10,
      set(8, 8, 7),
      [set(5, 5, 0)],
      { surge: 3, unavailable: 2 },
      [8, 1],
    ],
    ['deletes sick old machines first', 3, set(1), [set(3, 3, 2)], { surge: 1, unavailable: 0 }, [1, 2]],
    ['the oldest template first', 3, set(1), [set(1), set(2)], { surge: 1, unavailable: 0 }, [1, 0, 2]],
    ['scales up', 5, set(3), [], { surge: 1, unavailable: 0 }, [5]],
    ['scales down', 2, set(3), [], { surge: 1, unavailable: 0 }, [2]],
    ['takes what is scaled down from the old', 2, set(1), [set(3)], { surge: 1, unavailable: 0 }, [1, 1]],
    ['to nothing', 0, set(1), [set(3)], { surge: 1, unavailable: 0 }, [0, 0]],
  ] as const)('%s', (_, wanted, newest, old, bounds, expected) => {
    expect(
      after(
        wanted,
        { ...newest },
        old.map((one) => ({ ...one })),
        bounds,
      ),
    ).toEqual(expected);
  });

  it('ends with new machines alone, in whatever order they come, join and go, and keeps its bounds on the way', () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat()), { minLength: 150, maxLength: 150 });
    const bounds = fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 3 })).filter(([s, u]) => s + u > 0);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), bounds, steps, (wanted, [surge, unavailable], order) => {
        interface Pool {
          replicas: number;
          coming: number;
          well: number;
          going: number;
        }
        const pools: Pool[] = [
          { replicas: 0, coming: 0, well: 0, going: 0 },
          { replicas: wanted, coming: 0, well: wanted, going: 0 },
        ];
        const reconcile = (): void => {
          const [newest, old] = pools.map(({ replicas, coming, well, going }) =>
            set(replicas, coming + well + going, well),
          );
          rollOut(wanted, newest!, [old!], { surge, unavailable: Math.min(unavailable, wanted) });
          [newest!, old!].forEach((scale, i) => {
            const one = pools[i]!;
            one.replicas = scale.replicas;
            const lacking = scale.replicas - scale.machines;
            if (lacking > 0) one.coming += lacking;
            const surplus = one.coming + one.well - scale.replicas;
            for (let n = 0; n < surplus; n++) {
              one.going++;
              if (one.coming > 0) one.coming--;
              else one.well--;
            }
          });
        };
        reconcile();
        for (const [kind, which] of order) {
          const one = pools[which % 2]!;
          if (kind === 0 && one.coming > 0) {
            one.coming--;
            one.well++;
          } else if (kind === 1 && one.going > 0) one.going--;
          reconcile();
          const machines = pools.reduce((sum, p) => sum + p.coming + p.well + p.going, 0);
          expect(machines).toBeLessThanOrEqual(wanted + surge);
          expect(pools[0]!.well + pools[1]!.well).toBeGreaterThanOrEqual(wanted - unavailable);
        }
        for (let i = 0; i < 40; i++) {
          for (const one of pools) {
            one.well += one.coming;
            one.coming = 0;
            one.going = 0;
          }
          reconcile();
        }
        expect(pools).toEqual([
          { replicas: wanted, coming: 0, well: wanted, going: 0 },
          { replicas: 0, coming: 0, well: 0, going: 0 },
        ]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a MachineDeployment with OnDelete', () => {
  it.each([
    ['leaves old machines alone', 3, set(0), set(3), [0, 3]],
    ['makes no new one before a deleted one is gone', 3, set(0), set(3, 3, 2), [0, 3]],
    ['makes a new one for one that is gone', 3, set(0), set(3, 2), [1, 2]],
    ['takes what is scaled down from the old', 2, set(1), set(2), [1, 1]],
    ['makes new ones when it is scaled up', 5, set(0), set(3), [2, 3]],
  ] as const)('%s', (_, wanted, newest, old, expected) => {
    const scales = [{ ...newest }, { ...old }] as const;
    rollOutOnDelete(wanted, scales[0], [scales[1]]);
    expect(scales.map(({ replicas }) => replicas)).toEqual(expected);
  });
});

test.each([
  [of(1, 0), 3, { surge: 1, unavailable: 0 }],
  [of('25%', '25%'), 10, { surge: 3, unavailable: 2 }],
  [of('25%', '25%'), 3, { surge: 1, unavailable: 0 }],
  [of(0, '10%'), 3, { surge: 0, unavailable: 1 }],
  [of(0, 5), 3, { surge: 0, unavailable: 3 }],
  [of('7%', 0), 100, { surge: 7, unavailable: 0 }],
])(
  'shares of the surge are rounded up, of what may be missing down, and never both to nothing: %j of %i',
  (rollout, replicas, bounds) => {
    expect(rolloutBounds(rollout, replicas)).toEqual(bounds);
  },
);

test.each([
  [1, 9, 1],
  ['25%', 10, 2],
  ['10%', 3, 1],
  ['100%', 3, 3],
] as const)('in place %s of %i nodes are %i at a time', (maxUnavailable, replicas, expected) => {
  expect(inPlaceAtOnce(of(0, maxUnavailable), replicas)).toBe(expected);
});
