/** Soaks of a campaign that cannot be over by the end of the run, however fast its upgrades are. */
import type { CampaignPlan, StagePlan } from '../../models/plan/campaign.ts';
import type { Fault, UpgradeSubject } from '../../models/plan/faults.ts';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import { formatDuration } from '../../sim/duration.ts';
import type { Micros } from '../../sim/time.ts';
import type { Cursor } from '../source/cursor.ts';

/** Who asks for what in a scenario: how often, by target and release. */
export type Requests = ReadonlyMap<string, number>;

const requestOf = (kind: UpgradeSubject, name: string, to: string): string => `${kind} ${name} ${to}`;

/** The releases that campaigns and events ask for. */
export function requestsOf(campaigns: readonly CampaignPlan[], faults: readonly Fault[]): Requests {
  const stages = campaigns
    .flatMap((one) => one.stages)
    .map((stage) => ({ ...stage, names: stage.waves.flat() }));
  const events = faults.flatMap((fault) =>
    fault.kind === 'upgrade' ? { ...fault, kind: fault.subject } : [],
  );
  const counts = new Map<string, number>();
  for (const { kind, names, to } of [...stages, ...events]) {
    for (const name of to === undefined ? [] : names) {
      const request = requestOf(kind, name, to!);
      counts.set(request, (counts.get(request) ?? 0) + 1);
    }
  }
  return counts;
}

/**
 * Reports the first stage of a campaign in whose soaks the run is sure to end. Waves of which nothing may be left to upgrade do not count:
 * nothing soaks then.
 * @param cursor points to the campaign
 */
export function checkSoaks(
  { at, stages }: CampaignPlan,
  fleet: FleetPlan,
  requests: Requests,
  end: Micros,
  cursor: Cursor,
): void {
  let earliest: number = at;
  const late = stages.findIndex((stage) => {
    const soaked = stage.waves.filter((names) => names.some((name) => isAsked(stage, name, fleet, requests)));
    earliest += soaked.length * stage.soak;
    return stage.soak > 0 && earliest >= end;
  });
  if (late < 0) return;
  cursor.to('stages', late, 'soak').report('event-after-end', {
    found: `soaks that alone last until ${formatDuration(earliest as Micros)}`,
    expected: `an end of the last of them before the end, ${formatDuration(end)}`,
    hint: 'a longer run, or shorter soaks: what comes after them would never be seen',
  });
}

/** Whether a stage is sure to ask for an upgrade of a target: it is elsewhere at the beginning, and nobody else brings it there. */
function isAsked({ kind, to }: StagePlan, name: string, fleet: FleetPlan, requests: Requests): boolean {
  if (to === undefined) return true;
  const release = releaseOf(kind, name, fleet);
  // A minor without a patch may mean any patch of it.
  const mayBeIt = release === undefined || `${release}.`.startsWith(`${to}.`);
  return !mayBeIt && requests.get(requestOf(kind, name, to)) === 1;
}

/** What a target has at the beginning. */
function releaseOf(kind: UpgradeSubject, name: string, fleet: FleetPlan): string | undefined {
  const [cluster, pool] = name.split('/');
  const hosted = fleet.hostedClusters.find((one) => one.name === cluster);
  const management = fleet.managementClusters.find((one) => one.name === cluster);
  switch (kind) {
    case 'hostedCluster':
      return hosted?.release;
    case 'nodePool':
      return hosted?.nodePools.find((one) => one.name === pool)?.release;
    case 'operator':
      return management?.operator.version;
    default:
      return management?.version;
  }
}
