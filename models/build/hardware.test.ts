import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import { crash, scaled, workerLost } from '../faults/testing.ts';
import { parameterValues } from '../parameters.ts';
import type { Fault } from '../plan/faults.ts';
import type { HostedClusterPlan, ManagementClusterPlan, NodePlan } from '../plan/fleet.ts';
import type { ManagementPlatform, Platform } from '../plan/platforms.ts';
import type { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, pool, ran, scenarioOf, ZONES } from '../testing.ts';

const { node: NODE, nodePool: POOL, machineHealthCheck: CHECK } = parameterValues();
const HALF_AN_HOUR = (30 * MINUTE) as Micros;

interface World {
  readonly cluster?: Partial<ManagementClusterPlan>;
  readonly node?: Partial<NodePlan>;
  readonly tenant?: Partial<HostedClusterPlan>;
}

function run(faults: readonly Fault[], { cluster = {}, node = {}, tenant = {} }: World): Replication {
  const site = management(ZONES, 6, cluster);
  const nodes = site.nodes.map((one) => ({ ...one, ...node }));
  const fleet = fleetOf({ ...site, nodes }, [hostedCluster('t', tenant)]);
  return ran(scenarioOf(fleet, { faults, duration: (4 * HOUR) as Micros }));
}

/** When facts of a kind happened to a machine. */
function when({ fleet: { world } }: Replication, kind: string, machine: string): number[] {
  const { facts } = world.sim;
  return Array.from({ length: facts.length - 1 }, (_, i) => facts.get((i + 1) as never))
    .filter((fact) => fact.kind.name === kind && world.machines.names[fact.subject] === machine)
    .map((fact) => fact.at);
}

const nodeAway: Fault = {
  kind: 'nodeFailure',
  at: HOUR,
  duration: HALF_AN_HOUR,
  label: 'node',
  nodes: ['h-0'],
};
const workerAway = workerLost(0, HOUR, HALF_AN_HOUR);

/** Microseconds from power to the boot of a management node. */
const nodeBoot = (world: World): number =>
  when(run([nodeAway], world), 'node-booted', 'h-0')[0]! - HOUR - HALF_AN_HOUR;
const workerBoot = (tenant: Partial<HostedClusterPlan>): number =>
  when(run([workerAway], { tenant }), 'node-booted', 't-workers-0')[0]! - HOUR - HALF_AN_HOUR;

describe('machines that get their power back', () => {
  it.each<[ManagementPlatform, number]>([
    ['AWS', NODE.boot],
    ['VSphere', NODE.boot],
    ['BareMetal', NODE.bootBareMetal],
    ['EquinixMetal', NODE.bootBareMetal],
    ['None', NODE.bootBareMetal],
    ['KubeVirt', NODE.bootVirtual],
  ])('of a management cluster on %s boot as its machines do', (platform, boot) => {
    expect(nodeBoot({ cluster: { platform } })).toBe(boot);
  });

  it.each<[Platform, number]>([
    ['AWS', NODE.boot],
    ['OpenStack', NODE.boot],
    ['Agent', NODE.bootBareMetal],
    ['None', NODE.bootBareMetal],
  ])('of a node pool on %s boot as its machines do', (platform, boot) => {
    expect(workerBoot({ platform })).toBe(boot);
  });

  it('boot in their own time where the fleet says so, whatever the platform', () => {
    const boot = 4 * MINUTE;
    expect(nodeBoot({ cluster: { platform: 'BareMetal' }, node: { boot } })).toBe(boot);
    expect(workerBoot({ platform: 'Agent', nodePools: [pool(3, { boot })] })).toBe(boot);
  });

  it('on KubeVirt boot when their pod runs, whatever the management nodes are', () => {
    const tenant = { platform: 'KubeVirt', nodePools: [pool(3)] } as const;
    const crashed = crash('virt-launcher-workers', [0], HOUR, SECOND);
    const done = run([crashed], { cluster: { platform: 'BareMetal' }, tenant });
    const [booted] = when(done, 'node-booted', 't-workers-0');
    // The pod is back within half a minute: a pause before the restart, then the start of its container.
    expect(booted! - HOUR - SECOND).toBeGreaterThan(NODE.bootVirtual);
    expect(booted! - HOUR - SECOND).toBeLessThan(NODE.bootVirtual + 30 * SECOND);
  });
});

describe('machines of a node pool that are new', () => {
  const grow = scaled(4, HOUR);

  it.each<[Platform, number]>([
    ['AWS', POOL.provision],
    ['Agent', POOL.provisionBareMetal],
    ['None', POOL.provisionBareMetal],
  ])('are provisioned on %s and join, which is not a reboot', (platform, provision) => {
    const done = run([grow], { tenant: { platform } });
    const [created] = when(done, 'machine-created', 't-workers-3');
    const [booted] = when(done, 'node-booted', 't-workers-3');
    expect(booted! - created!).toBe(provision + POOL.join);
  });

  it.each<[Platform, number]>([
    ['AWS', CHECK.timeout],
    ['Agent', CHECK.timeoutBareMetal],
  ])('are made by autoRepair when one on %s is sick for its timeout, not for a boot', (platform, timeout) => {
    const long = { ...workerAway, duration: (3 * HOUR) as Micros };
    const done = run([long], { tenant: { platform, nodePools: [pool(3, { autoRepair: true })] } });
    const [lost] = when(done, 'node-lost', 't-workers-0');
    const [replaced] = when(done, 'machine-replaced', 't-workers-0');
    expect(replaced! - lost!).toBeGreaterThanOrEqual(timeout);
    expect(replaced! - lost!).toBeLessThan(timeout + 2 * MINUTE);
  });
});
