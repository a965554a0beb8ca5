/** Numbers that are given as such or as a share of something. */
import type { CountOrShare } from './fleet.ts';

/** @param round how a share that is no whole number is rounded: Math.ceil or Math.floor */
export function countOf(
  { amount, relative }: CountOrShare,
  all: number,
  round: (share: number) => number,
): number {
  // A share such as 0.07 of 100 must not round up for what binary fractions leave behind.
  return relative ? round(Math.round(amount * all * 1e9) / 1e9) : amount;
}
