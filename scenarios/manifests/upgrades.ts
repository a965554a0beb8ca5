/** What real objects say about upgrades: of a HostedCluster whether it takes them, of a NodePool how. */
import type { CountOrShare, PoolRolloutPlan, UpgradePolicyPlan } from '../../models/plan/fleet.ts';
import { defaultRollout } from '../../models/plan/pool-rollout.ts';
import { readCountOrShare } from '../read/count-or-share.ts';
import { releaseVersion } from './release.ts';
import type { HostedClusterManifest, NodePoolManifest } from './schema.ts';

const FORCE = 'hypershift.openshift.io/force-upgrade-to';
const SKIP_VALIDATION = 'hypershift.openshift.io/skip-release-image-validation';
const NO_UPGRADE = 'TechPreviewNoUpgrade';

const versionOrImage = (image: string): string => releaseVersion(image) ?? image;

export function upgradePolicy({ metadata, spec, status }: HostedClusterManifest): UpgradePolicyPlan {
  const annotations = metadata.annotations ?? {};
  const upgradeable = status?.conditions?.find(({ type }) => type === 'ClusterVersionUpgradeable');
  return {
    network: spec.networking?.networkType ?? 'OVNKubernetes',
    techPreview: spec.configuration?.featureGate?.featureSet === NO_UPGRADE,
    upgradeable: upgradeable?.status !== 'False',
    forceUpgradeTo: versionOrImage(annotations[FORCE] ?? ''),
    skipReleaseValidation: SKIP_VALIDATION in annotations,
    controlPlaneRelease: versionOrImage(spec.controlPlaneRelease?.image ?? ''),
    payload: payload(status?.payloadArch),
  };
}

/** Before a cluster has looked at its release image, any architecture. */
function payload(
  arch: NonNullable<HostedClusterManifest['status']>['payloadArch'],
): UpgradePolicyPlan['payload'] {
  return arch == null ? 'multi' : (arch.toLowerCase() as Lowercase<typeof arch>);
}

/** What goes for the upgrade type of the pool; the part that describes the other type is ignored, as by the operator. */
export function poolRollout({ spec }: NodePoolManifest): PoolRolloutPlan {
  const { upgradeType = 'Replace', replace, inPlace } = spec.management ?? {};
  const usual = defaultRollout(upgradeType ?? 'Replace');
  const read = (written: number | string | null | undefined, otherwise: CountOrShare): CountOrShare =>
    written == null ? otherwise : readCountOrShare(written);
  if (upgradeType === 'InPlace')
    return { ...usual, maxUnavailable: read(inPlace?.maxUnavailable, usual.maxUnavailable) };
  return {
    strategy: replace?.strategy ?? usual.strategy,
    maxSurge: read(replace?.rollingUpdate?.maxSurge, usual.maxSurge),
    maxUnavailable: read(replace?.rollingUpdate?.maxUnavailable, usual.maxUnavailable),
  };
}
