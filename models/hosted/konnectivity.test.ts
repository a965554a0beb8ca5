import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NONE } from '../../sim/entities.ts';
import { Simulation } from '../../sim/simulation.ts';
import { HOUR, micros, SECOND, seconds } from '../../sim/time.ts';
import { Clusters } from '../kubernetes/clusters.ts';
import { parameterValues } from '../parameters.ts';
import { Konnectivity } from './konnectivity.ts';
import { END, SIDES } from './tunnel-links.ts';

const { konnectivity: P } = parameterValues();
const SYNC = P.syncInterval / SECOND;
/** A pause is lengthened by up to a tenth. */
const MEAN_PAUSE = 1.05 * SYNC;

function setup(agents: number, servers: number, seed = 1, redials = true) {
  const sim = new Simulation({ seed });
  const clusters = new Clusters(sim);
  const cluster = clusters.add('t', NONE);
  const konnectivity = new Konnectivity(sim, clusters, parameterValues());
  const { tunnels } = konnectivity;
  const state = { listed: 2 ** servers - 1 };
  tunnels.listed = () => state.listed;
  konnectivity.begin(cluster, servers, redials);
  const ids = Array.from({ length: agents }, (_, i) => konnectivity.add(cluster, 'dataPlane', `w-${i}`));
  konnectivity.settle(cluster, 2 ** servers - 1);
  const reach = () => tunnels.reach(cluster);
  const replaced = (server: number) => {
    konnectivity.serverDown(cluster, server, true);
    konnectivity.serverUp(cluster, server);
  };
  return { sim, cluster, konnectivity, tunnels, ids, state, reach, replaced };
}

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;

