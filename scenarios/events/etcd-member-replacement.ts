import { z } from 'zod';
import { membersOf } from './etcd-member-failure.ts';
import { eventKind } from './event.ts';
import { hostedClusterKey, ordinalKey } from './numbered-targets.ts';
import { choosing, faultOf } from './targets.ts';

const schema = z
  .strictObject({
    ...hostedClusterKey,
    ...ordinalKey('Which members, counted from 0. Default all.'),
    ...choosing,
  })
  .describe(
    'Somebody deletes the volume claims and pods of etcd members, as documented for a member that is beyond repair; each rejoins with ' +
      'an empty volume, which takes a quorum of the others.',
  );

export const etcdMemberReplacement = eventKind({
  kind: 'etcdMemberReplacement',
  schema,
  resolve(body, { fleet, cursor, at }) {
    const { members, names } = membersOf(body, fleet, cursor);
    if (members.length === 0) return undefined;
    return { ...faultOf('etcdMemberReplacement', at, {}, names, 'members'), members };
  },
});
