import { distance } from 'fastest-levenshtein';

/**
 * The candidate that was probably meant, or undefined when none is near: a different spelling (case, dashes), letters in
 * another order, or at most a third of the letters away. At least half of a short word must stay: `q` is not nearly `a`.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const plain = simplify(word);
  const limit = Math.max(1, Math.floor(plain.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const other = simplify(candidate);
    const away = apart(plain, other);
    if (away < bestDistance && 2 * away <= Math.max(plain.length, other.length)) {
      best = candidate;
      bestDistance = away;
    }
  }
  return best;
}

/** `did you mean "x"?`, or an empty text. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const meant = nearest(word, candidates);
  return meant === undefined ? '' : `did you mean "${meant}"?`;
}

/** The candidates as a list for a message, shortened after a dozen. */
export function listed(candidates: Iterable<string>, most = 12): string {
  const all = [...candidates];
  const shown = all.slice(0, most).join(', ');
  return all.length > most ? `${shown} and ${all.length - most} more` : shown;
}

/** Swapped letters (`=>` for `>=`) are one slip, not two. */
function apart(one: string, other: string): number {
  const sorted = (word: string) => [...word].sort().join('');
  return one !== other && sorted(one) === sorted(other) ? 1 : distance(one, other);
}

function simplify(word: string): string {
  return word.toLowerCase().replaceAll(/[-_\s]/g, '');
}
