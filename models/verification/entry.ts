import type { VerificationEntry } from '../../sim/verification-result.ts';

/** What came out of a try. */
export interface Trial extends Pick<VerificationEntry, 'simulated' | 'note'> {
  /** It is the figure of others; undefined: this version cannot tell. */
  readonly reproduced?: boolean;
}

/** A figure of others and the way to try it. */
export interface Verification extends Pick<VerificationEntry, 'id' | 'what' | 'source' | 'expected'> {
  try(): Trial;
}

export function verified(entry: Verification): VerificationEntry {
  const { id, what, source, expected } = entry;
  const { simulated, reproduced, note } = entry.try();
  const verdict = reproduced === undefined ? 'open' : reproduced ? 'reproduced' : 'differs';
  return { id, what, source, expected, simulated, verdict, note };
}
