/** Fleets of one hosted cluster whose node pools are upgraded, for tests. */
import { HOUR, type Micros } from '../../../sim/time.ts';
import type { NodeId, PoolId, SetId } from '../../ids.ts';
import type { ParameterOverrides } from '../../parameters.ts';
import type { Fault, Upgrade } from '../../plan/faults.ts';
import type { BudgetPlan, HostedClusterPlan, NodePoolPlan, WorkloadPlan } from '../../plan/fleet.ts';
import { defaultRollout } from '../../plan/pool-rollout.ts';
import { Replication } from '../../run.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from '../../testing.ts';
import type { UpgradeRecord } from '../ledger.ts';

/** The hosted cluster is at 4.20.3, its nodes at 4.19.8. */
export const BEFORE = '4.19.8';
export const AFTER = '4.20.3';
export const ASKED = HOUR;

/** An upgrade of the pool `workers` of the hosted cluster `t`. */
export const upgrade = (more: Partial<Upgrade> = {}): Upgrade => ({
  kind: 'upgrade',
  at: ASKED,
  label: 'upgrade',
  subject: 'nodePool',
  names: ['t/workers'],
  to: AFTER,
  ...more,
});
/** The same release with another configuration. */
export const reconfigured = (change: NonNullable<Upgrade['change']>, at: number = ASKED): Upgrade => {
  const { to: _, ...rest } = upgrade({ change, at: at as Micros });
  return rest;
};
export const paused = (at: number, duration: number, what: 'pool' | 'cluster' = 'pool'): Fault => ({
  kind: 'pause',
  at: at as Micros,
  duration: duration as Micros,
  label: 'pause',
  hostedClusters: what === 'cluster' ? ['t'] : [],
  nodePools: what === 'pool' ? [{ hostedCluster: 't', nodePool: 'workers' }] : [],
  managementClusters: [],
});
export const inPlace = (replicas: number, more: Partial<NodePoolPlan> = {}): NodePoolPlan =>
  pool(replicas, { ...defaultRollout('InPlace'), upgradeType: 'InPlace', ...more });

/** Three pods on the workers. */
export const workload = (budget?: BudgetPlan): WorkloadPlan => ({
  name: 'app',
  replicas: 3,
  cpuMillis: 500,
  memoryMib: 1024,
  spread: [],
  budget,
});
/** Lets none of three pods go. */
export const CLOSED: BudgetPlan = {
  bound: 'minAvailable',
  amount: 3,
  relative: false,
  unhealthyPods: 'IfHealthyBudget',
};
export const guarded = { workloads: [workload(CLOSED)] };

export interface RolledOut {
  readonly replicas?: number;
  readonly pool?: Partial<NodePoolPlan>;
  readonly tenant?: Partial<HostedClusterPlan>;
  readonly faults?: readonly Fault[];
  readonly parameters?: ParameterOverrides;
  readonly hosting?: number;
  readonly seed?: number;
}

export function prepared(more: RolledOut = {}) {
  const { replicas = 3, faults = [upgrade()], parameters = {}, seed = 1, hosting = 6 } = more;
  const tenant = hostedCluster('t', {
    release: AFTER,
    nodePools: [pool(replicas, { release: BEFORE, ...more.pool })],
    ...more.tenant,
  });
  const fleet = fleetOf(management(ZONES, hosting), [tenant]);
  const replication = new Replication(scenarioOf(fleet, { faults, seed, parameters }), 0);
  const { world, hostedClusters } = replication.fleet;
  const cluster = hostedClusters.get('t')!;
  const { nodePools, lifecycle, machines, upgrades } = world;
  const id = nodePools.ofCluster.first(cluster);
  const slots = (): NodeId[] => nodePools.slots.list(id as PoolId);
  const release = (node: NodeId): string => upgrades.releases.name(nodePools.life.releaseOf(node));
  return {
    replication,
    world,
    cluster,
    pool: id as PoolId,
    app: world.sets.names.indexOf('app') as SetId,
    run: (until: number) => replication.run(until as Micros),
    slots,
    nameOf: (node: NodeId): string => machines.names[node]!,
    /** Machines, those that are being deleted included. */
    machines: (): number => machines.ofCluster.count(cluster),
    /** Machines that stay and whose node is Ready. */
    available: (): number => slots().filter((node) => nodePools.life.available(node)).length,
    /** Releases of the nodes that are Ready, in the order of their slots. */
    releases: (): string[] =>
      slots()
        .filter((node) => lifecycle.registered(node) && lifecycle.ready(node))
        .map(release),
    record: (n = 0): UpgradeRecord => upgrades.ledger.records[n]!,
    /** Somebody asks for a release that is bad for the pool, at ASKED. */
    askBad(): void {
      replication.run(ASKED as Micros);
      upgrades.ask('nodePool', id as PoolId, upgrades.releases.of(AFTER), { force: false, bad: true });
    },
    /** What the latest upgrade waits for now, by phase. */
    waits: (): string[] =>
      upgrades.ledger.records
        .at(-1)!
        .waits.filter(({ to }) => to === undefined)
        .map(({ phase, why }) => `${phase}: ${why}`),
  };
}
