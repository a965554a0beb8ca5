import { describe, expect, it } from 'vitest';
import { Simulation } from '../../sim/simulation.ts';
import { HOUR, MILLISECOND, MINUTE, type Micros, SECOND, seconds } from '../../sim/time.ts';
import type { MemberId } from '../ids.ts';
import { parameterValues } from '../parameters.ts';
import type { Fault } from '../plan/faults.ts';
import type { ManagementPlatform } from '../plan/platforms.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, scenarioOf, ZONES } from '../testing.ts';
import { Disks, STUCK } from './disks.ts';
import { Ensembles } from './ensembles.ts';
import { fsyncTimes, longFsyncs } from './fsync.ts';
import { type HardwareSpeed, ticksBySpeed } from './ticks.ts';

const PARAMETERS = parameterValues();
const [STANDARD, SLOWER] = ticksBySpeed(PARAMETERS);

describe('hardware speeds', () => {
  it('are 100 and 1000 ms, and slower 500 and 2500 ms', () => {
    const shown = [STANDARD!, SLOWER!].map((ticks) => [
      ticks.heartbeat / MILLISECOND,
      ticks.electionTimeout / MILLISECOND,
    ]);
    expect(shown).toEqual([
      [100, 1000],
      [500, 2500],
    ]);
  });

  function setup(speed: HardwareSpeed, seed: number) {
    const sim = new Simulation({ seed });
    const ensembles = new Ensembles(sim, (cluster) => `c${cluster}`, PARAMETERS);
    const disks = new Disks(sim, ensembles, PARAMETERS);
    const ensemble = ensembles.add(0 as never, 3, true, speed);
    disks.enter(ensemble, 'cloud-ssd');
    const pass = (length: number): void => sim.run((sim.now + length) as Micros);
    sim.run(seconds(10));
    const leader = (): MemberId => ensembles.leader.at(ensemble);
    return { sim, ensembles, ensemble, disks, pass, leader };
  }

  it('decide whether a leader that is silent for two seconds leads on', () => {
    const replaced = (speed: HardwareSpeed): number => {
      let count = 0;
      for (let seed = 0; seed < 50; seed++) {
        const { disks, ensembles, ensemble, pass, leader } = setup(speed, seed);
        const slowness = disks.slow(leader(), STUCK);
        pass(2 * SECOND - MILLISECOND);
        disks.mend(slowness);
        pass(10 * SECOND);
        if (ensembles.term.at(ensemble) > 1) count++;
      }
      return count;
    };
    // The last heartbeat is up to 500 ms old and nobody stands before 2500 ms after it; the first of two in standard ticks almost always has.
    expect(replaced('Slower')).toBe(0);
    expect(replaced('Standard')).toBeGreaterThan(45);
  });

  it('draw elections of T to 2T - 1 ticks each', () => {
    for (const [speed, { heartbeat, electionTimeout }] of [
      ['Standard', STANDARD!],
      ['Slower', SLOWER!],
    ] as const) {
      for (let seed = 0; seed < 200; seed++) {
        const { sim, ensembles, ensemble, pass, leader } = setup(speed, seed);
        const begin = sim.now;
        ensembles.memberDown(leader());
        let back = 0;
        ensembles.changed.subscribe(() => {
          if (ensembles.hasLeader(ensemble)) back ||= sim.now;
        });
        pass(30 * SECOND);
        if (ensembles.term.at(ensemble) > 2) continue;
        expect(back - begin).toBeGreaterThanOrEqual(electionTimeout - heartbeat);
        expect(back - begin).toBeLessThan(2 * electionTimeout + 10 * MILLISECOND);
      }
    }
  });

  it('decide which writes are too long: a disk that takes 2 s for each stalls standard etcd, and no slower one', () => {
    const stalls = (speed: HardwareSpeed): number => {
      const { disks, pass, leader } = setup(speed, 1);
      let count = 0;
      disks.stalled.subscribe(() => count++);
      disks.slow(leader(), 2 * SECOND);
      pass(HOUR);
      return count;
    };
    expect(stalls('Standard')).toBeGreaterThan(0);
    expect(stalls('Slower')).toBe(0);
  });

  it('decide how often a slow storage class stalls a member by itself', () => {
    for (const [speed, { electionTimeout }] of [
      ['Standard', STANDARD!],
      ['Slower', SLOWER!],
    ] as const) {
      const { disks, ensemble, leader } = setup(speed, 1);
      disks.rehouse(ensemble, 'shared-pool');
      const times = fsyncTimes('shared-pool', PARAMETERS);
      const { gap } = longFsyncs(times, electionTimeout, PARAMETERS.etcd.writesPerSecond);
      expect(disks.stallGap(leader())).toBe(gap);
    }
  });
});

describe('the etcd of a management cluster', () => {
  const world = (platform: ManagementPlatform, faults: readonly Fault[] = []) => {
    const fleet = fleetOf(management(ZONES, 6, { platform }), [hostedCluster('t', { platform: 'Azure' })]);
    return new Replication(scenarioOf(fleet, { faults }), 0);
  };

  it.each<[ManagementPlatform, number]>([
    ['AWS', 0],
    ['Azure', 1],
    ['IBMCloud', 1],
    ['GCP', 0],
    ['BareMetal', 0],
    ['None', 0],
  ])(
    "on %s has the ticks of its platform, that of a hosted cluster upstream's whatever it stands on",
    (platform, speed) => {
      const { world: built, managementClusters, hostedClusters } = world(platform).fleet;
      const { management: controlPlanes, ensembles, hosted } = built;
      expect(ensembles.speed(controlPlanes.ensemble(managementClusters.get('mgmt')!))).toBe(speed);
      expect(ensembles.speed(hosted.ensemble.at(hostedClusters.get('t')!))).toBe(0);
    },
  );

  it('lets requests wait for a disk for 5 s and two of its election timeouts', () => {
    const stuck: Fault = {
      kind: 'slowDisk',
      at: HOUR as Micros,
      duration: MINUTE as Micros,
      label: 'stuck',
      nodes: ['cp-0'],
      storageClasses: [],
      members: [],
    };
    const timesOut = (platform: ManagementPlatform): number => {
      const replication = world(platform, [stuck]);
      replication.run((HOUR + MINUTE) as Micros);
      const { facts } = replication.fleet.world.sim;
      for (let i = 1; i < facts.length; i++) {
        const { kind, at } = facts.get(i as never);
        if (kind.name === 'requests-time-out') return at - HOUR;
      }
      return Number.NaN;
    };
    expect(timesOut('AWS')).toBe(5 * SECOND + 2 * STANDARD!.electionTimeout);
    expect(timesOut('Azure')).toBe(5 * SECOND + 2 * SLOWER!.electionTimeout);
  });

  it('bears a way between its members as long as its election timeout', () => {
    const far: Fault = {
      kind: 'networkLatency',
      at: HOUR as Micros,
      duration: MINUTE as Micros,
      label: 'far',
      side: { places: ['a'], nodes: [], managementControlPlanes: [], workers: [] },
      roundTrip: (1500 * MILLISECOND) as Micros,
    };
    const alone = (platform: ManagementPlatform): number => {
      const replication = world(platform, [far]);
      replication.run((HOUR + 30 * SECOND) as Micros);
      const { world: built, managementClusters } = replication.fleet;
      const { members } = built.ensembles;
      const ensemble = built.management.ensemble(managementClusters.get('mgmt')!);
      return members.electable(ensemble).length;
    };
    expect(alone('AWS')).toBe(2);
    expect(alone('Azure')).toBe(3);
  });
});
