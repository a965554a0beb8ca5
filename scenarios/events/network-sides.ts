/** How events of the network say between whom: two sides of the fleet, the second by default everything that is not on the first. */
import { z } from 'zod';
import type { NetworkSide } from '../../models/plan/faults.ts';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import { labels, oneOrMany } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { byName, type Choice, carries, choose, choosing, lasting } from './targets.ts';

const sideKeys = {
  zone: oneOrMany('Everything in these zones; `*` stands for any letters.').optional(),
  rack: oneOrMany('Everything in these racks, written ZONE/RACK; `*` stands for any letters.').optional(),
  node: oneOrMany('These management nodes; `*` stands for any letters.').optional(),
  selector: labels('Management nodes that carry all these labels; `*` stands for any letters.').optional(),
  managementControlPlane: oneOrMany(
    'The control planes of these management clusters; `*` stands for any letters.',
  ).optional(),
  workers: oneOrMany('All workers of these hosted clusters; `*` stands for any letters.').optional(),
};

const sideSchema = z
  .strictObject(sideKeys)
  .describe(
    'The other side. Default: everything that is not on the first. What is on both sides is cut from every other part: all zones from ' +
      'all zones is each zone from each other.',
  );

/** Keys of events between two sides of the network. */
export const betweenSides = { ...sideKeys, from: sideSchema.optional(), ...choosing, ...lasting };

type Keys = z.output<typeof sideSchema>;
type Body = Keys & Choice & { readonly from?: Keys | undefined };

/** One thing that a side holds. */
interface Part {
  readonly kind: keyof NetworkSide;
  readonly name: string;
}

/** The sides that are written, their members by name; undefined after reporting why there are none. */
export function sidesOf(
  body: Body,
  fleet: FleetPlan,
  cursor: Cursor,
):
  | { readonly side: NetworkSide; readonly from?: NetworkSide; readonly named: readonly string[] }
  | undefined {
  const parts = choose(partsOf(body, fleet, cursor), body, cursor);
  const others = body.from === undefined ? undefined : partsOf(body.from, fleet, cursor.to('from'));
  if (parts.length === 0 || others?.length === 0) return undefined;
  if (parts.length === 1 && others?.length === 1 && words(parts)[0] === words(others)[0]) {
    cursor.to('from').reportKey('without-effect', {
      found: `${words(parts)[0]} on both sides`,
      expected: 'two parts of the fleet, or no from: the rest of it',
    });
    return undefined;
  }
  if (others === undefined) return { side: gathered(parts), named: words(parts) };
  return {
    side: gathered(parts),
    from: gathered(others),
    named: [`${words(parts).join(', ')} from ${words(others).join(', ')}`],
  };
}

const words = (list: readonly Part[]): string[] => list.map(({ kind, name }) => `${WORDS[kind]}${name}`);

const WORDS: Readonly<Record<keyof NetworkSide, string>> = {
  places: '',
  nodes: '',
  managementControlPlanes: 'control plane of ',
  workers: 'workers of ',
};

function gathered(parts: readonly Part[]): NetworkSide {
  const of = (kind: Part['kind']): string[] =>
    parts.filter((part) => part.kind === kind).map((part) => part.name);
  return {
    places: of('places'),
    nodes: of('nodes'),
    managementControlPlanes: of('managementControlPlanes'),
    workers: of('workers'),
  };
}

function partsOf(keys: Keys, fleet: FleetPlan, cursor: Cursor): readonly Part[] {
  if (Object.keys(sideKeys).every((key) => keys[key as keyof Keys] === undefined)) {
    cursor.report('missing-target', {
      found: 'no side',
      expected: 'zone, rack, node, selector, managementControlPlane or workers',
    });
    return [];
  }
  const places = (kind: 'zone' | 'rack') => fleet.places.filter((place) => place.kind === kind);
  const nodes = fleet.managementClusters.flatMap((cluster) => cluster.nodes);
  const { selector } = keys;
  const selected = selector === undefined ? [] : nodes.filter((node) => carries(node.labels, selector));
  if (selector !== undefined && selected.length === 0) {
    cursor.to('selector').report('selector-matches-nothing', {
      found: 'no management node carries all these labels',
      expected: 'labels of at least one node',
    });
  }
  const part =
    (kind: Part['kind']) =>
    ({ name }: { readonly name: string }): Part => ({ kind, name });
  const at = (key: keyof Keys): Cursor => cursor.to(key);
  return [
    ...byName(keys.zone ?? [], places('zone'), at('zone'), 'zone', 'unknown-zone').map(part('places')),
    ...byName(keys.rack ?? [], places('rack'), at('rack'), 'rack', 'unknown-zone').map(part('places')),
    ...byName(keys.node ?? [], nodes, at('node'), 'management node').map(part('nodes')),
    ...selected.map(part('nodes')),
    ...byName(
      keys.managementControlPlane ?? [],
      fleet.managementClusters,
      at('managementControlPlane'),
      'management cluster',
      'unknown-management-cluster',
    ).map(part('managementControlPlanes')),
    ...byName(
      keys.workers ?? [],
      fleet.hostedClusters,
      at('workers'),
      'hosted cluster',
      'unknown-hosted-cluster',
    ).map(part('workers')),
  ];
}
