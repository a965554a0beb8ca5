/** Figures that texts and benchmark suites solve exactly, tried on small models that stand on nothing but the engine. */
import { erlangMeanWait, kOfNExactAvailability } from '../../sim/examples/closed-forms.ts';
import { type KOfNOptions, kOfNAvailability } from '../../sim/examples/k-of-n.ts';
import { type MmcOptions, mmcMeanWait } from '../../sim/examples/mmc.ts';
import { seriesOutages } from '../../sim/examples/series.ts';
import { votingLosses } from '../../sim/examples/voting.ts';
import { workstationCluster } from '../../sim/examples/workstation-cluster.ts';
import type { Interval } from '../../sim/result.ts';
import { meanInterval } from '../../sim/statistics/index.ts';
import { HOUR, type Micros } from '../../sim/time.ts';
import type { Verification } from './entry.ts';

/** Of intervals like these one in a hundred would miss its figure; seeds are fixed, so each is made once. */
const CONFIDENCE = 0.99;

const holds = ({ low, high }: Interval, exact: number): boolean => low <= exact && exact <= high;

function intervalOf(replications: number, one: (replication: number) => number): Interval {
  return meanInterval(
    Array.from({ length: replications }, (_, i) => one(i)),
    CONFIDENCE,
  )!;
}

const told = (interval: Interval, digits: number): string =>
  `${((interval.low + interval.high) / 2).toFixed(digits)} +- ${interval.halfWidth.toPrecision(2)}`;

const voting: Verification = {
  id: 'G10',
  what: 'A majority of two of three units is lost: mean time, exponential lives with rates 0.3, 0.4 and 1, no repair',
  source: 'Storm test suite, dynamic fault tree "voting3"',
  expected: `${(2685 / 1547).toFixed(5)} = 2685 / 1547`,
  try() {
    const losses = votingLosses({ ratesPerSecond: [0.3, 0.4, 1], lostWith: 2 }, 20_000, 1);
    const interval = meanInterval(losses, CONFIDENCE)!;
    return {
      simulated: `${told(interval, 4)} (99 %)`,
      reproduced: holds(interval, 2685 / 1547),
      note: 'The mean of 20,000 groups; the exact value lies in its interval.',
    };
  },
};

const PREMIUM = { 2: 0.9999615335623628, 4: 0.9999212408513793 } as const;
const REPAIRS = { 2: 17.36978, 4: 33.3447 } as const;

const workstations: Verification = {
  id: 'G11',
  what: 'Workstation cluster with N = 2 and 4: long-run share of premium service; repairs in 2000 h from all up',
  source: 'PRISM benchmark suite, case "cluster" (Haverkort, Hermanns, Katoen 2000)',
  expected: '0.9999615, 0.9999212; 17.37, 33.34',
  try() {
    const sizes = [2, 4] as const;
    const premium = sizes.map((size) =>
      intervalOf(10, (replication) => {
        const run = { seed: 1, replication, end: (1_000_000 * HOUR) as Micros };
        return workstationCluster(size, run).premium;
      }),
    );
    const repairs = sizes.map((size) =>
      intervalOf(400, (replication) => {
        const run = { seed: 2, replication, end: (2000 * HOUR) as Micros };
        return workstationCluster(size, run).repairs;
      }),
    );
    const right = sizes.every(
      (size, i) => holds(premium[i]!, PREMIUM[size]) && holds(repairs[i]!, REPAIRS[size]),
    );
    return {
      simulated: `${premium.map((one) => told(one, 7)).join(', ')}; ${repairs.map((one) => told(one, 2)).join(', ')} (99 %)`,
      reproduced: right,
      note: 'Ten futures of a million hours, 400 of 2000 h; each of the four exact values lies in its interval.',
    };
  },
};

const QUEUES: readonly MmcOptions[] = [
  { servers: 1, arrivalsPerSecond: 0.8, servicesPerSecond: 1 },
  { servers: 5, arrivalsPerSecond: 4, servicesPerSecond: 1 },
];
const SYSTEM = { units: 3, needed: 2, meanTimeToFailureSeconds: 360_000, meanTimeToRepairSeconds: 36_000 };
const SYSTEMS: readonly KOfNOptions[] = [false, true].map((singleCrew) => ({ ...SYSTEM, singleCrew }));

const closedForms: Verification = {
  id: 'G12',
  what: 'Mean waits of M/M/1 and M/M/5 queues at a load of 0.8, in services; availability of 2 of 3 with repair at once and by one crew, MTTF 100 h, MTTR 10 h',
  source: "Erlang's C formula; birth-death chains",
  expected: `${QUEUES.map((queue) => erlangMeanWait(queue).toFixed(4)).join(', ')}; ${SYSTEMS.map((one) => kOfNExactAvailability(one).toFixed(5)).join(', ')}`,
  try() {
    const waits = QUEUES.map((queue) =>
      intervalOf(15, (replication) =>
        mmcMeanWait(queue, { seed: 3, replication, warmUp: 1e9 as Micros, end: 2.1e10 as Micros }),
      ),
    );
    const shares = SYSTEMS.map((system) =>
      intervalOf(15, (replication) => {
        const [warmUp, end] = [1000 * HOUR, 101_000 * HOUR] as [Micros, Micros];
        return kOfNAvailability(system, { seed: 3, replication, warmUp, end });
      }),
    );
    const right =
      QUEUES.every((queue, i) => holds(waits[i]!, erlangMeanWait(queue))) &&
      SYSTEMS.every((system, i) => holds(shares[i]!, kOfNExactAvailability(system)));
    return {
      simulated: `${waits.map((one) => told(one, 3)).join(', ')}; ${shares.map((one) => told(one, 5)).join(', ')} (99 %)`,
      reproduced: right,
      note: 'Fifteen futures each; each exact value lies in its interval. More of them, and wider ones, stand among the tests of the engine.',
    };
  },
};

const series: Verification = {
  id: 'G13',
  what: 'Two parts in series that fail at ages of 100 and 120 h, repairs of 10 h, no ageing while the system is down: 300 h',
  source: 'ReliaWiki, example of a repairable system',
  expected: '4 failures, 40 h down',
  try() {
    const lives = [100, 120].map((hours) => (hours * HOUR) as Micros);
    const { failures, down } = seriesOutages(
      { lives, repair: (10 * HOUR) as Micros },
      (300 * HOUR) as Micros,
    );
    const simulated = `${failures} failures, ${down / HOUR} h down`;
    return {
      simulated,
      reproduced: simulated === this.expected,
      note: 'No chance in it; they fail at 100, 130, 220 and 270 h.',
    };
  },
};

/** What the vendor's sizing guide gives. Nothing here counts how many hosted clusters fit. */
const sizing: Verification = {
  id: 'G5',
  what: 'How many hosted clusters fit on 3 workers of 64 vCPU and 128 GiB, maxPods 500, at 1000 QPS',
  source: 'OpenShift documentation, sizing guidance',
  expected: '5.4 per worker, limited by vCPU; 16 hosted control planes',
  try: () => ({
    simulated: '-',
    note: 'This version does not say how many hosted clusters fit.',
  }),
};

export const TEXTBOOK: readonly Verification[] = [sizing, voting, workstations, closedForms, series];
