/** The oldest and the newest of releases that are told one by one. */
import { NONE } from '../../sim/entities.ts';
import type { PoolId, ReleaseId } from '../ids.ts';
import type { Releases } from './releases.ts';
import type { RunningVersions, VersionedPart } from './version-source.ts';

export class ReleaseSpan {
  #oldest: ReleaseId | typeof NONE = NONE;
  #newest: ReleaseId | typeof NONE = NONE;

  constructor(readonly releases: Releases) {}

  /** One instance more; NONE where it runs none. Of releases between which no version decides the first one stays. */
  add(release: ReleaseId | typeof NONE): void {
    if (release === NONE) return;
    const { releases } = this;
    if (this.#oldest === NONE || releases.compare(release, this.#oldest as ReleaseId) < 0)
      this.#oldest = release;
    if (this.#newest === NONE || releases.compare(release, this.#newest as ReleaseId) > 0)
      this.#newest = release;
  }

  /** What was told since the last call; undefined when that is nothing. */
  take(part: VersionedPart, pool?: PoolId): RunningVersions | undefined {
    const [oldest, newest] = [this.#oldest, this.#newest];
    if (oldest === NONE || newest === NONE) return undefined;
    this.#oldest = NONE;
    this.#newest = NONE;
    return pool === undefined ? { part, oldest, newest } : { part, pool, oldest, newest };
  }
}
