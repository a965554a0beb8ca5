import type { BuiltFleet } from '../build/fleet.ts';
import type { ClusterId, MemberId } from '../ids.ts';

/** A member of the etcd of a hosted cluster. */
export interface MemberTarget {
  readonly hostedCluster: string;
  readonly ordinal: number;
}

export function memberOf(
  { world, hostedClusters }: BuiltFleet,
  { hostedCluster, ordinal }: MemberTarget,
): { readonly cluster: ClusterId; readonly member: MemberId } {
  const cluster = hostedClusters.get(hostedCluster)!;
  return { cluster, member: world.ensembles.member(world.hosted.ensemble.at(cluster), ordinal) };
}
