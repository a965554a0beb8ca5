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
