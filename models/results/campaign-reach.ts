/** How far a campaign got: how many of its targets are what it brings them to. */
import type { BuiltFleet } from '../build/fleet.ts';
import type { CampaignPlan, StagePlan } from '../plan/campaign.ts';
import type { CampaignRecord } from '../upgrades/campaign/record.ts';
import type { UpgradeRecord } from '../upgrades/ledger.ts';
import { subjectOf } from '../upgrades/subjects.ts';

export interface Reach {
  /** Different ones: each counts once, however many stages have it. */
  readonly targets: number;
  /** Those that now have what the last stage that has them asks for. */
  readonly reached: number;
}

/** Counts the targets of a campaign, of which there is at least one, as they are now. */
export function reachOf(fleet: BuiltFleet, { stages }: CampaignPlan, record: CampaignRecord): Reach {
  const wanted = new Map<string, { readonly stage: StagePlan; readonly name: string }>();
  for (const stage of stages)
    for (const name of stage.waves.flat()) wanted.set(`${stage.kind} ${name}`, { stage, name });

  const { records } = fleet.world.upgrades.ledger;
  const asked = lastAsked(records);
  const changed = lastAsked(records.filter(({ change }) => change !== undefined));
  const own = new Set(record.waves.flatMap(({ upgrades }) => upgrades.map((id) => records[id])));

  const reached = [...wanted.values()].filter(({ stage: { kind, to }, name }) => {
    const { upgrades } = fleet.world;
    const subject = subjectOf(fleet, kind, name);
    const key = keyOf({ kind, subject });
    if (to === undefined) {
      // A change leaves nothing to look at: it is there when the campaign made it, and nobody another one since.
      const last = changed.get(key);
      return last?.end === 'completed' && own.has(last);
    }
    const release = upgrades.releases.of(to);
    const last = asked.get(key);
    if (last === undefined) return upgrades.release(kind, subject) === release;
    return last.end === 'completed' && last.after === release;
  });
  return { targets: wanted.size, reached: reached.length };
}

const keyOf = ({ kind, subject }: Pick<UpgradeRecord, 'kind' | 'subject'>): string => `${kind} ${subject}`;

/** What was last asked of each subject. */
function lastAsked(records: readonly UpgradeRecord[]): ReadonlyMap<string, UpgradeRecord> {
  return new Map(records.map((record) => [keyOf(record), record]));
}
