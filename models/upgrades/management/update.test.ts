import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MILLISECOND, MINUTE, type Micros, SECOND } from '../../../sim/time.ts';
import { managementAway } from '../../faults/testing.ts';
import type { ClusterId } from '../../ids.ts';
import type { ParameterOverrides } from '../../parameters.ts';
import type { Fault, Upgrade } from '../../plan/faults.ts';
import type { FleetPlan, HostedClusterPlan, ManagementClusterPlan } from '../../plan/fleet.ts';
import { unhealed } from '../../results/unhealed.ts';
import { Replication } from '../../run.ts';
import { fleetOf, hostedCluster, management, metric, pool, scenarioOf, ZONES } from '../../testing.ts';
import type { UpgradeRecord } from '../ledger.ts';

const MANAGEMENT = 0 as ClusterId;
const AT = HOUR;

const update = (to: string, at: number = AT): Upgrade => ({
  kind: 'upgrade',
  at: at as Micros,
  label: `upgrade mgmt to ${to}`,
  subject: 'managementCluster',
  names: ['mgmt'],
  to,
});

/** The same with --allow-upgrade-with-warnings: another update may go on. */
const forced = (to: string, at: number): Upgrade => ({ ...update(to, at), force: true });

/** A worker pool of which so many nodes, or such a share, may be unavailable. */
const pools = (amount: number, relative = false): ManagementClusterPlan['machineConfigPools'] => [
  { name: 'master', maxUnavailable: { amount: 1, relative: false }, paused: false },
  { name: 'worker', maxUnavailable: { amount, relative }, paused: false },
];

interface Run {
  readonly replication: Replication;
  readonly records: readonly UpgradeRecord[];
  /** Minutes from the first update to a time. */
  minutes(at: number | undefined): number;
  /** Waits of a phase, in words. */
  waits(phase: string): string[];
  phase(name: string): { from: number; to: number };
}

function prepared(
  fleet: FleetPlan,
  faults: readonly Fault[],
  parameters: ParameterOverrides = {},
): Replication {
  const duration = (24 * HOUR) as Micros;
  return new Replication(scenarioOf(fleet, { faults, parameters, duration }), 0);
}
function read(replication: Replication): Run {
  const { records } = replication.fleet.world.upgrades.ledger;
  const minutes = (at: number | undefined): number => ((at ?? Number.NaN) - AT) / MINUTE;
  return {
    replication,
    records,
    minutes,
    waits: (phase) =>
      records
        .at(-1)!
        .waits.filter((wait) => wait.phase === phase)
        .map(({ why }) => why),
    phase(name) {
      const found = records.at(-1)!.phases.find((phase) => phase.name === name)!;
      return { from: minutes(found.from), to: minutes(found.to) };
    },
  };
}
function run(
  fleet: FleetPlan,
  faults: readonly Fault[],
  parameters: ParameterOverrides = {},
  hours = 24,
): Run {
  const replication = prepared(fleet, faults, parameters);
  replication.run((hours * HOUR) as Micros);
  return read(replication);
}

const fleet = (
  hosting: number,
  more: Partial<ManagementClusterPlan> = {},
  hosted: readonly HostedClusterPlan[] = [],
): FleetPlan => fleetOf(management(ZONES, hosting, more), hosted);
const single = hostedCluster('t', { controllerAvailabilityPolicy: 'SingleReplica' });

/** Facts of a kind from the first update on, in minutes after it. */
function facts({ replication, minutes }: Run, kind: string): number[] {
  const log = replication.fleet.world.sim.facts;
  const found: number[] = [];
  for (let i = 1; i < log.length; i++) {
    const fact = log.get(i as never);
    if (fact.kind.name === kind && fact.at >= AT) found.push(minutes(fact.at));
  }
  return found;
}

