import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../sim/time.ts';
import { unreachableToleration } from './build/components.ts';
import { managementAway } from './faults/testing.ts';
import type { Fault } from './plan/faults.ts';
import type { Toleration } from './plan/fleet.ts';
import { Replication } from './run.ts';
import { fleetOf, hostedCluster, management, ran, scenarioOf, ZONES } from './testing.ts';

const hosting = ['h-0', 'h-1', 'h-2', 'h-3', 'h-4', 'h-5'];
const h = (hours: number): Micros => (hours * HOUR) as Micros;
const lost = (nodes: string[], at: Micros, duration: Micros): Fault => ({
  kind: 'nodeFailure',
  at,
  duration,
  label: 'nodes',
  nodes,
});
const fleet = fleetOf(management(ZONES, 6), [hostedCluster('t')]);
const outages = (done: Replication, service: string) =>
  done.outages().filter((outage) => outage.service === service);

describe('what a control plane that is away means for what comes back', () => {
  it('a booted kubelet starts no pod before it has asked the API which', () => {
    const done = ran(scenarioOf(fleet, { faults: [lost(hosting, h(1), h(1)), managementAway(h(1), h(3))] }));
    const [down] = outages(done, 'api');
    expect(down!.to).toBeGreaterThan(h(4));
    expect(down!.to).toBeLessThan(h(4) + 5 * MINUTE);
  });

  it('a new process grants a lease that it sees for the first time its whole duration', () => {
    const done = ran(scenarioOf(fleet, { faults: [lost(['cp-0', 'cp-1', 'cp-2', ...hosting], h(1), h(1))] }));
    const api = outages(done, 'api')[0]!.to;
    const healing = outages(done, 'controllers')[0]!.to;
    // kube-scheduler: a lease of 137 s, tries every 26 s, after 15 s of container start and readiness.
    expect(healing - api).toBeGreaterThan(137 * SECOND);
    expect(healing - api).toBeLessThan((137 + 26 + 40) * SECOND);
  });

  it('a new leader of the controller manager starts every toleration anew', () => {
    const faults = [
      lost(['h-0'], h(1), h(3)),
      managementAway((h(1) + 3 * MINUTE) as Micros, (30 * MINUTE) as Micros),
    ];
    const done = ran(scenarioOf(fleet, { faults, duration: h(3) }));
    const { facts } = done.fleet.world.sim;
    const evictions: number[] = [];
    for (let i = 1; i < facts.length; i++) {
      const fact = facts.get(i as never);
      if (fact.kind.name === 'pod-evicted') evictions.push(fact.at);
    }
    expect(evictions.length).toBeGreaterThan(0);
    expect(Math.min(...evictions)).toBeGreaterThan(h(1) + 33 * MINUTE + 300 * SECOND);
  });
});

