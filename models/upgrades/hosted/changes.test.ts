import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros } from '../../../sim/time.ts';
import {
  type Fault,
  HOSTED_CLUSTER_CHANGES,
  type HostedClusterChange,
  type Upgrade,
} from '../../plan/faults.ts';
import type { HostedClusterPlan } from '../../plan/fleet.ts';
import { Replication } from '../../run.ts';
import { fleetOf, hostedCluster, management, pool, scenarioOf, ZONES } from '../../testing.ts';
import { subjectName } from '../subjects.ts';

const asked = (more: Partial<Upgrade>, at: number = HOUR): Upgrade => ({
  kind: 'upgrade',
  at: at as Micros,
  label: 'upgrade',
  subject: 'hostedCluster',
  names: ['t'],
  ...more,
});
const changed = (change: HostedClusterChange, at?: number): Upgrade => asked({ change }, at);

function ran(faults: readonly Fault[], plan: Partial<HostedClusterPlan> = {}, hours = 6) {
  const nodePools = [pool(2), pool(1, { name: 'more' })];
  const fleet = fleetOf(management(ZONES, 9), [
    hostedCluster('t', { nodePools, ...plan }),
    hostedCluster('other', { nodePools: [pool(1)] }),
  ]);
  const replication = new Replication(scenarioOf(fleet, { faults, duration: (hours * HOUR) as Micros }), 0);
  const { world } = replication.fleet;
  const [evicted, made]: [string[], string[]] = [[], []];
  world.pods.terminated.subscribe((one) => evicted.push(world.pods.identity(one)));
  world.nodePools.created.subscribe((node) => made.push(world.machines.names[node]!));
  replication.run((hours * HOUR) as Micros);
  const records = world.upgrades.ledger.records.map((record) => ({
    ...record,
    name: subjectName(replication.fleet, record),
  }));
  return { replication, records, evicted, made };
}

describe('a change of a hosted cluster', () => {
  it.each(HOSTED_CLUSTER_CHANGES)('of %s rolls out all of its node pools, and no other ones', (change) => {
    const { records, made } = ran([changed(change)]);
    expect(records.map(({ kind, name, change, end }) => [kind, name, change, end])).toEqual([
      ['hostedCluster', 't', change, 'completed'],
      ['nodePool', 't/workers', change, 'completed'],
      ['nodePool', 't/more', change, 'completed'],
    ]);
    expect(made).toHaveLength(3);
    const [whole, ...parts] = records;
    expect(whole!.to).toBe(Math.max(...parts.map(({ to }) => to!)));
  });

  // openshift/hypershift: who has a konnectivity-proxy, a trust bundle, the policy on images
  it.each([
    ['pullSecret', []],
    ['imageContentSources', []],
    ['configuration.image', ['openshift-apiserver']],
    ['configuration.proxy', ['ingress-operator', 'oauth-openshift', 'openshift-apiserver']],
    [
      'additionalTrustBundle',
      [
        'catalog-operator',
        'cluster-network-operator',
        'control-plane-operator',
        'hosted-cluster-config-operator',
        'ignition-server',
        'ignition-server-proxy',
        'ingress-operator',
        'oauth-openshift',
        'olm-operator',
        'openshift-apiserver',
        'openshift-oauth-apiserver',
        'packageserver',
      ],
    ],
  ] as const)('of %s makes the control-plane pods anew that are made from it: %j', (change, components) => {
    const { evicted, replication } = ran([changed(change)]);
    const ofControlPlane = evicted.flatMap((name) => /^hosted\/t\/(.*)-\d+$/.exec(name)?.[1] ?? []);
    const { hostedClusters, world } = replication.fleet;
    const sets = world.hostedReleases.order.of(hostedClusters.get('t')!);
    const counts = sets.map(
      ({ name }) => [name, ofControlPlane.filter((one) => one === name).length] as const,
    );
    // Each of their pods once.
    const pods = sets.map(({ name, wanted }) => [name, components.some((one) => one === name) ? wanted : 0]);
    expect(counts).toEqual(pods);
    expect(components.every((one) => sets.some(({ name }) => name === one))).toBe(true);
  });

  it('goes to a paused hosted cluster when that is reconciled again, and says what it waits for', () => {
    const pause: Fault = {
      kind: 'pause',
      at: 0 as Micros,
      duration: (3 * HOUR) as Micros,
      label: 'pause',
      hostedClusters: ['t'],
      nodePools: [],
      managementClusters: [],
    };
    const { records } = ran([pause, changed('configuration.proxy')]);
    expect(records[0]!.waits.map(({ phase, why }) => [phase, why])).toContainEqual([
      'control plane',
      'reconciliation is paused',
    ]);
    expect(records.map(({ end }) => end)).toEqual(['completed', 'completed', 'completed']);
    expect(records[0]!.to).toBeGreaterThan(3 * HOUR);
  });

  it('and another release leave each other alone; pools do both at once', () => {
    const release = asked({ to: '4.19.9' }, HOUR + MINUTE);
    for (const faults of [
      [changed('configuration.proxy'), release],
      [release, changed('configuration.proxy', HOUR + 2 * MINUTE)],
    ]) {
      const { records } = ran(faults);
      const ofCluster = records.filter(({ kind }) => kind === 'hostedCluster');
      expect(ofCluster.map(({ end }) => end)).toEqual(['completed', 'completed']);
    }
  });

  it('takes the place of one that goes on', () => {
    const { records, made } = ran([changed('pullSecret'), changed('configuration.proxy', HOUR + MINUTE)]);
    const ofCluster = records.filter(({ kind }) => kind === 'hostedCluster');
    expect(ofCluster.map(({ change, end }) => [change, end])).toEqual([
      ['pullSecret', 'superseded'],
      ['configuration.proxy', 'completed'],
    ]);
    expect(made.length).toBeGreaterThan(3);
  });

  it('is over at once without node pools, unless the control plane has it, too', () => {
    expect(ran([changed('pullSecret')], { nodePools: [] }).records[0]).toMatchObject({
      end: 'completed',
      to: HOUR,
    });
    const { records } = ran([changed('configuration.image')], { nodePools: [] });
    expect(records[0]!.end).toBe('completed');
    expect(records[0]!.to).toBeGreaterThan(HOUR);
  });

  it('is refused where a node pool is: nothing of that is reconciled', () => {
    const { records } = ran([changed('pullSecret')], {
      nodePools: [pool(1), pool(1, { name: 'more', release: '4.20.3' })],
    });
    expect(records.map(({ name, end }) => [name, end])).toEqual([
      ['t', 'refused'],
      ['t/workers', 'completed'],
      ['t/more', 'refused'],
    ]);
    expect(records[0]!.refusal).toBe(records[2]!.refusal);
  });
});
