import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { PodId, SetId } from '../ids.ts';
import type { Fault } from '../plan/faults.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, scenarioOf, ZONES } from '../testing.ts';
import { PHASE } from './pod-phases.ts';

const fleet = fleetOf(management(ZONES, 3), [hostedCluster('t')]);

function podFailure(component: string, at: number, duration?: number): Fault {
  const pods = [{ hostedCluster: 't', component, ordinal: 0 }];
  const crash = { kind: 'podFailure', at: at as Micros, label: 'crash', pods } as const;
  return duration === undefined ? crash : { ...crash, duration: duration as Micros };
}

function prepared(faults: readonly Fault[]) {
  const replication = new Replication(scenarioOf(fleet, { faults }), 0);
  const { world } = replication.fleet;
  const pod = (component: string): PodId =>
    world.pods.find(world.sets.names.indexOf(component) as SetId, 0) as PodId;
  const run = (until: number): void => replication.run(until as Micros);
  return { replication, world, pod, run };
}

/** When the first pod of the component was ready, each time, since a moment. */
function ready(component: string, since: number, faults: readonly Fault[]): number[] {
  const { replication, world, run } = prepared(faults);
  run(5 * HOUR);
  const { facts } = replication.fleet.world.sim;
  const found: number[] = [];
  for (let i = 1; i < facts.length; i++) {
    const { kind, subject, value, at } = facts.get(i as never);
    if (kind.name === 'pod-ready' && world.sets.names[subject] === component && value === 0)
      found.push(at - since);
  }
  return found;
}

const SCHEDULER = 'kube-scheduler';
/** What a crash costs whose container is started again at once. */
const [START] = ready(SCHEDULER, HOUR, [podFailure(SCHEDULER, HOUR)]);

describe('a container that a fault keeps down', () => {
  const wait = (duration: number): number =>
    ready(SCHEDULER, HOUR + duration, [podFailure(SCHEDULER, HOUR, duration)])[0]! - START!;

  it.each([
    // Tries of 2 s each begin after 0, 12, 34, 76, 158, 320, 622 s, and every 302 s then.
    [SECOND, 0],
    [2 * SECOND, 10 * SECOND],
    [11 * SECOND, SECOND],
    [13 * SECOND, 0],
    [MINUTE, 16 * SECOND],
    [5 * MINUTE, 20 * SECOND],
    [10 * MINUTE, 22 * SECOND],
    [30 * MINUTE, 30 * SECOND],
    [2 * HOUR, 66 * SECOND],
  ])('for %d µs waits for %d µs more until its next try', (duration, expected) => {
    expect(wait(duration)).toBe(expected);
  });

  it('is never started before the fault is over, and less than 300 s after', () => {
    const seconds = fc.integer({ min: 1, max: 3 * 3600 * 1000 });
    fc.assert(
      fc.property(seconds, (milliseconds) => {
        const waited = wait(milliseconds * 1000);
        expect(waited).toBeGreaterThanOrEqual(0);
        expect(waited).toBeLessThan(300 * SECOND);
      }),
      { seed: 1, numRuns: 20 },
    );
  });

  it('costs no event meanwhile, and one when it waits', () => {
    const { world, run } = prepared([podFailure('oauth-openshift', HOUR, 10 * MINUTE)]);
    run(HOUR + MINUTE);
    const before = world.sim.events;
    run(HOUR + 10 * MINUTE);
    expect(world.sim.events).toBe(before);
  });

  it('shows that it backs off, and fails on when another fault comes before it was tried', () => {
    const again = podFailure(SCHEDULER, HOUR + 70 * SECOND, 10 * SECOND);
    const { world, pod, run } = prepared([podFailure(SCHEDULER, HOUR, MINUTE), again]);
    const { restarts } = world.pods.containers;
    run(HOUR + 65 * SECOND);
    expect(restarts.backingOff(pod(SCHEDULER))).toBe(true);
    run(HOUR + 75 * SECOND);
    expect(restarts.backingOff(pod(SCHEDULER))).toBe(false);
    run(HOUR + 82 * SECOND);
    expect(restarts.failedAt(pod(SCHEDULER))).toBe(HOUR);
    run(HOUR + 158 * SECOND);
    expect(restarts.failing(pod(SCHEDULER))).toBe(true);
    run(HOUR + 158 * SECOND + 1);
    expect(restarts.failing(pod(SCHEDULER))).toBe(false);
  });
});

