/** The legal way of a fleet to a release, or the rules that forbid it. */
import type { FleetPlan } from '../../plan/fleet.ts';
import { mceRelease } from '../operators.ts';
import { RELEASES } from '../releases.ts';
import { minorOf, parseVersion } from '../version.ts';
import { numbered, SiteStages } from './draft.ts';
import { drainNotes } from './drains.ts';
import { followingPools, nextOfHosted } from './hosted.ts';
import { nextOfManagement, nextOfOperator, resumed } from './management.ts';
import { refusalsOf } from './refusals.ts';
import { type Site, sitesOf } from './site.ts';
import type { Refusal, UpgradePlan } from './steps.ts';
import { Target } from './target.ts';

/**
 * Steps that bring every cluster of a fleet to a release, each legal by every rule at the moment at which its stage begins.
 * The documented order is kept: management cluster, operator, hosted clusters, node pools. It begins again where the support matrix
 * demands that one waits for another. Management clusters do not wait for each other.
 * What cannot get there goes as far as it can and is refused, with the rules that forbid the rest.
 * @param to a minor, or a patch of it. @throws RangeError for a text that is no version, and for a release that nobody knows
 */
export function planUpgrade(fleet: FleetPlan, to: string): UpgradePlan {
  const target = new Target(to);
  const refused: Refusal[] = [];
  const reached = reachedBy(fleet, target);
  const stages = sitesOf(fleet).map((site, i) => {
    const steps = stagesOf(site, target, reached[i]!);
    refused.push(...refusalsOf(site, target));
    return steps;
  });
  const nearest = refused.length === 0 ? undefined : nearestOf(fleet, target);
  return {
    fleet: fleet.name,
    to,
    stages: numbered(stages),
    refused,
    ...(nearest === undefined ? {} : { nearest }),
    notes: [...notesOn(fleet), ...drainNotes(fleet, numbered(stages))],
  };
}

/** The latest minor before a target to which every cluster and pool of a fleet gets; undefined where something would have to go nowhere. */
function nearestOf(fleet: FleetPlan, { minor }: Target): string | undefined {
  const earlier = RELEASES.map(({ name }) => name).filter((name) => minorOf(name)! < minor);
  let moves = false;
  const found = earlier.findLast((name) => {
    const target = new Target(name);
    const reached = reachedBy(fleet, target);
    const sites = sitesOf(fleet);
    const steps = sites.map((site, i) => stagesOf(site, target, reached[i]!).stages.length);
    moves = steps.some((count) => count > 0);
    return sites.every((site) => refusalsOf(site, target).length === 0);
  });
  return moves ? found : undefined;
}

/** What nobody can check, since no table has it. */
function notesOn({ managementClusters }: FleetPlan): readonly string[] {
  return managementClusters
    .filter(({ operator }) => operator.product === 'MCE' && mceRelease(operator.version) === undefined)
    .map(
      ({ name, operator }) =>
        `What MCE ${operator.version} of ${name} runs on and hosts is in no table: steps there are not checked against it.`,
    );
}

/** The versions that management clusters get to when their workers follow each step: what tells where it is of use to pause them. */
function reachedBy(fleet: FleetPlan, target: Target): readonly string[] {
  return sitesOf(fleet).map((site) => {
    stagesOf(site, target);
    return site.version;
  });
}

function stagesOf(site: Site, target: Target, reach?: string): SiteStages {
  const stages = new SiteStages(site.plan.name);
  for (let steps = next(site, target, reach); steps.length > 0; steps = next(site, target, reach))
    stages.add(steps);
  if (site.pausedAt !== '' && site.pausedAt !== site.version) stages.add(resumed(site).steps);
  const followers = site.hosted.flatMap((hosted) => followingPools(site, hosted, target));
  if (followers.length > 0) stages.add(followers);
  return stages;
}

function next(site: Site, target: Target, reach: string | undefined) {
  // A version that nobody can read has no way from it: the cluster stays, and is refused.
  if (parseVersion(site.version) !== undefined) {
    const management = nextOfManagement(site, target, reach).steps;
    if (management.length > 0) return management;
    const operator = nextOfOperator(site, target).steps;
    if (operator.length > 0) return operator;
  }
  return nextOfHosted(site, target);
}
