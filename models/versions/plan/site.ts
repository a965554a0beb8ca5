/** A management cluster with all that it hosts, at one point of a plan. */
import type {
  FleetPlan,
  HostedClusterPlan,
  ManagementClusterPlan,
  NodePoolPlan,
  OperatorPlan,
} from '../../plan/fleet.ts';
import type {
  HostedClusterUpgrade,
  ManagementClusterUpgrade,
  NodePoolUpgrade,
  OperatorUpgrade,
} from '../facts.ts';

export interface PoolState {
  readonly plan: NodePoolPlan;
  release: string;
}

export interface HostedState {
  readonly plan: HostedClusterPlan;
  release: string;
  readonly pools: readonly PoolState[];
}

export interface Site {
  readonly plan: ManagementClusterPlan;
  version: string;
  operator: OperatorPlan;
  /** Machine config pools of its workers. */
  readonly workerPools: readonly string[];
  /** Version of the workers while their pools are paused; empty while they follow the control plane. */
  pausedAt: string;
  readonly hosted: readonly HostedState[];
}

const MASTER = 'master';

/** Every management cluster of a fleet as it is. */
export function sitesOf(fleet: FleetPlan): readonly Site[] {
  return fleet.managementClusters.map((plan) => ({
    plan,
    version: plan.version,
    operator: plan.operator,
    workerPools: plan.machineConfigPools
      .map(({ name }) => name)
      .filter((name) => name !== MASTER && plan.nodes.some((node) => node.machineConfigPool === name)),
    pausedAt: plan.machineConfigPools.some(({ name, paused }) => paused && name !== MASTER)
      ? plan.version
      : '',
    hosted: fleet.hostedClusters
      .filter(({ managementCluster }) => managementCluster === plan.name)
      .map((one) => ({
        plan: one,
        release: one.release,
        pools: one.nodePools.map((pool) => ({ plan: pool, release: pool.release })),
      })),
  }));
}

/** Versions of the nodes of a management cluster. */
export function nodesOf({ version, pausedAt }: Site): readonly string[] {
  return pausedAt === '' ? [version] : [version, pausedAt];
}

/** What the rules are asked when a management cluster is told a version; a stage begins when the one before is done, nodes and all. */
export function managementStep(site: Site, to: string): ManagementClusterUpgrade {
  const { version: from, operator } = site;
  return { from, to, operator, nodes: nodesOf(site), updating: false, updatingPools: [] };
}

/** What the rules are asked when the operator is updated. */
export function operatorStep({ operator, version, hosted }: Site, to: OperatorPlan): OperatorUpgrade {
  const hostedClusters = hosted.map(({ release, plan: { platform } }) => ({ release, platform }));
  return { from: operator, to, management: version, hostedClusters };
}

/** What the rules are asked when a hosted cluster is told a release. */
export function hostedStep(
  { operator }: Site,
  { plan, release, pools }: HostedState,
  to: string,
): HostedClusterUpgrade {
  const releases = pools.map((pool) => pool.release);
  return { from: release, to, platform: plan.platform, policy: plan, operator, pools: releases };
}

/** What the rules are asked when a node pool is told a release. */
export function poolStep(
  { operator }: Site,
  { plan: { platform, payload }, release: hostedCluster }: HostedState,
  { plan: { arch }, release: from }: PoolState,
  to: string,
): NodePoolUpgrade {
  return { from, to, arch, hostedCluster, payload, platform, operator };
}