describe('tolerations of a hosted cluster', () => {
  const own = (more: Partial<Toleration>): Toleration => ({
    key: '',
    operator: 'Exists',
    value: '',
    effect: '',
    ...more,
  });
  it('decide about eviction where they tolerate the unreachable taint, else the default does', () => {
    const byDefault = 300 * SECOND;
    expect(unreachableToleration([], byDefault)).toBe(byDefault);
    expect(unreachableToleration([own({ key: 'other' })], byDefault)).toBe(byDefault);
    expect(unreachableToleration([own({})], byDefault)).toBe(Number.POSITIVE_INFINITY);
    const ten = own({ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', tolerationSeconds: 10 });
    expect(unreachableToleration([ten], byDefault)).toBe(10 * SECOND);
    expect(unreachableToleration([own({ effect: 'NoSchedule' })], byDefault)).toBe(byDefault);
  });
});

describe('etcd members', () => {
  it('stay down for as long as their fault lasts, also in a new pod', () => {
    const single = { hostedCluster: 't', component: 'etcd', ordinal: 0 };
    const faults: Fault[] = [
      {
        kind: 'etcdMemberFailure',
        at: h(1),
        duration: h(6),
        label: 'members',
        members: [0, 1].map((ordinal) => ({ hostedCluster: 't', ordinal })),
      },
      {
        kind: 'nodeFailure',
        at: (h(1) + 10 * MINUTE) as Micros,
        duration: (10 * MINUTE) as Micros,
        label: 'node',
        nodes: [],
        hosting: [single],
      },
    ];
    const [down, ...more] = outages(ran(scenarioOf(fleet, { faults })), 'api');
    expect(more).toEqual([]);
    expect(down!.to).toBeGreaterThan(h(7));
    // The rest of a back-off and a start.
    expect(down!.to).toBeLessThan(h(7) + 300 * SECOND + MINUTE);
  });

  it("an etcd scaled to zero is no etcd, rather than somebody else's", () => {
    const none = fleetOf(management(ZONES, 6), [hostedCluster('t', { disabledComponents: ['etcd'] })]);
    const done = ran(scenarioOf(none, { duration: h(1) }));
    expect(outages(done, 'api')[0]).toMatchObject({ from: 0, lowest: 0, open: true });
  });
});

describe('names', () => {
  it('a hosted cluster called like its management cluster, and workers of one name, keep random streams of their own', () => {
    const cluster = management(ZONES, 6);
    const namesakes = fleetOf(cluster, [
      hostedCluster('mgmt'),
      hostedCluster('x', { nodePools: [{ ...hostedCluster('x').nodePools[0]!, name: 'y-w' }] }),
      hostedCluster('x-y', { nodePools: [{ ...hostedCluster('x').nodePools[0]!, name: 'w' }] }),
    ]);
    const { world } = new Replication(scenarioOf(namesakes), 0).fleet;
    const keys = world.machines.names.map((_, node) => world.machines.key(node as never));
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(world.machines.names).size).toBeLessThan(keys.length);
    const clusters = world.clusters.names.map((_, cluster) => world.clusters.key(cluster as never));
    expect(new Set(clusters).size).toBe(clusters.length);
  });
});

describe('a fork into another future', () => {
  it('tells its own causes, although fact numbers are given out again', () => {
    const replication = new Replication(scenarioOf(fleet), 0);
    replication.run(h(1));
    const snapshot = replication.fleet.world.sim.save();
    const causes = (place: string): string => {
      replication.fleet.world.sim.restore(snapshot);
      replication.injector.inject({
        kind: 'zoneOutage',
        at: h(1),
        duration: HOUR,
        label: `zoneOutage ${place}`,
        places: [place],
      });
      replication.run(h(3));
      return JSON.stringify(replication.outages());
    };
    const first = causes('a');
    const second = causes('b');
    expect(first).toContain('zoneOutage a');
    expect(second).toContain('zoneOutage b');
    expect(second).not.toContain('zoneOutage a');
  });
});

describe('fast failover of newer releases', () => {
  const evictions = (release: string): Map<string, number> => {
    const tenant = fleetOf(management(ZONES, 9), [hostedCluster('t', { release })]);
    const host = [{ hostedCluster: 't', component: 'kube-apiserver', ordinal: 0 }];
    const done = ran(
      scenarioOf(tenant, {
        faults: [{ kind: 'nodeFailure', at: h(1), label: 'n', nodes: [], hosting: host }],
        duration: h(2),
      }),
    );
    const { facts } = done.fleet.world.sim;
    const found = new Map<string, number>();
    let tainted = 0;
    for (let i = 1; i < facts.length; i++) {
      const fact = facts.get(i as never);
      if (fact.kind.name === 'node-tainted') tainted = fact.at;
      if (fact.kind.name === 'pod-evicted')
        found.set(done.fleet.world.sets.names[fact.subject]!, (fact.at - tainted) / SECOND);
    }
    return found;
  };

  it('what the API hangs on leaves a silent node 10 s after the taint instead of 300, the rest as before', () => {
    expect(evictions('5.0.2').get('kube-apiserver')).toBe(300);
    const fast = evictions('5.1.0');
    expect(fast.get('kube-apiserver')).toBe(10);
    for (const [component, after] of fast) expect([10, 300], component).toContain(after);
  });

  it('a kube-apiserver without etcd leaves its endpoints after 3 failed probes instead of 18', () => {
    const unlisted = (release: string): number => {
      const tenant = fleetOf(management(ZONES, 6), [hostedCluster('t', { release })]);
      const members = [0, 1].map((ordinal) => ({ hostedCluster: 't', ordinal }));
      const done = ran(
        scenarioOf(tenant, {
          faults: [{ kind: 'etcdMemberFailure', at: h(1), duration: HOUR, label: 'e', members }],
          duration: h(3),
        }),
      );
      const { facts } = done.fleet.world.sim;
      for (let i = 1; i < facts.length; i++) {
        const fact = facts.get(i as never);
        const server = done.fleet.world.sets.names[fact.subject] === 'kube-apiserver';
        if (fact.kind.name === 'endpoint-dropped' && server) return (fact.at - h(1)) / SECOND;
      }
      return Number.NaN;
    };
    expect(unlisted('4.19.8')).toBeGreaterThan(170);
    expect(unlisted('4.19.8')).toBeLessThanOrEqual(181);
    expect(unlisted('5.1.0')).toBeGreaterThan(20);
    expect(unlisted('5.1.0')).toBeLessThanOrEqual(31);
  });
});
