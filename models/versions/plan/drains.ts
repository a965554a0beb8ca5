/** What a plan knows of drains that will wait for people: nodes of management clusters are drained one after the other, and rebooted. */
import type { FleetPlan, HostedClusterPlan } from '../../plan/fleet.ts';
import type { Stage } from './steps.ts';

/** A sentence per management cluster whose nodes are updated by some step, and per thing that keeps them from being drained. */
export function drainNotes(
  { managementClusters, hostedClusters }: FleetPlan,
  stages: readonly Stage[],
): string[] {
  const updated = new Set(
    stages
      .flatMap(({ steps }) => steps)
      .filter(({ target }) => target.kind === 'managementCluster' || target.kind === 'machineConfigPools')
      .map((step) => step.managementCluster),
  );
  return managementClusters
    .filter(({ name }) => updated.has(name))
    .flatMap(({ name }) => {
      const hosted = hostedClusters.filter((one) => one.managementCluster === name);
      return [...singleReplicas(name, hosted), ...heldMachines(name, hosted)];
    });
}

/** The disruption budgets of single replicas let nobody evict them (HyperShift support/controlplane-component/common.go). */
function singleReplicas(management: string, hosted: readonly HostedClusterPlan[]): string[] {
  const single = hosted.filter((one) => one.controllerAvailabilityPolicy === 'SingleReplica');
  if (single.length === 0) return [];
  const names = some(single.map(({ name }) => name));
  return [
    `Drains of ${management} wait for single replicas of ${names}: their disruption budgets let nobody evict them until somebody deletes the pods.`,
  ];
}

/** Virtual machines whose root volume one node alone can attach are neither migrated nor evicted. */
function heldMachines(management: string, hosted: readonly HostedClusterPlan[]): string[] {
  const held = hosted.flatMap(({ name, nodePools, platform }) =>
    nodePools
      .filter(({ rootVolume }) => platform === 'KubeVirt' && rootVolume.accessMode !== 'ReadWriteMany')
      .map((pool) => `${name}/${pool.name}`),
  );
  if (held.length === 0) return [];
  return [
    `Drains of ${management} wait for virtual machines of ${some(held)}: their root volumes are ReadWriteOnce, so they cannot be migrated.`,
  ];
}

const MOST = 5;

function some(names: readonly string[]): string {
  const more = names.length - MOST;
  return `${names.slice(0, MOST).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
