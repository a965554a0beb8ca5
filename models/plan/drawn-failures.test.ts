import { describe, expect, it } from 'vitest';
import { Streams } from '../../sim/streams.ts';
import { DAY, HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import { fleetOf, hostedCluster, management, metric, pool, ran, scenarioOf, ZONES } from '../testing.ts';
import { drawFailures } from './drawn-failures.ts';
import type { Fault, NodeFailure, WorkerFailure } from './faults.ts';

const YEAR = (365 * DAY) as Micros;
const FLEET = fleetOf(
  management(ZONES, 9),
  ['t-0', 't-1', 't-2'].map((name) =>
    hostedCluster(name, { nodePools: [pool(6, { autoRepair: name !== 't-2' })] }),
  ),
);
const COUNTS = { nodes: 900, workers: 1500, zones: 60 };
const FAULTS = drawFailures(FLEET, COUNTS, YEAR, new Streams(5, 0));

const ofKind = <K extends Fault['kind']>(kind: K) =>
  FAULTS.filter((fault): fault is Extract<Fault, { kind: K }> => fault.kind === kind);

describe('drawn failures of a fleet', () => {
  it('are as many of each kind as asked for, in order of time', () => {
    expect(ofKind('nodeFailure')).toHaveLength(900);
    expect(ofKind('workerFailure')).toHaveLength(1500);
    expect(ofKind('zoneOutage')).toHaveLength(60);
    expect(FAULTS.map(({ at }) => at)).toEqual(FAULTS.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  it('hit every management node, worker and zone', () => {
    expect(new Set(ofKind('nodeFailure').flatMap(({ nodes }) => nodes)).size).toBe(12);
    const workers = ofKind('workerFailure').flatMap((fault) => fault.workers);
    expect(new Set(workers.map((worker) => JSON.stringify(worker))).size).toBe(18);
    expect(new Set(ofKind('zoneOutage').flatMap(({ places }) => places))).toEqual(new Set(ZONES));
  });

  it('seven machines in ten boot again, three are replaced; zones are away for three hours in the middle', () => {
    const replaced = ofKind('nodeFailure').filter(
      (fault: NodeFailure) => fault.deleteNodeAfter !== undefined,
    );
    // Binomial with p = 0.3 and n = 900: a standard error of 13.7.
    expect(Math.abs(replaced.length - 270)).toBeLessThan(3.5 * 13.7);
    for (const { duration } of replaced) {
      expect(duration).toBeGreaterThanOrEqual(13 * MINUTE);
      expect(duration).toBeLessThanOrEqual(18 * MINUTE);
    }
    const longer = ofKind('zoneOutage').filter(({ duration }) => duration! > 3 * HOUR);
    expect(Math.abs(longer.length - 30)).toBeLessThan(3.5 * 3.9);
  });

  it('a worker that does not come back is left to the machine health check, where there is one', () => {
    const lost = ofKind('workerFailure').filter((fault: WorkerFailure) => fault.duration === undefined);
    expect(lost.length).toBeGreaterThan(200);
    for (const { workers } of lost) expect(workers[0]!.hostedCluster).not.toBe('t-2');
  });

  it('a fleet that is repaired like this is whole again within hours of the last failure', () => {
    const month = (30 * DAY) as Micros;
    const faults = drawFailures(FLEET, { nodes: 70, workers: 120, zones: 3 }, month, new Streams(2, 0));
    // Agents that do not redial would leave tunnels to a human.
    const parameters = { konnectivity: { redialFrom: 0 } };
    const done = ran(scenarioOf(FLEET, { faults, duration: (month + 3 * DAY) as Micros, parameters }));
    // Tunnels of releases whose agents do not redial stay as they are until somebody restarts the agents.
    const vital = ['api', 'etcd', 'controllers', 'workloads', 'lifecycle'];
    expect(done.outages().filter(({ open, service }) => open && vital.includes(service))).toEqual([]);
    expect(done.recorders.pending.episodes().filter(({ until }) => until === undefined)).toEqual([]);
    const { machines, lifecycle } = done.fleet.world;
    for (let node = 0; node < machines.table.length; node++) {
      expect(machines.running(node as never)).toBe(true);
      expect(lifecycle.ready(node as never)).toBe(true);
    }
    expect(metric(done, 'api.availability', 't-0')).toBeLessThan(1);
  });
});
