/**
 * The failures of a fleet over a long time, drawn from named streams: every management node and every worker lives and is repaired as
 * the machines of a cloud are, zones lose power without memory. How many there are is given; when, where and for how long is drawn.
 */
import { draw, lognormal, uniform } from '../../sim/distributions.ts';
import type { Stream, Streams } from '../../sim/streams.ts';
import { HOUR, MINUTE, type Micros, micros, SECOND } from '../../sim/time.ts';
import type { Fault } from './faults.ts';
import type { FleetPlan } from './fleet.ts';
import { drawRenewals, type Repair } from './renewals.ts';

/** How many of each kind fail in the window. */
export interface FailureCounts {
  readonly nodes: number;
  readonly workers: number;
  readonly zones: number;
}

interface MachineRepair extends Repair {
  /** Another machine takes its place, instead of the same one booting again. */
  readonly replaced: boolean;
}

/** Estimate: infant mortality, as of machines that have just been repaired. */
const MACHINE_SHAPE = 0.7;
/** Estimate: what the cloud restarts in place; the others are replaced. */
const REBOOTED = 0.7;
/** From failure to power; booting comes after it. Estimate. */
const REBOOT = lognormal({ median: 2 * MINUTE, sigma: 0.5 });
/** A machine health check gives a silent node so long (openshift/hypershift hypershift-operator/controllers/nodepool/capi.go). */
const GIVEN_UP_AFTER = (8 * MINUTE) as Micros;
/** Until the new machine has power. Estimate. */
const PROVISION = uniform({ low: 5 * MINUTE, high: 10 * MINUTE });
/** Estimate after the published zone events of the large clouds: half are over within three hours, one in twenty takes a day. */
const ZONE_OUTAGE = lognormal({ median: 3 * HOUR, sigma: 1.2 });

/**
 * Draws failures of a fleet from time 0 on, in order of time.
 * @param streams of the seed; what each machine draws hangs on its name alone
 */
export function drawFailures(
  fleet: FleetPlan,
  counts: FailureCounts,
  window: Micros,
  streams: Streams,
): Fault[] {
  const faults = [
    ...nodeFailures(fleet, counts.nodes, window, streams),
    ...workerFailures(fleet, counts.workers, window, streams),
    ...zoneOutages(fleet, counts.zones, window, streams),
  ];
  return faults.sort((a, b) => a.at - b.at);
}

function nodeFailures(fleet: FleetPlan, count: number, window: Micros, streams: Streams): Fault[] {
  const nodes = fleet.managementClusters.flatMap((cluster) => cluster.nodes.map(({ name }) => name));
  const spec = { purpose: 'node', count, window, shape: MACHINE_SHAPE, repair: machineRepair };
  return drawRenewals(nodes, (name) => name, spec, streams).map(({ of: name, at, repair }) => ({
    kind: 'nodeFailure',
    label: `nodeFailure ${name}`,
    at,
    duration: repair.duration,
    nodes: [name],
    ...(repair.replaced ? { deleteNodeAfter: GIVEN_UP_AFTER } : {}),
  }));
}

function workerFailures(fleet: FleetPlan, count: number, window: Micros, streams: Streams): Fault[] {
  const workers = fleet.hostedClusters.flatMap((cluster) =>
    cluster.nodePools.flatMap((pool) =>
      Array.from({ length: pool.replicas }, (_, ordinal) => ({
        name: `${cluster.name}-${pool.name}-${ordinal}`,
        target: { hostedCluster: cluster.name, nodePool: pool.name, ordinal },
        autoRepair: pool.autoRepair,
      })),
    ),
  );
  const spec = { purpose: 'worker', count, window, shape: MACHINE_SHAPE, repair: machineRepair };
  return drawRenewals(workers, ({ name }) => name, spec, streams).map(({ of: worker, at, repair }) => ({
    kind: 'workerFailure',
    label: `workerFailure ${worker.name}`,
    at,
    // Where a machine health check watches, the replacement is its work and not a thing that is drawn.
    ...(repair.replaced && worker.autoRepair ? {} : { duration: repair.duration }),
    workers: [worker.target],
  }));
}

function zoneOutages(fleet: FleetPlan, count: number, window: Micros, streams: Streams): Fault[] {
  const zones = fleet.places.filter(({ kind }) => kind === 'zone').map(({ name }) => name);
  const repair = (stream: Stream): Repair => ({ duration: instant(draw(ZONE_OUTAGE, stream)) });
  const spec = { purpose: 'zone', count, window, shape: 1, repair };
  return drawRenewals(zones, (name) => name, spec, streams).map(({ of: name, at, repair: { duration } }) => ({
    kind: 'zoneOutage',
    label: `zoneOutage ${name}`,
    at,
    duration,
    places: [name],
  }));
}

function machineRepair(stream: Stream): MachineRepair {
  const replaced = stream.uniform() >= REBOOTED;
  const drawn = draw(replaced ? PROVISION : REBOOT, stream);
  return { replaced, duration: instant(replaced ? GIVEN_UP_AFTER + drawn : drawn) };
}

/** Whole seconds: nobody knows such times more closely, and chains of causes read better. */
function instant(time: number): Micros {
  return Math.max(SECOND, micros(time / SECOND) * SECOND) as Micros;
}
