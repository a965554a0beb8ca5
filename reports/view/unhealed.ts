/** What waits for a human, told once per reason. */
import type { RunResult, Unhealed } from '../../sim/result.ts';
import { groupBy, keyOf, owner } from './labels.ts';
import { compareNames, mergeNames } from './names.ts';

export const UNHEALED_TITLE = 'Needs a human';

export interface UnhealedGroup {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

/** Things of one kind with one reason and one remedy stand together. */
export function unhealedGroups({ unhealed }: RunResult): UnhealedGroup[] {
  return groupBy(unhealed, ({ what, why, remedy }) => keyOf(kindOf(what), why, remedy)).map((group) => ({
    what: mergedWhat(group),
    why: group[0]!.why,
    remedy: group[0]!.remedy,
  }));
}

/** `node a` and `node b` are `node a, b`; with the hosted clusters that they belong to. */
function mergedWhat(group: readonly Unhealed[]): string {
  const kind = kindOf(group[0]!.what);
  const names = group.map(({ what }) => what.slice(kind.length).trim());
  const owners = group
    .filter(({ labels }) => labels.hostedCluster !== undefined)
    .map(({ labels }) => owner(labels));
  return `${kind} ${merged(names)}${owners.length === 0 ? '' : ` of ${merged(owners)}`}`.trim();
}

const merged = (names: readonly string[]): string => mergeNames([...new Set(names)].sort(compareNames));
/** All but the last word. */
const kindOf = (what: string): string => what.slice(0, what.lastIndexOf(' ') + 1).trim();
