import { z } from 'zod';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import type { Cursor } from '../source/cursor.ts';
import { etcdMembers } from './components.ts';
import { eventKind } from './event.ts';
import { chooseNumbered, hostedClusters, numberedKeys } from './numbered-targets.ts';
import { faultOf } from './targets.ts';

const schema = z
  .strictObject({
    ...numberedKeys('Which members, counted from 0. Default all.', {}),
    failure: z
      .enum(['process', 'data'])
      .default('process')
      .describe(
        'What fails. process: it fails at every try of its kubelet while the event lasts, and comes up with the next one. data: the data in the volume is lost or corrupt; ' +
          'the member fails at every start until it gets a new volume, so the event has no duration. Default process.',
      ),
  })
  .describe('Members of the etcd of hosted clusters fail: their process, or their data.');

type Body = z.output<typeof schema>;

/** The members that an event means; those of an etcd that is not managed are no part of the fleet. */
export function membersOf(body: Omit<Body, 'failure'>, fleet: FleetPlan, cursor: Cursor) {
  const candidates = etcdMembers(hostedClusters(body.hostedCluster, fleet, cursor));
  const members = chooseNumbered(candidates, body, cursor);
  return { members, names: members.map((member) => `${member.hostedCluster}/etcd-${member.ordinal}`) };
}

export const etcdMemberFailure = eventKind({
  kind: 'etcdMemberFailure',
  schema,
  resolve(body, { fleet, cursor, at }) {
    if (body.failure === 'data' && body.duration !== undefined) {
      cursor.to('duration').reportKey('conflicting-keys', {
        found: 'duration beside failure: data',
        expected: 'no duration: data stays lost until the member gets a new volume',
        hint: 'etcdMemberReplacement gives it one',
      });
      return undefined;
    }
    const { members, names } = membersOf(body, fleet, cursor);
    if (members.length === 0) return undefined;
    const what = body.failure === 'data' ? names.map((name) => `data of ${name}`) : names;
    return {
      ...faultOf(
        'etcdMemberFailure',
        at,
        body,
        what,
        body.failure === 'data' ? 'members, their data' : 'members',
      ),
      failure: body.failure,
      members,
    };
  },
});
