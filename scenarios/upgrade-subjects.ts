/** How events and campaigns say what is upgraded: one of five kinds of subject, by name. */
import { UPGRADE_SUBJECTS, type UpgradeSubject } from '../models/plan/faults.ts';
import type { FleetPlan, HostedClusterPlan } from '../models/plan/fleet.ts';
import { hostedClusterKey, hostedClusters } from './events/numbered-targets.ts';
import { byName, type Named } from './events/targets.ts';
import { oneOrMany } from './schema/values.ts';
import type { Cursor } from './source/cursor.ts';

export const subjectKeys = {
  hostedCluster: hostedClusterKey.hostedCluster.optional(),
  nodePool: oneOrMany(
    'Node pools by name, of all hosted clusters or of those of hostedCluster; `*` stands for any letters. They are upgraded instead of the ' +
      'hosted clusters.',
  ).optional(),
  managementCluster: oneOrMany('Management clusters by name; `*` stands for any letters.').optional(),
  machineConfigPool: oneOrMany(
    'Machine config pools by name, of all management clusters or of those of managementCluster; `*` stands for any letters. They are paused or ' +
      'resumed (`change`) instead of the management clusters being upgraded.',
  ).optional(),
  operator: oneOrMany(
    'Management clusters by name, whose HyperShift operator is updated; `*` stands for any letters.',
  ).optional(),
};

type Names = string | readonly string[] | undefined;
export type SubjectBody =
  | Readonly<Record<UpgradeSubject, Names>>
  | { readonly [K in UpgradeSubject]?: Names };

/** One that is to be upgraded. */
export interface Subject {
  /** Unique among its kind: `tenant-0`, `tenant-0/workers`, `mgmt`, `mgmt/worker`. */
  readonly name: string;
  /** The hosted cluster that it is or belongs to. */
  readonly hostedCluster?: HostedClusterPlan;
}

export interface Subjects {
  readonly kind: UpgradeSubject;
  /** What they are called together. */
  readonly noun: string;
  /** In the order of the fleet. */
  readonly subjects: readonly Subject[];
}

const NOUNS: Readonly<Record<UpgradeSubject, string>> = {
  hostedCluster: 'hosted clusters',
  nodePool: 'node pools',
  managementCluster: 'management clusters',
  machineConfigPool: 'machine config pools',
  operator: 'operators',
};

/** Clusters beside pools say whose pools are meant. */
const OWNERS = { hostedCluster: 'nodePool', managementCluster: 'machineConfigPool' } as const;
const isOwner = (kind: UpgradeSubject): kind is keyof typeof OWNERS => kind in OWNERS;

/** The one kind of subject that is named; undefined after reporting none, or several, with a hint to write two of what it is written in. */
export function kindOfSubject(body: SubjectBody, cursor: Cursor, two: string): UpgradeSubject | undefined {
  const given = UPGRADE_SUBJECTS.filter((kind) => body[kind] !== undefined);
  const [first, ...others] = given.filter((kind) => !isOwner(kind) || body[OWNERS[kind]] === undefined);
  if (first === undefined) {
    const expected = `one of ${UPGRADE_SUBJECTS.join(', ')}`;
    cursor.report('missing-target', { found: 'nothing to upgrade', expected });
    return undefined;
  }
  for (const other of others) {
    cursor.to(other).reportKey('conflicting-keys', {
      found: `${other} beside ${first}`,
      expected: 'one of them',
      hint: `write two ${two}`,
    });
  }
  return others.length === 0 ? first : undefined;
}

/** What the names of one kind mean; what matches nothing is reported. */
export function subjectsOf(
  kind: UpgradeSubject,
  body: SubjectBody,
  fleet: FleetPlan,
  cursor: Cursor,
): Subjects {
  return { kind, noun: NOUNS[kind], subjects: named(kind, body, fleet, cursor) };
}

function named(
  kind: UpgradeSubject,
  body: SubjectBody,
  fleet: FleetPlan,
  cursor: Cursor,
): readonly Subject[] {
  switch (kind) {
    case 'hostedCluster':
      return hostedClusters(body.hostedCluster!, fleet, cursor).map((one) => ({
        name: one.name,
        hostedCluster: one,
      }));
    case 'nodePool': {
      const owners = hostedClusters(body.hostedCluster ?? '*', fleet, cursor);
      const pools = owners.flatMap((one) => poolsOf(one, one.nodePools, { hostedCluster: one }));
      return byName(body.nodePool, pools, cursor.to('nodePool'), 'node pool').map(withFullName);
    }
    case 'machineConfigPool': {
      const owners = managementClusters(body.managementCluster ?? '*', fleet, cursor.to('managementCluster'));
      const pools = owners.flatMap((one) => poolsOf(one, one.machineConfigPools, {}));
      const place = cursor.to('machineConfigPool');
      return byName(body.machineConfigPool, pools, place, 'machine config pool').map(withFullName);
    }
    default:
      return managementClusters(body[kind], fleet, cursor.to(kind)).map(({ name }) => ({ name }));
  }
}

const managementClusters = (written: Names, fleet: FleetPlan, place: Cursor) =>
  byName(written, fleet.managementClusters, place, 'management cluster', 'unknown-management-cluster');

/** Pools as they are written, and whose they are. */
const poolsOf = <T>(owner: Named, pools: readonly Named[], more: T) =>
  pools.map(({ name }) => ({ ...more, name, owner: owner.name }));

const withFullName = ({ owner, name, ...more }: { owner: string; name: string }): Subject => ({
  ...more,
  name: `${owner}/${name}`,
});
