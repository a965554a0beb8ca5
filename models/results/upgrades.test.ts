import { describe, expect, it } from 'vitest';
import type { CauseId } from '../../sim/facts.ts';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import type { UpgradeId } from '../ids.ts';
import type { Fault, Upgrade } from '../plan/faults.ts';
import { Replication, runScenario, type TraceLine } from '../run.ts';
import { fleetOf, hostedCluster, management, metric, pool, scenarioOf, twice, ZONES } from '../testing.ts';
import { standIns } from '../upgrades/testing.ts';
import { covered, dipWithin, upgradeResults } from './upgrades.ts';

const FLEET = fleetOf(management(ZONES, 6), [
  hostedCluster('t', { nodePools: [pool(3)] }),
  hostedCluster('u', { nodePools: [pool(1)] }),
]);
const upgrade = (at: number, more: Partial<Upgrade>): Upgrade => ({
  kind: 'upgrade',
  at: at as Micros,
  label: 'upgrade',
  subject: 'hostedCluster',
  names: [],
  to: '4.20.3',
  ...more,
});
const lb = (at: number, duration: number): Fault => ({
  kind: 'loadBalancerFailure',
  at: at as Micros,
  duration: duration as Micros,
  label: 'loadBalancerFailure t',
  hostedClusters: ['t'],
});

function run(faults: readonly Fault[], trace?: (line: TraceLine) => void) {
  const replication = new Replication(scenarioOf(FLEET, { faults }), 0, trace);
  standIns(replication.fleet, {
    takes: (kind) => (kind === 'nodePool' ? 20 * MINUTE : 10 * MINUTE),
    refuses: (_kind, name) => (name === 'u' ? 'a rule' : undefined),
  });
  const { sim, upgrades } = replication.fleet.world;
  const at = (time: number, does: (upgrade: UpgradeId) => void) =>
    sim.at(sim.event(upgrades.ledger.table, `test-${time}`, 'control', does), 0 as UpgradeId, time);
  return {
    replication,
    at,
    ledger: upgrades.ledger,
    results: () => upgradeResults(replication.fleet, replication.recorders.services, replication.narrative),
  };
}

