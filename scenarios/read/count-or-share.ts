import type { CountOrShare } from '../../models/plan/fleet.ts';
import { parsePercentage } from './percentage.ts';

/** A number, or a percentage that the schema let through. */
export function readCountOrShare(written: number | string): CountOrShare {
  if (typeof written === 'number') return { amount: written, relative: false };
  const share = parsePercentage(written);
  if (share === undefined) throw new Error(`not a percentage after validation: ${written}`);
  return { amount: share, relative: true };
}