describe('an update of a management cluster', () => {
  it('takes the operators and the longest pool: its nodes by maxUnavailable, times what a node takes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 20, max: 120 }),
        fc.integer({ min: 0, max: 10 }),
        fc.integer({ min: 1, max: 20 }),
        (hosting, most, operators, operatingSystem, boot) => {
          const done = run(fleet(hosting, { machineConfigPools: pools(most) }), [update('4.21.0')], {
            // What is Ready is found so at once, and the control plane works as soon as its node does.
            node: { boot: boot * MINUTE, monitorPeriod: MILLISECOND },
            etcd: { ready: 0 },
            kubeApiserver: { ready: 0 },
            pod: { start: 0 },
            managementUpdate: { operators: operators * MINUTE, operatingSystem: operatingSystem * MINUTE },
          });
          const [record] = done.records;
          expect(record!.end).toBe('completed');
          // The drain begins after 5 s, of at most an operator, which takes a second; so does the uncordon, and the look at the pool.
          const iterations = Math.max(3, Math.ceil(hosting / most));
          const expected = operators + iterations * (operatingSystem + boot + 10 / 60);
          const took = done.minutes(record!.to);
          expect(took).toBeGreaterThanOrEqual(expected);
          expect(took).toBeLessThan(expected + (5 + iterations * 6) / 60);
        },
      ),
      { numRuns: 12, seed: 1 },
    );
  });

  it('updates control-plane and other nodes side by side, each pool in the order of its zones', () => {
    const { records } = run(fleet(6), [update('4.21.0')]);
    const order = (prefix: string) =>
      records[0]!.phases.filter(({ name }) => name.startsWith(`node ${prefix}`)).map(({ name }) => name);
    expect(order('h')).toEqual(['h-0', 'h-3', 'h-1', 'h-4', 'h-2', 'h-5'].map((name) => `node ${name}`));
    expect(order('cp')).toEqual(['cp-0', 'cp-1', 'cp-2'].map((name) => `node ${name}`));
    const [master, worker] = ['pool master', 'pool worker'].map(
      (pool) => records[0]!.phases.find(({ name }) => name === pool)!.from,
    );
    expect(master).toBe(worker);
  });

  it('a share of the nodes is rounded down, to one at least', () => {
    const together = (share: number): number => {
      const { records } = run(fleet(6, { machineConfigPools: pools(share, true) }), [update('4.21.0')]);
      const begun = records[0]!.phases
        .filter(({ name }) => name.startsWith('node h'))
        .map(({ from }) => from);
      return begun.filter((from) => from === begun[0]).length;
    };
    expect([together(0.1), together(0.5), together(0.66), together(1)]).toEqual([1, 3, 3, 6]);
  });

  it('leaves HighlyAvailable tenants their API, their etcd and the management API all the time', () => {
    const tenants = ['t', 'u', 'v'].map((name) => hostedCluster(name));
    const replication = prepared(fleet(9, {}, tenants), [update('4.21.0')]);
    const { clusters } = replication.fleet.world;
    const lost: ClusterId[] = [];
    clusters.apiChanged.subscribe((cluster, up) => up || lost.push(cluster));
    replication.run((24 * HOUR) as Micros);
    expect(read(replication).records[0]!.end).toBe('completed');
    expect(lost).toEqual([]);
    for (const { name } of tenants) {
      expect(metric(replication, 'api.uptime', name)).toBe(1);
      expect(metric(replication, 'etcd.availability', name)).toBe(1);
    }
  });

  it('cuts no kubelet off: who was connected to a kube-apiserver whose machine reboots dials another at once', () => {
    for (let seed = 1; seed <= 6; seed++) {
      // Whoever waited for 45 s in vain would be found Unknown.
      const plan = scenarioOf(fleet(9), {
        faults: [update('4.21.0')],
        parameters: { node: { gracePeriod: 40 * SECOND } },
        seed,
        duration: (24 * HOUR) as Micros,
      });
      const replication = new Replication(plan, 0);
      const { world } = replication.fleet;
      const unknown: string[] = [];
      world.lifecycle.unready.subscribe((node) => {
        if (world.machines.running(node)) unknown.push(world.machines.names[node]!);
      });
      replication.run((24 * HOUR) as Micros);
      const done = read(replication);
      expect(done.records[0]!.end).toBe('completed');
      expect([unknown, facts(done, 'kubelet-connection-dead')]).toEqual([[], []]);
    }
  });

  it('that is asked for again when its control-plane nodes are nearly done has its operators done once more', () => {
    const first = run(fleet(3), [update('4.21.0')]);
    const [{ to }] = first.records as [UpgradeRecord];
    // Each moment of the last minutes: whichever pool is done first, the operators come to their end.
    for (let before = 0; before < 12; before++) {
      const again = forced('4.21.0', to! - before * MINUTE);
      const { records } = run(fleet(3), [update('4.21.0'), again]);
      expect(['superseded', 'completed']).toContain(records[0]!.end);
      expect(records[1]!.end).toBe('completed');
    }
  });

  it('waits for etcd while the network parts its members, however short, and goes on after it', () => {
    const cut: Fault = {
      kind: 'networkPartition',
      at: AT as Micros,
      duration: (2 * SECOND) as Micros,
      label: 'cut',
      side: { places: [], nodes: ['cp-0'], managementControlPlanes: [], workers: [] },
    };
    const { records } = run(fleet(3), [cut, update('4.21.0')]);
    expect(records[0]!.end).toBe('completed');
  });

  it('waits for ever for the only replica of a control plane, says for which pod, and costs nothing meanwhile', () => {
    const replication = prepared(fleet(6, {}, [single]), [update('4.21.0')]);
    replication.run((20 * HOUR) as Micros);
    const { world } = replication.fleet;
    const before = world.sim.events;
    replication.run((24 * HOUR) as Micros);
    expect(world.sim.events - before).toBe(0);
    const [record] = read(replication).records;
    expect(record!.end).toBeUndefined();
    const stalled = record!.waits.filter(({ to }) => to === undefined);
    expect(stalled).toHaveLength(1);
    expect(stalled[0]!.phase).toMatch(/^node h-/);
    expect(stalled[0]!.why).toContain('disruption budgets keep');
    expect(stalled[0]!.why).toContain('hosted/t/');
    expect(metric(replication, 'api.uptime', 't')).toBe(1);
  });

  it('stands still in a zone outage, says which nodes it waits for, and finishes after it', () => {
    const begins = AT + 90 * MINUTE + 10 * MINUTE;
    const outage: Fault = {
      kind: 'zoneOutage',
      at: begins as Micros,
      duration: (3 * HOUR) as Micros,
      label: 'zone b',
      places: ['b'],
    };
    const done = run(fleet(6, {}, [hostedCluster('t')]), [update('4.21.0'), outage]);
    const [record] = done.records;
    expect(record!.end).toBe('completed');
    const wait = record!.waits.find(({ phase, why }) => phase === 'pool worker' && why.includes('h-1, h-4'))!;
    expect(wait.why).toBe('h-1, h-4 not Ready');
    expect(wait.to).toBeGreaterThan(begins + 3 * HOUR);
    const during = record!.phases.filter(
      ({ name, from }) =>
        name.startsWith('node h') && from > begins + 10 * MINUTE && from < begins + 3 * HOUR,
    );
    expect(during).toEqual([]);
    expect(record!.to).toBeGreaterThan(begins + 3 * HOUR);
    expect(record!.to).toBeLessThan(begins + 4 * HOUR);
  });

  it('counts a node that somebody has cordoned as unavailable, and goes on when it is free', () => {
    const drain: Fault = {
      kind: 'nodeDrain',
      at: AT,
      duration: (5 * HOUR) as Micros,
      label: 'drain',
      nodes: ['h-4'],
    };
    const done = run(fleet(6), [drain, update('4.21.0')]);
    expect(done.waits('pool worker')).toEqual(['h-4 cordoned']);
    expect(done.phase('node h-0').from).toBeGreaterThan(5 * 60);
    expect(done.records[0]!.end).toBe('completed');
    // A node that was cordoned in the file is never free.
    const plan = management(ZONES, 3);
    const nodes = plan.nodes.map((node) => (node.name === 'h-2' ? { ...node, unschedulable: true } : node));
    expect(run(fleetOf({ ...plan, nodes }, []), [update('4.21.0')]).waits('pool worker')).toEqual([
      'h-2 cordoned',
    ]);
  });

  it('reboots no control-plane node while the etcd of another one is not back', () => {
    const slow = { etcd: { ready: 20 * MINUTE }, managementUpdate: { operators: 3 * HOUR } };
    const replication = prepared(fleet(3), [update('4.21.0')], slow);
    const { ensembles, management: controlPlanes } = replication.fleet.world;
    let least = 3;
    ensembles.changed.subscribe((ensemble) => {
      if (ensemble === controlPlanes.ensemble(MANAGEMENT))
        least = Math.min(least, ensembles.members.alive(ensemble));
    });
    replication.run((24 * HOUR) as Micros);
    const done = read(replication);
    expect(least).toBe(2);
    expect(done.waits('node cp-1')).toContain('etcd on cp-0 does not work');
    expect(done.records[0]!.end).toBe('completed');
  });

  it('stands still without the management control plane, for as long as that is away', () => {
    const away = (after: number) => managementAway(AT + after, HOUR);
    const undisturbed = run(fleet(6), [update('4.21.0')]);
    const operators = run(fleet(6), [update('4.21.0'), away(40 * MINUTE)]);
    // Until etcd, with a member on two nodes, and a kube-apiserver have started: 5 + 15 + 30 s.
    expect(operators.phase('operators').to - undisturbed.phase('operators').to).toBeCloseTo(60 + 50 / 60, 1);
    expect(operators.waits('operators')).toEqual(['the API of mgmt does not answer']);
    const nodes = run(fleet(6), [update('4.21.0'), away(100 * MINUTE)]);
    const late = nodes.minutes(nodes.records[0]!.to) - undisturbed.minutes(undisturbed.records[0]!.to);
    expect(late).toBeGreaterThan(55);
    expect(late).toBeLessThan(65);
    expect(nodes.waits('pool worker')).toEqual(['the API of mgmt does not answer']);
  });

  it('goes on with a node that lost its power on the way, and with one whose object was deleted', () => {
    const failure = (after: number, more: Partial<Extract<Fault, { kind: 'nodeFailure' }>> = {}): Fault => ({
      kind: 'nodeFailure',
      at: (AT + after) as Micros,
      duration: HOUR,
      label: 'failure',
      nodes: ['h-0'],
      ...more,
    });
    // Drained at once, staging until 92, rebooting until 94 minutes.
    for (const after of [90.12, 91, 93, 94.2]) {
      const done = run(fleet(3), [update('4.21.0'), failure(after * MINUTE)]);
      expect(done.records[0]!.end, `${after}`).toBe('completed');
      expect(done.phase('node h-0').to, `${after}`).toBeGreaterThan(after + 60);
    }
    const deleted = run(fleet(3), [
      update('4.21.0'),
      failure(91 * MINUTE, { deleteNodeAfter: (10 * MINUTE) as Micros }),
    ]);
    const { world, nodes } = deleted.replication.fleet;
    const { releases } = world.managementUpdates;
    // The update is complete without it; when it registers again its pool brings it up all the same.
    expect(deleted.minutes(deleted.records[0]!.to)).toBeLessThan(91 + 60);
    expect(world.upgrades.releases.name(releases.kubelet(nodes.get('h-0')!) as never)).toBe('4.21.0');
    expect(world.drains.cordoned(nodes.get('h-0')!)).toBe(false);
  });

  it('is refused over two minors and to an earlier one, not to an earlier patch', () => {
    const plan = fleet(3, { version: '4.20.3' });
    const ends = (to: string) => run(plan, [update(to)]).records[0]!.end;
    expect([ends('4.22.0'), ends('4.19.9'), ends('4.20.1')]).toEqual(['refused', 'refused', 'completed']);
    const { replication, records } = run(plan, [update('4.22.0')]);
    const { upgrades } = replication.fleet.world;
    expect(records[0]!.refusal).toContain('skips');
    expect(upgrades.releases.name(upgrades.release('managementCluster', MANAGEMENT))).toBe('4.20.3');
  });

  it('refuses another minor while a pool updates its nodes, and takes it by itself when that is done', () => {
    const second = AT + 100 * MINUTE;
    const done = run(fleet(9), [update('4.21.0'), forced('4.22.0', second)]);
    const [first, refused, late] = done.records;
    expect(done.records.map(({ end }) => end)).toEqual(['completed', 'refused', 'completed']);
    expect(refused!.refusal).toBe(
      'machine config pool master, worker still updates its nodes (management-cluster.pool-updating)',
    );
    expect(late!.late).toEqual({ request: 1 });
    // Upgradeable is looked at every 2 minutes, from the last node on, which the pool notices 5 s later.
    expect(late!.from - first!.to!).toBeGreaterThan(0);
    expect(late!.from - first!.to!).toBeLessThanOrEqual(2 * MINUTE);
    const patch = run(fleet(9), [update('4.21.0'), forced('4.21.1', second)]);
    expect(patch.records.map(({ end }) => end)).toEqual(['superseded', 'completed']);
  });

  it('takes a bad release that it refused before for as bad as it was', () => {
    const replication = prepared(fleet(9), [update('4.21.0'), update('4.22.0', AT + 20 * HOUR)]);
    const { upgrades } = replication.fleet.world;
    replication.run((AT + 100 * MINUTE) as Micros);
    const bad = upgrades.releases.names.indexOf('4.22.0') as never;
    upgrades.ask('managementCluster', MANAGEMENT, bad, { force: true, bad: true });
    replication.run((AT + 18 * HOUR) as Micros);
    const { records } = read(replication);
    expect(records.map(({ end }) => end)).toEqual(['completed', 'refused', undefined]);
    expect(records[2]!.bad).toBe(true);
  });

  it('goes back within its minor to the version that it had before, and to no other', () => {
    const ends = (...to: string[]) =>
      run(
        fleet(3, { version: '4.20.1' }),
        to.map((one, i) => update(one, AT + i * 4 * HOUR)),
      ).records.map(({ end }) => end);
    expect(ends('4.20.3', '4.20.1')).toEqual(['completed', 'completed']);
    expect(ends('4.20.3', '4.20.5', '4.20.1')).toEqual(['completed', 'completed', 'refused']);
    expect(ends('4.20.3', '4.20.5', '4.20.3')).toEqual(['completed', 'completed', 'completed']);
  });

  it('does not go back from 5.0 to 4.23, which is another minor to the cluster version operator', () => {
    const plan = fleet(3, { version: '4.23.1' });
    const { records } = run(plan, [update('5.0.1'), update('4.23.1', AT + 5 * HOUR)]);
    expect(records.map(({ end }) => end)).toEqual(['completed', 'refused']);
    expect(records[1]!.refusal).toContain('management-cluster.downgrade');
  });

  it('refuses another minor where kubelets of a paused pool would be too far behind, for ever; a patch of its own goes through', () => {
    const paused = pools(1).map((pool) => ({ ...pool, paused: pool.name === 'worker' }));
    const at = (hours: number, to: string): Upgrade => update(to, AT + hours * HOUR);
    const plan = fleet(3, { version: '4.20.1', machineConfigPools: paused });
    const done = run(plan, [at(0, '4.21.0'), at(5, '4.22.0'), at(10, '5.0.0'), at(11, '4.22.1')], {}, 30);
    expect(done.records.map(({ end }) => end)).toEqual(['completed', 'completed', 'refused', 'completed']);
    expect(done.records[2]!.refusal).toBe(
      'nodes of 4.20.1 would be too far behind 5.0.0 (management-cluster.leaves-nodes-behind)',
    );
  });

  it('refused for good leaves what goes on alone', () => {
    const done = run(fleet(3, { version: '4.20.1' }), [
      update('4.21.0'),
      forced('4.19.1', AT + 30 * MINUTE),
      forced('4.23.1', AT + 40 * MINUTE),
    ]);
    expect(done.records.map(({ end }) => end)).toEqual(['completed', 'refused', 'refused']);
    expect(done.minutes(done.records[0]!.to)).toBeCloseTo(
      run(fleet(3, { version: '4.20.1' }), [update('4.21.0')]).minutes(done.records[0]!.to),
      6,
    );
  });

  it('to the version that there is asks for nothing, and stands in the way of nothing', () => {
    const { records } = run(fleet(3, { version: '4.20.1' }), [
      update('4.20.1'),
      update('4.21.0', AT + MINUTE),
    ]);
    expect(records[0]).toMatchObject({ end: 'completed', from: AT, to: AT, phases: [] });
    expect(records[1]!.end).toBe('completed');
    expect(run(fleet(3, { version: '4.20.1' }), [update('4.20')]).records[0]).toMatchObject({ to: AT });
  });

  it('is refused by the command line while another one goes on, patches too, unless it is told that this is known', () => {
    const ends = (...more: Upgrade[]) =>
      run(fleet(6), [update('4.21.0'), ...more]).records.map(({ end }) => end);
    expect(ends(update('4.21.5', AT + 30 * MINUTE))).toEqual(['completed', 'refused']);
    expect(ends(forced('4.21.5', AT + 30 * MINUTE))).toEqual(['superseded', 'completed']);
    const [, { refusal }] = run(fleet(6), [update('4.21.0'), update('4.22.0', AT + 30 * MINUTE)]).records as [
      UpgradeRecord,
      UpgradeRecord,
    ];
    expect(refusal).toBe('the update to 4.21.0 still goes on (management-cluster.already-updating)');
  });

  it('is superseded by another one, which all nodes reach', () => {
    for (const after of [5 * MINUTE, 95 * MINUTE]) {
      const done = run(fleet(3), [update('4.21.0'), forced('4.21.5', AT + after)]);
      expect(done.records.map(({ end }) => end)).toEqual(['superseded', 'completed']);
      const { world, nodes } = done.replication.fleet;
      const { releases } = world.managementUpdates;
      const names = [...nodes.values()].map((node) => releases.kubelet(node));
      expect(new Set(names).size).toBe(1);
      expect(world.upgrades.releases.name(names[0] as never)).toBe('4.21.5');
      expect(releases.staticPod(nodes.get('cp-2')!, 'kube-scheduler')).toBe(names[0]);
      expect(releases.staticPod(nodes.get('cp-0')!, 'etcd')).toBe(names[0]);
    }
  });

  it('that is superseded while a drain stands still hands on the node and the reason', () => {
    const done = run(fleet(6, {}, [single]), [update('4.21.0'), update('4.21.5', AT + 12 * HOUR)]);
    const [former, later] = done.records;
    expect([former!.end, later!.end]).toEqual(['superseded', undefined]);
    const stuck = former!.waits.find(({ phase }) => phase.startsWith('node h'))!;
    expect(later!.waits.filter(({ to }) => to === undefined)).toEqual([
      expect.objectContaining({ phase: stuck.phase, why: stuck.why, from: AT + 12 * HOUR }),
    ]);
    const taken = later!.phases.filter(({ from }) => from === AT + 12 * HOUR).map(({ name }) => name);
    expect(taken).toEqual(expect.arrayContaining([stuck.phase, 'pool worker']));
  });

  it('that a virtual machine holds up for ever is left to people, with the reason', () => {
    const machines = hostedCluster('vm', {
      platform: 'KubeVirt',
      nodePools: [pool(3, { machine: { cpuMillis: 2000, memoryMib: 4000, pods: 50 } })],
    });
    const { replication } = run(fleet(6, {}, [machines]), [update('4.21.0')]);
    const { fleet: built, injector, beginning } = replication;
    const drains = unhealed({ fleet: built, injector, beginning }).filter(({ what }) =>
      what.startsWith('drain'),
    );
    expect(drains).toHaveLength(1);
    const [drain] = drains;
    expect(drain!.what).toMatch(/^drain of node h-/);
    expect(drain!.why).toMatch(/^the virtual machine .*vm.* cannot be migrated/);
  });

  it('leaves paused pools behind, but is not complete without the control-plane nodes', () => {
    const paused = (name: string) =>
      run(
        fleet(3, { machineConfigPools: pools(1).map((pool) => ({ ...pool, paused: pool.name === name })) }),
        [update('4.21.0')],
      );
    const worker = paused('worker');
    expect(worker.records[0]!.end).toBe('completed');
    expect(worker.records[0]!.phases.filter(({ name }) => name.startsWith('node h'))).toEqual([]);
    expect(worker.records[0]!.remarks).toContain('pool worker is paused, and stays behind');
    expect(worker.waits('pool worker')).toEqual([]);
    const master = paused('master');
    expect(master.records[0]!.end).toBeUndefined();
    expect(master.waits('pool master')).toEqual(['the pool is paused']);
  });

  it('goes on in a fork as in the run it was forked from', () => {
    const replication = prepared(fleet(6, {}, [hostedCluster('t')]), [update('4.21.0')]);
    const { sim } = replication.fleet.world;
    replication.run((AT + 100 * MINUTE) as Micros);
    const middle = sim.save();
    replication.run((6 * HOUR) as Micros);
    const { digest } = sim;
    sim.restore(middle);
    replication.run((6 * HOUR) as Micros);
    expect(sim.digest).toBe(digest);
    expect(read(replication).records[0]!.end).toBe('completed');
  });
});

