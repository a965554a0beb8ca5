/** Injected events in words. */
import type { InjectedEvent, RunResult } from '../../sim/result.ts';
import { formatCount, formatSpan } from './format.ts';

/** Whether the run lasted until the event: one that was cut short has only been told of it. */
export const reached = ({ at }: InjectedEvent, { duration }: RunResult): boolean => at < duration;

/** `at 1h until 3h`. */
export function spanText({ at, until }: InjectedEvent): string {
  return `at ${formatSpan(at)}${until === undefined ? '' : ` until ${formatSpan(until)}`}`;
}

/** ` (7 targets)`; empty for a single one. An event that did not meet what it means says so; why is told by the notes. */
export function targetsText({ targets, missed }: InjectedEvent): string {
  const many = targets > 1 ? ` (${formatCount(targets)} targets)` : '';
  if (missed === undefined) return many;
  return targets === 0 ? ', which met nothing' : `${many}, which did not meet all that it means`;
}
