import { z } from 'zod';
import { podsOf } from './components.ts';
import { eventKind } from './event.ts';
import { chooseNumbered, hostedClusters, numberedKeys } from './numbered-targets.ts';
import { faultOf } from './targets.ts';

const schema = z
  .strictObject({
    ...numberedKeys('Which members, counted from 0. Default all.', {}),
    failure: z
      .enum(['process', 'data'])
      .default('process')
      .describe('What fails: the process, or (not simulated by this version) its data. Default process.'),
  })
  .describe('Members of the etcd of hosted clusters stop and cannot be restarted while it lasts.');

export const etcdMemberFailure = eventKind({
  kind: 'etcdMemberFailure',
  schema,
  resolve(body, { fleet, cursor, at }) {
    if (body.failure === 'data') {
      cursor.to('failure').report('not-simulated', {
        found: 'failure: data is not simulated by this version',
        expected: 'failure: process',
      });
      return undefined;
    }
    const candidates = podsOf(hostedClusters(body.hostedCluster, fleet, cursor), ['etcd']);
    const members = chooseNumbered(candidates, body, cursor);
    if (members.length === 0) return undefined;
    const names = members.map((member) => `${member.hostedCluster}/etcd-${member.ordinal}`);
    return {
      ...faultOf('etcdMemberFailure', at, body, names, 'members'),
      members: members.map(({ hostedCluster, ordinal }) => ({ hostedCluster, ordinal })),
    };
  },
});
