/** How events pick numbered parts of hosted clusters: pods, etcd members, workers. */
import { z } from 'zod';
import type { Fault } from '../../models/plan/faults.ts';
import type { CountOrShare, FleetPlan, HostedClusterPlan } from '../../models/plan/fleet.ts';
import type { Micros } from '../../sim/time.ts';
import { asList, oneOrMany } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { byName, type Choice, choose, choosing, cutTo, faultOf, howMany, lasting } from './targets.ts';

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

/** What has ordinals that stay: cut down to those that are written, and those to what mode and value ask for. */
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
  const count = candidates.reduce((most, { ordinal }) => Math.max(most, ordinal + 1), 0);
  reportBeyond(written, count, cursor, key);
  const wanted = asList(written);
  return candidates.filter((one) => wanted.includes(one.ordinal));
}

/** @param count how many there can be of what is counted; nothing is reported of nothing */
function reportBeyond(written: number | readonly number[], count: number, cursor: Cursor, key: string): void {
  asList(written).forEach((number, index) => {
    if (count === 0 || number < count) return;
    const place = typeof written === 'number' ? cursor.to(key) : cursor.to(key, index);
    place.report('selector-matches-nothing', { found: `${key} ${number}`, expected: `0 to ${count - 1}` });
  });
}

/** Pods or machines that come and go: those of one component, or of one node pool. */
export interface Group<T> {
  readonly target: T;
  /** `dev/kube-apiserver`: what stands before their numbers. */
  readonly name: string;
  /** How many there are in the beginning. */
  readonly count: number;
  /** How many there can be. Default: as many. */
  readonly most?: number;
}

/** What an event means of groups: all that there are of each when it happens, or those with so many before them; and how many of these. */
export interface Sought<T> {
  readonly targets: readonly (T & { readonly ordinal?: number })[];
  readonly only?: CountOrShare;
  /** Whom it would hit in the beginning, by name. */
  readonly names: readonly string[];
}

/** What the keys ordinal, mode and value mean of groups, to be found when the event happens; undefined for none, or after reporting what is wrong. */
export function seek<T extends object>(
  groups: readonly Group<T>[],
  body: Choice & { readonly ordinal?: number | readonly number[] | undefined },
  cursor: Cursor,
): Sought<T> | undefined {
  const most = ({ count, most: able }: Group<T>): number => able ?? count;
  const { ordinal: written } = body;
  if (written !== undefined)
    reportBeyond(
      written,
      groups.reduce((sum, group) => Math.max(sum, most(group)), 0),
      cursor,
      'ordinal',
    );
  const ordinals = [...new Set(asList(written))].sort((a, b) => a - b);
  const meant = groups
    .filter((group) => most(group) > 0)
    .map((group) => ({ ...group, ordinals: ordinals.filter((number) => number < most(group)) }));
  const targets = meant.flatMap(({ target, ordinals: own }) =>
    written === undefined ? [target] : own.map((number) => ({ ...target, ordinal: number })),
  );
  const able = meant.reduce(
    (sum, group) => sum + (written === undefined ? most(group) : group.ordinals.length),
    0,
  );
  const only = howMany(body, able, cursor);
  if (targets.length === 0 || only?.amount === 0) return undefined;
  const first = meant.flatMap(({ name, count, ordinals: own }) =>
    (written === undefined ? Array.from({ length: count }, (_, number) => number) : own).map(
      (number) => `${name}-${number}`,
    ),
  );
  const names = first.length === 0 ? meant.map(({ name }) => name) : cutTo(only, first);
  return { targets, ...(only === undefined ? {} : { only }), names };
}

/** What a fault begins with that finds its targets when it happens. */
export function soughtFault<K extends Fault['kind']>(
  kind: K,
  at: Micros,
  body: { readonly duration?: string | undefined },
  { names, only }: Pick<Sought<unknown>, 'names' | 'only'>,
  noun: string,
) {
  return { ...faultOf(kind, at, body, names, noun), noun, ...(only === undefined ? {} : { only }) };
}
