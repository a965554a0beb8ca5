import { z } from 'zod';
import type { MoveHostedCluster } from '../../models/plan/faults.ts';
import {
  etcdStorageClass,
  type FleetPlan,
  type HostedClusterPlan,
  type ManagementClusterPlan,
} from '../../models/plan/fleet.ts';
import { missingOwnNodes } from '../fleet/isolation.ts';
import type { Cursor } from '../source/cursor.ts';
import { eventKind } from './event.ts';
import { hostedClusterKey, hostedClusters } from './numbered-targets.ts';
import { snapshotKeys, snapshotOf } from './snapshots.ts';
import { byName, choose, choosing, faultOf } from './targets.ts';

const schema = z
  .strictObject({
    ...hostedClusterKey,
    to: z.string().min(1).describe('The management cluster that hosts them afterwards, of the same region.'),
    ...snapshotKeys,
    ...choosing,
  })
  .describe(
    'Somebody moves hosted clusters to another management cluster by the documented steps of a disaster recovery; their API is down ' +
      'until the control plane runs there and its DNS name leads to it, workloads run on. With neither snapshotAge nor snapshotEvery ' +
      'etcd is backed up on the way, for which the old management cluster must be there; from an older backup it is not needed. ' +
      'Only with a fixed DNS name of the API (services.APIServerHostname, or hostname in the publishing strategy of a manifest).',
  );

export const moveHostedCluster = eventKind({
  kind: 'moveHostedCluster',
  schema,
  resolve(body, { fleet, cursor, at }) {
    const snapshot = snapshotOf(body, cursor);
    const place = cursor.to('to');
    const [host] = byName(
      body.to,
      fleet.managementClusters,
      place,
      'management cluster',
      'unknown-management-cluster',
    );
    const chosen = choose(hostedClusters(body.hostedCluster, fleet, cursor), body, cursor);
    if (host === undefined) return undefined;
    const moved = chosen.filter((cluster) => movable(cluster, host, fleet, cursor)).map(({ name }) => name);
    if (moved.length === 0) return undefined;
    const head = faultOf('moveHostedCluster', at, {}, moved, 'hosted clusters');
    return {
      ...head,
      label: `${head.label} to ${host.name}`,
      hostedClusters: moved,
      to: host.name,
      snapshot,
    };
  },
});

/** A move of the plan, and the place of what it says. */
export interface PlacedMove {
  readonly move: MoveHostedCluster;
  readonly cursor: Cursor;
}

/** Reports moves of hosted clusters to where they are by then: nothing would happen to them. */
export function reportIdleMoves(moves: readonly PlacedMove[], fleet: FleetPlan): void {
  const hosts = new Map(fleet.hostedClusters.map(({ name, managementCluster }) => [name, managementCluster]));
  for (const { move, cursor } of [...moves].sort((a, b) => a.move.at - b.move.at)) {
    for (const name of move.hostedClusters) {
      if (hosts.get(name) === move.to)
        cursor.to('to').report('not-movable', {
          found: `hosted cluster ${name} is on management cluster ${move.to} already`,
          expected: 'another management cluster',
        });
      hosts.set(name, move.to);
    }
  }
}

/** What keeps a hosted cluster from being moved, if anything. */
function movable(
  cluster: HostedClusterPlan,
  host: ManagementClusterPlan,
  fleet: FleetPlan,
  cursor: Cursor,
): boolean {
  const { name, platform, etcd } = cluster;
  const place = cursor.to('hostedCluster');
  const refuse = (where: Cursor, found: string, expected: string, hint: string): false => {
    where.report('not-movable', { found, expected, hint });
    return false;
  };
  if (cluster.apiHostname === '')
    return refuse(
      place,
      `hosted cluster ${name}, whose API has no fixed DNS name`,
      'a hosted cluster with one: services.APIServerHostname, or hostname in its servicePublishingStrategy',
      'its workers know the API by an address of the old management cluster only and would never find it again',
    );
  if (platform === 'KubeVirt')
    return refuse(
      place,
      `hosted cluster ${name} on KubeVirt`,
      'a hosted cluster whose workers stand outside of its management cluster',
      'its workers are virtual machines of the management cluster and would stay behind',
    );
  if (etcd.management === 'Unmanaged')
    return refuse(
      place,
      `hosted cluster ${name} with an etcd that is not managed`,
      'a hosted cluster whose etcd is managed',
      'an unmanaged etcd is none of the management cluster; whoever runs it moves it',
    );
  if (etcdStorageClass({ etcd, managementCluster: host.name }, fleet) === undefined)
    return refuse(
      cursor.to('to'),
      `management cluster ${host.name} without storage class "${etcd.storageClass}" of hosted cluster ${name}`,
      'a management cluster that has it',
      'add it to its storageClasses',
    );
  const lacks = missingOwnNodes(cluster, host.nodes);
  if (lacks !== undefined)
    return refuse(
      cursor.to('to'),
      `management cluster ${host.name} without ${lacks} for hosted cluster ${name} (${cluster.isolation})`,
      'a management cluster with nodes that are dedicated to it',
      `give a node pool of ${host.name} dedicatedTo: ${name}${cluster.isolation === 'SharedNothing' ? '' : ' and requestServing: true'}`,
    );
  const from = regions(fleet, cluster.managementCluster);
  const to = regions(fleet, host.name);
  if (from.size > 0 && to.size > 0 && ![...from].some((region) => to.has(region)))
    return refuse(
      cursor.to('to'),
      `management cluster ${host.name} in ${[...to].join(', ')}, hosted cluster ${name} in ${[...from].join(', ')}`,
      'a management cluster of the same region',
      'network and volumes of the workers stay in their region',
    );
  return true;
}

/** Regions in which a management cluster has nodes. */
function regions({ managementClusters, places }: FleetPlan, name: string): Set<string> {
  const zones = new Set(managementClusters.find((one) => one.name === name)?.nodes.map(({ zone }) => zone));
  const around = places
    .filter((one) => one.kind === 'zone' && zones.has(one.name))
    .map(({ parent }) => parent);
  return new Set(around.filter((region) => region !== ''));
}