describe('results of upgrades', () => {
  it('say of each what was asked for, when, and how it ended', () => {
    const { replication, results } = run([
      upgrade(HOUR, { subject: 'hostedCluster', names: ['t', 'u'] }),
      upgrade(2 * HOUR, { subject: 'nodePool', names: ['t/workers'] }),
    ]);
    replication.run((2 * HOUR + 5 * MINUTE) as Micros);
    expect(results()).toMatchObject([
      {
        kind: 'hostedCluster',
        name: 't',
        before: '4.19.8',
        after: '4.20.3',
        asked: HOUR,
        outcome: 'completed',
      },
      { name: 'u', outcome: 'refused', refusal: 'a rule', phases: [] },
      {
        kind: 'nodePool',
        name: 't/workers',
        labels: { hostedCluster: 't', managementCluster: 'mgmt', nodePool: 'workers' },
        outcome: 'going-on',
        phases: [{ name: 'rollout', from: 2 * HOUR }],
      },
    ]);
    expect(results()[0]!.ended).toBe(HOUR + 10 * MINUTE);
    expect(results()[1]).not.toHaveProperty('began');
    expect(results()[2]).not.toHaveProperty('ended');
  });

  it('name who felt it: services that fell meanwhile, not those that were low before, nor those that fell later', () => {
    const during = run([
      upgrade(HOUR, { subject: 'managementCluster', names: ['mgmt'] }),
      lb(HOUR + 60e6, 30e6),
    ]);
    during.replication.run((2 * HOUR) as Micros);
    const felt = during.results()[0]!.affected;
    // What goes through the hosted API falls with it.
    expect(felt.map(({ service }) => service)).toEqual(['api', 'join', 'aggregatedApis']);
    for (const dip of felt)
      expect(dip).toMatchObject({ labels: { hostedCluster: 't' }, lowest: 0, lost: 30 });
    const around = run([
      lb(HOUR - 60e6, 70e6),
      upgrade(HOUR, { subject: 'hostedCluster', names: ['t'] }),
      lb(HOUR + 11 * MINUTE, 60e6),
    ]);
    around.replication.run((2 * HOUR) as Micros);
    expect(around.results()[0]!.affected).toEqual([]);
  });

  it('tell what a phase waited for, with the chain that led there', () => {
    const { replication, at, ledger, results } = run([
      upgrade(HOUR, { subject: 'hostedCluster', names: ['t'] }),
    ]);
    at(HOUR + 60e6, (id) => ledger.waits(id, 'rollout', 'a budget'));
    at(HOUR + 120e6, (id) => ledger.goesOn(id, 'rollout'));
    replication.run((2 * HOUR) as Micros);
    expect(results()[0]!.waits).toEqual([
      {
        phase: 'rollout',
        why: 'a budget',
        from: HOUR + 60e6,
        to: HOUR + 120e6,
        causes: ['upgrade of hosted cluster t waits: a budget'],
      },
    ]);
    const { asked } = ledger.record(0 as UpgradeId);
    expect(replication.narrative.chain(asked)).toEqual(['upgrade', 'upgrade of hosted cluster t to 4.20.3']);
    const end = replication.fleet.world.sim.facts.length - 1;
    const ends = Array.from({ length: end }, (_, i) =>
      replication.narrative.chain((i + 1) as CauseId).at(-1),
    );
    expect(ends).toContain('upgrade of hosted cluster t completed');
  });

  it('say what was changed of node pools, and what was remarked', () => {
    const { replication, at, ledger, results } = run([
      {
        kind: 'upgrade',
        at: HOUR,
        label: 'upgrade',
        subject: 'nodePool',
        names: ['t/workers'],
        change: 'tuning',
      },
    ]);
    at(HOUR + 60e6, (id) => ledger.remark(id, 'a policy'));
    replication.run((2 * HOUR) as Micros);
    expect(results()).toMatchObject([{ change: 'tuning', remarks: ['a policy'] }]);
  });

  it('are told in a trace at the moment at which they happen', () => {
    const lines: TraceLine[] = [];
    const faults = [upgrade(HOUR, { subject: 'hostedCluster', names: ['t'] })];
    const { replication, at, ledger } = run(faults, (line) => lines.push(line));
    at(HOUR + 60e6, (id) => ledger.waits(id, 'rollout', 'a budget'));
    replication.run((2 * HOUR) as Micros);
    expect(JSON.stringify(lines)).toContain('upgrade of hosted cluster t waits: a budget');
  });

  it('are the same after a snapshot was restored', () => {
    const { replication, at, ledger, results } = run([
      upgrade(HOUR, { subject: 'hostedCluster', names: ['t'] }),
    ]);
    at(HOUR + 60e6, (id) => ledger.waits(id, 'rollout', 'a budget'));
    replication.run((HOUR + 90e6) as Micros);
    const [first, again] = twice(replication.fleet.world.sim, () => {
      replication.run((2 * HOUR) as Micros);
      return results();
    });
    expect(again).toEqual(first);
  });

  it('are none of a run without upgrades', () => {
    expect(runScenario(scenarioOf(FLEET, { duration: HOUR }), { replications: 1 }).upgrades).toEqual([]);
  });
});

