/**
 * Plays drawn scenarios and looks for what must not be: invariants at many moments, the history at the end, and a fleet that is whole
 * again once every fault is over. What it finds comes as a recipe: the seed, the fewest faults that still show it, and the command.
 */

import { InvariantViolation } from '../../sim/assert.ts';
import { formatDuration } from '../../sim/duration.ts';
import { DAY, MINUTE, type Micros } from '../../sim/time.ts';
import type { ClusterId } from '../ids.ts';
import { standingStill } from '../results/unhealed/upgrades.ts';
import { unexplained } from '../results/unhealed.ts';
import { Replication } from '../run.ts';
import type { UpgradeRecord } from '../upgrades/ledger.ts';
import { openWait } from '../upgrades/ledger.ts';
import { subjectText } from '../upgrades/subjects.ts';
import { type Case, drawCase } from './draw.ts';
import { rows } from './invariants/invariant.ts';
import { type Broken, brokenAfterwards, brokenNow, WATCHES } from './invariants.ts';
import { shrink } from './shrink.ts';

/** Something that must not be, and when it was seen. */
export interface Finding extends Broken {
  readonly at: Micros;
}

export interface Hooks {
  /** Sees the world before anything happens: where a test plants a defect. */
  readonly prepare?: (replication: Replication) => void;
  /** Sees the world at each moment at which the swarm looks. */
  readonly look?: (replication: Replication) => void;
}

/** Plays one case to its end, or to the first thing that must not be. */
function play(plan: Case, hooks: Hooks = {}): Finding | undefined {
  const replication = new Replication(plan, 0);
  const { sim } = replication.fleet.world;
  hooks.prepare?.(replication);
  const watches = WATCHES.map((watch) => watch(replication));
  const found = (broken: Broken | undefined): Finding | undefined => broken && { ...broken, at: sim.now };
  try {
    for (const moment of plan.moments) {
      replication.run(moment);
      hooks.look?.(replication);
      const broken = brokenNow(replication, watches);
      if (broken) return found(broken);
    }
  } catch (error) {
    if (!(error instanceof InvariantViolation)) throw error;
    return found({ name: 'a run comes to its end', detail: error.message });
  }
  return found(
    brokenAfterwards(replication) ?? silent(replication) ?? missedCue(replication) ?? notHealed(replication),
  );
}

/** Longer than any part of an upgrade takes by itself. */
const LONG = DAY;

/** An upgrade that has not got on for long, and does not say why. */
function silent({ fleet }: Replication): Broken | undefined {
  const record = standingStill(fleet, LONG).find((one) => openWait(one) === undefined);
  if (record === undefined) return undefined;
  const parts = record.phases.filter(({ to }) => to === undefined).map(({ name }) => name);
  const detail = `${subjectText(fleet, record)}: ${parts.join(', ') || 'no part'} goes on, and waits for nothing`;
  return { name: 'an upgrade that stands still says why', detail };
}

/** What an upgrade has done, and what it waits for. */
const standing = ({ end, phases, waits }: UpgradeRecord): string =>
  JSON.stringify([
    end,
    phases,
    waits
      .filter(({ to }) => to === undefined)
      .map(({ phase, why }) => `${phase}: ${why}`)
      .sort((a, b) => (a < b ? -1 : 1)),
  ]);

/**
 * An upgrade that has not got on for long, and does when everybody looks again who waits for an API: what it had waited for came without
 * its hearing of it.
 */
function missedCue(replication: Replication): Broken | undefined {
  const { fleet } = replication;
  const still = standingStill(fleet, LONG);
  if (still.length === 0) return undefined;
  const before = still.map(standing);
  const { clusters, sim } = fleet.world;
  for (const cluster of rows<ClusterId>(clusters.table))
    if (clusters.apiUp(cluster)) clusters.apiChanged.emit(cluster, true);
  replication.run((sim.now + BETWEEN) as Micros);
  const at = still.findIndex((record, i) => standing(record) !== before[i]);
  if (at < 0) return undefined;
  const detail = `${subjectText(fleet, still[at]!)}: ${before[at]}, and when looked at again ${standing(still[at]!)}`;
  return { name: 'an upgrade goes on when it can', detail };
}

/** How often a fleet is looked at when it ought to be whole, and how long after each other. */
const LAST_LOOKS = 4;
const BETWEEN = (7 * MINUTE) as Micros;

/**
 * What a fleet lacks long after all faults, other than what waits for a human by a documented reason. A disk that stalls now and then costs
 * an etcd its leader for a moment at any time; what is lacking counts when it is so at every one of several looks.
 */
export function neverHealed(replication: Replication): string[] {
  const look = (): string[] => unexplained(replication).map(({ what }) => what);
  let lacking = look();
  for (let i = 1; i < LAST_LOOKS && lacking.length > 0; i++) {
    replication.run((replication.fleet.world.sim.now + BETWEEN) as Micros);
    const still = look();
    lacking = lacking.filter((what) => still.includes(what));
  }
  return lacking;
}

function notHealed(replication: Replication): Broken | undefined {
  const [what, ...more] = neverHealed(replication);
  if (what === undefined) return undefined;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return { name: 'a fleet heals when its faults are over', detail: `${what}, and nobody says why${others}` };
}

/** What the swarm found with one seed. */
export interface Recipe extends Finding {
  readonly seed: number;
  /** Numbers of the faults that suffice, of those that the seed draws. */
  readonly faults: readonly number[];
  readonly drawn: number;
  readonly lines: readonly string[];
}

/** Plays the case of a seed; a finding is shrunk to the fewest faults that show the same. */
export function trySeed(seed: number, hooks: Hooks = {}, chosen?: readonly number[]): Recipe | undefined {
  const whole = drawCase(seed, chosen);
  const first = play(whole, hooks);
  if (first === undefined) return undefined;
  const all = drawCase(seed).faults;
  const again = (faults: readonly number[]): Finding | undefined => {
    const finding = play(drawCase(seed, faults), hooks);
    return finding?.name === first.name ? finding : undefined;
  };
  const faults = shrink(chosen ?? all.map((_, i) => i), (part) => again(part) !== undefined);
  const finding = again(faults) ?? first;
  const lines = faults.map((i) => `${i}: ${JSON.stringify(all[i])}`);
  return { ...finding, seed, faults, drawn: all.length, lines };
}

/** The command that shows a finding again. */
export const commandOf = ({ seed, faults }: Recipe): string =>
  `npm run swarm -- --seed ${seed} --faults ${faults.length === 0 ? 'none' : faults.join(',')}`;

/** A finding in words, with the command that shows it again. */
export function recipeText(recipe: Recipe): string {
  const { seed, name, detail, at, faults, drawn, lines } = recipe;
  return [
    `seed ${seed} breaks "${name}" at ${formatDuration(at)}:`,
    `  ${detail}`,
    `  ${faults.length} of ${drawn} faults suffice:`,
    ...lines.map((line) => `    ${line}`),
    `  to see it again: ${commandOf(recipe)}`,
  ].join('\n');
}
