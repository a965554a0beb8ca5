/** Releases of OpenShift as people write them: those that hcpsim knows, or a mistake. */
import { knownRelease, knownReleases, RELEASES, releasesAround } from '../../models/versions/releases.ts';
import { minorOf, parseVersion } from '../../models/versions/version.ts';
import { nearest } from '../errors/suggest.ts';
import type { Cursor } from '../source/cursor.ts';
import { describe } from '../source/located.ts';

/** What stands instead of a release that nobody knows, for messages. */
export const KNOWN_RELEASES = `a release that is known: ${knownReleases()}`;

/** True for a release of the table, whatever its patch, and for a text that is no version at all, which has a mistake of its own. */
export function isKnownRelease(written: string): boolean {
  return parseVersion(written) === undefined || knownRelease(written) !== undefined;
}

/** Which release was probably meant by one that nobody knows: `4.20.3` for `4.30.3`, 5.1 for 4.24. An empty text when none is near. */
export function meantRelease(written: string): string {
  const version = parseVersion(written);
  if (version === undefined) return '';
  const minor = `${version.major}.${version.minor}`;
  const same = RELEASES.find(({ name }) => version.major >= 4 && minorOf(name) === minorOf(minor));
  const meant = same?.name ?? nearest(minor, releasesAround(version));
  if (meant === undefined) return '';
  const whole = `${meant}${written.slice(minor.length)}`;
  return same === undefined ? `did you mean "${whole}"?` : `OpenShift ${minor} is called ${meant}`;
}

/** True for a release that is known; reports any other. @param place points to what is written. */
export function checkRelease(written: string, place: Cursor): boolean {
  if (isKnownRelease(written)) return true;
  place.report('unknown-release', {
    found: describe(place.node),
    expected: KNOWN_RELEASES,
    hint: meantRelease(written),
  });
  return false;
}