describe('the control plane of a management cluster that is updated', () => {
  it('has its static pods replaced one at a time, each after the one before is ready, and kube-apiservers have been so for a while', () => {
    const replication = prepared(fleet(3), [update('4.21.0')]);
    const { management: controlPlane, ensembles } = replication.fleet.world;
    let fewest = 3;
    ensembles.changed.subscribe(() => {
      fewest = Math.min(fewest, ensembles.members.alive(controlPlane.ensemble(MANAGEMENT)));
    });
    controlPlane.progressed.subscribe(() => {
      fewest = Math.min(fewest, controlPlane.apiservers(MANAGEMENT).length);
    });
    replication.run((AT + 80 * MINUTE) as Micros);
    const done = read(replication);
    expect(fewest).toBe(2);
    // Of etcd 1 s to exit, 5 s and 15 s; of kube-apiserver 70 + 25 s to end, 5 s, 30 s and 30 s; of the others 6 s.
    expect(done.phase('etcd').to).toBeCloseTo((3 * 21) / 60, 3);
    expect(done.phase('kube-apiserver').to - done.phase('kube-apiserver').from).toBeCloseTo(
      (3 * 160) / 60,
      3,
    );
    expect(done.phase('kube-scheduler').to - done.phase('kube-controller-manager').from).toBeCloseTo(
      (6 * 6) / 60,
      3,
    );
  });

  it('hands the lead of etcd on, now and at reboots, so that no write waits for an election', () => {
    const done = run(fleet(3), [update('4.21.0')]);
    expect(facts(done, 'leader-lost')).toEqual([]);
    expect(facts(done, 'leader-elected').length).toBeGreaterThan(0);
  });

  it('waits for a control-plane node that is away', () => {
    const failure: Fault = {
      kind: 'nodeFailure',
      at: (AT - MINUTE) as Micros,
      duration: HOUR,
      label: 'failure',
      nodes: ['cp-1'],
    };
    const replication = prepared(fleet(3), [failure, update('4.21.0')]);
    const { clusters } = replication.fleet.world;
    let outages = 0;
    clusters.apiChanged.subscribe(() => outages++);
    replication.run((24 * HOUR) as Micros);
    const done = read(replication);
    expect(done.waits('etcd')[0]).toBe('etcd on cp-1 does not work');
    expect(done.phase('etcd').to).toBeGreaterThan(59);
    expect(done.records[0]!.end).toBe('completed');
    // With one member away, to restart another would cost the quorum.
    expect(outages).toBe(0);
  });

  it('judges nodes by the grace period of its new release: 50 s instead of 40 from 4.18 on', () => {
    const failure: Fault = {
      kind: 'nodeFailure',
      at: (AT + 10 * HOUR) as Micros,
      label: 'failure',
      nodes: ['h-0'],
    };
    const plan = fleet(3, { version: '4.17.3', operator: { product: 'HyperShift', version: '4.20' } });
    const detected = (faults: readonly Fault[]): number => {
      const done = run(plan, faults, { node: { heartbeatPeriod: SECOND, monitorPeriod: SECOND } });
      return facts(done, 'node-unready').find((at) => at > 600)! * 60 - 36_000;
    };
    expect(detected([failure])).toBeLessThan(42);
    expect(detected([failure, update('4.18.1')])).toBeGreaterThan(48);
  });

  it('rolls StatefulSets out by the rule of its new release', () => {
    const parameters = { upgrade: { statefulSetsWaitFrom: 23 } };
    const replication = prepared(fleet(3, { version: '4.22.1' }), [update('5.0.0')], parameters);
    const { pods } = replication.fleet.world;
    replication.run(AT);
    expect(pods.updatesWaitForAll(MANAGEMENT)).toBe(false);
    replication.run((AT + 80 * MINUTE) as Micros);
    expect(pods.updatesWaitForAll(MANAGEMENT)).toBe(true);
  });

  it('runs its new release before its nodes do: first kube-apiservers, then controllers, then kubelets', () => {
    const replication = prepared(fleet(3), [update('4.21.0')]);
    const { world, nodes } = replication.fleet;
    const { releases } = world.managementUpdates;
    const node = nodes.get('cp-0')!;
    const state = () => [
      world.upgrades.releases.name(releases.staticPod(node, 'kube-apiserver') as never),
      releases.minor(MANAGEMENT),
      world.upgrades.releases.name(releases.kubelet(node) as never),
    ];
    expect(state()).toEqual(['4.20', 20, '4.20']);
    replication.run((AT + 7 * MINUTE) as Micros);
    expect(state()).toEqual(['4.21.0', 20, '4.20']);
    replication.run((AT + 80 * MINUTE) as Micros);
    expect(state()).toEqual(['4.21.0', 21, '4.20']);
    replication.run((AT + 95 * MINUTE) as Micros);
    expect(state()).toEqual(['4.21.0', 21, '4.21.0']);
  });
});

