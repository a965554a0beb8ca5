import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import { crash, managementAway, scaled, workerLost } from '../faults/testing.ts';
import type { Fault } from '../plan/faults.ts';
import type { HostedClusterPlan, ManagementClusterPlan } from '../plan/fleet.ts';
import { Replication } from '../run.ts';
import {
  fleetOf,
  hostedCluster,
  MACHINE,
  node,
  pool,
  management as sampleManagement,
  scenarioOf,
  ZONES,
} from '../testing.ts';
import { newLacks } from './redundancy.ts';
import { unexplained, unhealed } from './unhealed.ts';

const lost = (more: Partial<Extract<Fault, { kind: 'nodeFailure' }>> = {}): Fault => ({
  kind: 'nodeFailure',
  at: HOUR,
  label: 'nodeFailure',
  nodes: [],
  hosting: [{ hostedCluster: 't', component: 'etcd', ordinal: 0 }],
  ...more,
});
const worker = workerLost(0, HOUR);

/** With an operator that takes every release of these tests. */
const management = (
  zones: readonly string[],
  replicas: number,
  more: Partial<ManagementClusterPlan> = {},
): ManagementClusterPlan =>
  sampleManagement(zones, replicas, { operator: { product: 'HyperShift', version: '5.1' }, ...more });

/** Release 5.0: its Konnectivity agents redial, so that machines alone are told of. */
const tenant = (more: Parameters<typeof hostedCluster>[1] = {}) =>
  hostedCluster('t', { release: '5.0.1', ...more });

function aDayOf(faults: Fault[], fleet = fleetOf(management(ZONES, 9), [tenant()])): Replication {
  const replication = new Replication(scenarioOf(fleet, { faults }), 0);
  replication.run(DAY);
  return replication;
}
const told = (replication: Replication): string[] =>
  unhealed(replication).map(({ what, why }) => `${what}: ${why}`);

