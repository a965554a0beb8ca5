/** Many names in few words: `tenant-0 … tenant-19 (20)`. */

const NUMBERED = /^(.*?)(\d+)$/;

/** Order of names as people number them: `node-2` before `node-10`. Total: names that read alike are ordered by code unit. */
export function compareNames(a: string, b: string): number {
  const [first, second] = [NUMBERED.exec(a), NUMBERED.exec(b)];
  if (first && second && first[1] === second[1]) {
    const difference = Number(first[2]) - Number(second[2]);
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Lists names, folding runs of consecutive numbers.
 * @param most how many runs are spelled out before `and n more`
 */
export function mergeNames(names: readonly string[], most = 3): string {
  const sorted = [...new Set(names)].sort(compareNames);
  const runs = foldRuns(sorted);
  if (runs.length === 1 && sorted.length === 1) return sorted[0]!;
  const shown = runs.slice(0, most);
  const hidden = sorted.length - shown.reduce((total, run) => total + run.length, 0);
  const text = shown.map(runText).join(', ') + (hidden > 0 ? ` and ${hidden} more` : '');
  return sorted.length > 2 ? `${text} (${sorted.length})` : text;
}

function foldRuns(sorted: readonly string[]): string[][] {
  const runs: string[][] = [];
  for (const name of sorted) {
    const run = runs.at(-1);
    if (run && follows(run.at(-1)!, name)) run.push(name);
    else runs.push([name]);
  }
  return runs;
}

function follows(before: string, after: string): boolean {
  const [first, second] = [NUMBERED.exec(before), NUMBERED.exec(after)];
  return !!first && !!second && first[1] === second[1] && Number(first[2]) + 1 === Number(second[2]);
}

function runText(run: readonly string[]): string {
  return run.length < 3 ? run.join(', ') : `${run[0]} … ${run.at(-1)}`;
}
