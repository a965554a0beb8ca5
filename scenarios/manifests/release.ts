import { knownReleases, kubernetesMinor, releaseOfKubernetes } from '../../models/versions/releases.ts';
import type { FleetDraft } from '../fleet/draft.ts';
import { isKnownRelease } from '../read/known-release.ts';

/** The OpenShift version that a release image is tagged with, `...:4.13.0-x86_64` is 4.13.0; undefined when it tells none. */
export function releaseVersion(image: string): string | undefined {
  const tag = /:([0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z_.-]+)?)$/.exec(image)?.[1];
  return tag?.replace(/-(x86_64|amd64|aarch64|arm64|ppc64le|s390x|multi|multi-x86_64)$/, '');
}

/** The OpenShift minor of a cluster whose kubelets are of a Kubernetes version; undefined where that tells none. */
export function openshiftVersion(kubelet: string): string | undefined {
  const minor = Number(/^v?1\.([0-9]+)/.exec(kubelet)?.[1]);
  return Number.isInteger(minor) && minor > 13 ? releaseOfKubernetes(minor) : undefined;
}

/** Notes each release that real objects brought and the table of releases does not have: they run, as if minors had gone on as before. */
export function noteUnknownReleases(draft: FleetDraft): void {
  const { managementClusters, hostedClusters } = draft;
  const all = [
    ...managementClusters.map(({ version }) => version),
    ...hostedClusters.flatMap(({ release, nodePools }) => [release, ...nodePools.map((one) => one.release)]),
  ];
  for (const release of new Set(all)) {
    if (isKnownRelease(release)) continue;
    draft.note(
      `Release ${release} is none of those that are known (${knownReleases()}): its Kubernetes is taken to be 1.${kubernetesMinor(release)}, as ` +
        'if minors went on as they did.',
    );
  }
}
