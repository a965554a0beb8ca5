/** Causal chains in words. */
import type { Outage } from '../../sim/result.ts';

const ARROW = ' → ';

/** The chain of the first fall, root first. What came after it is told by the phases. */
export function fallOf({ segments, causes }: Outage): readonly string[] {
  return segments[0]?.causes ?? causes;
}

export function chainText(chain: readonly string[]): string {
  return chain.length > 0 ? chain.join(ARROW) : 'cause unknown';
}

/** A chain from where it leaves another one, cut in its middle when it is long: `… → node x found Unknown → endpoint dropped`. Empty when it never does. */
export function branchText(stem: readonly string[], chain: readonly string[]): string {
  let shared = 0;
  while (shared < chain.length && stem[shared] === chain[shared]) shared++;
  if (shared === chain.length) return '';
  return (shared > 0 ? `…${ARROW}` : '') + shortened(chain.slice(shared)).join(ARROW);
}

/** More links than this are cut in the middle: what began it and what came last is what ended an outage. */
const MOST_LINKS = 8;
const [FIRST, LAST] = [2, 4] as const;

function shortened(chain: readonly string[]): readonly string[] {
  if (chain.length <= MOST_LINKS) return chain;
  return [...chain.slice(0, FIRST), `… ${chain.length - FIRST - LAST} more …`, ...chain.slice(-LAST)];
}
