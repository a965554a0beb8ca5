import type { VerificationEntry } from '../../sim/verification-result.ts';

/** A figure of others and the way to try it. */
export interface Verification extends Pick<VerificationEntry, 'id' | 'what' | 'source' | 'expected'> {
  try(): Pick<VerificationEntry, 'simulated' | 'verdict' | 'note'>;
}

export function verified(entry: Verification): VerificationEntry {
  const { id, what, source, expected } = entry;
  return { id, what, source, expected, ...entry.try() };
}
