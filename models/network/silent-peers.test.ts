import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import { managementAway } from '../faults/testing.ts';
import type { ClusterId, PodId, SetId } from '../ids.ts';
import { type ParameterOverrides, parameterValues } from '../parameters.ts';
import type { Fault, NetworkSide } from '../plan/faults.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, ran, scenarioOf, twice, ZONES } from '../testing.ts';

const AT = HOUR as Micros;
const P = parameterValues();
const DEAD = 'kubelet-connection-dead';
const BACK = 'kubelet-reconnected';

interface Told {
  readonly kind: string;
  readonly at: number;
  readonly subject: number;
  readonly value: number;
}

/** Facts since the fault, in seconds after it. */
function facts(done: Replication): Told[] {
  const all = done.fleet.world.sim.facts;
  const found: Told[] = [];
  for (let i = 1; i < all.length; i++) {
    const { kind, at, subject, value } = all.get(i as never);
    if (at >= AT) found.push({ kind: kind.name, at: (at - AT) / SECOND, subject, value });
  }
  return found;
}
const times = (done: Replication, kind: string): number[] =>
  facts(done)
    .filter((fact) => fact.kind === kind)
    .map(({ at }) => at);

const side = (more: Partial<NetworkSide>): NetworkSide => ({
  places: [],
  nodes: [],
  managementControlPlanes: [],
  workers: [],
  ...more,
});
const cut = (seconds: number, one: Partial<NetworkSide>, from: Partial<NetworkSide>): Fault => ({
  kind: 'networkPartition',
  at: AT,
  duration: (seconds * SECOND) as Micros,
  label: 'cut',
  side: side(one),
  from: side(from),
});
const lost = (name: string): Fault => ({
  kind: 'nodeFailure',
  at: AT,
  duration: HOUR as Micros,
  label: name,
  nodes: [name],
});

describe('a control-plane node of a management cluster that dies', () => {
  const HOSTING = 60;
  const bereft = (version: string, seed: number, nodes: string): Replication => {
    const fleet = fleetOf(management(ZONES, HOSTING, { version }), [hostedCluster('t-0')]);
    return ran(scenarioOf(fleet, { seed, duration: (2 * HOUR) as Micros, faults: [lost(nodes)] }));
  };
  const old = ['cp-0', 'cp-1', 'cp-2'].map((name, i) => bereft('4.17', i + 1, name));
  const late = ['cp-0', 'cp-1', 'cp-2'].map((name, i) => bereft('4.20', i + 1, name));

  it('leaves a third of all kubelets with dead connections for 35 to 45 s, as far as chance allows', () => {
    const kubelets = HOSTING + 2;
    const deviation = Math.sqrt(kubelets * 3 * (1 / 3) * (2 / 3));
    expect(Math.abs(late.flatMap((done) => times(done, DEAD)).length - kubelets)).toBeLessThan(3 * deviation);
    for (const done of late) {
      const back = times(done, BACK);
      expect(back).toHaveLength(times(done, DEAD).length);
      expect(Math.min(...back)).toBeGreaterThanOrEqual(35);
      expect(Math.max(...back)).toBeLessThanOrEqual(45);
    }
  });

  it('has their nodes flap where the grace period is 40 s, unless the controller manager was lost with it', () => {
    for (const done of old) {
      const flapped = times(done, 'node-ready').filter((at) => at < 60).length;
      const anew = times(done, 'silence-counted-anew').length > 0;
      expect(flapped > 0).toBe(!anew);
      expect(flapped).toBeLessThanOrEqual(times(done, DEAD).length);
      expect(times(done, 'pod-evicted').filter((at) => at < 300)).toEqual([]);
    }
    expect(old.some((done) => times(done, 'node-unready').length > 1)).toBe(true);
  });

  it('has no node but itself found Unknown where that is 50 s', () => {
    for (const done of late) expect(times(done, 'node-unready').length).toBe(1);
  });

  it('is told to no one when its processes stop and the machine runs on', () => {
    const outage = managementAway(AT, 10 * MINUTE);
    const fleet = fleetOf(management(ZONES, 6, { version: '4.17' }), [hostedCluster('t-0')]);
    expect(times(ran(scenarioOf(fleet, { faults: [outage] })), DEAD)).toEqual([]);
  });
});

const WORKERS = 60;
const CALM = fleetOf(management(ZONES, 9), [hostedCluster('t-0', { nodePools: [pool(WORKERS)] })]);
const T0 = 1 as ClusterId;