describe('a container that crashes again', () => {
  const second = (gap: number): number => {
    const crashes = [podFailure(SCHEDULER, HOUR), podFailure(SCHEDULER, HOUR + gap)];
    return ready(SCHEDULER, HOUR + gap, crashes)[1]! - START!;
  };

  it('is restarted after 10 s when it had not run for ten minutes, and at once when it had', () => {
    expect(second(MINUTE)).toBe(10 * SECOND);
    expect(second(10 * MINUTE)).toBe(10 * SECOND);
    expect(second(10 * MINUTE + SECOND)).toBe(0);
  });

  it('waits twice as long each time', () => {
    const at = (crash: number): number => HOUR + crash * 9 * MINUTE;
    const crashes = Array.from({ length: 9 }, (_, crash) => podFailure(SCHEDULER, at(crash)));
    const waits = ready(SCHEDULER, HOUR, crashes).map((time, crash) => time - crash * 9 * MINUTE - START!);
    expect(waits.map((micros) => micros / SECOND)).toEqual([0, 10, 20, 40, 80, 160, 300, 300, 300]);
  });
});

describe('kubelets and pods that are new', () => {
  const member: Fault = {
    kind: 'etcdMemberFailure',
    at: HOUR as Micros,
    duration: HOUR as Micros,
    label: 'member',
    failure: 'process',
    members: [{ hostedCluster: 't', ordinal: 0 }],
  };

  it('know of no earlier failure: the next pod of a member that is kept down fails anew', () => {
    const { world, pod, run } = prepared([member]);
    run(HOUR + 1);
    expect(world.pods.containers.restarts.failedAt(pod('etcd'))).toBe(HOUR);
    run(HOUR + 20 * MINUTE);
    world.pods.delete(pod('etcd'));
    run(HOUR + 25 * MINUTE);
    expect(world.pods.containers.restarts.failedAt(pod('etcd'))).toBeGreaterThan(HOUR + 20 * MINUTE);
  });

  it('know on what they wait for when they were only cut off', () => {
    const { world, pod, run } = prepared([podFailure(SCHEDULER, HOUR, MINUTE)]);
    const node = world.pods.node.at(pod(SCHEDULER));
    run(HOUR + 62 * SECOND);
    world.contact.block(node);
    run(HOUR + 65 * SECOND);
    world.contact.unblock(node);
    run(HOUR + 75 * SECOND);
    expect(world.pods.containers.restarts.backingOff(pod(SCHEDULER))).toBe(true);
    expect(world.pods.containers.phase(pod(SCHEDULER))).toBe(PHASE.down);
    run(HOUR + 77 * SECOND);
    expect(world.pods.containers.phase(pod(SCHEDULER))).toBe(PHASE.creating);
  });

  it('count from their own start after a reboot', () => {
    const { world, pod, run } = prepared([podFailure(SCHEDULER, HOUR, 30 * MINUTE)]);
    run(HOUR + 10 * MINUTE);
    world.machines.reboot(world.pods.node.at(pod(SCHEDULER)), 'abrupt');
    expect(world.pods.containers.restarts.failing(pod(SCHEDULER))).toBe(false);
    run(HOUR + 20 * MINUTE);
    expect(world.pods.containers.restarts.failedAt(pod(SCHEDULER))).toBeGreaterThan(HOUR + 10 * MINUTE);
  });
});
