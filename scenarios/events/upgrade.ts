import { z } from 'zod';
import { NODE_POOL_CHANGES, type Upgrade } from '../../models/plan/faults.ts';
import { oneOrMany, version } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { type EventContext, eventKind } from './event.ts';
import { hostedClusterKey, hostedClusters } from './numbered-targets.ts';
import { byName, choose, choosing, faultOf, type Named } from './targets.ts';

const schema = z
  .strictObject({
    hostedCluster: hostedClusterKey.hostedCluster.optional(),
    nodePool: oneOrMany(
      'Node pools by name, of all hosted clusters or of those of hostedCluster; `*` stands for any letters. They are upgraded instead of the ' +
        'hosted clusters.',
    ).optional(),
    managementCluster: oneOrMany('Management clusters by name; `*` stands for any letters.').optional(),
    operator: oneOrMany(
      'Management clusters by name, whose HyperShift operator is updated; `*` stands for any letters.',
    ).optional(),
    to: version(
      'The release that they are to have, such as 4.20.3; of an operator its own version, such as 4.20 or that of the multicluster engine.',
    ).optional(),
    change: z
      .enum(NODE_POOL_CHANGES)
      .optional()
      .describe(
        'Node pools, instead of `to`: what is changed of them at the release that they have. config: MachineConfigs; tuning: TunedProfiles; ' +
          'platform: the machines themselves.',
      ),
    force: z
      .boolean()
      .default(false)
      .describe(
        'Hosted clusters: annotated with hypershift.openshift.io/force-upgrade-to, so that the release is not refused. Default false.',
      ),
    ...choosing,
  })
  .describe(
    'Somebody asks for another release of hosted clusters, node pools, management clusters or their operators, or for another ' +
      'configuration of node pools: exactly one of the four. How soon it is there, and whether at all, is up to the rules of what is upgraded.',
  );

type Body = z.output<typeof schema>;
type Targets = Pick<Upgrade, 'hostedClusters' | 'nodePools' | 'managementClusters' | 'operators'>;

const NOTHING: Targets = { hostedClusters: [], nodePools: [], managementClusters: [], operators: [] };
const KINDS = ['hostedCluster', 'nodePool', 'managementCluster', 'operator'] as const;

export const upgrade = eventKind({
  kind: 'upgrade',
  schema,
  resolve(body, context) {
    const { cursor, at } = context;
    const oneKind = isOfOneKind(body, cursor);
    const wanted = isWhatFits(body, cursor);
    if (!oneKind || !wanted) return undefined;
    const { names, noun, targets } = targetsOf(body, context);
    if (names.length === 0) return undefined;
    const head = faultOf('upgrade', at, {}, names, noun);
    return {
      ...head,
      label: `${head.label} ${body.to === undefined ? `with another ${body.change}` : `to ${body.to}`}`,
      ...NOTHING,
      ...targets,
      ...(body.to === undefined ? {} : { to: body.to }),
      ...(body.change === undefined ? {} : { change: body.change }),
      ...(body.force ? { force: true } : {}),
    };
  },
});

/** Exactly one of the four, where hostedCluster beside nodePool says whose. */
function isOfOneKind(body: Body, cursor: Cursor): boolean {
  const given = KINDS.filter((kind) => body[kind] !== undefined);
  if (given.length === 0) {
    cursor.report('missing-target', { found: 'nothing to upgrade', expected: `one of ${KINDS.join(', ')}` });
    return false;
  }
  const [first, ...others] = given.filter((kind) => kind !== 'hostedCluster' || body.nodePool === undefined);
  for (const other of others) {
    cursor.to(other).reportKey('conflicting-keys', {
      found: `${other} beside ${first}`,
      expected: 'one of them',
      hint: 'write two events at the same time',
    });
  }
  return others.length === 0;
}

/** A release, or for node pools a change of another kind; only hosted clusters can be forced. */
function isWhatFits({ nodePool, to, change, force, ...body }: Body, cursor: Cursor): boolean {
  const before = cursor.problems.reports;
  if (to !== undefined && change !== undefined) {
    cursor
      .to('change')
      .reportKey('conflicting-keys', { found: 'change beside to', expected: 'one of the two' });
  } else if (change !== undefined && nodePool === undefined) {
    cursor.to('change').reportKey('conflicting-keys', {
      found: 'change without nodePool',
      expected: 'to: another release',
      hint: 'only node pools are rolled out for their configuration',
    });
  } else if (cursor.to('to').node === undefined && cursor.to('change').node === undefined) {
    const expected = nodePool === undefined ? 'to: a release' : 'to: a release, or change: what is changed';
    cursor.report('missing-key', { found: 'no "to"', expected });
  }
  if (force && (body.hostedCluster === undefined || nodePool !== undefined)) {
    cursor.to('force').reportKey('conflicting-keys', {
      found: 'force for something else than hosted clusters',
      expected: 'force beside hostedCluster alone',
      hint: 'the annotation force-upgrade-to is one of HostedCluster',
    });
  }
  return cursor.problems.reports === before;
}

interface Chosen {
  readonly names: readonly string[];
  readonly noun: string;
  readonly targets: Partial<Targets>;
}

function targetsOf(body: Body, { fleet, cursor }: EventContext): Chosen {
  const chosen = <T extends Named>(named: readonly T[]): readonly T[] => choose(named, body, cursor);
  if (body.nodePool !== undefined) {
    const pools = hostedClusters(body.hostedCluster ?? '*', fleet, cursor).flatMap((one) =>
      one.nodePools.map(({ name }) => ({ name, hostedCluster: one.name })),
    );
    const nodePools = chosen(byName(body.nodePool, pools, cursor.to('nodePool'), 'node pool')).map(
      ({ name, hostedCluster }) => ({ hostedCluster, nodePool: name }),
    );
    const names = nodePools.map(({ hostedCluster, nodePool }) => `${hostedCluster}/${nodePool}`);
    return { names, noun: 'node pools', targets: { nodePools } };
  }
  if (body.hostedCluster !== undefined) {
    const names = chosen(hostedClusters(body.hostedCluster, fleet, cursor)).map(({ name }) => name);
    return { names, noun: 'hosted clusters', targets: { hostedClusters: names } };
  }
  const key = body.operator === undefined ? 'managementCluster' : 'operator';
  const place = cursor.to(key);
  const known = fleet.managementClusters;
  const named = byName(body[key], known, place, 'management cluster', 'unknown-management-cluster');
  const names = chosen(named).map(({ name }) => name);
  return key === 'operator'
    ? {
        names: names.map((name) => `the operator of ${name}`),
        noun: 'operators',
        targets: { operators: names },
      }
    : { names, noun: 'management clusters', targets: { managementClusters: names } };
}
