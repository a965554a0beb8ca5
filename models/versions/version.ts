/** OpenShift versions: how their texts are read, and in which order they stand. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  /** undefined when only major and minor are given: any patch of that minor. */
  readonly patch?: number;
  /** `rc.1` of 4.20.0-rc.1; undefined for a release. */
  readonly preRelease?: string;
}

const PATTERN = /^(\d+)\.(\d+)(?:\.(\d+)(?:-([0-9A-Za-z._-]+))?)?(?:[-+].*)?$/;
/** Tags of release images end in what they are built for. */
const ARCHITECTURE = /-?(x86_64|amd64|aarch64|arm64|ppc64le|s390x|multi|multi-x86_64)$/;

/** Reads `4.20`, `4.20.3` or `4.20.0-rc.1`; undefined for anything else, such as a release image without a version. */
export function parseVersion(text: string): Version | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const version = { major: Number(match[1]), minor: Number(match[2]) };
  if (match[3] === undefined) return version;
  const preRelease = (match[4] ?? '').replace(ARCHITECTURE, '');
  const release = { ...version, patch: Number(match[3]) };
  return preRelease === '' ? release : { ...release, preRelease };
}

/** 5.0 stands level with 4.23 (openshift/hypershift support/supportedversion/version.go). */
const MINORS_BEFORE_5 = 23;

/** The minor of a release on one scale: 19 for 4.19, 23 for 4.23 and 5.0, 24 for 5.1. */
export function minorOnOneScale({ major, minor }: Version): number {
  return major >= 5 ? MINORS_BEFORE_5 * (major - 4) + minor : minor;
}

/** Minor on one scale of a text; undefined where that is no version. */
export function minorOf(text: string): number | undefined {
  const version = parseVersion(text);
  return version && minorOnOneScale(version);
}

/**
 * The name of a minor on one scale: `4.19` for 19, `5.1` for 24.
 * @param towards the target of an upgrade, which decides whether 23 is 4.23 or 5.0.
 */
export function minorName(minor: number, towards: Version = { major: 5, minor: 0 }): string {
  const before = minor < MINORS_BEFORE_5 || (minor === MINORS_BEFORE_5 && towards.major < 5);
  return before ? `4.${minor}` : `5.${minor - MINORS_BEFORE_5}`;
}

/**
 * Total order: by minor on one scale, then 4.23 before 5.0, then by patch, then pre-releases before their release. A version without
 * a patch stands before all patches of its minor.
 * @returns below 0 when a is older, 0 when they are the same, above 0 when a is newer.
 */
export function compareVersions(a: Version, b: Version): number {
  return (
    minorOnOneScale(a) - minorOnOneScale(b) ||
    a.major - b.major ||
    (a.patch ?? -1) - (b.patch ?? -1) ||
    comparePreReleases(a.preRelease, b.preRelease)
  );
}

/** True when a is newer than b beyond doubt: of two versions of one minor, one without a patch may be any. */
export function isNewer(a: Version, b: Version): boolean {
  const sameMinor = a.major === b.major && a.minor === b.minor;
  if (sameMinor && (a.patch === undefined || b.patch === undefined)) return false;
  return compareVersions(a, b) > 0;
}

/** Precedence of semantic versioning 2.0.0, item 11: identifier by identifier, numbers below words, fewer below more. */
function comparePreReleases(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareIdentifiers(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareIdentifiers(a: string, b: string): number {
  const numbers = [a, b].map((text) => /^\d+$/.test(text));
  if (numbers[0] && numbers[1]) return Number(a) - Number(b);
  if (numbers[0] !== numbers[1]) return numbers[0] ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}
