/** The moment of the calendar at which a run begins: simulated clocks start at 0, maintenance windows do not. */
import type { Cursor } from '../source/cursor.ts';

export interface StartOfRun {
  /** Milliseconds since 1970, UTC. */
  readonly epoch: number;
  /** False when only the day of the week is known. */
  readonly hasDate: boolean;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const WEEKLY = /^([a-z]{3})[a-z]* ([01][0-9]|2[0-3]):([0-5][0-9])$/i;
const DATED = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z$/;

/** A Monday, for runs of which only the day of the week is known. */
const SOME_MONDAY = Date.UTC(2024, 0, 1);
const MINUTE_MS = 60_000;

/** Reads `Mon 00:00` or `2026-03-02T00:00Z`, both UTC; what is neither is reported and becomes a Monday. */
export function readStartOfRun(text: string, cursor: Cursor): StartOfRun {
  const [, day, hour, minute] = WEEKLY.exec(text) ?? [];
  const number = DAYS.indexOf((day ?? '').toLowerCase());
  if (number >= 0)
    return {
      epoch: SOME_MONDAY + ((24 * number + Number(hour)) * 60 + Number(minute)) * MINUTE_MS,
      hasDate: false,
    };
  const epoch = DATED.test(text) ? new Date(text).getTime() : Number.NaN;
  if (!Number.isNaN(epoch)) return { epoch, hasDate: true };
  cursor.report('invalid-value', {
    found: `"${text}"`,
    expected: 'a day of the week and a time, "Mon 00:00", or a date, "2026-03-02T00:00Z"; UTC',
  });
  return { epoch: SOME_MONDAY, hasDate: false };
}