describe('a bad release of a management cluster', () => {
  it('stalls at its first static pod without harm, until another one supersedes it', () => {
    const replication = prepared(
      fleet(3, { version: '4.20.3' }, [hostedCluster('t')]),
      [forced('4.20.4', AT + 5 * HOUR), update('4.20.2', AT + 20 * HOUR)],
      {},
    );
    const { world } = replication.fleet;
    const releaseOf = (name: string) => world.upgrades.releases.names.indexOf(name) as never;
    replication.run(AT);
    world.upgrades.ask('managementCluster', MANAGEMENT, releaseOf('4.20.2'), { force: false, bad: true });
    replication.run((AT + 5 * HOUR - 1) as Micros);
    const first = read(replication).records[0]!;
    expect(first.waits.map(({ why }) => why)).toEqual(['the new etcd on cp-0 does not become Ready']);
    expect(first.phases.filter(({ to }) => to === undefined).map(({ name }) => name)).toEqual([
      'operators',
      'etcd',
    ]);
    expect(world.clusters.apiUp(MANAGEMENT)).toBe(true);
    replication.run((AT + 12 * HOUR) as Micros);
    expect(read(replication).records.map(({ end }) => end)).toEqual(['superseded', 'completed']);
    expect(world.ensembles.members.alive(world.management.ensemble(MANAGEMENT))).toBe(3);
  });
});