describe('what needs a human', () => {
  it('is nothing while nothing happened, and nothing when every fault is over', () => {
    for (const faults of [[], [lost({ duration: HOUR }), { ...worker, duration: HOUR } as Fault]]) {
      const replication = aDayOf(faults);
      expect(newLacks(replication.fleet, replication.beginning)).toEqual([]);
      expect(unhealed(replication)).toEqual([]);
    }
  });

  it('is a dead machine whose Node object stays, with the pods that it keeps and those that wait', () => {
    const replication = aDayOf([lost()]);
    expect(told(replication)).toEqual([
      expect.stringMatching(
        /^node h-\d: its machine is gone for good, and nobody deleted its Node object: \d+ Terminating pods keep their places there, and \d+ pods wait for them$/,
      ),
    ]);
    expect(newLacks(replication.fleet, replication.beginning).length).toBeGreaterThan(0);
    expect(unexplained(replication)).toEqual([]);
  });

  it('is no more than another machine once the Node object is deleted: everything else runs elsewhere', () => {
    const replication = aDayOf([lost({ deleteNodeAfter: (10 * MINUTE) as Micros })]);
    expect(told(replication)).toEqual([
      expect.stringMatching(/^node h-\d: its machine is gone for good; its Node object is deleted$/),
    ]);
    expect(newLacks(replication.fleet, replication.beginning).map(({ what }) => what)).toEqual([
      'a node of management/mgmt is down',
    ]);
  });

  it('is a dead worker, unless its node pool repairs itself', () => {
    expect(told(aDayOf([worker]))).toEqual([
      'node t-workers-0: its machine is gone for good, and no health check of its node pool replaced it',
    ]);
    const repaired = fleetOf(management(ZONES, 9), [tenant({ nodePools: [pool(3, { autoRepair: true })] })]);
    expect(told(aDayOf([worker], repaired))).toEqual([]);
  });

  it('is a management control plane that nobody brings back', () => {
    const outage = managementAway(HOUR);
    expect(unhealed(aDayOf([outage]))).toEqual([
      {
        what: 'managementControlPlaneOutage mgmt',
        why: 'nothing in the scenario ends it',
        remedy: 'bring the control plane of the management cluster back',
        labels: {},
      },
    ]);
    expect(unexplained(aDayOf([outage]))).toEqual([]);
  });

  it('are the agents of older releases, which do not look for a server that they lost', () => {
    const lost = crash('kube-apiserver', [0], HOUR);
    const old = fleetOf(management(ZONES, 9), [hostedCluster('t', { release: '4.19.8' })]);
    expect(told(aDayOf([lost], old))).toEqual([
      'Konnectivity agents: they lost a server and do not look for it again, as their release does not redial',
    ]);
    expect(told(aDayOf([lost]))).toEqual([]);
  });

  it('are workloads of a cluster whose node pools are scaled to zero for good', () => {
    const replication = aDayOf([scaled(0, HOUR)]);
    expect(told(replication)).toEqual(
      Array.from({ length: 3 }, () =>
        expect.stringMatching(/^pod app-\d: all node pools of its cluster are scaled to zero$/),
      ),
    );
    expect(unexplained(replication)).toEqual([]);
  });

  it('is a drain that a budget stops for as long as nobody loosens it', () => {
    const drain: Fault = { kind: 'nodeDrain', at: HOUR, label: 'drain', nodes: ['h-0', 'h-1', 'h-2'] };
    const single = tenant({ controllerAvailabilityPolicy: 'SingleReplica', nodePools: [] });
    const replication = aDayOf([drain], fleetOf(management(ZONES, 3), [single]));
    expect(unhealed(replication).map(({ why }) => why)).toContainEqual(
      expect.stringMatching(/^the disruption budget of \S+ allows no eviction$/),
    );
    expect(unexplained(replication)).toEqual([]);
  });

  it('is etcd data that most members have lost; of one among three the operator takes care by itself', () => {
    const lose = (...ordinals: number[]): Fault => ({
      kind: 'etcdMemberFailure',
      failure: 'data',
      at: HOUR,
      label: 'data',
      members: ordinals.map((ordinal) => ({ hostedCluster: 't', ordinal })),
    });
    const majority = aDayOf([lose(0, 1)]);
    expect(told(majority)).toEqual([
      'etcd data: 2 of 3 members have lost their data: no quorum can form from what is left',
    ]);
    expect(unexplained(majority)).toEqual([]);
    expect(told(aDayOf([lose(1)]))).toEqual([]);
    const atOnce: Fault = {
      kind: 'etcdMemberReplacement',
      at: HOUR,
      label: 'replacement',
      members: [0, 1].map((ordinal) => ({ hostedCluster: 't', ordinal })),
    };
    expect(told(aDayOf([atOnce]))).toEqual(told(majority));
    const remedyOn = (more: Partial<HostedClusterPlan>, ...lost: number[]) =>
      unhealed(aDayOf([lose(...lost)], fleetOf(management(ZONES, 6), [tenant(more)])))[0]!.remedy;
    expect(remedyOn({ platform: 'Agent' }, 0, 1)).toContain('from the data of a member that is left');
    expect(remedyOn({ platform: 'Agent' }, 0, 1, 2)).toBe('restore it from a snapshot');
    const one = { platform: 'Agent', controllerAvailabilityPolicy: 'SingleReplica' } as const;
    expect(remedyOn(one, 0)).toBe('restore it from a snapshot');
    expect(remedyOn({ platform: 'AWS' }, 0, 1)).toMatch(/^create the hosted cluster anew/);
    expect(remedyOn({ platform: 'AWS', apiHostname: 'api.example.com' }, 0, 1)).toMatch(/^move the hosted/);
    const restore: Fault = {
      kind: 'restoreFromSnapshot',
      at: (2 * HOUR) as Micros,
      label: 'restore',
      hostedClusters: ['t'],
      snapshot: { kind: 'age', age: HOUR },
    };
    expect(told(aDayOf([lose(0, 1), restore]))).toEqual([]);
  });

  it('is a control plane that was moved to where no node takes its pods', () => {
    const small = management(['x'], 1, { name: 'small' });
    const other = { ...small, nodes: small.nodes.map((each) => ({ ...each, name: `small-${each.name}` })) };
    const first = management(ZONES, 9);
    const fleet = {
      ...fleetOf(first, [tenant({ apiHostname: 'api.t' })]),
      managementClusters: [first, other],
    };
    const move: Fault = {
      kind: 'moveHostedCluster',
      at: HOUR,
      label: 'move',
      hostedClusters: ['t'],
      to: 'small',
      snapshot: { kind: 'member' },
    };
    const replication = aDayOf([move], fleet);
    expect(told(replication)).toContainEqual(
      expect.stringMatching(/^control plane: \d+ of its pods find no node on small, where it was moved$/),
    );
    expect(unexplained(replication)).toEqual([]);
  });

  it('are logins through the data plane of a cluster whose node pools were scaled to zero', () => {
    const fleet = (oauthNeedsDataPlane: boolean) =>
      fleetOf(management(ZONES, 9), [tenant({ oauthNeedsDataPlane, workloads: [] })]);
    expect(told(aDayOf([scaled(0, HOUR)], fleet(true)))).toEqual([
      expect.stringMatching(/^logins: .*no node pool has a worker$/),
    ]);
    expect(told(aDayOf([scaled(0, HOUR)], fleet(false)))).toEqual([]);
  });

  it('is room that others took meanwhile: running pods are never moved', () => {
    // The virtual machine fits on n-0 only, beside one control plane. Both nodes die; n-0 is back first, and both control planes,
    // which go first, move there. n-1 comes back to nothing, and is too small.
    const [large, small] = [15_500, 11_000].map((cpuMillis, i) =>
      node(`n-${i}`, ZONES[i]!, { allocatable: { ...MACHINE, cpuMillis } }),
    );
    const cluster = management(ZONES, 0, { defaultStorageClass: 'standard' });
    const storageClasses = [{ ...cluster.storageClasses[0]!, binding: 'free' as const }];
    const virtual = tenant({
      platform: 'KubeVirt',
      controllerAvailabilityPolicy: 'SingleReplica',
      nodePools: [pool(1, { machine: { cpuMillis: 12_000, memoryMib: 8_192, pods: 250 } })],
    });
    const other = hostedCluster('u', {
      ...tenant(),
      name: 'u',
      controllerAvailabilityPolicy: 'SingleReplica',
      nodePools: [],
    });
    const fleet = fleetOf({ ...cluster, storageClasses, nodes: [...cluster.nodes, large!, small!] }, [
      virtual,
      other,
    ]);
    const outage = (name: string, hours: number): Fault => ({
      kind: 'nodeFailure',
      at: HOUR,
      duration: (hours * HOUR) as Micros,
      label: `nodeFailure ${name}`,
      nodes: [name],
    });
    const replication = aDayOf([outage('n-0', 2), outage('n-1', 4)], fleet);
    expect([...replication.beginning.keys()]).toEqual(
      ['t', 'u'].map((name) => `hosted/${name} is one failure from an outage`),
    );
    expect(told(replication)).toEqual([
      'virtual machine virt-launcher-workers-0: no node has room for it any more: pods that moved there meanwhile stay, since none is moved or preempted',
    ]);
    expect(unexplained(replication)).toEqual([]);
  });

  it('is not what is healing still: half an hour after a zone has gone for two, pods wait and nobody is called', () => {
    const zone: Fault = {
      kind: 'zoneOutage',
      at: HOUR,
      duration: (2 * HOUR) as Micros,
      label: 'zoneOutage a',
      places: ['a'],
    };
    const replication = new Replication(
      scenarioOf(fleetOf(management(ZONES, 9), [tenant()]), { faults: [zone] }),
      0,
    );
    replication.run((1.5 * HOUR) as Micros);
    expect(unhealed(replication)).toEqual([]);
    expect(unexplained(replication).length).toBeGreaterThan(0);
  });
});

