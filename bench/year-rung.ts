/** One rung of the ladder of years: a fleet, and a year of its machines and zones failing and being repaired, drawn from the seed. */
import { drawFailures } from '../models/plan/drawn-failures.ts';
import { Replication } from '../models/run.ts';
import { Streams } from '../sim/streams.ts';
import { DAY, type Micros } from '../sim/time.ts';
import { benchScenario } from './fleet-rung.ts';

const YEAR = (365 * DAY) as Micros;

/** Failures in a year: of machines in proportion to the hosted clusters, of zones as many everywhere. */
const NODE_FAILURES_EACH = 2;
const WORKER_FAILURES_EACH = 20;
const ZONE_OUTAGES = 6;

/** What every failure that is over must have given back. */
const VITAL = ['api', 'etcd', 'controllers', 'workloads'];

/** Workers stand in the zones that fail, and machine health checks replace those that are dead. */
const POOL = ', zones: [zone-a, zone-b, zone-c], autoRepair: true';

export interface YearRung {
  readonly hostedClusters: number;
  readonly nodes: number;
  readonly failures: number;
  /** Seconds from the loaded plan to a fleet whose pods are placed and run. */
  readonly placeSeconds: number;
  /** Seconds for the simulated year. */
  readonly runSeconds: number;
  /** Seconds for metrics, and outages with their causes. */
  readonly resultSeconds: number;
  /** Processor seconds of the whole process in user mode, all threads. */
  readonly userSeconds: number;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly facts: number;
  readonly outages: number;
  /** Mean over the hosted clusters. */
  readonly apiAvailability: number;
  /** Hosted clusters whose API, etcd, controllers or workloads are not whole when the year is over. */
  readonly hurtAtEnd: number;
  /** Hosted clusters with anything else below 1 then: agents that do not redial keep their tunnels so until somebody restarts them. */
  readonly tunnelsStuckAtEnd: number;
  /** The most memory that the process held at any time, with Node and the program. */
  readonly peakMegabytes: number;
  readonly digest: string;
}

export function yearRung(hostedClusters: number): YearRung {
  const { plan, nodes } = benchScenario(hostedClusters, POOL);
  const faults = drawFailures(
    plan.fleet,
    {
      nodes: NODE_FAILURES_EACH * hostedClusters,
      workers: WORKER_FAILURES_EACH * hostedClusters,
      zones: ZONE_OUTAGES,
    },
    YEAR,
    new Streams(plan.seed, 0),
  );
  const from = performance.now();
  const replication = new Replication({ ...plan, duration: YEAR, faults }, 0);
  const placed = performance.now();
  replication.run(YEAR);
  const ran = performance.now();
  const metrics = replication.metrics().filter(({ metric }) => metric === 'api.availability');
  const outages = replication.outages();
  const end = performance.now();
  const { sim } = replication.fleet.world;
  const openOf = (vital: boolean): number =>
    new Set(
      outages
        .filter(({ open, service }) => open && VITAL.includes(service) === vital)
        .map(({ labels }) => labels.hostedCluster),
    ).size;
  const { userCPUTime, maxRSS } = process.resourceUsage();
  return {
    hostedClusters,
    nodes,
    failures: faults.length,
    placeSeconds: (placed - from) / 1e3,
    runSeconds: (ran - placed) / 1e3,
    resultSeconds: (end - ran) / 1e3,
    userSeconds: userCPUTime / 1e6,
    events: sim.events,
    eventsPerSecond: sim.events / ((ran - placed) / 1e3),
    facts: sim.facts.length,
    outages: outages.length,
    apiAvailability: metrics.reduce((sum, { value }) => sum + value, 0) / metrics.length,
    hurtAtEnd: openOf(true),
    tunnelsStuckAtEnd: openOf(false),
    peakMegabytes: maxRSS / 1024,
    digest: sim.digest,
  };
}