describe('versions of a management cluster', () => {
  it('are told part by part: kube-apiservers apart for minutes, kubelets until the last node is done', () => {
    const replication = prepared(fleet(6), [update('4.21.0')]);
    const { versions, releases } = replication.fleet.world.upgrades;
    const apart = new Map<string, number>();
    let since = 0;
    const state = new Map<string, boolean>();
    const note = (): void => {
      const { now } = replication.fleet.world.sim;
      for (const [part, is] of state)
        if (is) apart.set(part, (apart.get(part) ?? 0) + (now - since) / MINUTE);
      since = now;
      for (const { part, oldest, newest } of versions.running(MANAGEMENT)) {
        state.set(part, oldest !== newest);
        if (oldest !== newest)
          expect([releases.name(oldest), releases.name(newest)]).toEqual(['4.20', '4.21.0']);
      }
    };
    versions.changed.subscribe(note);
    replication.run((24 * HOUR) as Micros);
    expect([...apart.keys()].sort()).toEqual([
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kubelet',
    ]);
    expect(apart.get('kube-apiserver')).toBeCloseTo((2 * 160) / 60, 3);
    expect(apart.get('kubelet')).toBeGreaterThan(5 * 4);
  });
});

describe('remediation and the reboots of an update', () => {
  const bareMetal = (remediationWaits: number, boot = 15 * MINUTE) => ({
    node: { boot },
    managementUpdate: { remediationWaits },
  });
  const fenced = fleet(6, { remediation: 'fence-agents' });

  it('a reboot that outlasts 300 s is taken for a failure: a fenced node begins its boot anew, and the record says so', () => {
    const done = run(fenced, [update('4.21.0')], bareMetal(0));
    expect(facts(done, 'remediation-started').length).toBeGreaterThanOrEqual(6);
    expect(done.waits('node h-0').join()).toContain('remediates it');
    const alone = run(fleet(6), [update('4.21.0')], bareMetal(0)).phase('node h-0');
    const { from, to } = done.phase('node h-0');
    // Silent for 40 to 55 s, which the next leader counts anew where a control-plane node reboots as well, then for 300 s, then 30 s of fencing.
    const lost = to - from - (alone.to - alone.from);
    expect(lost).toBeGreaterThan((40 + 300 + 30 - 6) / 60);
    expect(lost).toBeLessThan((18 + 5 + 55 + 300 + 30 + 6) / 60);
  });

  it('health checks that see which nodes are being updated remediate none of them, and others still', () => {
    const done = run(fenced, [update('4.21.0')], bareMetal(2));
    expect(facts(done, 'remediation-started')).toEqual([]);
    expect(done.records[0]!.end).toBe('completed');
    const later: Fault = {
      kind: 'nodeFailure',
      at: (AT + 12 * HOUR) as Micros,
      duration: (30 * MINUTE) as Micros,
      label: 'dead',
      nodes: ['h-5'],
    };
    expect(facts(run(fenced, [update('4.21.0'), later], bareMetal(2)), 'remediation-started')).toHaveLength(
      1,
    );
  });

  it('one of two minutes is not, and none is while remediation is paused', () => {
    expect(facts(run(fenced, [update('4.21.0')], bareMetal(0, 2 * MINUTE)), 'remediation-started')).toEqual(
      [],
    );
    const pause: Fault = {
      kind: 'pause',
      at: 0 as Micros,
      label: 'pause',
      hostedClusters: [],
      managementClusters: ['mgmt'],
      nodePools: [],
    };
    const paused = run(fenced, [pause, update('4.21.0')], bareMetal(0));
    expect(facts(paused, 'remediation-started')).toEqual([]);
    expect(paused.records[0]!.end).toBe('completed');
  });

  it('health checks that see the cluster version operator spare nodes until the control-plane nodes are done, and no longer', () => {
    const done = run(fenced, [update('4.21.0')], bareMetal(1));
    const started = facts(done, 'remediation-started');
    const { to } = done.phase('pool master');
    expect(started.length).toBeGreaterThan(0);
    for (const at of started) expect(at).toBeGreaterThanOrEqual(to);
    expect(done.records[0]!.end).toBe('completed');
    // One that died while operators were updated is looked at again when the cluster version operator is done.
    const dead: Fault = {
      kind: 'nodeFailure',
      at: (AT + 10 * MINUTE) as Micros,
      label: 'dead',
      nodes: ['h-5'],
    };
    const later = run(fenced, [update('4.21.0'), dead], {
      ...bareMetal(1),
      remediation: { recheck: SECOND },
    });
    const [first] = facts(later, 'remediation-started');
    expect(first! - later.phase('pool master').to).toBeGreaterThanOrEqual(0);
    expect(first! - later.phase('pool master').to).toBeLessThanOrEqual(1 / 60);
  });
});
