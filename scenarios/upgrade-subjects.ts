/** How events and campaigns say what is upgraded: one of four kinds of subject, by name. */
import type { UpgradeSubject } from '../models/plan/faults.ts';
import type { FleetPlan, HostedClusterPlan } from '../models/plan/fleet.ts';
import { MCE_RELEASES, mceRelease } from '../models/versions/operators.ts';
import { hostedClusterKey, hostedClusters } from './events/numbered-targets.ts';
import { byName } from './events/targets.ts';
import { oneOrMany } from './schema/values.ts';
import type { Cursor } from './source/cursor.ts';

export const subjectKeys = {
  hostedCluster: hostedClusterKey.hostedCluster.optional(),
  nodePool: oneOrMany(
    'Node pools by name, of all hosted clusters or of those of hostedCluster; `*` stands for any letters. They are upgraded instead of the ' +
      'hosted clusters.',
  ).optional(),
  managementCluster: oneOrMany('Management clusters by name; `*` stands for any letters.').optional(),
  operator: oneOrMany(
    'Management clusters by name, whose HyperShift operator is updated; `*` stands for any letters.',
  ).optional(),
};

type Names = string | readonly string[] | undefined;
type Body = Readonly<Record<UpgradeSubject, Names>> | { readonly [K in UpgradeSubject]?: Names };

/** One that is to be upgraded. */
export interface Subject {
  /** Unique among its kind: `tenant-0`, `tenant-0/workers`, `mgmt`. */
  readonly name: string;
  /** The hosted cluster that it is or belongs to. */
  readonly hostedCluster?: HostedClusterPlan;
  readonly nodePool?: string;
}

export interface Subjects {
  readonly kind: UpgradeSubject;
  /** What they are called together. */
  readonly noun: string;
  /** In the order of the fleet. */
  readonly subjects: readonly Subject[];
}

const KINDS: readonly UpgradeSubject[] = ['hostedCluster', 'nodePool', 'managementCluster', 'operator'];

/** True for exactly one of the four, where hostedCluster beside nodePool says whose; reports what else there is, with a hint to write two. */
export function isOfOneKind(body: Body, cursor: Cursor, two: string): boolean {
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
      hint: `write two ${two}`,
    });
  }
  return others.length === 0;
}

/** What the names of one kind mean; what matches nothing is reported. */
export function subjectsOf(body: Body, fleet: FleetPlan, cursor: Cursor): Subjects {
  if (body.nodePool !== undefined) {
    const pools = hostedClusters(body.hostedCluster ?? '*', fleet, cursor).flatMap((hostedCluster) =>
      hostedCluster.nodePools.map(({ name }) => ({ name, hostedCluster })),
    );
    const subjects = byName(body.nodePool, pools, cursor.to('nodePool'), 'node pool').map(
      ({ name, hostedCluster }) => ({ name: `${hostedCluster.name}/${name}`, hostedCluster, nodePool: name }),
    );
    return { kind: 'nodePool', noun: 'node pools', subjects };
  }
  if (body.hostedCluster !== undefined) {
    const subjects = hostedClusters(body.hostedCluster, fleet, cursor).map((hostedCluster) => ({
      name: hostedCluster.name,
      hostedCluster,
    }));
    return { kind: 'hostedCluster', noun: 'hosted clusters', subjects };
  }
  const kind = body.operator === undefined ? 'managementCluster' : 'operator';
  const known = fleet.managementClusters;
  const place = cursor.to(kind);
  const named = byName(body[kind], known, place, 'management cluster', 'unknown-management-cluster');
  const noun = kind === 'operator' ? 'operators' : 'management clusters';
  return { kind, noun, subjects: named.map(({ name }) => ({ name })) };
}

/** True unless it is a version of an operator that no release of its product has; reports it. */
export function isOfItsProduct(
  kind: UpgradeSubject,
  names: readonly string[],
  to: string | undefined,
  fleet: FleetPlan,
  cursor: Cursor,
): boolean {
  if (kind !== 'operator' || to === undefined || mceRelease(to) !== undefined) return true;
  const engine = fleet.managementClusters.find(
    ({ name, operator }) => names.includes(name) && operator.product === 'MCE',
  );
  if (engine === undefined) return true;
  cursor.to('to').report('invalid-value', {
    found: `${to} for the multicluster engine of ${engine.name}, which has ${engine.operator.version}`,
    expected: `one of ${MCE_RELEASES.map(({ version }) => version).join(', ')}, or a patch of one`,
    hint: 'an operator of the multicluster engine is told the version of the engine, not that of OpenShift',
  });
  return false;
}
