import { describe, expect, it } from 'vitest';
import { NONE } from '../../sim/entities.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { PodId, SetId } from '../ids.ts';
import type { BudgetPlan, HostedClusterPlan } from '../plan/fleet.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from '../testing.ts';
import { PHASE } from './pod-phases.ts';

const budget = (bound: BudgetPlan['bound'], amount: number, more: Partial<BudgetPlan> = {}): BudgetPlan => ({
  bound,
  amount,
  relative: false,
  unhealthyPods: 'IfHealthyBudget',
  ...more,
});

function world(plan: Partial<HostedClusterPlan> = {}) {
  const replication = new Replication(
    scenarioOf(fleetOf(management(ZONES, 6), [hostedCluster('t', plan)])),
    0,
  );
  const { world } = replication.fleet;
  const set = (name: string) => world.sets.names.indexOf(name) as SetId;
  const pod = (name: string, ordinal: number): PodId => {
    const found = world.pods.find(set(name), ordinal);
    if (found === NONE) throw new RangeError(`no pod ${name}-${ordinal}`);
    return found as PodId;
  };
  const run = (until: number) => replication.run(until as Micros);
  return { ...world, replication, set, pod, run };
}

const app = (replicas: number, own: BudgetPlan | undefined): Partial<HostedClusterPlan> => ({
  nodePools: [pool(3)],
  workloads: [{ name: 'app', replicas, cpuMillis: 500, memoryMib: 1024, spread: [], budget: own }],
});

describe('a disruption budget', () => {
  it.each([
    ['minAvailable 2 of 5', 5, budget('minAvailable', 2), 2],
    ['maxUnavailable 2 of 5', 5, budget('maxUnavailable', 2), 3],
    ['maxUnavailable 9 of 5', 5, budget('maxUnavailable', 9), 0],
    ['minAvailable 50% of 5, rounded up', 5, budget('minAvailable', 0.5, { relative: true }), 3],
    ['maxUnavailable 50% of 5, rounded up', 5, budget('maxUnavailable', 0.5, { relative: true }), 2],
  ])('%s', (_, replicas, own, desired) => {
    const { budgets, set } = world(app(replicas, own));
    expect(budgets.desiredHealthy(set('app'))).toBe(desired);
    expect(budgets.disruptionsAllowed(set('app'))).toBe(replicas - desired);
  });

  it('HyperShift gives seven components one: any one pod of a HighlyAvailable one may go, none of a SingleReplica one', () => {
    const high = world({ router: true });
    const names = (of: ReturnType<typeof world>) =>
      of.sets.names.filter((_, i) => of.budgets.has(i as SetId)).sort();
    expect(names(high)).toEqual([
      'etcd',
      'kube-apiserver',
      'oauth-openshift',
      'openshift-apiserver',
      'openshift-oauth-apiserver',
      'packageserver',
      'router',
    ]);
    const single = world({ router: true, controllerAvailabilityPolicy: 'SingleReplica' });
    expect(names(single)).toEqual(names(high));
    for (const name of names(high)) {
      expect(high.budgets.disruptionsAllowed(high.set(name)), name).toBe(1);
      expect(single.budgets.disruptionsAllowed(single.set(name)), name).toBe(0);
    }
    expect(high.budgets.disruptionsAllowed(high.set('kube-scheduler'))).toBe(Number.POSITIVE_INFINITY);
  });

  it('is not asked for a pod whose containers never started, and is for one whose containers start again', () => {
    const { budgets, pods, pod, set, run, machines, sim } = world(app(3, budget('minAvailable', 3)));
    run(HOUR);
    pods.delete(pod('app', 0));
    run(HOUR + 2 * SECOND);
    const fresh = pod('app', 0);
    expect([pods.containers.phase(fresh), pods.containers.pending(fresh)]).toEqual([PHASE.creating, true]);
    expect(budgets.evict(fresh)).toBe('evicted');
    run(HOUR + 10 * MINUTE);
    expect(budgets.currentHealthy(set('app'))).toBe(3);
    const again = pod('app', 1);
    machines.reboot(pods.node.at(again), 'abrupt');
    while (pods.containers.phase(again) !== PHASE.creating) run(sim.now + SECOND);
    expect(pods.containers.pending(again)).toBe(false);
    expect(budgets.evict(again)).toBe('refused');
  });

  it('lets one kube-apiserver go, and the next only when its successor is Ready', () => {
    const { budgets, pod, run } = world();
    run(HOUR);
    expect(budgets.evict(pod('kube-apiserver', 0))).toBe('evicted');
    expect(budgets.evict(pod('kube-apiserver', 1))).toBe('refused');
    run(HOUR + 10 * MINUTE);
    expect(budgets.evict(pod('kube-apiserver', 1))).toBe('evicted');
  });

  it('counts what the API believes: a pod on a node that fell silent is healthy until the node is found Unknown', () => {
    const { budgets, pods, machines, pod, set, run } = world();
    run(HOUR);
    machines.fail(pods.node.at(pod('etcd', 0)));
    expect(budgets.currentHealthy(set('etcd'))).toBe(3);
    run(HOUR + MINUTE);
    expect(budgets.currentHealthy(set('etcd'))).toBe(2);
    expect(budgets.evict(pod('etcd', 1))).toBe('refused');
  });

  it.each([
    ['AlwaysAllow', 'evicted'],
    ['IfHealthyBudget', 'refused'],
  ] as const)('a pod that is not Ready, below the budget, under %s: %s', (unhealthyPods, verdict) => {
    const own = budget('minAvailable', 3, { unhealthyPods });
    const { budgets, pods, endpoints, pod } = world(app(3, own));
    pods.kubelets.hold(pod('app', 0));
    expect(endpoints.believedReady(pod('app', 0))).toBe(false);
    expect(budgets.evict(pod('app', 0))).toBe(verdict);
  });

  it('without a controller manager the last allowance is used up and not renewed', () => {
    const { budgets, clusters, pod, set, run, sets } = world(app(6, budget('minAvailable', 4)));
    const cluster = sets.cluster.at(set('app'));
    run(HOUR);
    clusters.setControllers(cluster, false);
    expect(budgets.evict(pod('app', 0))).toBe('evicted');
    expect(budgets.evict(pod('app', 1))).toBe('evicted');
    expect(budgets.evict(pod('app', 2))).toBe('refused');
    clusters.setControllers(cluster, true);
    run(HOUR + 10 * MINUTE);
    expect(budgets.evict(pod('app', 2))).toBe('evicted');
  });

  it('an API that is away answers no eviction', () => {
    const { budgets, clusters, pod, set, sets } = world(app(3, undefined));
    clusters.setApi(sets.cluster.at(set('app')), false);
    expect(budgets.evict(pod('app', 0))).toBe('unanswered');
    expect(pod('app', 0)).not.toBe(NONE);
  });
});