describe('share of dials that succeed', () => {
  it('is 1 when every agent has found every server', () => {
    expect(setup(4, 3).reach()).toBe(1);
  });

  it('a dead server that is still listed loses its share of dials; unlisted it loses none', () => {
    const { konnectivity, cluster, state, reach } = setup(4, 3);
    konnectivity.serverDown(cluster, 1, true);
    expect(reach()).toBeCloseTo(2 / 3, 12);
    state.listed = 0b101;
    konnectivity.listedChanged(cluster);
    expect(reach()).toBe(1);
  });

  it('an agent that vanishes silently costs its share of dials until the keepalive notices, 20 to 50 s later', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const { sim, konnectivity, ids, reach } = setup(4, 3, seed);
        konnectivity.agentDown(ids[0]!, false);
        expect(reach()).toBeCloseTo(3 / 4, 12);
        sim.run(seconds(20));
        expect(reach()).toBeCloseTo(3 / 4, 12);
        sim.run(seconds(50.001));
        expect(reach()).toBe(1);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('an agent that is killed loudly costs nothing: its servers drop it at once', () => {
    const { konnectivity, ids, reach } = setup(4, 3);
    konnectivity.agentDown(ids[0]!, true);
    expect(reach()).toBe(1);
  });

  it('without any agent nothing is reached', () => {
    const { konnectivity, ids, reach } = setup(2, 3);
    for (const agent of ids) konnectivity.agentDown(agent, true);
    expect(reach()).toBe(0);
  });

  it('agents of the control plane and of the data plane stand for themselves', () => {
    const { konnectivity, tunnels, cluster, ids } = setup(2, 3);
    const own = konnectivity.add(cluster, 'controlPlane', 'agent-0');
    konnectivity.settle(cluster, 0b111);
    for (const agent of ids) konnectivity.agentDown(agent, true);
    expect(tunnels.reach(cluster, 'dataPlane')).toBe(0);
    expect(tunnels.reach(cluster, 'controlPlane')).toBe(1);
    konnectivity.agentDown(own, true);
    expect(tunnels.reach(cluster, 'controlPlane')).toBe(0);
  });
});

describe('a server that dies', () => {
  it('is missed at once when its process ends, and 20 to 50 s later when its node vanishes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const loud = setup(3, 3, seed);
        loud.konnectivity.serverDown(loud.cluster, 0, true);
        expect(loud.ids.map((agent) => loud.tunnels.held(agent))).toEqual([2, 2, 2]);
        const quiet = setup(3, 3, seed);
        quiet.konnectivity.serverDown(quiet.cluster, 0, false);
        quiet.sim.run(seconds(19.999));
        expect(quiet.ids.map((agent) => quiet.tunnels.held(agent))).toEqual([3, 3, 3]);
        quiet.sim.run(seconds(50));
        expect(quiet.ids.map((agent) => quiet.tunnels.held(agent))).toEqual([2, 2, 2]);
        expect(quiet.sim.events).toBe(0);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('and comes back elsewhere is not found by agents that still believe in the old one', () => {
    for (let seed = 0; seed < 30; seed++) {
      const { sim, konnectivity, cluster, ids, tunnels } = setup(1, 3, seed);
      konnectivity.serverDown(cluster, 0, false);
      konnectivity.serverUp(cluster, 0);
      sim.run(seconds(20));
      expect(tunnels.links.works(tunnels.link(ids[0]!, 0))).toBe(false);
      sim.run(seconds(1000));
      expect(tunnels.links.works(tunnels.link(ids[0]!, 0))).toBe(true);
    }
  });
});

describe('agents that redial', () => {
  it('find one replaced server of N by a geometric number of dials, one per sync interval', () => {
    for (const servers of [2, 3]) {
      const times: number[] = [];
      for (let seed = 0; seed < 1500; seed++) {
        const { sim, konnectivity, reach, replaced } = setup(1, servers, seed);
        replaced(0);
        let found = -1;
        konnectivity.changed.subscribe(() => {
          if (found < 0 && reach() === 1) found = sim.now / SECOND;
        });
        sim.run(seconds(1000));
        times.push(found);
      }
      // Each dial hits with probability 1/N: N - 1 misses on average, then half a pause of phase. Variance of the misses is N (N - 1).
      const expected = (servers - 1 + 0.5) * MEAN_PAUSE;
      expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
      expect(Math.abs(mean(times) - expected)).toBeLessThan(
        (3.5 * MEAN_PAUSE * Math.sqrt(servers * (servers - 1) + 1 / 12)) / Math.sqrt(1500),
      );
    }
  });

  it('back off while no server can be reached: after an hour the next dial is up to 33 s away, after a moment up to 5.5 s', () => {
    const firstFind = (away: number, seed: number): number => {
      const { sim, konnectivity, cluster, reach } = setup(1, 1, seed);
      konnectivity.serverDown(cluster, 0, true);
      sim.run(seconds(away));
      konnectivity.serverUp(cluster, 0);
      let found = Number.NaN;
      konnectivity.changed.subscribe(() => {
        if (Number.isNaN(found) && reach() === 1) found = sim.now / SECOND - away;
      });
      sim.run(seconds(away + 100));
      return found;
    };
    const seeds = Array.from({ length: 400 }, (_, seed) => seed);
    const late = seeds.map((seed) => firstFind(3600, seed));
    const soon = seeds.map((seed) => firstFind(1, seed));
    expect(Math.max(...soon)).toBeLessThanOrEqual(5.5);
    expect(Math.max(...late)).toBeLessThanOrEqual(33);
    // Uniform over a pause of 30 s and up to a tenth more.
    expect(Math.abs(mean(late) - 15.75)).toBeLessThan((3.5 * 9.1) / Math.sqrt(400));
  });

  it('do not dial while every server that is listed is connected: a lost server costs no events', () => {
    const { sim, konnectivity, cluster, state } = setup(10, 3);
    konnectivity.serverDown(cluster, 2, true);
    state.listed = 0b011;
    konnectivity.listedChanged(cluster);
    sim.run(seconds(100_000));
    expect(sim.events).toBe(0);
  });

  it('cost one event each when a server was replaced, and agents that lack nothing are not even looked at', () => {
    const { sim, konnectivity, cluster, tunnels, replaced } = setup(500, 3);
    replaced(1);
    sim.run(seconds(10_000));
    expect(sim.events).toBe(500);
    let looked = 0;
    tunnels.linkCut = () => {
      looked++;
      return false;
    };
    konnectivity.listedChanged(cluster);
    expect(looked).toBe(0);
  });
});

describe('agents of releases that do not redial', () => {
  it('stay at two of three servers until they are restarted', () => {
    const { sim, konnectivity, cluster, ids, tunnels, reach, replaced } = setup(4, 3, 1, false);
    replaced(0);
    sim.run(seconds(86_400));
    expect(ids.map((agent) => tunnels.held(agent))).toEqual([2, 2, 2, 2]);
    expect(reach()).toBeCloseTo(2 / 3, 12);
    expect(tunnels.stuck(cluster)).toBe(0b001);
    expect(tunnels.trouble(cluster)).toEqual({ server: 0, sought: false });
    expect(sim.events).toBe(0);
    for (const agent of ids) konnectivity.agentDown(agent, true);
    for (const agent of ids) konnectivity.agentUp(agent);
    expect(tunnels.stuck(cluster)).toBe(0);
    sim.run(seconds(90_000));
    expect(ids.map((agent) => tunnels.held(agent))).toEqual([3, 3, 3, 3]);
    expect(reach()).toBe(1);
  });

  it('a single agent that starts gives the server something to dial through', () => {
    const { sim, konnectivity, cluster, ids, tunnels, reach, replaced } = setup(4, 3, 1, false);
    replaced(0);
    konnectivity.agentDown(ids[2]!, true);
    konnectivity.agentUp(ids[2]!);
    sim.run(seconds(1000));
    expect(ids.map((agent) => tunnels.held(agent))).toEqual([2, 2, 3, 2]);
    expect(reach()).toBe(1);
    expect(tunnels.stuck(cluster)).toBe(0);
  });

  it('look for all servers again once they have lost all', () => {
    const { sim, ids, tunnels, replaced } = setup(2, 3, 1, false);
    for (const server of [0, 1, 2]) replaced(server);
    sim.run(seconds(1000));
    expect(ids.map((agent) => tunnels.held(agent))).toEqual([3, 3]);
  });
});

describe('a network that keeps agents and servers apart', () => {
  function cutOff(agents: number, seed: number) {
    const made = setup(agents, 3, seed);
    const cut = (whom: (agent: number, server: number) => boolean) => {
      made.tunnels.linkCut = (agent, server) => whom(agent, server);
      made.konnectivity.linksChanged(made.cluster);
    };
    return { ...made, cut };
  }

  it('is noticed by keepalive only, and links that were cut for less are as before', () => {
    for (let seed = 0; seed < 30; seed++) {
      const { sim, cut, ids, reach, tunnels } = cutOff(4, seed);
      cut((agent) => agent === ids[0]);
      expect(reach()).toBeCloseTo(3 / 4, 12);
      sim.run(seconds(19.9));
      expect(tunnels.held(ids[0]!)).toBe(3);
      cut(() => false);
      expect(reach()).toBe(1);
      cut((agent) => agent === ids[0]);
      sim.run(seconds(70));
      expect(reach()).toBe(1);
      expect(tunnels.held(ids[0]!)).toBe(0);
      cut(() => false);
      sim.run(seconds(1000));
      expect(tunnels.held(ids[0]!)).toBe(3);
    }
  });

  it('a server cut off from all agents is listed in vain', () => {
    const { sim, cut, reach } = cutOff(4, 1);
    cut((_, server) => server === 1);
    expect(reach()).toBeCloseTo(2 / 3, 12);
    sim.run(seconds(3600));
    expect(reach()).toBeCloseTo(2 / 3, 12);
    cut(() => false);
    sim.run(seconds(3700));
    expect(reach()).toBe(1);
  });
});

describe('any history', () => {
  const AGENTS = 5;
  const step = fc.record({
    after: fc.integer({ min: 0, max: 90 }),
    what: fc.constantFrom('server', 'agent', 'cut', 'list'),
    whom: fc.integer({ min: 0, max: AGENTS - 1 }),
    other: fc.integer({ min: 0, max: 2 }),
    loud: fc.boolean(),
  });

  it('leaves counts that equal those taken from scratch, links that work where they can, and heals with what it hangs on', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), fc.nat(1e6), (steps, redials, seed) => {
        const { sim, konnectivity, tunnels, cluster, ids, state } = setup(AGENTS, 3, seed, redials);
        const up = [true, true, true];
        const running = ids.map(() => true);
        const cut = new Set<number>();
        tunnels.linkCut = (agent, server) => cut.has(agent * 3 + server);
        const check = (): void => {
          for (const side of SIDES) {
            for (let server = 0; server < 3; server++) {
              const links = side === 'dataPlane' ? ids.map((agent) => tunnels.link(agent, server)) : [];
              const known = links.filter((link) => tunnels.links.ends(link) & END.server);
              const alive = links.filter((link) => tunnels.links.works(link));
              const view = tunnels.view(cluster, side, server);
              expect(tunnels.links.known.at(view)).toBe(known.length);
              expect(tunnels.links.alive.at(view)).toBe(alive.length);
            }
          }
          ids.forEach((agent, i) => {
            for (let server = 0; server < 3; server++) {
              const link = tunnels.link(agent, server);
              const both = END.agent | END.server;
              const could = up[server]! && running[i]! && !cut.has(agent * 3 + server);
              if (tunnels.links.works(link)) expect(could).toBe(true);
              else if (could) expect(tunnels.links.ends(link) & both).not.toBe(both);
              if (tunnels.links.silent(link))
                expect(tunnels.links.until.at(link)).toBeGreaterThanOrEqual(sim.now);
            }
          });
        };
        for (const { after, what, whom, other, loud } of steps) {
          sim.run(micros(sim.now + after * SECOND));
          check();
          if (what === 'server') {
            up[other] = !up[other];
            if (up[other]) konnectivity.serverUp(cluster, other);
            else konnectivity.serverDown(cluster, other, loud);
          } else if (what === 'agent') {
            running[whom] = !running[whom];
            if (running[whom]) konnectivity.agentUp(ids[whom]!);
            else konnectivity.agentDown(ids[whom]!, loud);
          } else if (what === 'cut') {
            const link = ids[whom]! * 3 + other;
            if (!cut.delete(link)) cut.add(link);
            konnectivity.linksChanged(cluster);
          } else {
            state.listed ^= 1 << other;
            konnectivity.listedChanged(cluster);
          }
          check();
        }
        cut.clear();
        konnectivity.linksChanged(cluster);
        state.listed = 0b111;
        ids.forEach((agent, i) => {
          if (!running[i]) konnectivity.agentUp(agent);
          running[i] = true;
        });
        up.forEach((one, server) => {
          if (!one) konnectivity.serverUp(cluster, server);
          up[server] = true;
        });
        konnectivity.listedChanged(cluster);
        sim.run(micros(sim.now + HOUR));
        check();
        const stuck = tunnels.stuck(cluster);
        const lost = [0, 1, 2].filter((server) => (stuck >> server) & 1).length;
        expect(tunnels.reach(cluster)).toBeCloseTo(1 - lost / 3, 12);
        if (redials) expect(ids.map((agent) => tunnels.held(agent))).toEqual(ids.map(() => 3));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
