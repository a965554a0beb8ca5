import { type Distribution, requirePositive } from './distribution.ts';

export interface Component {
  /** Relative weight, above 0; weights need not add up to 1. */
  readonly weight: number;
  readonly distribution: Distribution;
}

/**
 * One of several distributions, chosen by weight. The same uniform number chooses the component and, stretched over the
 * component's share, gives its value, so a draw takes one number. `quantile` therefore increases within each component only.
 * @throws RangeError without components or with a weight of 0 or less.
 */
export function mixture(components: readonly Component[]): Distribution {
  if (components.length === 0) throw new RangeError('mixture: components: found none, expected at least one');
  for (const { weight } of components) requirePositive('mixture', 'weight', weight);
  const total = components.reduce((sum, { weight }) => sum + weight, 0);
  let start = 0;
  const shares = components.map(({ weight, distribution }) => {
    const share = { start, size: weight / total, distribution };
    start += share.size;
    return share;
  });
  return {
    name: 'mixture',
    mean: shares.reduce((sum, { size, distribution }) => sum + size * distribution.mean, 0),
    quantile: (u) => {
      const share = shares.findLast((candidate) => candidate.start < u) ?? shares[0]!;
      return share.distribution.quantile(inside((u - share.start) / share.size));
    },
    cdf: (x) => shares.reduce((sum, { size, distribution }) => sum + size * distribution.cdf(x), 0),
  };
}

/** Keeps a rounded ratio in the open interval (0, 1). */
function inside(u: number): number {
  return Math.min(Math.max(u, 2 ** -53), 1 - 2 ** -53);
}
