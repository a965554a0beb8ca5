import { Command, InvalidArgumentError, Option } from 'commander';
import { knownRelease, knownReleases, releasesAround } from '../../models/versions/releases.ts';
import { parseVersion } from '../../models/versions/version.ts';
import { meantRelease } from '../../scenarios/read/known-release.ts';
import type { Finish } from '../exit.ts';
import { readDuration, setOption } from '../options.ts';
import type { PlanUpgradeOptions } from '../plan-upgrade/plan-upgrade.ts';

export function planUpgradeCommand(finish: Finish): Command {
  return new Command('plan-upgrade')
    .description('the legal steps of a fleet to a release, or the rules that forbid them')
    .argument('<fleet>', 'a Fleet, a Scenario (its fleet is taken), or manifests')
    .addOption(targetOption())
    .addOption(durationOption())
    .addOption(setOption())
    .addOption(formatOption())
    .addHelpText('after', NOTES)
    .action(async (file: string, options: PlanUpgradeOptions) => {
      const { planUpgradeOf } = await import('../plan-upgrade/plan-upgrade.ts');
      finish(await planUpgradeOf(file, options));
    });
}

const targetOption = () =>
  new Option('--to <version>', 'the release that all clusters and node pools are to have: 4.20, or 4.20.3')
    .argParser(readTarget)
    .makeOptionMandatory();

const durationOption = () =>
  new Option(
    '--duration <duration>',
    'with -o scenario: how long the run lasts (default: a day for each stage, and one more)',
  ).argParser(readDuration);

/** Plans go through minors that exist: a release that nobody knows has no way to it. */
function readTarget(text: string): string {
  const version = parseVersion(text);
  if (version === undefined) throw new InvalidArgumentError('It must be a version such as 4.20 or 4.20.3.');
  if (knownRelease(text) !== undefined) return text;
  const hints = [`the nearest possible target is ${releasesAround(version)[0]}`, meantRelease(text)];
  throw new InvalidArgumentError(
    `Releases that are known: ${knownReleases()}; ${hints.filter(Boolean).join('; ')}`,
  );
}

const formatOption = () =>
  new Option(
    '-o, --output <format>',
    'what goes to stdout; scenario: one that takes the steps of the plan, for hcpsim run',
  )
    .choices(['text', 'json', 'markdown', 'scenario'])
    .default('text');

const NOTES = `
Management clusters, operators, hosted clusters and node pools go from where they are, minor by minor, so that every rule of
HyperShift, OpenShift, Kubernetes and the support matrix holds at every moment (docs/versions.md). Steps of one stage do not wait
for each other. What cannot get there goes as far as it can; the rules that forbid the rest are named with their sources.

Exit codes: 0 everything gets to the release, 3 a rule forbids it for something, 2 wrong usage or invalid file.`;