/** Nodes of the pods of a role, in order of the pods, before anything has happened. */
const before = new Replication(scenarioOf(CALM), 0);
function nodesOf(role: 'kube-apiserver' | 'etcd'): string[] {
  const { pods, hosted, machines } = before.fleet.world;
  const of = pods.ofSet.list(hosted.set(T0, role) as SetId);
  return of
    .sort((a: PodId, b: PodId) => pods.ordinal.at(a) - pods.ordinal.at(b))
    .map((pod) => machines.names[pods.node.at(pod)]!);
}
const run = (faults: readonly Fault[], parameters: ParameterOverrides = {}): Replication =>
  ran(scenarioOf(CALM, { faults, parameters, duration: (3 * HOUR) as Micros }));

describe('workers that the network parts from some kube-apiservers', () => {
  const [server] = nodesOf('kube-apiserver');
  const done = run([cut(30 * 60, { nodes: [server!] }, { workers: ['t-0'] })]);

  it('had their connections to those in the share of them; such a connection is given up after 35 to 45 s', () => {
    const dead = times(done, DEAD).length;
    expect(Math.abs(dead - WORKERS / 3)).toBeLessThan(3 * Math.sqrt(WORKERS * (1 / 3) * (2 / 3)));
    const back = times(done, BACK);
    expect(back).toHaveLength(dead);
    expect(Math.min(...back)).toBeGreaterThanOrEqual(35);
  });

  it('dial again when they come to one that they do not reach, ten seconds later', () => {
    const back = times(done, BACK);
    const atOnce = back.filter((at) => at <= 45).length;
    expect(atOnce).toBeGreaterThan(back.length / 3);
    expect(atOnce).toBeLessThan(back.length);
    expect(Math.max(...back)).toBeLessThan(45 + 10 * 10);
  });

  it('keep them when the cut is shorter, and are heard before twice the time', () => {
    const brief = run([cut(10, { nodes: [server!] }, { workers: ['t-0'] })]);
    const back = times(brief, BACK);
    expect(back).toHaveLength(times(done, DEAD).length);
    expect(Math.min(...back)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...back)).toBeGreaterThan(10);
    expect(Math.max(...back)).toBeLessThanOrEqual(20.2);
    expect(times(brief, 'node-unready')).toEqual([]);
  });
});

describe('workers that the network parts from all kube-apiservers', () => {
  const away = (seconds: number): Replication =>
    run([cut(seconds, { workers: ['t-0'] }, { nodes: [...new Set(nodesOf('kube-apiserver'))] })]);

  it('for a short time go on with their connections', () => {
    const done = away(5);
    expect(times(done, BACK)).toHaveLength(WORKERS);
    for (const at of times(done, BACK)) expect(at).toBeLessThanOrEqual(10 + 2 * 5);
  });

  it('for 30 s go on with the segment that TCP sends within 6 s, or give up before it sends another', () => {
    const back = times(away(30), BACK);
    expect(back).toHaveLength(WORKERS);
    expect(Math.min(...back)).toBeGreaterThanOrEqual(30);
    expect(Math.max(...back)).toBeLessThanOrEqual(45);
    // Heartbeats come every 10 s, and the eighth segment 25.4 s after the first.
    const lastSegment = 10 + 25.4;
    expect(back.filter((at) => at <= lastSegment).length).toBeGreaterThan(WORKERS / 4);
    expect(back.filter((at) => at > lastSegment).length).toBeGreaterThan(WORKERS / 4);
  });

  it('for long get through 20 to 30 s after it is over: their proxies want three good checks', () => {
    const late = times(away(600), BACK).map((at) => at - 600);
    expect(late).toHaveLength(WORKERS);
    for (const at of late) {
      expect(at).toBeGreaterThan(20);
      expect(at).toBeLessThanOrEqual(30);
    }
  });
});

describe('hosting nodes that the network parts from the management control plane', () => {
  it('for less than the grace period of 40 s are found Unknown where no segment is sent between its end and theirs', () => {
    const hosting = management(ZONES, 60, { version: '4.17' });
    const fleet = fleetOf(hosting, [hostedCluster('t-0')]);
    const nodes = hosting.nodes.filter(({ controlPlane }) => !controlPlane).map(({ name }) => name);
    const faults = [cut(30, { nodes }, { managementControlPlanes: ['mgmt'] })];
    const done = ran(scenarioOf(fleet, { faults, duration: (2 * HOUR) as Micros }));
    const unknown = times(done, 'node-unready').length;
    expect(unknown).toBeGreaterThan(0);
    expect(unknown).toBeLessThanOrEqual(times(done, BACK).filter((at) => at >= 35).length);
    expect(times(done, 'node-ready')).toHaveLength(unknown);
  });

  it('for long get through within 7 s after it is over', () => {
    const done = run([cut(600, { nodes: ['h-0', 'h-1', 'h-2'] }, { managementControlPlanes: ['mgmt'] })]);
    const late = times(done, BACK).map((at) => at - 600);
    expect(late).toHaveLength(3);
    for (const at of late) {
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at).toBeLessThanOrEqual(P.node.heartbeatRetry / SECOND);
    }
  });
});

