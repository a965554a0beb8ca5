/** Whom events hit after rollouts, replacements and scaling, when the fleet has other pods and machines than it began with. */
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { ClusterId, PodId } from '../ids.ts';
import type { Fault } from '../plan/faults.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import type { ScenarioPlan } from '../plan/scenario.ts';
import { missedTargets } from '../results/missed-targets.ts';
import { Replication, runScenario } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, ran, scenarioOf, twice, ZONES } from '../testing.ts';
import { crash, managementAway, scaled } from './testing.ts';

const at = (hours: number): Micros => (hours * HOUR) as Micros;
const minutes = (count: number): Micros => (count * MINUTE) as Micros;
const SINGLE = { controllerAvailabilityPolicy: 'SingleReplica' } as const;

const released = (hours: number): Fault => ({
  kind: 'upgrade',
  at: at(hours),
  label: 'upgrade t',
  subject: 'hostedCluster',
  names: ['t'],
  to: '4.19.20',
});
const replaced = (hours: number): Fault => ({
  kind: 'upgrade',
  at: at(hours),
  label: 'upgrade t/workers',
  subject: 'nodePool',
  names: ['t/workers'],
  change: 'config',
});
/** All that there are. */
const crashed = (component: string, hours: number, duration?: Micros): Fault => ({
  kind: 'podFailure',
  at: at(hours),
  ...(duration === undefined ? {} : { duration }),
  label: component,
  noun: 'pods',
  pods: [{ hostedCluster: 't', component }],
});
const deleted = (component: string, hours: number, ordinal?: number): Fault => ({
  kind: 'podFailure',
  failure: 'delete',
  at: at(hours),
  label: `delete ${component}`,
  noun: 'pods',
  pods: [{ hostedCluster: 't', component, ...(ordinal === undefined ? {} : { ordinal }) }],
});
type Which = Partial<Pick<Extract<Fault, { kind: 'workerFailure' }>, 'only'>> & { ordinal?: number };
const workersLost = (hours: number, { ordinal, only }: Which = {}): Fault => ({
  kind: 'workerFailure',
  at: at(hours),
  duration: minutes(10),
  label: 'workers',
  noun: 'workers',
  workers: [{ hostedCluster: 't', nodePool: 'workers', ...(ordinal === undefined ? {} : { ordinal }) }],
  ...(only === undefined ? {} : { only }),
});

const planOf = (faults: readonly Fault[], tenant: Partial<HostedClusterPlan> = {}): ScenarioPlan => {
  const plan = hostedCluster('t', { nodePools: [pool(2)], ...tenant });
  return scenarioOf(fleetOf(management(ZONES, 6), [plan]), { faults, duration: at(10) });
};
const run = (faults: readonly Fault[], tenant?: Partial<HostedClusterPlan>): Replication =>
  ran(planOf(faults, tenant));
const labels = ({ injector }: Replication): string[] => injector.faults.map((_, id) => injector.label(id));

/** Seconds of outages of a service that began within the hour. */
function lost(replication: Replication, service: string, hour: number): number {
  return replication
    .outages()
    .filter((outage) => outage.service === service && Object.values(outage.labels).includes('t'))
    .filter(({ from }) => from >= at(hour) && from < at(hour + 1))
    .reduce((sum, { from, to }) => sum + ((to ?? at(10)) - from) / SECOND, 0);
}

