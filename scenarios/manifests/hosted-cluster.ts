/** A real HostedCluster becomes a hosted cluster of the plan. */
import type {
  EtcdPlan,
  HostedClusterPlan,
  Isolation,
  NodePoolPlan,
  PublishedService,
  PublishingStrategy,
  Toleration,
} from '../../models/plan/fleet.ts';
import { defaultWorkloads, ETCD_VOLUME_MIB } from '../fleet/defaults.ts';
import type { FleetDraft } from '../fleet/draft.ts';
import { DEDICATED } from '../fleet/labels.ts';
import { memoryMib } from '../fleet/machine.ts';
import { pausedFromTheBeginning } from './paused.ts';
import { releaseVersion } from './release.ts';
import type { HostedClusterManifest } from './schema.ts';
import { upgradePolicy } from './upgrades.ts';

const ANNOTATION = 'hypershift.openshift.io/';
const DEDICATED_TOPOLOGY = 'dedicated-request-serving-components';
/** Namespace of objects that name none. */
export const DEFAULT_NAMESPACE = 'default';

/** @param name the name in the fleet, which differs from the object's own when that was taken. */
export function hostedClusterPlan(
  manifest: HostedClusterManifest,
  name: string,
  managementCluster: string,
  nodePools: readonly NodePoolPlan[],
  draft: FleetDraft,
): HostedClusterPlan {
  const { spec, metadata } = manifest;
  const annotations = metadata.annotations ?? {};
  const workers = nodePools.reduce((sum, pool) => sum + pool.replicas, 0);
  const services = publishing(manifest);
  if (nodePools.length === 0)
    draft.note(`Hosted cluster ${name} has no node pools: it runs without workers.`);
  return {
    name,
    namespace: metadata.namespace ?? DEFAULT_NAMESPACE,
    labels: metadata.labels ?? {},
    managementCluster,
    release: release(manifest, name, draft),
    ...upgradePolicy(manifest),
    platform: spec.platform.type,
    controllerAvailabilityPolicy: spec.controllerAvailabilityPolicy ?? 'HighlyAvailable',
    infrastructureAvailabilityPolicy: spec.infrastructureAvailabilityPolicy ?? 'SingleReplica',
    isolation: isolation(manifest),
    etcd: etcd(manifest),
    services,
    apiHostname: apiHostname(manifest),
    router: needsRouter(manifest, services.APIServer),
    olmCatalogPlacement: spec.olmCatalogPlacement ?? 'management',
    oauthNeedsDataPlane: oauthNeedsDataPlane(manifest),
    failClosedWebhooks: false,
    secretEncryption: spec.secretEncryption != null,
    nodeSelector: spec.nodeSelector ?? {},
    tolerations: (spec.tolerations ?? []).map(toleration),
    disabledComponents: commaSeparated(annotations[`${ANNOTATION}debug-deployments`]),
    requestServingNodeSelector: selector(
      annotations[`${ANNOTATION}request-serving-node-additional-selector`],
    ),
    paused: pausedFromTheBeginning('HostedCluster', manifest, spec.pausedUntil, draft),
    nodePools,
    workloads: defaultWorkloads(workers),
  };
}

function release(manifest: HostedClusterManifest, name: string, draft: FleetDraft): string {
  const { image } = manifest.spec.release;
  const version = releaseVersion(image) ?? reportedVersion(manifest);
  if (version === undefined) {
    draft.note(`Hosted cluster ${name}: the release image "${image}" names no version; taken as it is.`);
  }
  return version ?? image;
}

/** What the cluster itself calls the release of its image, when that is a digest. */
function reportedVersion({ spec, status }: HostedClusterManifest): string | undefined {
  const entry = status?.version?.history?.find(({ image }) => image === spec.release.image);
  return entry?.version == null || entry.version === '' ? undefined : entry.version;
}

function isolation(manifest: HostedClusterManifest): Isolation {
  if (manifest.metadata.annotations?.[`${ANNOTATION}topology`] === DEDICATED_TOPOLOGY)
    return 'DedicatedRequestServing';
  return manifest.spec.nodeSelector?.[DEDICATED] === undefined ? 'SharedEverything' : 'SharedNothing';
}

function etcd(manifest: HostedClusterManifest): EtcdPlan {
  const written = manifest.spec.etcd;
  const volume = written?.managed?.storage?.persistentVolume;
  return {
    management: written?.managementType ?? 'Managed',
    storageClass: volume?.storageClassName ?? '',
    volumeMib: volume?.size == null ? ETCD_VOLUME_MIB : memoryMib(volume.size, 'up'),
  };
}

const PUBLISHED: ReadonlySet<string> = new Set([
  'APIServer',
  'OAuthServer',
  'Konnectivity',
  'Ignition',
  'OIDC',
]);

function publishing(manifest: HostedClusterManifest): HostedClusterPlan['services'] {
  const entries = (manifest.spec.services ?? [])
    .filter((one) => PUBLISHED.has(one.service))
    .map((one) => [
      one.service as PublishedService,
      one.servicePublishingStrategy.type as PublishingStrategy,
    ]);
  return Object.fromEntries(entries);
}

/** A NodePort has an address, which is one of the management cluster's nodes. */
function apiHostname({ spec }: HostedClusterManifest): string {
  const strategy = spec.services?.find(({ service }) => service === 'APIServer')?.servicePublishingStrategy;
  return strategy?.loadBalancer?.hostname ?? strategy?.route?.hostname ?? '';
}

/** Source: openshift/hypershift control-plane-operator v2/router/util/util.go. */
function needsRouter(manifest: HostedClusterManifest, api: PublishingStrategy | undefined): boolean {
  const { type, aws, azure, gcp } = manifest.spec.platform;
  if (type === 'IBMCloud') return false;
  const access =
    { AWS: aws, Azure: azure, GCP: gcp }[type as 'AWS' | 'Azure' | 'GCP']?.endpointAccess ?? 'Public';
  return api === 'Route' || access === 'Private' || access === 'PublicAndPrivate';
}

/** Providers other than these two are called from the OAuth server through the data plane. */
const LOCAL_PROVIDERS: ReadonlySet<string> = new Set(['HTPasswd', 'RequestHeader']);

function oauthNeedsDataPlane(manifest: HostedClusterManifest): boolean {
  const providers = manifest.spec.configuration?.oauth?.identityProviders ?? [];
  return providers.some((provider) => !LOCAL_PROVIDERS.has(provider.type ?? ''));
}

function toleration(written: NonNullable<HostedClusterManifest['spec']['tolerations']>[number]): Toleration {
  const seconds = written.tolerationSeconds;
  return {
    key: written.key ?? '',
    operator: written.operator ?? 'Equal',
    value: written.value ?? '',
    effect: written.effect ?? '',
    ...(seconds == null ? {} : { tolerationSeconds: seconds }),
  };
}

function commaSeparated(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** `key=value,key=value` as in the annotation of HyperShift. */
function selector(text: string | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    commaSeparated(text)
      .map((part) => part.split('=', 2))
      .map(([k, v]) => [k!, v ?? '']),
  );
}
