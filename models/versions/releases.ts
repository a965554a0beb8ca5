/** OpenShift releases and the Kubernetes that is in them. */
import { minorName, minorOf, minorOnOneScale, parseVersion, type Version } from './version.ts';

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

/** The entry that a release belongs to, whatever its patch; undefined for a minor that the table does not have, and for what is no version. */
export function knownRelease(text: string): Release | undefined {
  const version = parseVersion(text);
  return version && RELEASES.find(({ name }) => name === `${version.major}.${version.minor}`);
}

/** What the table has, in words: `4.12 to 4.23, 5.0 to 5.1`. */
export function knownReleases(): string {
  const ends = RELEASES.filter(
    ({ name }, i) => name[0] !== RELEASES[i - 1]?.name[0] || name[0] !== RELEASES[i + 1]?.name[0],
  ).map(({ name }) => name);
  return Array.from({ length: ends.length / 2 }, (_, i) => `${ends[2 * i]} to ${ends[2 * i + 1]}`).join(', ');
}

/** Names of the table, those whose minor is nearest to that of a version first, and of two the later one. */
export function releasesAround(version: Version): readonly string[] {
  const minor = version.major < 4 ? 0 : minorOnOneScale(version);
  const away = (name: string): number => Math.abs(minorOf(name)! - minor);
  return RELEASES.map(({ name }) => name)
    .reverse()
    .toSorted((one, other) => away(one) - away(other));
}

/** Minor of the Kubernetes in a release; undefined for a release image without a version. */
export function kubernetesMinor(release: string): number | undefined {
  const minor = minorOf(release);
  return minor === undefined ? undefined : minor + KUBERNETES_AHEAD;
}

/** The OpenShift minor, `4.20`, that a Kubernetes minor is in. */
export function releaseOfKubernetes(minor: number): string {
  return minorName(minor - KUBERNETES_AHEAD);
}
