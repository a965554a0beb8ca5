/** Keys that decide how, and whether, clusters and pools are upgraded. */
import { z } from 'zod';
import { NETWORK_TYPES } from '../../models/plan/fleet.ts';
import { countOrShare, name, release, version } from './values.ts';

export const architecture = z.enum(['amd64', 'arm64', 'ppc64le', 's390x']);

/** Keys of a node pool. */
export const poolRollout = {
  strategy: z
    .enum(['RollingUpdate', 'OnDelete'])
    .optional()
    .describe(
      'Replace only: machines are replaced in turn, or each when somebody deletes it. Default RollingUpdate.',
    ),
  maxSurge: countOrShare(
    'Replace only: machines beyond those wanted during an update, a number or a percentage, rounded up. Default 1.',
  ).optional(),
  maxUnavailable: countOrShare(
    'Machines that may be missing during an update, a number or a percentage, rounded down (with InPlace to 1 at least). Default 0, with InPlace 1.',
  ).optional(),
  arch: architecture.default('amd64').describe('Architecture of the machines. Default amd64.'),
};

/** Keys of a hosted cluster. */
export const upgradePolicy = {
  network: z
    .enum(NETWORK_TYPES)
    .default('OVNKubernetes')
    .describe('Network of the pods (networkType). Default OVNKubernetes.'),
  techPreview: z
    .boolean()
    .default(false)
    .describe(
      'The feature set TechPreviewNoUpgrade is on: no minor upgrades, and no way back. Default false.',
    ),
  upgradeable: z
    .boolean()
    .default(true)
    .describe(
      'Condition ClusterVersionUpgradeable: false when one of its operators keeps it at its minor. Default true.',
    ),
  forceUpgradeTo: release(
    'Release that goes in although the cluster is not upgradeable (annotation force-upgrade-to). Default none.',
  ).optional(),
  skipReleaseValidation: z
    .boolean()
    .default(false)
    .describe('Annotation skip-release-image-validation. Default false.'),
  controlPlaneRelease: release(
    'Release of the components on the management side alone (spec.controlPlaneRelease); they keep it for the whole run, whatever release the cluster is upgraded to. Default: that of the cluster.',
  ).optional(),
  payload: z
    .union([z.literal('multi'), architecture])
    .default('multi')
    .describe('What its release image is built for: every architecture, or one. Default multi.'),
};

export const operator = z
  .strictObject({
    mce: version('Version of the multicluster engine, such as "2.10".').optional(),
    version: release(
      'Version of a HyperShift operator without a multicluster engine: the latest OpenShift minor that it supports, such as "4.20".',
    ).optional(),
  })
  .describe(
    'What drives its hosted control planes: mce or version. Default: the multicluster engine that came with the version of the cluster.',
  );

export const machineConfigPool = z
  .strictObject({
    name: name('Name of the pool; master and worker are there without being listed.'),
    maxUnavailable: countOrShare(
      'Nodes that may be unavailable at a time while it updates, a number or a percentage. Default 1.',
    ).default(1),
    paused: z.boolean().default(false).describe('Its nodes stay as they are. Default false.'),
  })
  .describe('A MachineConfigPool.');

export type PoolRolloutSpec = z.output<z.ZodObject<typeof poolRollout>>;
export type UpgradePolicySpec = z.output<z.ZodObject<typeof upgradePolicy>>;
export type MachineConfigPoolSpec = z.output<typeof machineConfigPool>;
