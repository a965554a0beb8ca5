/**
 * Every single failure of a fleet: its machines, places, management control planes, the etcd members and load balancers of its hosted
 * clusters, and the storage under etcd.
 */
import type { Micros } from '../../sim/time.ts';
import type { Fault } from '../plan/faults.ts';
import {
  etcdStorageClass,
  type FleetPlan,
  type HostedClusterPlan,
  hasLoadBalancer,
  type ManagementClusterPlan,
} from '../plan/fleet.ts';

/** When it happens and for how long. */
export interface Span {
  readonly at: Micros;
  readonly duration: Micros;
}

export interface Failure {
  readonly label: string;
  /** The same failure for whoever else it stands for: members of alike hosted clusters. */
  readonly alike: readonly string[];
  faults(span: Span): readonly Fault[];
}

export function singleFailures(fleet: FleetPlan): Failure[] {
  return [
    ...fleet.managementClusters.flatMap(nodes),
    ...places(fleet, 'rack'),
    ...places(fleet, 'zone'),
    ...fleet.managementClusters.map(controlPlane),
    ...fleet.managementClusters.map(everything),
    ...etcdMembers(fleet.hostedClusters),
    ...loadBalancers(fleet.hostedClusters),
    ...storageClasses(fleet),
  ];
}

const failure = (label: string, faults: Failure['faults'], alike: readonly string[] = []): Failure => ({
  label,
  alike,
  faults,
});

function nodes(cluster: ManagementClusterPlan): Failure[] {
  return cluster.nodes.map(({ name, controlPlane: own }) => {
    const label = `${own ? 'control-plane node' : 'node'} ${name}`;
    return failure(label, (span) => [{ ...span, kind: 'nodeFailure', label, nodes: [name] }]);
  });
}

function places(fleet: FleetPlan, kind: 'zone' | 'rack'): Failure[] {
  return fleet.places
    .filter((place) => place.kind === kind)
    .map(({ name }) => {
      const label = `${kind} ${name}`;
      return failure(label, (span) => [{ ...span, kind: `${kind}Outage`, label, places: [name] }]);
    });
}

function controlPlane({ name }: ManagementClusterPlan): Failure {
  const label = `management control plane of ${name}`;
  return failure(label, (span) => [
    { ...span, kind: 'managementControlPlaneOutage', label, managementClusters: [name] },
  ]);
}

function everything({ name, nodes: all }: ManagementClusterPlan): Failure {
  const label = `management control plane and workers of ${name}`;
  const names = all.map((node) => node.name);
  return failure(label, (span) => [
    { ...span, kind: 'managementControlPlaneOutage', label, managementClusters: [name] },
    { ...span, kind: 'nodeFailure', label, nodes: names },
  ]);
}

/** Hosted clusters of each kind: those whose plans differ by name only are alike, and one stands for all. */
export function kinds(clusters: readonly HostedClusterPlan[]): HostedClusterPlan[][] {
  const found = new Map<string, HostedClusterPlan[]>();
  for (const cluster of clusters) {
    const key = JSON.stringify({ ...cluster, name: '' });
    const others = found.get(key);
    if (others === undefined) found.set(key, [cluster]);
    else others.push(cluster);
  }
  return [...found.values()];
}

/** One member after the other of one hosted cluster of each kind. */
function etcdMembers(clusters: readonly HostedClusterPlan[]): Failure[] {
  const managed = clusters.filter((cluster) => cluster.etcd.management === 'Managed');
  return kinds(managed).flatMap((alike) => {
    const members = alike[0]!.controllerAvailabilityPolicy === 'SingleReplica' ? [0] : [0, 1, 2];
    return members.map((ordinal) => {
      const label = (cluster: HostedClusterPlan): string => `etcd-${ordinal} of ${cluster.name}`;
      const own = label(alike[0]!);
      return failure(
        own,
        (span) => [
          {
            ...span,
            kind: 'etcdMemberFailure',
            label: own,
            members: [{ hostedCluster: alike[0]!.name, ordinal }],
          },
        ],
        alike.slice(1).map(label),
      );
    });
  });
}

/** A class of storage that etcd uses does not answer: all its volumes at once. */
function storageClasses(fleet: FleetPlan): Failure[] {
  return fleet.managementClusters.flatMap((cluster) => {
    const hosted = fleet.hostedClusters.filter(({ managementCluster }) => managementCluster === cluster.name);
    const used = new Set(hosted.map((one) => etcdStorageClass(one, fleet)?.name));
    return cluster.storageClasses
      .filter(({ name }) => used.has(name))
      .map(({ name }) => {
        const label = `storage class ${name} of ${cluster.name}`;
        const target = { managementCluster: cluster.name, name };
        return failure(label, (span) => [
          { ...span, kind: 'slowDisk', label, nodes: [], storageClasses: [target], members: [] },
        ]);
      });
  });
}

/** The load balancer of one hosted cluster of each kind that has one. */
function loadBalancers(clusters: readonly HostedClusterPlan[]): Failure[] {
  return kinds(clusters.filter(hasLoadBalancer)).map((alike) => {
    const label = (cluster: HostedClusterPlan): string => `load balancer of ${cluster.name}`;
    const own = label(alike[0]!);
    const hostedClusters = [alike[0]!.name];
    return failure(
      own,
      (span) => [{ ...span, kind: 'loadBalancerFailure', label: own, hostedClusters }],
      alike.slice(1).map(label),
    );
  });
}
