/** An OpenShift version. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  /** undefined when only major and minor are given. */
  readonly patch?: number;
}

const PATTERN = /^(\d+)\.(\d+)(?:\.(\d+))?(?:[-+].*)?$/;

/** Reads `4.20`, `4.20.3` or `4.20.0-rc.1`; undefined for anything else, such as a release image without a version. */
export function parseVersion(text: string): Version | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const version = { major: Number(match[1]), minor: Number(match[2]) };
  return match[3] === undefined ? version : { ...version, patch: Number(match[3]) };
}

/** 5.0 stands level with 4.23 (openshift/hypershift support/supportedversion/version.go). */
const MINORS_BEFORE_5 = 23;

/** The minor of a release on one scale: 19 for 4.19, 23 for 4.23 and 5.0, 24 for 5.1. */
export function minorOnOneScale({ major, minor }: Version): number {
  return major >= 5 ? MINORS_BEFORE_5 * (major - 4) + minor : minor;
}
