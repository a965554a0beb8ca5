import type { Outage } from '../../sim/result.ts';
import { owner } from './labels.ts';

/** A cause without what sets one cluster or one replica apart from the next. */
export function pattern(cause: string, outage: Outage): string {
  return cause.replaceAll(owner(outage.labels), '*').replace(/\d+/g, '#');
}
