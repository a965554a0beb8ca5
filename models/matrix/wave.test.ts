import { describe, expect, it } from 'vitest';
import type { NodeId } from '../ids.ts';
import { parameterValues } from '../parameters.ts';
import type { Upgrade } from '../plan/faults.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import { fleetOf, hostedCluster, management, ZONES } from '../testing.ts';
import { startingState } from './starting-state.ts';
import { waveOf } from './wave.ts';

const tenants = (count: number, more: Partial<HostedClusterPlan> = {}): HostedClusterPlan[] =>
  Array.from({ length: count }, (_, i) => hostedCluster(`t-${i}`, { nodePools: [], ...more }));

/** Each hosted cluster on three nodes of its own choice: so many nodes, the first ones taken by most. */
const crowded =
  (nodes: number) =>
  ({ name }: HostedClusterPlan): NodeId[] => {
    const i = Number(name.slice(2));
    return [0, 1, i % nodes] as NodeId[];
  };

const metBy = (wave: readonly HostedClusterPlan[], nodesOf: (of: HostedClusterPlan) => readonly NodeId[]) =>
  new Map(
    [...new Set(wave.flatMap(nodesOf))].map((node) => [
      node,
      wave.filter((one) => nodesOf(one).includes(node)).length,
    ]),
  );

describe('a wave', () => {
  it('is the whole fleet up to a hundred hosted clusters, in their order, and a hundred of a larger one', () => {
    expect(waveOf(tenants(100), () => [])).toEqual(tenants(100));
    expect(waveOf(tenants(101), () => [])).toHaveLength(100);
  });

  it('stands on every node that any hosted cluster stands on, however many that takes', () => {
    const met = metBy(waveOf(tenants(600), crowded(300)), crowded(300));
    expect(met.size).toBe(300);
  });

  it('stands on all nodes as evenly as can be', () => {
    const spread = ({ name }: HostedClusterPlan): NodeId[] => [
      Math.floor(Number(name.slice(2)) / 20) as NodeId,
    ];
    expect([...metBy(waveOf(tenants(1000), spread), spread).values()]).toEqual(Array(50).fill(2));
  });

  it('has the first of each kind in it, whose own parts are tried', () => {
    const rare = hostedCluster('t-500', { nodePools: [], controllerAvailabilityPolicy: 'SingleReplica' });
    const names = waveOf([...tenants(500), rare], () => [0 as NodeId]).map(({ name }) => name);
    expect(names).toContain('t-0');
    expect(names).toContain('t-500');
  });
});

describe('the state before an upgrade', () => {
  const stateOf = (count: number) => {
    const fleet = fleetOf(management(ZONES, 9), tenants(count));
    const scenario = { name: 'm', description: '', fleet, seed: 1, parameters: parameterValues() };
    return startingState(scenario, 'upgrade', 0 as never);
  };

  it('says how many are upgraded, where that is not every hosted cluster', () => {
    expect(stateOf(4).before).toBe('upgrade of every hosted cluster');
    const { before, moments } = stateOf(120);
    const { faults } = moments[0]!;
    expect(before).toBe('upgrade of 100 of 120 hosted clusters');
    expect(faults).toMatchObject([{ kind: 'upgrade' }]);
    expect(new Set((faults[0] as Upgrade).names).size).toBe(100);
  });
});
