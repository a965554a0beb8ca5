/** How far a campaign got: how many of its targets are what it brings them to. */
import type { BuiltFleet } from '../build/fleet.ts';
import type { CampaignPlan, StagePlan } from '../plan/campaign.ts';
import type { UpgradeChange } from '../plan/faults.ts';
import type { CampaignRecord } from '../upgrades/campaign/record.ts';
import type { UpgradeRecord } from '../upgrades/ledger.ts';
import { isAside } from '../upgrades/ledger.ts';
import { subjectOf } from '../upgrades/subjects.ts';

export interface Reach {
  /** Different ones: each counts once, however many stages have it. */
  readonly targets: number;
  /** Those that now have what the last stage that has them asks for, and the changes of all. */
  readonly reached: number;
}

/** Counts the targets of a campaign, of which there is at least one, as they are now. */
export function reachOf(fleet: BuiltFleet, { stages }: CampaignPlan, record: CampaignRecord): Reach {
  const { upgrades } = fleet.world;
  const { records } = upgrades.ledger;
  const asked = new Map(records.filter((one) => !isAside(one)).map((one) => [keyOf(one), one]));
  const changed = new Map(records.map((one) => [keyOf(one) + aspectOf(one), one]));
  const own = new Set(record.waves.flatMap((wave) => wave.upgrades.map((id) => records[id])));

  const isThere = ({ kind, to, change }: StagePlan, name: string): boolean => {
    const subject = subjectOf(fleet, kind, name);
    const key = keyOf({ kind, subject });
    if (to === undefined) {
      // A change leaves nothing to look at: it is there when the campaign made it, and nobody the same one or its opposite since.
      const last = changed.get(key + aspectOf({ change }));
      return last?.end === 'completed' && own.has(last);
    }
    const last = asked.get(key);
    const present = last?.after ?? upgrades.release(kind, subject);
    const isOver = last === undefined || last.end === 'completed';
    return isOver && upgrades.releases.meant(upgrades.releases.of(to), present) === present;
  };

  const targets = [...wishesOf(stages)];
  const reached = targets.filter(([, wishes]) =>
    [...wishes.values()].every(({ stage, name }) => isThere(stage, name)),
  );
  return { targets: targets.length, reached: reached.length };
}

interface Wish {
  readonly stage: StagePlan;
  readonly name: string;
}

/** What is wanted of each target in the end: one release, and one of each change. */
function wishesOf(stages: readonly StagePlan[]): ReadonlyMap<string, ReadonlyMap<string, Wish>> {
  const targets = new Map<string, Map<string, Wish>>();
  for (const stage of stages) {
    for (const name of stage.waves.flat()) {
      const target = `${stage.kind} ${name}`;
      const wishes = targets.get(target) ?? new Map<string, Wish>();
      targets.set(target, wishes.set(aspectOf(stage), { stage, name }));
    }
  }
  return targets;
}

const keyOf = ({ kind, subject }: Pick<UpgradeRecord, 'kind' | 'subject'>): string => `${kind} ${subject}`;

/** What of a subject is asked for: its release, or what a change is about. Who resumes takes a pause back. */
function aspectOf({ change }: { readonly change?: UpgradeChange | undefined }): string {
  if (change === undefined) return ' release';
  return change === 'pause' || change === 'resume' ? ' paused' : ` ${change}`;
}
