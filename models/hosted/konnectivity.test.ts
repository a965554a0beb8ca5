import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../sim/entities.ts';
import { Simulation } from '../../sim/simulation.ts';
import { SECOND, seconds } from '../../sim/time.ts';
import { Clusters } from '../kubernetes/clusters.ts';
import { parameterValues } from '../parameters.ts';
import { Konnectivity } from './konnectivity.ts';

const SYNC = parameterValues().konnectivity.syncInterval / SECOND;

function setup(agents: number, servers: number, seed = 1) {
  const sim = new Simulation({ seed });
  const clusters = new Clusters(sim);
  const cluster = clusters.add('t', NONE);
  const konnectivity = new Konnectivity(sim, clusters, parameterValues());
  const state = { listed: 2 ** servers - 1 };
  konnectivity.listed = () => state.listed;
  const ids = Array.from({ length: agents }, (_, i) => konnectivity.add(cluster, `w-${i}`));
  konnectivity.settle(cluster, 2 ** servers - 1);
  return { sim, cluster, konnectivity, ids, state };
}

describe('konnectivity', () => {
  it('reaches everybody when every agent has found every server', () => {
    const { konnectivity, cluster } = setup(4, 3);
    expect(konnectivity.reach(cluster)).toBe(1);
  });

  it('a dead server that is still listed loses its share of dials; unlisted it loses none', () => {
    const { konnectivity, cluster, state } = setup(4, 3);
    konnectivity.serverDown(cluster, 1);
    expect(konnectivity.reach(cluster)).toBeCloseTo(2 / 3, 12);
    state.listed = 0b101;
    konnectivity.listedChanged(cluster);
    expect(konnectivity.reach(cluster)).toBe(1);
  });

  it('an agent that vanishes silently costs its share of dials until the keepalive notices, 20 to 50 s later', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const { sim, konnectivity, cluster, ids } = setup(4, 3, seed);
        konnectivity.agentDown(ids[0]!, false);
        expect(konnectivity.reach(cluster)).toBeCloseTo(3 / 4, 12);
        sim.run(seconds(20));
        expect(konnectivity.reach(cluster)).toBeCloseTo(3 / 4, 12);
        sim.run(seconds(50.001));
        expect(konnectivity.reach(cluster)).toBe(1);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('an agent that is killed loudly costs nothing: its servers drop it at once', () => {
    const { konnectivity, cluster, ids } = setup(4, 3);
    konnectivity.agentDown(ids[0]!, true);
    expect(konnectivity.reach(cluster)).toBe(1);
  });

  it('without any agent nothing is reached', () => {
    const { konnectivity, cluster, ids } = setup(2, 3);
    for (const agent of ids) konnectivity.agentDown(agent, true);
    expect(konnectivity.reach(cluster)).toBe(0);
  });

  it('finds one replaced server of N by a geometric number of dials, one per sync interval', () => {
    for (const servers of [2, 3]) {
      const times: number[] = [];
      for (let seed = 0; seed < 1500; seed++) {
        const { sim, konnectivity, cluster } = setup(1, servers, seed);
        konnectivity.serverDown(cluster, 0);
        konnectivity.serverUp(cluster, 0);
        let found = -1;
        konnectivity.changed.subscribe(() => {
          if (found < 0 && konnectivity.reach(cluster) === 1) found = sim.now / SECOND;
        });
        sim.run(seconds(1000));
        times.push(found);
      }
      // Each dial hits with probability 1/N: N - 1 misses on average, then half an interval of phase. Variance of the misses is
      // N (N - 1), so the standard error over 1500 draws is below 5 sqrt(N (N - 1)) / 38.7 s.
      const mean = times.reduce((a, b) => a + b, 0) / times.length;
      const expected = (servers - 1 + 0.5) * SYNC;
      expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
      expect(Math.abs(mean - expected)).toBeLessThan(
        (3.5 * SYNC * Math.sqrt(servers * (servers - 1) + 1 / 12)) / Math.sqrt(1500),
      );
    }
  });

  it('does not dial while every server that is listed is connected: a lost server costs no events', () => {
    const { sim, konnectivity, cluster, state } = setup(10, 3);
    konnectivity.serverDown(cluster, 2);
    state.listed = 0b011;
    konnectivity.listedChanged(cluster);
    sim.run(seconds(100_000));
    expect(sim.events).toBe(0);
  });
});