describe('after an upgrade', () => {
  it('pods of a Deployment are hit under whatever numbers they have then', () => {
    const faults = [
      crashed('kube-apiserver', 0.5, minutes(10)),
      released(1),
      crashed('kube-apiserver', 3, minutes(10)),
      deleted('kube-apiserver', 4, 0),
    ];
    const done = run(faults, SINGLE);
    expect(lost(done, 'api', 0)).toBeGreaterThan(600);
    expect(lost(done, 'api', 3)).toBeCloseTo(lost(done, 'api', 0), 0);
    // It answers until its successor does.
    expect(lost(done, 'api', 4)).toBe(0);
    expect(done.injector.targets(3)).toBe(1);
    const { sets, pods } = done.fleet.world;
    const set = sets.ofServed
      .list(done.fleet.hostedClusters.get('t')!)
      .find((one) => sets.names[one] === 'kube-apiserver')!;
    expect(pods.ofSet.list(set).map((pod) => pods.ordinal.at(pod))).toEqual([0]);
    expect(labels(done).slice(2)).toEqual(['podFailure t/kube-apiserver-1', 'podFailure t/kube-apiserver-1']);
    expect(done.injector.targets(2)).toBe(1);
    expect(missedTargets(done.injector)).toEqual([]);
  });

  it('so are Konnectivity servers, and the nodes that pods are on', () => {
    const server: Fault = {
      kind: 'konnectivityFailure',
      at: at(3),
      duration: minutes(5),
      label: 'server',
      noun: 'servers',
      side: 'server',
      targets: [{ hostedCluster: 't', ordinal: 0 }],
    };
    const host: Fault = {
      kind: 'nodeFailure',
      at: at(4),
      duration: minutes(30),
      label: 'host',
      noun: 'nodes',
      nodes: [],
      hosting: [{ hostedCluster: 't', component: 'kube-apiserver' }],
    };
    const done = run([released(1), server, host], SINGLE);
    expect(labels(done).slice(1)).toEqual([
      'konnectivityFailure t/konnectivity-server-1',
      'nodeFailure host of t/kube-apiserver-1',
    ]);
    // The server is a container of the pod, which is not Ready without it.
    expect(lost(done, 'api', 3)).toBeGreaterThan(299);
    expect(lost(done, 'api', 4)).toBeGreaterThan(300);
  });

  it('a component of several replicas is lost as it was before', () => {
    const components = ['cloud-controller-manager', 'kube-scheduler', 'openshift-apiserver'];
    const failures = components.map((component) => crashed(component, 3, minutes(30)));
    const upgraded = run([released(1), ...failures]);
    const before = run(failures);
    for (const service of ['controllers', 'aggregatedApis']) {
      expect(lost(upgraded, service, 3)).toBeGreaterThan(1800);
      expect(lost(upgraded, service, 3) / lost(before, service, 3)).toBeCloseTo(1, 1);
    }
  });

  it('pods are counted in the order of their numbers, in whatever order they came', () => {
    const done = run([released(1), crashed('kube-apiserver', 3), deleted('kube-apiserver', 4, 0)]);
    expect(labels(done).slice(1)).toEqual([
      'podFailure t/kube-apiserver-0, t/kube-apiserver-1, t/kube-apiserver-2',
      'podFailure t/kube-apiserver-0',
    ]);
  });

  it('members of etcd keep their numbers, and one that is not there is missed', () => {
    const member = deleted('etcd', 3, 2);
    const there = run([released(1), member]);
    expect([labels(there)[1], missedTargets(there.injector)]).toEqual(['podFailure t/etcd-2', []]);
    const single = run([released(1), member], SINGLE);
    expect([labels(single)[1], missedTargets(single.injector)]).toEqual([
      'delete etcd',
      ['at 3h0m0s delete etcd met nothing: there is no pod t/etcd-2'],
    ]);
  });
});

