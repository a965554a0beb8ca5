/** How events pick numbered parts of hosted clusters: pods, etcd members, workers. */
import { z } from 'zod';
import type { FleetPlan, HostedClusterPlan } from '../../models/plan/fleet.ts';
import { asList, oneOrMany } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { byName, type Choice, choose, choosing, lasting } from './targets.ts';

/** The hosted clusters that a key `hostedCluster` means. */
export function hostedClusters(
  written: string | readonly string[],
  fleet: FleetPlan,
  cursor: Cursor,
): readonly HostedClusterPlan[] {
  const place = cursor.to('hostedCluster');
  return byName(written, fleet.hostedClusters, place, 'hosted cluster', 'unknown-hosted-cluster');
}

export const hostedClusterKey = {
  hostedCluster: oneOrMany('Hosted clusters by name; `*` stands for any letters.'),
};

const ordinal = z.number().int().min(0);

export const ordinalKey = (description: string) => ({
  ordinal: z
    .union([ordinal, z.array(ordinal).min(1)])
    .optional()
    .describe(description),
});

/**
 * Keys of events that hit numbered parts of hosted clusters: whose, which of them, and how many of those.
 * @param ordinals describes the key `ordinal`
 * @param more keys of the one kind, to stand between
 */
export function numberedKeys<More extends z.ZodRawShape>(ordinals: string, more: More) {
  return { ...hostedClusterKey, ...more, ...ordinalKey(ordinals), ...choosing, ...lasting };
}

/** Cuts candidates down to the written ordinals, and those to what mode and value ask for. */
export function chooseNumbered<T extends { readonly ordinal: number }>(
  candidates: readonly T[],
  body: Choice & { readonly ordinal?: number | readonly number[] | undefined },
  cursor: Cursor,
): readonly T[] {
  return choose(withOrdinals(candidates, body.ordinal, cursor), body, cursor);
}

/** Candidates with the ordinals written under a key; all when none is written. */
export function withOrdinals<T extends { readonly ordinal: number }>(
  candidates: readonly T[],
  written: number | readonly number[] | undefined,
  cursor: Cursor,
  key = 'ordinal',
): readonly T[] {
  if (written === undefined) return candidates;
  const wanted = asList(written);
  wanted.forEach((number, index) => {
    if (candidates.length === 0 || candidates.some((one) => one.ordinal === number)) return;
    const place = typeof written === 'number' ? cursor.to(key) : cursor.to(key, index);
    const last = Math.max(...candidates.map((one) => one.ordinal));
    place.report('selector-matches-nothing', { found: `${key} ${number}`, expected: `0 to ${last}` });
  });
  return candidates.filter((one) => wanted.includes(one.ordinal));
}
