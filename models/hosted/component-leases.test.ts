import { describe, expect, it } from 'vitest';
import { NONE } from '../../sim/entities.ts';
import { HOUR, MINUTE, type Micros, micros, SECOND } from '../../sim/time.ts';
import { workerLost } from '../faults/testing.ts';
import type { ClusterId, PodId, SetId } from '../ids.ts';
import { isLeader, LEADERS, type Leader } from '../kubernetes/leadership.ts';
import type { Fault, PodFailure } from '../plan/faults.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, metric, pool, ran, scenarioOf, ZONES } from '../testing.ts';
import { componentsOf } from './components.ts';

const PLAN = hostedCluster('t', { nodePools: [pool(3, { autoRepair: true })] });
const FLEET = fleetOf(management(ZONES, 6), [PLAN]);
const TENANT = 1 as ClusterId;
const LED = componentsOf(PLAN).filter(({ lease }) => lease !== undefined);
const at = (hours: number): Micros => (hours * HOUR) as Micros;

function crash(component: string, ordinals: readonly number[], more: Partial<PodFailure> = {}): PodFailure {
  const pods = ordinals.map((ordinal) => ({ hostedCluster: 't', component, ordinal }));
  return { kind: 'podFailure', at: at(1), label: 'crash', pods, ...more };
}

function started(faults: readonly Fault[] = []): Replication {
  return new Replication(scenarioOf(FLEET, { faults }), 0);
}
const vacant = ({ fleet }: Replication): Leader[] =>
  LEADERS.filter((leader) => !fleet.world.leadership.heldIfAny(TENANT, leader));
const gapOf = ({ fleet }: Replication, leader: Leader): number => {
  const { leases } = fleet.world.leadership;
  const lease = fleet.world.leadership
    .of(TENANT)
    .find((one) => leases.names[one]!.startsWith(`${leader} of`))!;
  return leases.longestVacancy(lease) / SECOND;
};
/** The pod that holds the lease of a component. */
function holderOf({ fleet: { world } }: Replication, leader: Leader): PodId {
  const { leases } = world.leadership;
  const lease = world.leadership.of(TENANT).find((one) => leases.names[one]!.startsWith(`${leader} of`))!;
  const set = world.hosted.set(TENANT, leader) as SetId;
  return world.pods.ofSet
    .list(set)
    .find((pod) => leases.candidate(lease, world.pods.ordinal.at(pod)) === leases.holder.at(lease))!;
}

