import { describe, expect, it } from 'vitest';
import { NONE } from '../../sim/entities.ts';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import type { NodeId, PodId, SetId } from '../ids.ts';
import type { Fault, NodeDrain } from '../plan/faults.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, metric, scenarioOf, ZONES } from '../testing.ts';

const drain = (nodes: readonly string[], at: number, more: Partial<NodeDrain> = {}): NodeDrain => ({
  kind: 'nodeDrain',
  at: at as Micros,
  label: `nodeDrain ${nodes.join()}`,
  nodes,
  ...more,
});

function prepared(hosted: readonly HostedClusterPlan[], faults: readonly Fault[]) {
  const replication = new Replication(scenarioOf(fleetOf(management(ZONES, 6), hosted), { faults }), 0);
  const { world, nodes } = replication.fleet;
  const run = (until: number) => replication.run(until as Micros);
  return { replication, world, node: (name: string) => nodes.get(name)!, run };
}
const single = (name: string) => hostedCluster(name, { controllerAvailabilityPolicy: 'SingleReplica' });
const nodeOfEtcd = ({ pods, sets }: Replication['fleet']['world']): NodeId =>
  pods.node.at(pods.find(sets.names.indexOf('etcd') as SetId, 0) as PodId) as NodeId;

describe('a node that somebody drains', () => {
  it('is emptied with every hosted API kept up, and takes pods again when the drain is over', () => {
    const faults = [drain(['h-0'], HOUR, { duration: HOUR as Micros })];
    const { replication, world, node, run } = prepared([hostedCluster('t')], faults);
    run(HOUR - 1);
    expect(world.pods.ofNode.count(node('h-0'))).toBeGreaterThan(0);
    run(2 * HOUR - 1);
    expect(world.pods.ofNode.count(node('h-0'))).toBe(0);
    expect(world.drains.cordoned(node('h-0'))).toBe(true);
    run(3 * HOUR);
    expect(world.drains.cordoned(node('h-0'))).toBe(false);
    expect(metric(replication, 'api.uptime', 't')).toBe(1);
  });

  it('says whose budget kept it from its end, when its time or that of the node is over', () => {
    const kubevirt = hostedCluster('k', { platform: 'KubeVirt' });
    const lines = (more: Partial<NodeDrain>) => {
      const hosting = ['h-0', 'h-1', 'h-2', 'h-3', 'h-4', 'h-5'];
      const { replication, run } = prepared([kubevirt], [drain(hosting, HOUR, more)]);
      run(5 * HOUR);
      return replication.remarks.lines();
    };
    const told = lines({ duration: HOUR as Micros });
    expect(told).toContainEqual(
      expect.stringMatching(
        /^at 2h0m0s the drain of h-\d is not done after 1h0m0s: budgets refuse to evict hosted\/k\//,
      ),
    );
    expect(lines({ duration: (3 * HOUR) as Micros, timeout: (30 * MINUTE) as Micros })).toContainEqual(
      expect.stringMatching(/^at 1h30m0s the drain of h-\d is not done after 30m0s: budgets refuse/),
    );
    const all = prepared([hostedCluster('t')], [drain(['h-0'], HOUR, { duration: HOUR as Micros })]);
    all.run(5 * HOUR);
    expect(all.replication.remarks.lines()).toEqual([]);
  });

  it('stays cordoned until the last of two drains is over, whichever began first', () => {
    for (const [first, second] of [
      [HOUR, 3 * HOUR],
      [4 * HOUR, HOUR],
    ] as const) {
      const faults = [
        drain(['h-0', 'h-1'], HOUR, { duration: first as Micros }),
        drain(['h-0'], HOUR + MINUTE, { duration: second as Micros }),
      ];
      const { world, node, run } = prepared([hostedCluster('t')], faults);
      const last = Math.max(HOUR + first, HOUR + MINUTE + second);
      run(last - 1);
      expect(world.drains.cordoned(node('h-0'))).toBe(true);
      expect(world.drains.cordoned(node('h-1'))).toBe(first > second);
      run(last + 1);
      expect(world.drains.cordoned(node('h-0'))).toBe(false);
    }
  });

  it('waits for ever for the only replica of a control plane, and the result names whose budget it waits for', () => {
    const at = nodeOfEtcd(prepared([single('t')], []).world);
    const name = `h-${at - 3}`;
    const { replication, world, node, run } = prepared([single('t')], [drain([name], HOUR)]);
    run(23 * HOUR);
    expect(node(name)).toBe(at);
    expect(nodeOfEtcd(world)).toBe(at);
    expect(world.drains.draining(at)).toBe(true);
    const [line] = replication.remarks.lines();
    expect(line).toContain(`since 1h0m0s the drain of ${name} waits`);
    expect(line).toContain('hosted/t/etcd-0');
    expect(metric(replication, 'api.uptime', 't')).toBe(1);
  });

  it('is given up after its timeout, which leaves the pods and the cordon', () => {
    const at = nodeOfEtcd(prepared([single('t')], []).world);
    const faults = [drain([`h-${at - 3}`], HOUR, { timeout: (10 * MINUTE) as Micros })];
    const { replication, world, run } = prepared([single('t')], faults);
    run(2 * HOUR);
    expect(world.drains.draining(at)).toBe(false);
    expect(world.drains.cordoned(at)).toBe(true);
    expect(world.pods.ofNode.first(at)).not.toBe(NONE);
    expect(replication.remarks.lines()).toEqual([
      expect.stringMatching(/^at 1h10m0s the drain of h-0 is not done after 10m0s: budgets refuse to evict /),
    ]);
  });

  it('is neither cordoned nor drained once its Node object was deleted and registers anew', () => {
    const lost: Fault = {
      kind: 'nodeFailure',
      at: (HOUR + MINUTE) as Micros,
      duration: HOUR as Micros,
      label: 'lost',
      nodes: ['h-0'],
      deleteNodeAfter: (10 * MINUTE) as Micros,
    };
    const faults = [
      drain(['h-0'], HOUR, { duration: (5 * HOUR) as Micros }),
      lost,
      drain(['h-0'], 4 * HOUR, { duration: (6 * HOUR) as Micros }),
    ];
    const { world, node, run } = prepared([hostedCluster('t')], faults);
    run(3 * HOUR);
    expect(world.lifecycle.ready(node('h-0'))).toBe(true);
    expect(world.drains.cordoned(node('h-0'))).toBe(false);
    // The end of the first drain is none of the business of the new Node object, which is drained by another.
    run(7 * HOUR);
    expect(world.drains.cordoned(node('h-0'))).toBe(true);
    run(11 * HOUR);
    expect(world.drains.cordoned(node('h-0'))).toBe(false);
  });
});
