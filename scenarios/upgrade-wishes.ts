/** How events and campaigns say what they want of what is upgraded: a release, or a change that needs none. */
import { z } from 'zod';
import {
  HOSTED_CLUSTER_CHANGES,
  MACHINE_CONFIG_POOL_CHANGES,
  NODE_POOL_CHANGES,
  type UpgradeChange,
  type UpgradeSubject,
} from '../models/plan/faults.ts';
import type { FleetPlan } from '../models/plan/fleet.ts';
import { MCE_RELEASES, mceRelease } from '../models/versions/operators.ts';
import { checkRelease } from './read/known-release.ts';
import { version } from './schema/values.ts';
import type { Cursor } from './source/cursor.ts';
import type { Subjects } from './upgrade-subjects.ts';

export const wishKeys = {
  to: version(
    'The release that they are to have, such as 4.20.3; of an operator its own version, such as 4.20 or that of the multicluster engine.',
  ).optional(),
  change: z
    .enum([...HOSTED_CLUSTER_CHANGES, ...NODE_POOL_CHANGES, ...MACHINE_CONFIG_POOL_CHANGES])
    .optional()
    .describe(
      'Instead of `to`. Hosted clusters, by the field of their spec that is changed: all of their node pools are rolled out at the release that they have, ' +
        'and so are the control-plane pods that are made from the field (none from pullSecret and imageContentSources). Node pools, what is changed of ' +
        'them at the release that they have: config: MachineConfigs; tuning: TunedProfiles; platform: the machines themselves. Machine config pools: pause: their nodes stay as they are; resume: they follow their cluster.',
    ),
  force: z
    .boolean()
    .default(false)
    .describe(
      'Hosted clusters: annotated with hypershift.openshift.io/force-upgrade-to, so that the release is not refused. Management clusters: asked ' +
        'for with --allow-upgrade-with-warnings, so that it is not refused because another update goes on. Default false.',
    ),
};

export interface Wish {
  readonly to?: string | undefined;
  readonly change?: UpgradeChange | undefined;
  readonly force: boolean;
}

/** What can be changed of each kind without a release. */
const CHANGES: Readonly<Partial<Record<UpgradeSubject, readonly UpgradeChange[]>>> = {
  hostedCluster: HOSTED_CLUSTER_CHANGES,
  nodePool: NODE_POOL_CHANGES,
  machineConfigPool: MACHINE_CONFIG_POOL_CHANGES,
};

/** True for a release or a change that subjects of the kind can have; reports what is wrong with it, as far as the kind is known. */
export function isWhatFits(kind: UpgradeSubject | undefined, wish: Wish, cursor: Cursor): boolean {
  const before = cursor.problems.reports;
  const { to, change, force } = wish;
  const changes = kind && CHANGES[kind];
  const choice = changes === undefined ? '' : `change: ${changes.join(', ')}`;
  if (to !== undefined && change !== undefined) {
    cursor
      .to('change')
      .reportKey('conflicting-keys', { found: 'change beside to', expected: 'one of the two' });
  } else if (kind === undefined) {
    return false;
  } else if (change !== undefined && changes?.includes(change) !== true) {
    cursor.to('change').reportKey('conflicting-keys', {
      found: `change ${change} of ${kind}`,
      expected:
        kind === 'machineConfigPool' ? choice : ['to: a release', choice].filter(Boolean).join(', or '),
      hint:
        changes === undefined
          ? 'only hosted clusters and node pools are rolled out for their configuration'
          : '',
    });
  } else if (to !== undefined && kind === 'machineConfigPool') {
    cursor.to('to').reportKey('conflicting-keys', {
      found: 'a release of machine config pools',
      expected: choice,
      hint: 'their nodes follow the release of their management cluster',
    });
  } else if (cursor.to('to').node === undefined && cursor.to('change').node === undefined) {
    const release = kind === 'machineConfigPool' ? [] : ['to: a release'];
    const expected = [...release, ...(choice === '' ? [] : [choice])].join(', or ');
    cursor.report('missing-key', { found: release.length > 0 ? 'no "to"' : 'no "change"', expected });
  }
  const canForce = (kind === 'hostedCluster' && change === undefined) || kind === 'managementCluster';
  if (force && kind !== undefined && !canForce) {
    cursor.to('force').reportKey('conflicting-keys', {
      found: change === undefined ? `force for ${kind}` : `force beside change ${change}`,
      expected: 'force for a release of hosted clusters or management clusters',
      hint: 'nothing else can be asked for by force',
    });
  }
  return cursor.problems.reports === before;
}

/** True for a release that each of the subjects could have: of OpenShift, of the multicluster engine where that is what is updated; reports any other. */
export function isOfItsProduct(
  { kind, subjects }: Subjects,
  { to }: Wish,
  fleet: FleetPlan,
  cursor: Cursor,
): boolean {
  if (to === undefined) return true;
  const place = cursor.to('to');
  const hosts = fleet.managementClusters.filter(
    ({ name }) => kind === 'operator' && subjects.some((one) => one.name === name),
  );
  const engine = hosts.find(({ operator }) => operator.product === 'MCE');
  if (engine !== undefined && mceRelease(to) === undefined) {
    place.report('invalid-value', {
      found: `${to} for the multicluster engine of ${engine.name}, which has ${engine.operator.version}`,
      expected: `one of ${MCE_RELEASES.map(({ version }) => version).join(', ')}, or a patch of one`,
      hint: 'an operator of the multicluster engine is told the version of the engine, not that of OpenShift',
    });
    return false;
  }
  const alone = hosts.length === 0 || hosts.some(({ operator }) => operator.product === 'HyperShift');
  return !alone || checkRelease(to, place);
}