describe('leases of components', () => {
  it('every component with a lease is a leader that somebody holds, and a fleet at rest spends no event on it', () => {
    const replication = started();
    expect(LED.length).toBeGreaterThan(10);
    for (const { name, role } of LED) expect(isLeader(role), name).toBe(true);
    expect(replication.fleet.world.leadership.of(TENANT)).toHaveLength(LED.length);
    replication.run(at(24));
    expect(vacant(replication)).toEqual([]);
    expect(replication.fleet.world.sim.events).toBe(0);
    expect(metric(replication, 'leaders.availability', 't')).toBe(1);
    expect(metric(replication, 'leaders.longestGap', 't')).toBe(0);
  });

  it.each(['management', 'hosted'] as const)(
    'are lost when the API in which they live is away: %s',
    (api) => {
      const base = { at: at(1), duration: (20 * MINUTE) as Micros, label: 'away' };
      const outage: Fault =
        api === 'management'
          ? { ...base, kind: 'managementControlPlaneOutage', managementClusters: ['mgmt'] }
          : crash('kube-apiserver', [0, 1, 2], base);
      const replication = started([outage]);
      replication.run((at(1) + 15 * MINUTE) as Micros);
      const there = LED.filter(({ lease }) => lease!.api === api).map(({ role }) => role as Leader);
      expect(vacant(replication)).toEqual(LEADERS.filter((leader) => there.includes(leader)));
      replication.run(at(2));
      expect(vacant(replication)).toEqual([]);
    },
  );

  it('a holder that is asked to stop gives its lease back: another one takes it at its next try', () => {
    for (const leader of ['openshift-controller-manager', 'kube-scheduler'] as const) {
      const replication = started();
      replication.run(at(1));
      replication.fleet.world.pods.delete(holderOf(replication, leader));
      replication.run(at(2));
      expect(gapOf(replication, leader)).toBeGreaterThan(0);
      expect(gapOf(replication, leader)).toBeLessThanOrEqual(26);
    }
  });

  it('one that crashed does not: another one waits for the lease to run out', () => {
    const replication = started();
    replication.run(at(1));
    const pod = holderOf(replication, 'openshift-controller-manager');
    const ordinal = replication.fleet.world.pods.ordinal.at(pod);
    replication.injector.inject(crash('openshift-controller-manager', [ordinal], { duration: micros(HOUR) }));
    replication.run(at(2));
    expect(gapOf(replication, 'openshift-controller-manager')).toBeGreaterThanOrEqual(137 - 26);
    expect(gapOf(replication, 'openshift-controller-manager')).toBeLessThanOrEqual(137 + 26);
  });

  it('a component with one replica that is moved is at work again when the new pod is; after a crash it waits for its own old lease', () => {
    const moved = started();
    moved.run(at(1));
    moved.fleet.world.pods.delete(holderOf(moved, 'cluster-network-operator'));
    moved.run(at(2));
    expect(gapOf(moved, 'cluster-network-operator')).toBeLessThan(60);
    const crashed = ran(scenarioOf(FLEET, { faults: [crash('cluster-network-operator', [0])] }));
    expect(gapOf(crashed, 'cluster-network-operator')).toBeGreaterThan(137);
    expect(gapOf(crashed, 'cluster-network-operator')).toBeLessThan(137 + 26 + 20);
    expect(metric(crashed, 'leaders.longestGap', 't')).toBe(gapOf(crashed, 'cluster-network-operator'));
    const lost = gapOf(crashed, 'cluster-network-operator') / (LED.length * 24 * 3600);
    expect(metric(crashed, 'leaders.availability', 't')).toBeCloseTo(1 - lost, 12);
  });
});

describe('what waits for leaders', () => {
  it('new workers are initialized by a cloud controller manager that leads, not by one that runs', () => {
    const done = ran(scenarioOf(FLEET, { faults: [crash('cloud-controller-manager', [0])] }));
    const [dip, ...more] = done.outages().filter(({ service }) => service === 'join');
    expect(more).toEqual([]);
    expect(dip!.from).toBe(at(1));
    expect(dip!.to - dip!.from).toBeGreaterThan(137 * SECOND);
    expect(dip!.causes).toEqual(['crash', 'lease of cloud-controller-manager of t lost its holder']);
    const bare = fleetOf(management(ZONES, 6), [hostedCluster('t', { platform: 'None' })]);
    expect(started([]).fleet.world.hosted.set(TENANT, 'cloud-controller-manager')).not.toBe(NONE);
    const none = new Replication(scenarioOf(bare), 0).fleet.world;
    expect(none.hosted.set(TENANT, 'cloud-controller-manager')).toBe(NONE);
    expect(none.health.compute(TENANT, 'join')).toBe(1);
  });

  it('machines are replaced by a Cluster API that leads: a crash of it just before puts that off', () => {
    const replacedAt = (more: readonly Fault[]): number => {
      const dead = workerLost(0, at(1));
      const { facts } = ran(scenarioOf(FLEET, { faults: [dead, ...more], duration: at(3) })).fleet.world.sim;
      for (let i = 1; i < facts.length; i++) {
        if (facts.get(i as never).kind.name === 'machine-replaced') return facts.get(i as never).at - at(1);
      }
      return Number.NaN;
    };
    const eight = (8 * MINUTE) as Micros;
    const usual = replacedAt([]);
    expect(usual).toBeGreaterThan(eight);
    expect(usual).toBeLessThan(eight + 60 * SECOND);
    const late = replacedAt([crash('cluster-api', [0], { at: (at(1) + eight) as Micros })]);
    expect(late).toBeGreaterThan(eight + 137 * SECOND);
    expect(late).toBeLessThan(eight + (137 + 26 + 20) * SECOND);
  });
});