describe('a kube-apiserver that the network parts from one etcd member', () => {
  const server = nodesOf('kube-apiserver')[0]!;
  const member = nodesOf('etcd').find((name) => name !== server)!;
  const parted = (seconds: number, parameters: ParameterOverrides = {}): Replication =>
    run([cut(seconds, { nodes: [server] }, { nodes: [member] })], parameters);
  const dips = (done: Replication) => done.outages().filter(({ service }) => service === 'api');

  it('loses writes on a third of its connections until they are given up', () => {
    const done = parted(1200);
    const given = times(done, 'etcd-connections-given-up');
    expect(given.length).toBeGreaterThan(0);
    for (const at of given) expect(at).toBeGreaterThanOrEqual(10);
    const [dip] = dips(done);
    const [first, ...later] = dip!.segments;
    const lostWrites = (P.database.mutatingShare * given.length) / 9;
    expect(first!.value / later.at(-1)!.value).toBeCloseTo(1 - lostWrites, 12);
    expect(dip!.segments[0]!.causes.at(-1)).toMatch(/waits on dead connections to etcd$/);
    expect(dip!.to).toBeGreaterThanOrEqual(AT + 10 * SECOND);
  });

  it('gives up none when it is over before, and goes on with the next segment that is sent anew', () => {
    const done = parted(4);
    expect(times(done, 'etcd-connections-given-up')).toEqual([]);
    const [dip] = dips(done);
    const over = (dip!.to - AT) / SECOND;
    expect(over).toBeGreaterThanOrEqual(4);
    expect(over).toBeLessThanOrEqual(2 * 4 + 0.2);
  });

  it('waits for a ping where nothing is asked: 10 to 40 s', () => {
    const given = times(parted(1200, { apiPath: { etcdRequestRate: 0 } }), 'etcd-connections-given-up');
    expect(given.length).toBeGreaterThan(0);
    expect(Math.min(...given)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...given)).toBeLessThanOrEqual(40);
  });
});

describe('cuts and delays that part nobody who is connected', () => {
  const fleet = fleetOf(
    management(ZONES, 6, { version: '4.17' }),
    ['t-0', 't-1', 't-2'].map((name) => hostedCluster(name)),
  );
  const worker = fc.constantFrom('t-0', 't-1', 't-2');
  const happened = (faults: readonly Fault[]): Told[] => {
    const done = ran(scenarioOf(fleet, { faults, duration: (3 * HOUR) as Micros }));
    return facts(done).filter(({ kind }) => !/^(fault|agent)-|^service$|^reason$/.test(kind));
  };

  it('change nothing of what happens, not even while others fall silent', () => {
    const others = [lost('cp-1'), { ...lost('h-0'), at: (AT + 5 * MINUTE) as Micros }];
    const usual = happened(others);
    expect(usual.some(({ kind }) => kind === DEAD)).toBe(true);
    fc.assert(
      fc.property(worker, worker, fc.integer({ min: 1, max: 3600 }), (one, other, seconds) => {
        fc.pre(one !== other);
        expect(happened([cut(seconds, { workers: [one] }, { workers: [other] }), ...others])).toEqual(usual);
      }),
      { seed: 1, numRuns: 12 },
    );
  });

  it('and round trips that requests survive break no connection', () => {
    fc.assert(
      fc.property(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 900 }), (zone, milliseconds) => {
        const slow: Fault = {
          kind: 'networkLatency',
          at: AT,
          duration: HOUR as Micros,
          label: 'slow',
          side: side({ places: [zone] }),
          roundTrip: (milliseconds * 1000) as Micros,
        };
        const kinds = new Set(happened([slow]).map(({ kind }) => kind));
        for (const kind of [DEAD, BACK, 'etcd-connections-given-up'])
          expect(kinds.has(kind), kind).toBe(false);
      }),
      { seed: 1, numRuns: 6 },
    );
  });
});

describe('a snapshot in the middle of dead connections', () => {
  it('goes on as if there had been none', () => {
    const faults = [lost('cp-0'), cut(20, { workers: ['t-0'] }, { nodes: [nodesOf('kube-apiserver')[0]!] })];
    const plan = scenarioOf(CALM, { faults, duration: (2 * HOUR) as Micros });
    const straight = new Replication(plan, 0);
    straight.run((AT + 21 * SECOND) as Micros);
    const { sim } = straight.fleet.world;
    const [first, again] = twice(sim, (): Told[] => {
      straight.run(plan.duration);
      return facts(straight);
    });
    expect(again).toEqual(first);
    expect(first.some(({ kind, at }) => kind === BACK && at > 21)).toBe(true);
  });
});
