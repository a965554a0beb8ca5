/**
 * Delta debugging of a list (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002): leaves out parts, large
 * ones first, for as long as what remains still fails.
 */

/** @returns a part of the list that fails, and no longer does when any one item is left out */
export function shrink<T>(list: readonly T[], fails: (part: readonly T[]) => boolean): readonly T[] {
  let rest = list;
  for (let size = Math.ceil(rest.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    for (let from = 0; from < rest.length; ) {
      const without = [...rest.slice(0, from), ...rest.slice(from + size)];
      if (fails(without)) {
        rest = without;
        // What was kept before may be dispensable now.
        from = 0;
      } else from += size;
    }
  }
  return rest;
}
