/** How events pick whom they hit: by name, by pattern, by label, and how many of those. */
import { z } from 'zod';
import { countOf } from '../../models/plan/count-or-share.ts';
import { faultLabel } from '../../models/plan/fault-label.ts';
import type { Fault } from '../../models/plan/faults.ts';
import type { CountOrShare } from '../../models/plan/fleet.ts';
import type { Micros } from '../../sim/time.ts';
import type { ProblemCode } from '../errors/codes.ts';
import { didYouMean, listed } from '../errors/suggest.ts';
import { matches, matchesAny } from '../read/globs.ts';
import { parsePercentage } from '../read/percentage.ts';
import { asList, positiveDuration, readDuration } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';

/** Keys that every event has. */
export const lasting = {
  duration: positiveDuration('How long it lasts. Default: until the end of the scenario.').optional(),
};

/** Keys of events that can hit a part of what they match. */
export const choosing = {
  mode: z
    .enum(['one', 'all', 'fixed', 'fixed-percent'])
    .default('all')
    .describe(
      'How many of the matching targets are hit: one, all, a fixed number, or a percentage (rounded up). Fewer than all ' +
        'are always the first in the order of the fleet, so that every run hits the same ones. Pods and workers are counted when it happens. Default all.',
    ),
  value: z
    .union([z.number().int().min(1), z.string().min(1)])
    .optional()
    .describe('With mode fixed: the number of targets. With mode fixed-percent: the share, `50%` or 50.'),
};

export interface Choice {
  readonly mode: 'one' | 'all' | 'fixed' | 'fixed-percent';
  readonly value?: string | number | undefined;
}

/** What every fault begins with: its kind, when and how long, and how cause chains name it: by its targets, or how many they are. */
export function faultOf<K extends Fault['kind']>(
  kind: K,
  at: Micros,
  body: { readonly duration?: string | undefined },
  targets: readonly string[],
  noun: string,
) {
  const duration = body.duration === undefined ? {} : { duration: readDuration(body.duration) };
  return { kind, at, ...duration, label: faultLabel(kind, targets, noun) };
}

export interface Named {
  readonly name: string;
}

/** What a written list of names and patterns means: the known things that match, each pattern at least one. */
export function byName<T extends Named>(
  written: string | readonly string[] | undefined,
  known: readonly T[],
  cursor: Cursor,
  noun: string,
  unknown: ProblemCode = 'selector-matches-nothing',
): readonly T[] {
  const patterns = asList(written);
  patterns.forEach((pattern, index) => {
    if (known.some((one) => matches(pattern, one.name))) return;
    const place = typeof written === 'string' ? cursor : cursor.to(index);
    // What stands for something that is missing or of another type was reported as that.
    if (place.node?.type !== 'scalar' || String(place.node.value) !== pattern) return;
    const names = known.map((one) => one.name);
    place.report(pattern.includes('*') ? 'selector-matches-nothing' : unknown, {
      found: `no ${noun} "${pattern}"`,
      expected: names.length === 0 ? `a ${noun}; the fleet has none` : `one of ${listed(new Set(names))}`,
      hint: didYouMean(pattern, names),
    });
  });
  return known.filter((one) => matchesAny(patterns, one.name));
}

/** Cuts what matches down to what mode and value ask for. */
export function choose<T>(matching: readonly T[], choice: Choice, cursor: Cursor): readonly T[] {
  return cutTo(howMany(choice, matching.length, cursor), matching);
}

/** @param only undefined: all */
export function cutTo<T>(only: CountOrShare | undefined, matching: readonly T[]): readonly T[] {
  return only === undefined ? matching : matching.slice(0, countOf(only, matching.length, Math.ceil));
}

/**
 * How many of what matches mode and value ask for: undefined for all, none after reporting what is wrong with them.
 * @param most that can ever match
 */
export function howMany(choice: Choice, most: number, cursor: Cursor): CountOrShare | undefined {
  const { mode, value } = choice;
  if (mode === 'all' || mode === 'one') {
    if (value !== undefined) {
      cursor.to('value').reportKey('conflicting-keys', {
        found: `value with mode ${mode}`,
        expected: 'value only with mode fixed or fixed-percent',
      });
    }
    return mode === 'one' ? { amount: 1, relative: false } : undefined;
  }
  if (value === undefined) {
    cursor.report('missing-key', { found: `mode ${mode} without value`, expected: 'value: how many' });
    return NONE;
  }
  return mode === 'fixed' ? fixedNumber(value, most, cursor) : share(value, cursor);
}

const NONE: CountOrShare = { amount: 0, relative: false };

function fixedNumber(value: string | number, most: number, cursor: Cursor): CountOrShare {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) {
    cursor
      .to('value')
      .report('wrong-type', { found: `"${value}"`, expected: 'a whole number of at least 1' });
    return NONE;
  }
  if (count > most) {
    cursor.to('value').report('too-few-targets', {
      found: `${count} wanted, ${most} match`,
      expected: `at most ${most}`,
    });
  }
  return { amount: count, relative: false };
}

function share(value: string | number, cursor: Cursor): CountOrShare {
  const part = parsePercentage(`${value}`.endsWith('%') ? `${value}` : `${value}%`);
  if (part !== undefined && part > 0) return { amount: part, relative: true };
  cursor
    .to('value')
    .report('bad-percentage', { found: `${value}`, expected: 'a percentage above 0% and up to 100%' });
  return NONE;
}

/** Whether something carries all wanted labels; `*` in a wanted value stands for any letters. */
export function carries(
  carried: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(
    ([key, pattern]) => Object.hasOwn(carried, key) && matches(pattern, carried[key]!),
  );
}
