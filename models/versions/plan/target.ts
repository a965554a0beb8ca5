/** Where a plan goes: the way from a version to the target, minor by minor. */
import { knownRelease } from '../releases.ts';
import { isNewer, minorName, minorOnOneScale, parseVersion, type Version } from '../version.ts';

export class Target {
  readonly text: string;
  readonly #version: Version;

  /** @throws RangeError for a text that is no version, and for a release that the table does not have */
  constructor(text: string) {
    const version = parseVersion(text);
    if (version === undefined || knownRelease(text) === undefined)
      throw new RangeError(`${text} is no known release`);
    this.text = text;
    this.#version = version;
  }

  get minor(): number {
    return minorOnOneScale(this.#version);
  }

  /** True for a version that is older than the target, and false for a text that is no version. */
  isAheadOf(release: string): boolean {
    const version = parseVersion(release);
    return version !== undefined && isNewer(this.#version, version);
  }

  /** What comes after a version on the way: any patch of its next minor, the target itself at its minor. */
  after(release: string): string {
    const minor = minorOnOneScale(parseVersion(release)!) + 1;
    return minor >= this.minor ? this.text : minorName(minor, this.#version);
  }

  /** The same for a management cluster, whose cluster version operator goes from 4.23 to 5.0 first (`../rules/management.ts`). */
  afterOfManagement(release: string): string {
    const to = this.after(release);
    const [before, after] = [parseVersion(release)!, parseVersion(to)!];
    return after.major > before.major ? `${after.major}.0` : to;
  }

  /**
   * True at an even minor of 4.x with another one on the way: the control plane goes there through the odd minor, and workers can wait.
   * Source: openshift/openshift-docs modules/updating-eus-to-eus-upgrade-cli.adoc @06c7408f (Control Plane Only updates).
   */
  isEvenToEven(release: string): boolean {
    const version = parseVersion(release);
    return (
      version !== undefined &&
      isEven(version) &&
      version.minor + 2 <= this.minor &&
      version.minor + 2 <= LAST_EVEN
    );
  }

  /** True at an even minor of 4.x, where workers that waited catch up. */
  static isEven(release: string): boolean {
    const version = parseVersion(release);
    return version !== undefined && isEven(version);
  }
}

/** Whether 5.x has extended update support, and for which minors, is not known. */
const LAST_EVEN = 22;

function isEven({ major, minor }: Version): boolean {
  return major === 4 && minor % 2 === 0;
}