describe('metrics of upgrades', () => {
  it('take the longest of a hosted cluster and its pools; refused ones and those of others do not count', () => {
    const { replication } = run([
      upgrade(HOUR, { subject: 'hostedCluster', names: ['t', 'u'] }),
      upgrade(2 * HOUR, { subject: 'nodePool', names: ['t/workers'] }),
      upgrade(3 * HOUR, { subject: 'managementCluster', names: ['mgmt'] }),
    ]);
    replication.run((4 * HOUR) as Micros);
    expect(metric(replication, 'upgrade.duration', 't')).toBe(1200);
    expect(() => metric(replication, 'upgrade.duration', 'u')).toThrow('no value');
  });

  it('are those of management clusters and their operators, too', () => {
    const { replication, at, ledger } = run([
      upgrade(HOUR, { subject: 'managementCluster', names: ['mgmt'] }),
      upgrade(2 * HOUR, { subject: 'operator', names: ['mgmt'] }),
    ]);
    at(HOUR + 60e6, (id) => ledger.waits(id, 'rollout', 'a budget'));
    at(HOUR + 90e6, (id) => ledger.goesOn(id, 'rollout'));
    replication.run((4 * HOUR) as Micros);
    const own = replication.metrics().filter(({ metric: id }) => id.startsWith('upgrade.'));
    expect(own.map(({ metric: id, labels, value }) => [id, labels, value])).toEqual([
      ['upgrade.duration', { managementCluster: 'mgmt' }, 600],
      ['upgrade.blocked', { managementCluster: 'mgmt' }, 30],
      ['upgrade.unfinished', { managementCluster: 'mgmt' }, 0],
    ]);
  });

  it('count what is not what was last asked of it: refused or under way, and not what was asked for again', () => {
    const { replication } = run([
      upgrade(HOUR, { subject: 'hostedCluster', names: ['t', 'u'] }),
      upgrade(2 * HOUR, { subject: 'hostedCluster', names: ['t'], to: '4.20.4' }),
      upgrade(3 * HOUR - MINUTE, { subject: 'nodePool', names: ['t/workers'] }),
    ]);
    replication.run((3 * HOUR) as Micros);
    expect(metric(replication, 'upgrade.unfinished', 't')).toBe(1);
    expect(metric(replication, 'upgrade.unfinished', 'u')).toBe(1);
    replication.run((4 * HOUR) as Micros);
    expect(metric(replication, 'upgrade.unfinished', 't')).toBe(0);
  });

  it('count one that goes on up to the end of the run', () => {
    const { replication } = run([upgrade(HOUR, { subject: 'hostedCluster', names: ['t'] })]);
    replication.run((HOUR + 5 * MINUTE) as Micros);
    expect(metric(replication, 'upgrade.duration', 't')).toBe(300);
  });

  it('count the time in which some phase waited once, however many did', () => {
    const { replication, at, ledger } = run([upgrade(HOUR, { subject: 'hostedCluster', names: ['t'] })]);
    at(HOUR + 60e6, (id) => ledger.waits(id, 'rollout', 'a budget'));
    at(HOUR + 90e6, (id) => ledger.waits(id, 'other', 'a node'));
    at(HOUR + 120e6, (id) => ledger.goesOn(id, 'rollout'));
    at(HOUR + 180e6, (id) => ledger.goesOn(id, 'other'));
    replication.run((2 * HOUR) as Micros);
    expect(metric(replication, 'upgrade.blocked', 't')).toBe(120);
  });
});

it('spans that overlap, touch or lie in each other cover their time once', () => {
  const span = (from: number, to?: number) => ({
    from: from as Micros,
    ...(to === undefined ? {} : { to: to as Micros }),
  });
  expect(covered([span(5, 8), span(0, 3), span(1, 2), span(3, 4), span(9)], 12 as Micros)).toBe(10);
  expect(covered([], 12 as Micros)).toBe(0);
});

it('a dip is what is missing of the level before, times how long', () => {
  const step = (at: number, value: number) => ({ at: at as Micros, value, fact: 0 as CauseId });
  const steps = [step(0, 0.8), step(10e6, 0.3), step(20e6, 0.9), step(30e6, 0), step(30e6, 0.8)];
  const span = { from: 5e6 as Micros, to: 40e6 as Micros };
  expect(dipWithin(steps, span)).toEqual({ lowest: 0.3, lost: 5 });
  expect(dipWithin(steps.slice(2), { from: 25e6 as Micros, to: 28e6 as Micros })).toBeUndefined();
});
