/** The releases that a run knows of, numbered in the order in which the fleet and its upgrades name them. */
import { invariant } from '../../sim/assert.ts';
import type { ReleaseId } from '../ids.ts';
import { kubernetesMinor } from '../versions/releases.ts';
import { compareVersions, minorOnOneScale, parseVersion, type Version } from '../versions/version.ts';

/** Minor of a release image that tells no version. */
const NO_MINOR = 0;

export class Releases {
  readonly names: string[] = [];
  readonly #versions: (Version | undefined)[] = [];
  readonly #kubernetes: (number | undefined)[] = [];
  #sealed = false;

  /** A release by its name: `4.20.3`, or an image that tells no version. New ones only while the fleet is built: numbers must not hang on what happens. */
  of(name: string): ReleaseId {
    const known = this.names.indexOf(name);
    if (known >= 0) return known as ReleaseId;
    invariant(!this.#sealed, () => `${name} is a release that neither the fleet nor any upgrade names`);
    this.#versions.push(parseVersion(name));
    this.#kubernetes.push(kubernetesMinor(name));
    this.names.push(name);
    return (this.names.length - 1) as ReleaseId;
  }
  /** No further releases. */
  seal(): void {
    this.#sealed = true;
  }

  name(release: ReleaseId): string {
    return this.names[release]!;
  }
  /** On one scale: 19 for 4.19, 23 for 4.23 and 5.0; 0 for an image that tells no version. */
  minor(release: ReleaseId): number {
    const version = this.#versions[release];
    return version === undefined ? NO_MINOR : minorOnOneScale(version);
  }
  /** Minor of the Kubernetes in it: 33 for 1.33; undefined for an image that tells no version. */
  kubernetesMinor(release: ReleaseId): number | undefined {
    return this.#kubernetes[release];
  }
  /** What somebody who asks for a release of a subject means: a minor without a patch is any patch of it, hence the one that there is. */
  meant(asked: ReleaseId, present: ReleaseId): ReleaseId {
    const [wanted, own] = [this.#versions[asked], this.#versions[present]];
    if (wanted === undefined || own === undefined || wanted.patch !== undefined) return asked;
    return wanted.major === own.major && wanted.minor === own.minor ? present : asked;
  }
  /** Below 0 when a is older, above 0 when it is newer; images that tell no version are the oldest. */
  compare(a: ReleaseId, b: ReleaseId): number {
    if (a === b) return 0;
    const [one, other] = [this.#versions[a], this.#versions[b]];
    if (one === undefined || other === undefined)
      return Number(one !== undefined) - Number(other !== undefined);
    return compareVersions(one, other);
  }
}
