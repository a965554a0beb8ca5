import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { Fault, NetworkSide } from '../plan/faults.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import { fleetOf, hostedCluster, management, node, pool, ran, scenarioOf, ZONES } from '../testing.ts';

const side = (more: Partial<NetworkSide>): NetworkSide => ({
  places: [],
  nodes: [],
  managementControlPlanes: [],
  workers: [],
  ...more,
});
const span = (at: number, duration: number) => ({ at: at as Micros, duration: duration as Micros });
const workerLost = (at: number, duration: number): Fault => ({
  ...span(at, duration),
  kind: 'workerFailure',
  label: 'worker lost',
  workers: [{ hostedCluster: 't', nodePool: 'workers', ordinal: 0 }],
});

/** The outages of a service of the cluster `t`, in order. */
function outagesOf(service: string, cluster: Partial<HostedClusterPlan>, faults: readonly Fault[]) {
  const plan = hostedCluster('t', { release: '5.0.1', ...cluster });
  const run = ran(
    scenarioOf(fleetOf(management(ZONES, 6), [plan]), { faults, duration: (4 * HOUR) as Micros }),
  );
  return run
    .outages()
    .filter((outage) => outage.service === service && outage.labels.hostedCluster === 't')
    .sort((a, b) => a.from - b.from);
}

describe('the root cause of a fall', () => {
  it('is no failure after which the service was whole again, be that failure over or not', () => {
    const faults: Fault[] = [
      workerLost(10 * MINUTE, 2 * HOUR),
      {
        ...span(20 * MINUTE, 30 * MINUTE),
        kind: 'scale',
        label: 'scaled to 0',
        pools: [{ hostedCluster: 't', nodePool: 'workers' }],
        workloads: [],
        replicas: 0,
      },
    ];
    const [first, second] = outagesOf('workloads', { nodePools: [pool(4)] }, faults);
    expect(first!.causes[0]).toBe('worker lost');
    expect(second!.from).toBe(20 * MINUTE);
    expect(second!.causes[0]).toBe('scaled to 0');
  });

  it('of a tunnel is not that a machine booted, long ago', () => {
    const faults: Fault[] = [
      workerLost(10 * MINUTE, 5 * MINUTE),
      {
        ...span(HOUR, 20 * MINUTE),
        kind: 'networkPartition',
        label: 'workers cut off',
        side: side({ workers: ['t'] }),
      },
    ];
    const fall = outagesOf('tunnel', { nodePools: [pool(3)] }, faults).find(({ from }) => from === HOUR)!;
    expect(fall.causes[0]).toBe('workers cut off');
  });

  it('of logins that the network loses between their parts is the cut, with the pod that is beyond it', () => {
    const cut: Fault = {
      ...span(HOUR, 20 * MINUTE),
      kind: 'networkPartition',
      label: 'nodes cut off',
      side: side({ nodes: ['h-0', 'h-1'] }),
      from: side({ nodes: ['h-2', 'h-3'] }),
    };
    for (const service of ['oauth', 'join']) {
      const [fall] = outagesOf(service, { platform: 'Agent' }, [cut]);
      expect(fall!.causes[0]).toBe('nodes cut off');
      expect(fall!.causes.at(-1)).toMatch(/^(oauth-openshift|ignition-server).*-\d cut off from those/);
    }
  });
});

describe('while etcd is restored', () => {
  const faults: Fault[] = [
    {
      at: HOUR,
      kind: 'etcdMemberFailure',
      label: 'data lost',
      failure: 'data',
      members: [0, 1].map((ordinal) => ({ hostedCluster: 't', ordinal })),
    },
    {
      at: (2 * HOUR) as Micros,
      kind: 'restoreFromSnapshot',
      label: 'restore',
      hostedClusters: ['t'],
      snapshot: { kind: 'every', every: HOUR },
    },
  ];
  const [outage] = outagesOf('api', { platform: 'Agent' }, faults);
  const waits = outage!.segments.map(({ causes }) => causes.at(-1));

  it('the API waits for etcd, then for its own servers, which somebody scaled to 0', () => {
    expect(waits).toContain('etcd still scaled to 0');
    expect(waits).toContain('kube-apiserver still scaled to 0');
    const scaled = outage!.segments.find(
      ({ causes }) => causes.at(-1) === 'kube-apiserver still scaled to 0',
    );
    expect(scaled!.causes).toContain('restore of t: API servers scaled to 0');
  });

  it('no pod that was taken on purpose is called missing', () => {
    expect(waits).not.toContain('no such pod exists');
    expect(waits).not.toContain('etcd of t lost its quorum');
  });
});

describe('a zone that is lost while one of two API servers is replaced', () => {
  const key = 'hypershift.openshift.io/request-serving-component';
  const labels = { [key]: 'true', 'hypershift.openshift.io/cluster': 'clusters-t' };
  const taints = [{ key, value: 'true', effect: 'NoSchedule' } as const];
  const base = management(ZONES, 9);
  const own = ['a', 'b'].map((zone, i) => node(`own-${i}`, zone, { labels, taints }));
  const fleet = fleetOf({ ...base, nodes: [...base.nodes, ...own] }, [
    hostedCluster('t', { isolation: 'DedicatedRequestServing', nodePools: [pool(1)] }),
  ]);
  const lost: Fault = {
    ...span(HOUR + 2 * MINUTE, 30 * MINUTE),
    kind: 'zoneOutage',
    label: 'zone a',
    places: ['a'],
  };
  const upgrade: Fault = {
    kind: 'upgrade',
    at: HOUR,
    label: 'upgrade',
    subject: 'hostedCluster',
    names: ['t'],
    to: '4.20.3',
  };
  const first = (faults: readonly Fault[]) => {
    const run = ran(scenarioOf(fleet, { faults, duration: (4 * HOUR) as Micros }));
    return run.outages().find(({ service, from }) => service === 'api' && from === lost.at)!;
  };

  it('is not the only reason: the rollout has taken the other', () => {
    const both = first([upgrade, lost]);
    expect(both.lowest).toBe(0);
    expect(both.causes).toEqual([
      'zone a',
      'node own-0 lost',
      'endpoint of kube-apiserver-0 stale, the others are being replaced',
    ]);
    // When the one that was replaced has come, or the lost one is no endpoint any more, it is something else.
    expect(both.segments.filter(({ causes }) => causes.at(-1)!.endsWith('being replaced'))).toHaveLength(1);
  });

  it('is the only one where nothing is replaced', () => {
    const alone = first([lost]);
    expect(alone.lowest).toBeGreaterThan(0);
    expect(alone.segments.flatMap(({ causes }) => causes).join()).not.toContain('replaced');
  });

  it('an API server that is told to stop, beside one that is lost, is not said to be the last one left', () => {
    const before = { ...lost, at: (HOUR + 30 * SECOND) as Micros };
    const run = ran(scenarioOf(fleet, { faults: [before, upgrade], duration: (4 * HOUR) as Micros }));
    const told = run.outages().flatMap(({ segments }) => segments.flatMap(({ causes }) => causes));
    expect(told.filter((cause) => cause.includes('kube-apiserver-1 stale, the others'))).toEqual([]);
  });
});
