import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import { managementAway } from '../faults/testing.ts';
import type { ClusterId, SetId } from '../ids.ts';
import type { Fault, Upgrade } from '../plan/faults.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, metric, ran, scenarioOf, ZONES } from '../testing.ts';

const MANAGEMENT = 0 as ClusterId;

const upgrade: Upgrade = {
  kind: 'upgrade',
  at: HOUR,
  label: 'upgrade operator',
  subject: 'operator',
  names: ['mgmt'],
  to: '2.11',
};

function prepared(faults: readonly Fault[], operatorReplicas = 2): Replication {
  const plan = fleetOf(management(ZONES, 6, { operatorReplicas }), [hostedCluster('t')]);
  return new Replication(scenarioOf(plan, { faults }), 0);
}

describe('an upgrade of the operator', () => {
  it('replaces its pods with all of them running, and of hosted control planes what it deploys itself', () => {
    const replication = prepared([upgrade], 3);
    const { world } = replication.fleet;
    const operator = world.hosted.set(MANAGEMENT, 'operator') as SetId;
    let fewest = 3;
    const evicted: string[] = [];
    world.pods.terminated.subscribe((pod) => evicted.push(world.pods.identity(pod)));
    world.pods.containers.stopped.subscribe(() => {
      fewest = Math.min(fewest, world.pods.containers.runningOf.at(operator));
    });
    replication.run((2 * HOUR) as Micros);
    expect(evicted.slice(0, 3).every((name) => name.startsWith('management/mgmt/operator-'))).toBe(true);
    expect(evicted.slice(3).sort()).toEqual([
      'hosted/t/capi-provider-0',
      'hosted/t/cluster-api-0',
      'hosted/t/control-plane-operator-0',
    ]);
    expect(fewest).toBe(3);
    const [record] = world.upgrades.ledger.records;
    expect(record!.end).toBe('completed');
    // Each is bound within a second or two, starts in 5 s and is Ready after 10 more.
    expect(record!.to! - HOUR).toBeGreaterThan(3 * 15 * SECOND);
    expect(record!.to! - HOUR).toBeLessThan(3 * 20 * SECOND);
    expect(metric(replication, 'api.uptime', 't')).toBe(1);
  });

  it('hands the lead over at once: the leader that goes gives its lease back', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const plan = fleetOf(management(ZONES, 6), [hostedCluster('t')]);
      const replication = new Replication(scenarioOf(plan, { faults: [upgrade], seed }), 0);
      const { leadership } = replication.fleet.world;
      const [lease] = leadership
        .of(MANAGEMENT)
        .filter((one) => leadership.leases.names[one]!.startsWith('operator'));
      replication.run((2 * HOUR) as Micros);
      const vacant = leadership.leases.longestVacancy(lease!);
      expect(vacant).toBeGreaterThan(0);
      // One retry period, instead of the lease's duration.
      expect(vacant).toBeLessThanOrEqual(replication.plan.parameters.lease.operatorRetry);
    }
  });

  it('says which of its pods fails', () => {
    const replication = prepared([upgrade]);
    const { world } = replication.fleet;
    const operator = world.hosted.set(MANAGEMENT, 'operator') as SetId;
    world.pods.assigned.subscribe((pod) => {
      if (world.pods.set.at(pod) === operator) world.pods.kubelets.hold(pod);
    });
    replication.run((2 * HOUR) as Micros);
    const [record] = world.upgrades.ledger.records;
    expect(record!.end).toBeUndefined();
    expect(record!.waits.at(-1)!.why).toMatch(/^the containers of pod operator-\d fail$/);
  });

  it('is what drives hosted control planes only when its last pod is there', () => {
    const replication = prepared([upgrade]);
    const { operators } = replication.fleet.world;
    replication.run((HOUR + 20 * SECOND) as Micros);
    expect(operators.version(MANAGEMENT)).toEqual({ product: 'MCE', version: '2.10' });
    replication.run((HOUR + MINUTE) as Micros);
    expect(operators.version(MANAGEMENT)).toEqual({ product: 'MCE', version: '2.11' });
  });

  it('to a bad version stalls with the old pods running, until another one supersedes it', () => {
    const away = managementAway(2 * HOUR, 10 * MINUTE);
    const better: Upgrade = { ...upgrade, at: (3 * HOUR) as Micros, to: '2.11.1' };
    const replication = prepared([better, away, { ...upgrade, at: (20 * HOUR) as Micros }]);
    const { upgrades, leadership, hosted, pods } = replication.fleet.world;
    const to = upgrades.releases.names.indexOf('2.11') as never;
    replication.run(HOUR);
    upgrades.ask('operator', MANAGEMENT, to, { force: false, bad: true });
    replication.run((3 * HOUR - 1) as Micros);
    const [bad] = upgrades.ledger.records;
    expect(bad!.end).toBeUndefined();
    expect(bad!.waits[0]!.why).toMatch(/^operator-. does not become Ready$/);
    expect(leadership.held(MANAGEMENT, 'operator')).toBe(true);
    replication.run((4 * HOUR) as Micros);
    expect(upgrades.ledger.records.map(({ end }) => end)).toEqual(['superseded', 'completed']);
    expect(pods.containers.runningOf.at(hosted.set(MANAGEMENT, 'operator') as never)).toBe(2);
  });

  it('is what the update graph leads to: nothing is skipped, nothing goes back; what runs goes on', () => {
    const ask = (at: number, to: string): Upgrade => ({ ...upgrade, at: at as Micros, to });
    const replication = prepared([
      upgrade,
      ask(HOUR + SECOND, '2.9'),
      ask(2 * HOUR, '2.8'),
      ask(3 * HOUR, '2.17'),
    ]);
    replication.run((4 * HOUR) as Micros);
    const { upgrades, operators } = replication.fleet.world;
    expect(upgrades.ledger.records.map(({ end, refusal }) => [end, refusal])).toEqual([
      ['completed', undefined],
      ['refused', '2.9 is older than 2.11 (operator.downgrade)'],
      ['refused', '2.8 is older than 2.11 (operator.downgrade)'],
      ['completed', undefined],
    ]);
    expect(operators.version(MANAGEMENT).version).toBe('2.17');
    const far = prepared([ask(HOUR, '2.17')]);
    far.run((2 * HOUR) as Micros);
    expect(far.fleet.world.upgrades.ledger.records[0]!.refusal).toBe(
      'MCE 2.10 to 2.17 skips 1 in the table (operator.skips-a-version)',
    );
    expect(far.fleet.world.operators.version(MANAGEMENT).version).toBe('2.10');
  });

  it('remarks what it breaks and nobody stops: hosted clusters that the new operator does not take', () => {
    const plan = fleetOf(management(ZONES, 6), [hostedCluster('t', { release: '4.13.2' })]);
    const [record] = ran(scenarioOf(plan, { faults: [upgrade] })).fleet.world.upgrades.ledger.records;
    expect(record!.end).toBe('completed');
    expect(record!.remarks.join()).toContain('operator.hosted-during-update');
    expect(record!.remarks.join()).toContain('(operator.strands-hosted-clusters)');
  });

  it('renders nothing anew of a hosted cluster that is paused, until it is reconciled again', () => {
    const pause: Fault = {
      kind: 'pause',
      at: 0 as Micros,
      duration: (3 * HOUR) as Micros,
      label: 'pause',
      hostedClusters: ['t'],
      nodePools: [],
      managementClusters: [],
    };
    const replication = prepared([pause, upgrade]);
    const { pods } = replication.fleet.world;
    const evicted: string[] = [];
    pods.terminated.subscribe((pod) => evicted.push(pods.identity(pod)));
    const ofHosted = () => evicted.filter((name) => name.startsWith('hosted/'));
    replication.run((2.9 * HOUR) as Micros);
    expect(ofHosted()).toEqual([]);
    replication.run((4 * HOUR) as Micros);
    expect(ofHosted()).toHaveLength(3);
  });

  it('of the same version renders nothing', () => {
    const replication = prepared([{ ...upgrade, to: '2.10' }]);
    const { pods } = replication.fleet.world;
    let evicted = 0;
    pods.terminated.subscribe(() => evicted++);
    replication.run((2 * HOUR) as Micros);
    expect(replication.fleet.world.upgrades.ledger.records[0]!.end).toBe('completed');
    expect(evicted).toBe(0);
  });

  it('waits for the management control plane', () => {
    const away = managementAway(HOUR + 5 * SECOND, HOUR);
    const replication = prepared([upgrade, away]);
    replication.run((4 * HOUR) as Micros);
    const [record] = replication.fleet.world.upgrades.ledger.records;
    expect(record!.end).toBe('completed');
    expect(record!.waits.map(({ why }) => why)).toEqual(['the API or the controllers of mgmt are away']);
    expect(record!.to).toBeGreaterThan(2 * HOUR);
  });
});
