/** Maintenance windows and freezes: from cron expressions to stretches of simulated time. */
import { Cron } from 'croner';
import type { Opening } from '../../models/plan/campaign.ts';
import { formatDuration } from '../../sim/duration.ts';
import { MILLISECOND, type Micros, START } from '../../sim/time.ts';
import type { CampaignSpec, RecurringSpec } from '../schema/campaign.ts';
import { readDuration } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { union, without } from './spans.ts';
import type { StartOfRun } from './start-of-run.ts';

/** A window every five minutes for a year is no plan of anybody. */
const MOST_OCCURRENCES = 100_000;

/** Five fields of digits, names and the usual signs. Croner would read `?` as the present moment of the real world. */
const FIELDS = /^[0-9A-Za-z*,/#-]+(?: +[0-9A-Za-z*,/#-]+){4}$/;

/** When upgrades of a campaign may begin; undefined for at any time, or after reporting what is wrong. */
export function openingsOf(
  { windows, freezes }: CampaignSpec,
  start: StartOfRun,
  end: Micros,
  cursor: Cursor,
): readonly Opening[] | undefined {
  if (windows === undefined && freezes.length === 0) return undefined;
  const before = cursor.problems.reports;
  const all = (list: readonly RecurringSpec[], key: string): Opening[] =>
    list.flatMap((one, i) => occurrences(one, start, end, cursor.to(key, i)));
  const open = windows === undefined ? [{ from: START, to: end }] : union(all(windows, 'windows'));
  const openings = without(open, union(all(freezes, 'freezes')));
  if (openings.length === 0 && cursor.problems.reports === before) {
    cursor.to(windows === undefined ? 'freezes' : 'windows').reportKey('no-window', {
      found: `no moment of the run (${formatDuration(end)}) is within a window and outside of all freezes`,
      expected: 'windows in which an upgrade can begin',
    });
  }
  return cursor.problems.reports === before ? openings : undefined;
}

/** Every time that a cron expression gives within the run, cut to it. */
function occurrences(
  { cron, duration }: RecurringSpec,
  start: StartOfRun,
  end: Micros,
  cursor: Cursor,
): Opening[] {
  const length = readDuration(duration);
  const clock = readCron(cron, start, cursor.to('cron'));
  if (clock === undefined) return [];
  const spans: Opening[] = [];
  const first = start.epoch - Math.ceil(length / MILLISECOND) - 1;
  for (let next = clock.nextRun(new Date(first)); next !== null; next = clock.nextRun(next)) {
    const from = (next.getTime() - start.epoch) * MILLISECOND;
    if (from >= end) break;
    spans.push({ from: Math.max(0, from) as Micros, to: Math.min(end, from + length) as Micros });
    if (spans.length > MOST_OCCURRENCES) {
      cursor.to('cron').report('bad-cron', {
        found: `"${cron}", more than ${MOST_OCCURRENCES} times in the run`,
        expected: 'an expression that comes less often',
      });
      return [];
    }
  }
  return spans;
}

function readCron(text: string, start: StartOfRun, place: Cursor): Cron | undefined {
  const expected = 'five fields: minute, hour, day of month, month, day of week, such as "0 22 * * MON-FRI"';
  const written = text.trim();
  if (!FIELDS.test(written)) {
    const { length } = written.split(/ +/);
    const hint = length === 6 ? 'leave the seconds out' : length === 5 ? '' : `it has ${length}`;
    place.report('bad-cron', { found: `"${text}"`, expected, hint });
    return undefined;
  }
  const [, , day, month] = written.split(/ +/);
  const needsDate =
    day !== '*' || month !== '*' || /[#L]/i.test(written.split(/ +/)[4]!.replace(/[A-Z]{3}/gi, ''));
  if (needsDate && !start.hasDate) {
    place.report('bad-cron', {
      found: `"${text}", whose times hang on a date`,
      expected: '* as day of month and month, or a run that begins on a date',
      hint: 'say when the run begins: startOfRun: "2026-03-02T00:00Z"',
    });
    return undefined;
  }
  try {
    return new Cron(written, { utcOffset: 0, mode: '5-part' });
  } catch (error) {
    place.report('bad-cron', {
      found: `"${text}"`,
      expected,
      hint: error instanceof Error ? error.message : '',
    });
    return undefined;
  }
}