describe('an upgrade that stands still', () => {
  const asked = (more: Partial<Extract<Fault, { kind: 'upgrade' }>>): Fault => ({
    kind: 'upgrade',
    at: HOUR,
    label: 'upgrade',
    subject: 'hostedCluster',
    names: [],
    ...more,
  });
  const workers = [{ hostedCluster: 't', nodePool: 'workers' }];

  it('is told with what it waits for and what to do, and accounts for what its cluster lacks', () => {
    const single = tenant({ controllerAvailabilityPolicy: 'SingleReplica' });
    const update = asked({ subject: 'managementCluster', names: ['mgmt'], to: '4.21.0' });
    const replication = aDayOf([update], fleetOf(management(ZONES, 3), [single]));
    expect(unhealed(replication)).toContainEqual({
      what: 'upgrade of management cluster mgmt to 4.21.0',
      why: expect.stringMatching(/^node h-\d waits: disruption budgets keep hosted\/t\/etcd-0/),
      remedy: 'end what it waits for, and it goes on by itself; or ask for another release',
      labels: { managementCluster: 'mgmt' },
    });
    const lacking = newLacks(replication.fleet, replication.beginning).map(({ what }) => what);
    expect(lacking).toContain('a node of management/mgmt is cordoned');
    expect(unexplained(replication)).toEqual([]);
  });

  it('of a pool whose old machines wait to be deleted says so', () => {
    const nodePools = [pool(3, { strategy: 'OnDelete' })];
    const replication = aDayOf(
      [asked({ subject: 'nodePool', names: ['t/workers'], change: 'config' })],
      fleetOf(management(ZONES, 9), [tenant({ nodePools })]),
    );
    expect(unhealed(replication)).toMatchObject([
      {
        what: 'upgrade of node pool t/workers',
        why: 'machines waits: OnDelete: old machines stay until they are deleted',
        remedy: 'delete the machines that are not of the new release',
      },
    ]);
  });

  it('is none when it is refused, but what the operator does not reconcile meanwhile waits for people', () => {
    const scale: Fault = {
      kind: 'scale',
      at: (2 * HOUR) as Micros,
      label: 'scale',
      pools: workers,
      workloads: [],
      replicas: 5,
    };
    const replication = aDayOf([asked({ subject: 'nodePool', names: ['t/workers'], to: '5.1.0' }), scale]);
    expect(unhealed(replication)).toMatchObject([
      {
        what: 'reconciliation of node pool t/workers',
        why: expect.stringContaining('5.1.0 is a later minor than'),
        remedy: 'ask for a release that the node pool may have',
      },
    ]);
    expect(unexplained(replication)).toEqual([]);
    const refused = aDayOf([asked({ subject: 'nodePool', names: ['t/workers'], to: '5.1.0' })]);
    expect(unhealed(refused).map(({ what }) => what)).toEqual(['reconciliation of node pool t/workers']);
  });

  it('is none when it is refused, but nothing of the hosted cluster is reconciled until people write another release', () => {
    const to = (release: string, hours: number): Fault =>
      asked({ subject: 'hostedCluster', names: ['t'], to: release, at: (hours * HOUR) as Micros });
    expect(unhealed(aDayOf([to('4.9.1', 1)]))).toMatchObject([
      {
        what: 'reconciliation by the HyperShift operator',
        why: expect.stringContaining('4.9.1 is below 4.14'),
      },
    ]);
    expect(unhealed(aDayOf([to('4.9.1', 1), to('5.0.3', 2)]))).toEqual([]);
  });

  it('is none while it gets on, and none when it is completed', () => {
    const single = fleetOf(management(ZONES, 3), [tenant({ controllerAvailabilityPolicy: 'SingleReplica' })]);
    const update = asked({
      subject: 'managementCluster',
      names: ['mgmt'],
      to: '4.21.0',
      at: (DAY - 90 * MINUTE) as Micros,
    });
    expect(unhealed(aDayOf([update], single))).toEqual([]);
    expect(
      unhealed(aDayOf([asked({ subject: 'nodePool', names: ['t/workers'], change: 'config' })])),
    ).toEqual([]);
  });
});

it('a fleet lacks machines of a pool that are wanted and not there, or there and not wanted', () => {
  const stopped = managementAway(DAY - MINUTE);
  const name = 'node pool workers of hosted/t';
  for (const [replicas, what] of [
    [5, `a machine of ${name} is missing`],
    [1, `a machine of ${name} is too many`],
  ] as const) {
    const replication = aDayOf([stopped, scaled(replicas, DAY - 30 * SECOND)]);
    const lacking = newLacks(replication.fleet, replication.beginning).map((lack) => lack.what);
    expect(lacking).toContain(what);
  }
});
