/** Versions that ran side by side, in sentences: what broke a rule, and what came nearest to it. */
import type { RunResult } from '../../sim/result.ts';
import { plural, spanRange } from './format.ts';
import { groupBy, owner } from './labels.ts';
import { compareNames, mergeNames } from './names.ts';
import { range } from './range.ts';

export const SKEW_TITLE = 'Version skew';

export interface SkewTexts {
  readonly good: boolean;
  readonly lines: readonly string[];
}

/**
 * Broken rules, or how far those on nodes were from it: the ones that came nearer since the beginning of the run, as many are at their limit at all
 * times. Parts of a control plane are at theirs in every rollout to another minor, so those rules are told when they are broken.
 */
export function skewTexts({ skew, upgrades, duration }: RunResult): SkewTexts {
  const broken = skew.flatMap(({ labels, violations }) =>
    violations.map((one) => ({ owner: owner(labels), ...one })),
  );
  const documented = documentedText(upgrades);
  if (broken.length === 0) return { good: true, lines: [...nearestText(skew), ...documented] };
  const lines = groupBy(broken, ({ rule }) => rule).map((same) => {
    const lengths = range(same.map(({ from, to = duration }) => (to - from) as typeof duration));
    const most = Math.max(...same.map(({ by }) => by));
    const open = same.filter(({ to }) => to === undefined).length;
    return (
      `${names(same.map((one) => one.owner))} broke ${same[0]!.rule} by ${plural(most, 'minor')} for ${spanRange(lengths)}, ` +
      `from ${spanRange(range(same.map(({ from }) => from)))} on${open === 0 ? '' : ` (${open} still at the end)`}: ${same[0]!.statement}`
    );
  });
  return { good: false, lines: [...lines, ...documented] };
}

/** How remarks cite a rule: `… (hosted-cluster.leaves-pools-behind)`. */
const CITED = /\(([a-z]+(?:-[a-z]+)*\.[a-z-]+)\)$/;

/** What HyperShift and the support matrix document and nobody stops, which upgrades broke. */
function documentedText(upgrades: RunResult['upgrades']): string[] {
  const cited = upgrades.flatMap(({ name, remarks }) =>
    remarks.flatMap((remark) => {
      const rule = CITED.exec(remark)?.[1];
      return rule === undefined ? [] : { rule, name };
    }),
  );
  const told = groupBy(cited, ({ rule }) => rule).map(
    (same) => `${same[0]!.rule} by ${names(same.map(({ name }) => name))}`,
  );
  if (told.length === 0) return [];
  return [`Upgrades broke what is documented and nobody stops, as remarked there: ${told.join('; ')}`];
}

const names = (owners: readonly string[]): string => mergeNames([...new Set(owners)].sort(compareNames));

function nearestText(skew: RunResult['skew']): string[] {
  const all = skew.flatMap(({ labels, nearest }) => nearest.map((one) => ({ owner: owner(labels), ...one })));
  if (all.length === 0) return [];
  const nearer = all.filter(({ at, ofNodes }) => at > 0 && ofNodes);
  if (nearer.length === 0)
    return ['No rule of the version skew policy was broken, and nodes came no nearer to break one'];
  const left = Math.min(...nearer.map((one) => one.left));
  const closest = groupBy(
    nearer.filter((one) => one.left === left),
    ({ rule }) => rule,
  ).map((same) => `${same[0]!.rule} of ${names(same.map((one) => one.owner))}`);
  return [
    `No rule of the version skew policy was broken; nodes came nearest with ${plural(left, 'minor')} left: ${closest.join('; ')}`,
  ];
}
