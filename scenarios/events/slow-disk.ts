import { z } from 'zod';
import type { SlowDisk } from '../../models/plan/faults.ts';
import { etcdStorageClass, type FleetPlan } from '../../models/plan/fleet.ts';
import { oneOrMany, positiveDuration, readDuration } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { etcdMembers } from './components.ts';
import { eventKind } from './event.ts';
import { namedNodes, nodeKeys } from './node-targets.ts';
import { hostedClusters, ordinalKey, withOrdinals } from './numbered-targets.ts';
import { byName, choose, choosing, faultOf, lasting } from './targets.ts';

const { ordinal: member } = ordinalKey('Which members of the hosted clusters, counted from 0. Default all.');

const schema = z
  .strictObject({
    ...nodeKeys,
    storageClass: oneOrMany(
      'Storage classes by name, with every volume of etcd in them; `*` stands for any letters.',
    ).optional(),
    hostedCluster: oneOrMany('Hosted clusters by name; `*` stands for any letters.').optional(),
    member,
    fsync: positiveDuration(
      'How long the disk takes to make one write durable. Default: it does not answer at all.',
    ).optional(),
    ...choosing,
    ...lasting,
  })
  .describe(
    'Disks under etcd become slow: those of nodes (for etcd with volumes bound to a node, and for the management cluster itself), those of ' +
      'storage classes, or those of single members.',
  );

type Body = z.output<typeof schema>;
type Targets = Pick<SlowDisk, 'nodes' | 'storageClasses' | 'members'>;

export const slowDisk = eventKind({
  kind: 'slowDisk',
  schema,
  resolve(body, { fleet, cursor, at }) {
    const found = targetsOf(body, fleet, cursor);
    if (found === undefined) return undefined;
    const { names, noun, ...targets } = found;
    if (names.length === 0) return undefined;
    return {
      ...faultOf('slowDisk', at, body, names, noun),
      ...(body.fsync === undefined ? {} : { fsync: readDuration(body.fsync) }),
      nodes: [],
      storageClasses: [],
      members: [],
      ...targets,
    };
  },
});

interface Found extends Partial<Targets> {
  readonly names: readonly string[];
  readonly noun: string;
}

/** Exactly one of the three ways to name disks. */
function targetsOf(body: Body, fleet: FleetPlan, cursor: Cursor): Found | undefined {
  const ways = [
    body.node !== undefined ? 'node' : body.selector !== undefined ? 'selector' : undefined,
    body.storageClass !== undefined ? 'storageClass' : undefined,
    body.hostedCluster !== undefined ? 'hostedCluster' : undefined,
  ].filter((way) => way !== undefined);
  const [way, other] = ways;
  const expected = 'node, selector, storageClass or hostedCluster';
  if (way === undefined) {
    cursor.report('missing-target', { found: 'no target', expected });
    return undefined;
  }
  if (other !== undefined) {
    cursor
      .to(other)
      .reportKey('conflicting-keys', { found: `${other} beside ${way}`, expected: 'one of them' });
    return undefined;
  }
  if (body.member !== undefined && way !== 'hostedCluster') {
    cursor.to('member').reportKey('conflicting-keys', {
      found: `member beside ${way}`,
      expected: 'member only with hostedCluster',
    });
    return undefined;
  }
  if (way === 'storageClass') return classes(body, fleet, cursor);
  if (way === 'hostedCluster') return members(body, fleet, cursor);
  const named = namedNodes(body, fleet, cursor).map((node) => node.name);
  const nodes = named.filter((name) => keepsEtcd(name, fleet));
  if (named.length > 0 && nodes.length === 0) reportNoDisk(named, way as 'node' | 'selector', fleet, cursor);
  return { nodes, names: nodes, noun: 'nodes' };
}

/** Volumes of etcd that are not bound to a node are on no disk of one. */
function reportNoDisk(
  nodes: readonly string[],
  key: 'node' | 'selector',
  fleet: FleetPlan,
  cursor: Cursor,
): void {
  const classes = fleet.hostedClusters.flatMap((hosted) => etcdStorageClass(hosted, fleet)?.name ?? []);
  const [name] = classes;
  cursor.to(key).report('selector-matches-nothing', {
    found: `no volume of an etcd is bound to ${nodes.slice(0, 3).join(', ')}${nodes.length > 3 ? ` and ${nodes.length - 3} more` : ''}`,
    expected: 'nodes with such volumes, or control-plane nodes',
    hint:
      name === undefined
        ? ''
        : `volumes of etcd are of storage class ${[...new Set(classes)].join(', ')}: use storageClass, or hostedCluster`,
  });
}

/** True when some etcd has its data on the disks of the node: that of the management cluster, or volumes bound to nodes. */
function keepsEtcd(name: string, fleet: FleetPlan): boolean {
  const cluster = fleet.managementClusters.find(({ nodes }) => nodes.some((node) => node.name === name))!;
  return (
    cluster.nodes.some((node) => node.name === name && node.controlPlane) ||
    fleet.hostedClusters.some(
      (hosted) =>
        hosted.managementCluster === cluster.name && etcdStorageClass(hosted, fleet)?.binding === 'node',
    )
  );
}

/** Classes that etcd uses; one name may stand for a class in each of several management clusters. */
function classes(body: Body, fleet: FleetPlan, cursor: Cursor): Found {
  const known = fleet.managementClusters.flatMap((cluster) =>
    cluster.storageClasses.map(({ name }) => ({ managementCluster: cluster.name, name })),
  );
  const named = byName(
    body.storageClass,
    known,
    cursor.to('storageClass'),
    'storage class',
    'unknown-storage-class',
  );
  const used = named.filter(({ managementCluster, name }) =>
    fleet.hostedClusters.some(
      (hosted) =>
        hosted.managementCluster === managementCluster && etcdStorageClass(hosted, fleet)?.name === name,
    ),
  );
  const storageClasses = choose(used, body, cursor);
  return { storageClasses, names: storageClasses.map(({ name }) => name), noun: 'storage classes' };
}

function members(body: Body, fleet: FleetPlan, cursor: Cursor): Found {
  const clusters = hostedClusters(body.hostedCluster!, fleet, cursor);
  const candidates = withOrdinals(etcdMembers(clusters), body.member, cursor, 'member');
  const chosen = choose(candidates, body, cursor);
  return {
    members: chosen,
    names: chosen.map(({ hostedCluster, ordinal }) => `${hostedCluster}/etcd-${ordinal}`),
    noun: 'members',
  };
}
