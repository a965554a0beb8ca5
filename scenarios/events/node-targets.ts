/** How events pick management nodes. */
import type { FleetPlan, NodePlan } from '../../models/plan/fleet.ts';
import { labels, oneOrMany } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { byName, type Choice, carries, choose } from './targets.ts';

export const nodeKeys = {
  node: oneOrMany('Management nodes by name; `*` stands for any letters.').optional(),
  selector: labels(
    'Management nodes that carry all these labels; `*` in a value stands for any letters.',
  ).optional(),
};

interface NodeChoice extends Choice {
  readonly node?: string | readonly string[] | undefined;
  readonly selector?: Readonly<Record<string, string>> | undefined;
}

/** The nodes that a body means: by name, by label, or both; as many of them as mode and value ask for. */
export function namedNodes(body: NodeChoice, fleet: FleetPlan, cursor: Cursor): readonly NodePlan[] {
  if (body.node === undefined && body.selector === undefined) return [];
  const all = fleet.managementClusters.flatMap((cluster) => cluster.nodes);
  const named = body.node === undefined ? all : byName(body.node, all, cursor.to('node'), 'management node');
  const { selector } = body;
  if (selector === undefined) return choose(named, body, cursor);
  const selected = named.filter((node) => carries(node.labels, selector));
  if (named.length > 0 && selected.length === 0) {
    cursor.to('selector').report('selector-matches-nothing', {
      found: 'no management node carries all these labels',
      expected: 'labels of at least one node',
    });
  }
  return choose(selected, body, cursor);
}
