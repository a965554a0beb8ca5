/** Builds the components of a hosted control plane: sets on the management cluster, placed, budgeted and updated as HyperShift has them. */
import { SECOND } from '../../sim/time.ts';
import { type PlacedComponent, PRIORITY, updateStrategyOf } from '../hosted/components.ts';
import { ROLE } from '../hosted/roles.ts';
import type { ClusterId, SetId } from '../ids.ts';
import type { Spread } from '../kubernetes/sets.ts';
import {
  type BudgetPlan,
  controlPlaneNamespace,
  etcdStorageClass,
  type HostedClusterPlan,
  type ManagementClusterPlan,
  type Taint,
  type Toleration,
} from '../plan/fleet.ts';
import { type PlacementSpec, tolerates } from '../scheduler/placement.ts';
import { minorOnOneScale, parseVersion } from '../versions/version.ts';
import type { World } from '../world.ts';

const CONTROL_PLANE = 'hypershift.openshift.io/control-plane';
export const CLUSTER = 'hypershift.openshift.io/cluster';
export const REQUEST_SERVING = 'hypershift.openshift.io/request-serving-component';

/** The tolerations, selectors and preferences that HyperShift gives a control plane's pods (support/controlplane-component/defaults.go). */
export function placementOf(plan: HostedClusterPlan, component: PlacedComponent): PlacementSpec {
  const namespace = controlPlaneNamespace(plan);
  const isolated = plan.isolation === 'DedicatedRequestServing' && component.requestServing;
  const tolerate = (key: string, value: string): Toleration => ({
    key,
    operator: 'Equal',
    value,
    effect: 'NoSchedule',
  });
  const tolerations = [tolerate(CONTROL_PLANE, 'true'), tolerate(CLUSTER, namespace), ...plan.tolerations];
  if (isolated) tolerations.push(tolerate(REQUEST_SERVING, 'true'));
  const dedicated = { [REQUEST_SERVING]: 'true', [CLUSTER]: namespace, ...plan.requestServingNodeSelector };
  return {
    tolerations,
    required: isolated ? { ...plan.nodeSelector, ...dedicated } : plan.nodeSelector,
    preferred: [
      { weight: 50, key: CONTROL_PLANE, value: 'true' },
      { weight: 100, key: CLUSTER, value: namespace },
    ],
  };
}

/** Zone anti-affinity is only preferred on KubeVirt and OpenStack (support/controlplane-component/defaults.go). */
function spreadOf(plan: HostedClusterPlan, component: PlacedComponent): Spread {
  if (component.wanted <= 1 || component.spread === 'none') return 'none';
  if (component.spread === 'preferred-host') return 'preferredHost';
  return plan.platform === 'KubeVirt' || plan.platform === 'OpenStack'
    ? 'requiredHostPreferredZone'
    : 'requiredHostAndZone';
}

function readyTime(world: World, component: PlacedComponent): number {
  if (component.role === 'etcd') return world.parameters.etcd.ready;
  if (component.role === 'kube-apiserver') return world.parameters.kubeApiserver.ready;
  return world.parameters.pod.ready;
}

/** How a process of the component ends when it is told to: bounded by terminationGracePeriodSeconds of 135, 120 and 30 s. */
function ending(world: World, { role }: PlacedComponent): { shutdown: number; exit: number } {
  const { shutdownDelay, watchTermination, dependentShutdownDelay } = world.parameters.kubeApiserver;
  if (role === 'kube-apiserver') return { shutdown: shutdownDelay, exit: watchTermination };
  const dependent = role === 'openshift-apiserver' || role === 'openshift-oauth-apiserver';
  return { shutdown: dependent ? dependentShutdownDelay : 0, exit: world.parameters.pod.exit };
}

const UNREACHABLE: Taint = { key: 'node.kubernetes.io/unreachable', value: '', effect: 'NoExecute' };

/** Newer releases have their control planes leave a silent node, and a kube-apiserver without etcd its endpoints, much sooner. */
export function failsOverFast(world: World, plan: HostedClusterPlan): boolean {
  const version = parseVersion(plan.release);
  return version !== undefined && minorOnOneScale(version) >= world.parameters.kubeApiserver.fastFailoverFrom;
}

/** Agents look again for a server that they have lost. */
export function redials({ parameters }: World, plan: HostedClusterPlan): boolean {
  const version = parseVersion(plan.release);
  return version !== undefined && minorOnOneScale(version) >= parameters.konnectivity.redialFrom;
}

/** How long the pods of a component stay on an unreachable node, microseconds. */
export function tolerationOf(world: World, plan: HostedClusterPlan, component: PlacedComponent): number {
  return unreachableToleration(plan.tolerations, defaultToleration(world, plan, component));
}

function defaultToleration(world: World, plan: HostedClusterPlan, component: PlacedComponent): number {
  const critical = component.priority === 'etcd' || component.priority === 'apiCritical';
  const { toleration, fastToleration } = world.parameters.node;
  return critical && failsOverFast(world, plan) ? fastToleration : toleration;
}

/**
 * How long pods with these tolerations stay on an unreachable node, microseconds: the default that the API server adds, unless they
 * tolerate the taint themselves (kubernetes/website taint-and-toleration.md).
 */
export function unreachableToleration(tolerations: readonly Toleration[], byDefault: number): number {
  const own = tolerations.filter((toleration) => tolerates(toleration, UNREACHABLE));
  if (own.length === 0) return byDefault;
  const bounded = own.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
  return bounded.length === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.min(...bounded)) * SECOND;
}

/** HyperShift lets one pod of a component go under HighlyAvailable, and none that is healthy under SingleReplica (support/controlplane-component/common.go). */
function budgetOf(plan: HostedClusterPlan): BudgetPlan {
  const single = plan.controllerAvailabilityPolicy === 'SingleReplica';
  return {
    bound: single ? 'minAvailable' : 'maxUnavailable',
    amount: 1,
    relative: false,
    unhealthyPods: 'AlwaysAllow',
  };
}

export function addComponent(
  world: World,
  cluster: ClusterId,
  host: ClusterId,
  plan: HostedClusterPlan,
  hostPlan: ManagementClusterPlan,
  component: PlacedComponent,
): SetId {
  const set = world.sets.add({
    name: component.name,
    cluster: host,
    serves: cluster,
    stateful: component.stateful,
    replicas: component.wanted,
    cpuMillis: component.cpuMillis,
    memoryMib: component.memoryMib,
    priority: PRIORITY[component.priority],
    spread: spreadOf(plan, component),
    colocated: true,
    placement: world.placements[host]!.classOf(placementOf(plan, component)),
    waitsFor: component.waitsFor,
    ready: readyTime(world, component),
    ...ending(world, component),
    toleration: tolerationOf(world, plan, component),
    role: ROLE[component.role],
    claims: component.role === 'etcd',
    strategy: updateStrategyOf(component),
    template: world.upgrades.releases.of(plan.release),
  });
  if (component.budget) world.budgets.give(set, budgetOf(plan));
  if (component.role !== 'other') world.hosted.enter(cluster, component.role, set);
  if (component.role === 'etcd') {
    const storage = etcdStorageClass(plan, { managementClusters: [hostPlan] });
    world.volumes.claim(set, component.wanted, storage?.binding ?? 'zone');
  }
  return set;
}
