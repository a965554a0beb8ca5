/** OpenShift releases and the Kubernetes that is in them. */
import { minorName, minorOf } from './version.ts';

/** Kubernetes 1.(13+n) is in OpenShift 4.n; the table below is what public sources say, one by one. */
const KUBERNETES_AHEAD = 13;

export interface Release {
  /** `4.20`. */
  readonly name: string;
  /** Minor of its Kubernetes: 33 for 1.33. */
  readonly kubernetes: number;
  readonly source: string;
}

const DOCUMENTED = 'OpenShift Container Platform release notes of the minor';
const OPERATOR = 'openshift/hypershift support/supportedversion/version.go @3ee96155';

/** Oldest first. 4.23 and 5.0 are the same release under two names. */
export const RELEASES: readonly Release[] = [
  { name: '4.12', kubernetes: 25, source: DOCUMENTED },
  { name: '4.13', kubernetes: 26, source: DOCUMENTED },
  { name: '4.14', kubernetes: 27, source: OPERATOR },
  { name: '4.15', kubernetes: 28, source: OPERATOR },
  { name: '4.16', kubernetes: 29, source: OPERATOR },
  { name: '4.17', kubernetes: 30, source: OPERATOR },
  { name: '4.18', kubernetes: 31, source: OPERATOR },
  { name: '4.19', kubernetes: 32, source: OPERATOR },
  { name: '4.20', kubernetes: 33, source: OPERATOR },
  { name: '4.21', kubernetes: 34, source: OPERATOR },
  { name: '4.22', kubernetes: 35, source: OPERATOR },
  { name: '4.23', kubernetes: 36, source: OPERATOR },
  { name: '5.0', kubernetes: 36, source: OPERATOR },
  { name: '5.1', kubernetes: 37, source: OPERATOR },
];

/** Minor of the Kubernetes in a release; undefined for a release image without a version. */
export function kubernetesMinor(release: string): number | undefined {
  const minor = minorOf(release);
  return minor === undefined ? undefined : minor + KUBERNETES_AHEAD;
}

/** The OpenShift minor, `4.20`, that a Kubernetes minor is in. */
export function releaseOfKubernetes(minor: number): string {
  return minorName(minor - KUBERNETES_AHEAD);
}
