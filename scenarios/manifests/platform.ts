/** Which platform the cluster of listed nodes stands on. */
import type { ManagementPlatform } from '../../models/plan/platforms.ts';
import type { FleetDraft } from '../fleet/draft.ts';
import type { ManifestFile } from './objects.ts';

/** Platforms by what the provider IDs of their nodes begin with; each cloud provider has its own. */
const PROVIDERS: Readonly<Record<string, ManagementPlatform>> = {
  aws: 'AWS',
  azure: 'Azure',
  baremetalhost: 'BareMetal',
  equinixmetal: 'EquinixMetal',
  gce: 'GCP',
  ibm: 'IBMCloud',
  ibmpowervs: 'PowerVS',
  kubevirt: 'KubeVirt',
  libvirt: 'Libvirt',
  nutanix: 'Nutanix',
  openstack: 'OpenStack',
  vsphere: 'VSphere',
};

/**
 * What the first Infrastructure object says, else the provider ID of the first node that tells. Nodes without one are those of a cluster
 * without a cloud provider: platform None.
 */
export function platformOfNodes(files: readonly ManifestFile[], draft: FleetDraft): ManagementPlatform {
  for (const { object } of files.flatMap((file) => file.infrastructures)) {
    const type = object.status?.platformStatus?.type;
    if (type != null) return type;
  }
  for (const { object } of files.flatMap((file) => file.nodes)) {
    const provider = PROVIDERS[object.spec?.providerID?.split('://')[0] ?? ''];
    if (provider !== undefined) return provider;
  }
  draft.note(
    'No node tells its platform by a providerID, and no Infrastructure does: platform None assumed.',
  );
  return 'None';
}