describe('machines', () => {
  it('that replaced others are the workers that are counted', () => {
    const faults = [
      replaced(1),
      workersLost(3, { ordinal: 0 }),
      workersLost(4, { ordinal: 1 }),
      workersLost(5),
    ];
    const done = run(faults);
    expect(labels(done).slice(1)).toEqual([
      'workerFailure t/workers-1',
      'workerFailure t/workers-2',
      'workerFailure t/workers-1, t/workers-2',
    ]);
    expect(lost(done, 'workloads', 5)).toBeGreaterThan(600);
    const { machines } = done.fleet.world;
    const cluster = done.fleet.hostedClusters.get('t') as ClusterId;
    expect(machines.ofCluster.list(cluster).every((node) => machines.running(node))).toBe(true);
  });

  it('that came by scaling are hit, all of them or a share of those that there are', () => {
    const half = { amount: 0.5, relative: true };
    const four = { amount: 4, relative: false };
    const done = run([
      scaled(6, at(1)),
      workersLost(3),
      workersLost(4, { only: half }),
      workersLost(5, { only: four }),
      workersLost(6, { ordinal: 5 }),
    ]);
    expect([1, 2, 3, 4].map((id) => done.injector.targets(id))).toEqual([6, 3, 4, 1]);
    expect(labels(done)[2]).toBe('workerFailure t/workers-0, t/workers-1, t/workers-2');
    expect(labels(done)[4]).toBe('workerFailure t/workers-5');
    expect(missedTargets(done.injector)).toEqual([]);
  });

  it('that are not there any more are missed, and so are too few of them', () => {
    const done = run([
      scaled(1, at(1)),
      workersLost(3, { ordinal: 1 }),
      workersLost(4, { only: { amount: 2, relative: false } }),
      scaled(0, at(5)),
      workersLost(6),
    ]);
    expect(missedTargets(done.injector)).toEqual([
      'at 3h0m0s workers met nothing: there is no worker 1 of t/workers (it has 1, counted from 0)',
      'at 4h0m0s workerFailure t/workers-0 did not meet all that it means: there are 1 of the 2 that it is to hit',
      'at 6h0m0s workers met nothing: there is no worker of t/workers',
    ]);
  });

  it('that have not joined yet are no workers, but can be deleted', () => {
    const deletion: Fault = {
      kind: 'machineDeletion',
      at: (at(1) + MINUTE) as Micros,
      label: 'machines',
      noun: 'machines',
      machines: [{ hostedCluster: 't', nodePool: 'workers' }],
    };
    const early = { ...workersLost(1), at: (at(1) + MINUTE) as Micros };
    const done = run([scaled(4, at(1)), early, deletion]);
    expect([1, 2].map((id) => done.injector.targets(id))).toEqual([2, 4]);
  });
});

describe('pods that come while a crash lasts', () => {
  /** What of kube-scheduler works half an hour after its pods were deleted in the middle of a crash, and half an hour after that. */
  const working = (fault: Fault): number[] => {
    const replication = new Replication(planOf([fault, deleted('kube-scheduler', 1.25)]), 0);
    const { sets, pods } = replication.fleet.world;
    const set = sets.ofServed
      .list(replication.fleet.hostedClusters.get('t')!)
      .find((one) => sets.names[one] === 'kube-scheduler')!;
    return [1.75, 2.25].map((hours) => {
      replication.run(at(hours));
      return pods.ofSet.list(set).filter((pod: PodId) => pods.isRunning(pod)).length;
    });
  };

  it('crash as well where all of the component do, until it is over', () => {
    expect(working(crashed('kube-scheduler', 1, at(1)))).toEqual([0, 2]);
  });
  it('are well where single pods do', () => {
    expect(working(crash('kube-scheduler', [0, 1], at(1), at(1)))).toEqual([2, 2]);
  });

  it('hold up a rollout, which goes on when the crash is over', () => {
    const done = run([crashed('kube-scheduler', 1, at(2)), released(1.5)]);
    const [record] = done.fleet.world.upgrades.ledger.records;
    expect(record!.end).toBe('completed');
    expect(record!.to).toBeGreaterThan(at(3));
  });

  it('are released in each future that begins with one snapshot', () => {
    const plan = planOf([crashed('kube-scheduler', 1, at(1)), deleted('kube-scheduler', 1.25)]);
    const replication = new Replication(plan, 0);
    replication.run(at(1.1));
    const { sim } = replication.fleet.world;
    const [first, again] = twice(sim, () => {
      replication.run(at(3));
      return [sim.digest, lost(replication, 'controllers', 1)];
    });
    expect(first).toEqual(again);
    expect(first[1]).toBeGreaterThan(3600);
    expect(first[1]).toBeLessThan(4200);
  });
});

describe('an event that met nothing', () => {
  it('is told in the result, with the reason', () => {
    const away = managementAway(at(1), HOUR);
    const outcome = runScenario(planOf([away, deleted('kube-apiserver', 1.5)]), { replications: 2 });
    const why = 'the API of mgmt does not answer, so that nothing is deleted';
    expect(outcome.notes).toContain(`at 1h30m0s delete kube-apiserver met nothing: ${why}`);
    expect(outcome.injected[1]).toMatchObject({ targets: 0, missed: [why] });
  });
});
