/** How campaigns come out over replications: how often, when, and what stops them. */
import type { CampaignFutures, CampaignResult } from '../../sim/result.ts';
import type { Micros } from '../../sim/time.ts';
import { statistic } from './condition.ts';

/**
 * The campaigns of the first replication, each with how it came out over all of them where there are several.
 * @param replications the campaigns of each, of which there is at least one, in the same order
 */
export function withFutures(replications: readonly (readonly CampaignResult[])[]): CampaignResult[] {
  return replications[0]!.map((campaign, i) =>
    replications.length === 1
      ? campaign
      : { ...campaign, futures: futuresOf(replications.map((one) => one[i]!)) },
  );
}

function futuresOf(all: readonly CampaignResult[]): CampaignFutures {
  const completed = all.filter(({ outcome }) => outcome === 'completed');
  const count = (wanted: CampaignResult['outcome']): number =>
    all.filter(({ outcome }) => outcome === wanted).length;
  const ends = completed.map(({ ended }) => ended!);
  return {
    replications: all.length,
    completed: completed.length,
    withoutSome: completed.filter(({ targets, reached }) => reached < targets).length,
    stopped: count('stopped'),
    goingOn: count('going-on'),
    before: count('before'),
    ...(ends.length === 0
      ? {}
      : {
          completedAt: { median: statistic('p50', ends) as Micros, worst: statistic('max', ends) as Micros },
        }),
    reasons: reasonsOf(all.filter(({ outcome }) => outcome === 'stopped')),
  };
}

/** The most frequent first; of equally frequent ones the one that came first. */
function reasonsOf(stopped: readonly CampaignResult[]): CampaignFutures['reasons'] {
  const counts = new Map<string, number>();
  for (const { reason } of stopped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, replications]) => ({ reason, replications }))
    .sort((one, other) => other.replications - one.replications);
}
