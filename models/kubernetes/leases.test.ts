import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../sim/entities.ts';
import { Simulation } from '../../sim/simulation.ts';
import { SECOND, seconds } from '../../sim/time.ts';
import { Clusters } from './clusters.ts';
import { type LeaseSpec, Leases } from './leases.ts';

const OPENSHIFT: LeaseSpec = { duration: 137 * SECOND, renew: 107 * SECOND, retry: 26 * SECOND };

function setup(seed: number, spec = OPENSHIFT, candidates = 2) {
  const sim = new Simulation({ seed });
  const clusters = new Clusters(sim);
  const cluster = clusters.add('c', NONE);
  const leases = new Leases(sim, clusters);
  const lease = leases.add('test', cluster, spec, candidates);
  const changes: [number, boolean][] = [];
  leases.changed.subscribe((_, held) => changes.push([sim.now / SECOND, held]));
  const holder = () => leases.holder.at(lease);
  const other = () =>
    leases.candidate(lease, 0) === holder() ? leases.candidate(lease, 1) : leases.candidate(lease, 0);
  return { sim, clusters, cluster, leases, lease, changes, holder, other };
}

describe('leases 137/107/26', () => {
  it('a crashed holder is replaced after lease + retry at worst, lease - retry at best (OpenShift conventions: 163 s)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const { sim, leases, changes, holder } = setup(seed);
        sim.run(seconds(1000));
        leases.down(holder());
        sim.run(seconds(2000));
        expect(changes.map(([, held]) => held)).toEqual([false, true]);
        const away = changes[1]![0] - changes[0]![0];
        expect(away).toBeGreaterThanOrEqual(137 - 26);
        expect(away).toBeLessThanOrEqual(137 + 26);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('a holder that stops in good order is replaced within one retry period (OpenShift conventions: 26 s)', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { sim, leases, changes, holder } = setup(seed);
      sim.run(seconds(1000));
      leases.released(holder());
      sim.run(seconds(2000));
      expect(changes[1]![0] - 1000).toBeLessThanOrEqual(26);
    }
  });

  it('without another candidate the lease waits for a new process, which grants the unknown record a whole duration', () => {
    const { sim, leases, lease, changes, holder } = setup(1, OPENSHIFT, 1);
    sim.run(seconds(1000));
    const only = holder();
    leases.down(only);
    sim.run(seconds(1010));
    leases.recovered(only);
    sim.run(seconds(2000));
    expect(leases.held(lease)).toBe(true);
    // The new process has never seen the record and grants it a whole duration.
    expect(changes[1]![0]).toBeGreaterThanOrEqual(1010 + 137);
    expect(changes[1]![0]).toBeLessThanOrEqual(1010 + 137 + 26);
  });

  it('78 s without the API never cost the lease; more than the renew deadline always does (OpenShift conventions)', () => {
    for (let seed = 0; seed < 100; seed++) {
      const short = setup(seed);
      short.sim.run(seconds(1000));
      short.clusters.setApi(short.cluster, false);
      short.sim.run(seconds(1078));
      short.clusters.setApi(short.cluster, true);
      short.sim.run(seconds(2000));
      expect(short.changes).toEqual([]);
      const long = setup(seed);
      long.sim.run(seconds(1000));
      long.clusters.setApi(long.cluster, false);
      long.sim.run(seconds(1134));
      expect(long.changes.map(([, held]) => held)).toEqual([false]);
      long.clusters.setApi(long.cluster, true);
      long.sim.run(seconds(2000));
      expect(long.changes.map(([, held]) => held)).toEqual([false, true]);
      expect(long.changes[0]![0]).toBeGreaterThanOrEqual(1000 + 107);
      // The other candidate knew the record and takes it when it has run out, 137 s after a last renewal before the outage.
      expect(long.changes[1]![0]).toBeLessThanOrEqual(1000 + 137 + 26);
    }
  });

  it('104 s never cost it, 106 s do when no try is left before the deadline: in 2 of 26 futures', () => {
    const FUTURES = 1000;
    const lost = (outage: number): number => {
      let count = 0;
      for (let seed = 0; seed < FUTURES; seed++) {
        const { sim, clusters, cluster, changes } = setup(seed);
        sim.run(seconds(1000));
        clusters.setApi(cluster, false);
        sim.run(seconds(1000 + outage));
        clusters.setApi(cluster, true);
        sim.run(seconds(2000));
        if (changes.length > 0) count++;
      }
      return count / FUTURES;
    };
    expect(lost(104)).toBe(0);
    // Five standard errors of a binomial share.
    const expected = 2 / 26;
    const tolerance = 5 * Math.sqrt((expected * (1 - expected)) / FUTURES);
    expect(Math.abs(lost(106) - expected)).toBeLessThan(tolerance);
  });

  it('nobody takes a lease while its API is away', () => {
    const { sim, clusters, cluster, leases, changes, holder } = setup(3);
    sim.run(seconds(1000));
    clusters.setApi(cluster, false);
    leases.down(holder());
    sim.run(seconds(5000));
    expect(changes.map(([, held]) => held)).toEqual([false]);
    clusters.setApi(cluster, true);
    sim.run(seconds(5000 + 26));
    expect(changes.map(([, held]) => held)).toEqual([false, true]);
  });

  it('a process that comes back keeps nobody waiting longer: who waited already tries when it would have', () => {
    for (let seed = 0; seed < 100; seed++) {
      for (const end of ['down', 'released'] as const) {
        const { sim, leases, changes, holder } = setup(seed);
        sim.run(seconds(1000));
        const first = holder();
        leases[end](first);
        const worst = end === 'down' ? 137 + 26 : 26;
        sim.run(seconds(1000 + worst - 5));
        leases.recovered(first);
        sim.run(seconds(2000));
        expect(changes[1]![0] - 1000, `${end} ${seed}`).toBeLessThanOrEqual(worst);
      }
    }
  });

  it('a lease that was given back is taken by the next process that starts, without the wait for an unknown holder', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { sim, leases, changes, holder } = setup(seed, OPENSHIFT, 1);
      sim.run(seconds(1000));
      const only = holder();
      leases.released(only);
      sim.run(seconds(1010));
      leases.recovered(only);
      sim.run(seconds(2000));
      expect(changes[1]![0]).toBeLessThanOrEqual(1010 + 26);
    }
  });

  it('a lease cannot be given back while its API is away', () => {
    const { sim, clusters, cluster, leases, changes, holder } = setup(4);
    sim.run(seconds(1000));
    clusters.setApi(cluster, false);
    leases.released(holder());
    sim.run(seconds(1010));
    clusters.setApi(cluster, true);
    sim.run(seconds(2000));
    expect(changes[1]![0]).toBeGreaterThanOrEqual(1000 + 137 - 26);
  });

  it('the time without a holder is told while it lasts, in total and at a stretch', () => {
    const { sim, leases, lease, changes, holder } = setup(5);
    sim.run(seconds(1000));
    leases.down(holder());
    sim.run(seconds(1050));
    expect(leases.vacant(lease)).toBe(50 * SECOND);
    sim.run(seconds(2000));
    const first = changes[1]![0] - changes[0]![0];
    leases.released(holder());
    sim.run(seconds(2000));
    expect(leases.longestVacancy(lease) / SECOND).toBeCloseTo(first, 6);
    expect(leases.vacant(lease) / SECOND).toBeCloseTo(first, 6);
  });
});
