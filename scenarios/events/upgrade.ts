import { z } from 'zod';
import { NODE_POOL_CHANGES, type UpgradeSubject } from '../../models/plan/faults.ts';
import { version } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { isOfItsProduct, isOfOneKind, subjectKeys, subjectsOf } from '../upgrade-subjects.ts';
import { eventKind } from './event.ts';
import { choose, choosing, faultOf } from './targets.ts';

const schema = z
  .strictObject({
    ...subjectKeys,
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

export const upgrade = eventKind({
  kind: 'upgrade',
  schema,
  resolve(body, { fleet, cursor, at }) {
    const oneKind = isOfOneKind(body, cursor, 'events at the same time');
    const wanted = isWhatFits(body, cursor);
    if (!oneKind || !wanted) return undefined;
    const { kind, noun, subjects } = subjectsOf(body, fleet, cursor);
    const chosen = choose(subjects, body, cursor);
    if (chosen.length === 0) return undefined;
    const names = chosen.map(({ name }) => name);
    if (!isOfItsProduct(kind, names, body.to, fleet, cursor)) return undefined;
    const told = kind === 'operator' ? names.map((name) => `the operator of ${name}`) : names;
    const head = faultOf('upgrade', at, {}, told, noun);
    const of = (one: UpgradeSubject): readonly string[] => (kind === one ? names : []);
    return {
      ...head,
      label: `${head.label} ${body.to === undefined ? `with another ${body.change}` : `to ${body.to}`}`,
      hostedClusters: of('hostedCluster'),
      nodePools: chosen.flatMap(({ hostedCluster, nodePool }) =>
        nodePool === undefined ? [] : [{ hostedCluster: hostedCluster!.name, nodePool }],
      ),
      managementClusters: of('managementCluster'),
      operators: of('operator'),
      ...(body.to === undefined ? {} : { to: body.to }),
      ...(body.change === undefined ? {} : { change: body.change }),
      ...(body.force ? { force: true } : {}),
    };
  },
});

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
