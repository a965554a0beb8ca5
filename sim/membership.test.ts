import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Id, NONE, Table } from './entities.ts';
import { Membership } from './membership.ts';

type NodeId = Id<'node'>;
type PodId = Id<'pod'>;

function nodesAndPods(nodes: number, pods: number) {
  const nodeTable = new Table<NodeId>('node', 1);
  const podTable = new Table<PodId>('pod', 1);
  const membership = new Membership('pods', nodeTable, podTable);
  return {
    nodeTable,
    podTable,
    membership,
    nodes: Array.from({ length: nodes }, () => nodeTable.add()),
    pods: Array.from({ length: pods }, () => podTable.add()),
  };
}

test('children of a parent are those that joined and did not leave, in order of joining', () => {
  const operation = fc.record({ pod: fc.nat({ max: 7 }), node: fc.option(fc.nat({ max: 2 })) });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 80 }), (operations) => {
      const { membership, nodes, pods } = nodesAndPods(3, 8);
      const expected: PodId[][] = nodes.map(() => []);
      for (const { pod, node } of operations) {
        const id = pods[pod]!;
        membership.leave(id);
        for (const list of expected) if (list.includes(id)) list.splice(list.indexOf(id), 1);
        if (node !== null) {
          membership.join(nodes[node]!, id);
          expected[node]!.push(id);
        }
      }
      nodes.forEach((node, i) => {
        expect(membership.list(node)).toEqual(expected[i]);
        expect(membership.count(node)).toBe(expected[i]!.length);
        expect(membership.first(node)).toBe(expected[i]![0] ?? NONE);
      });
      for (const pod of pods) {
        expect(membership.parent(pod)).toBe(nodes.find((_, i) => expected[i]!.includes(pod)) ?? NONE);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('a child has one parent', () => {
  const { membership, nodes, pods } = nodesAndPods(2, 1);
  membership.join(nodes[0]!, pods[0]!);
  expect(() => membership.join(nodes[1]!, pods[0]!)).toThrow('pods: 0 already has a parent');
});

test('leaving without a parent does nothing', () => {
  const { membership, nodes, pods } = nodesAndPods(1, 2);
  membership.join(nodes[0]!, pods[0]!);
  membership.leave(pods[1]!);
  expect(membership.list(nodes[0]!)).toEqual([pods[0]]);
});

test('lists are saved and restored with their tables', () => {
  const { membership, nodeTable, podTable, nodes, pods } = nodesAndPods(2, 5);
  for (const pod of pods) membership.join(nodes[pod % 2]!, pod);
  const saved = [nodeTable.save(), podTable.save()] as const;
  for (const pod of pods) membership.leave(pod);
  membership.join(nodes[1]!, pods[0]!);
  nodeTable.restore(saved[0]);
  podTable.restore(saved[1]);
  expect(nodes.map((node) => membership.list(node))).toEqual([
    [0, 2, 4],
    [1, 3],
  ]);
});
