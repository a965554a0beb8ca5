import { describe, expect, it } from 'vitest';
import type { Outage } from '../../sim/result.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { ClusterId } from '../ids.ts';
import { type ParameterOverrides, parameterValues } from '../parameters.ts';
import type { Fault } from '../plan/faults.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, management, node, pool, ran, scenarioOf, ZONES } from '../testing.ts';

const AT = HOUR as Micros;
const P = parameterValues();
const STALE_FOR = P.node.gracePeriod + P.node.monitorPeriod + P.pod.endpointPropagation;

interface Setting {
  readonly faults: readonly Fault[];
  readonly plan?: Partial<HostedClusterPlan>;
  readonly tenants?: number;
  readonly parameters?: ParameterOverrides;
}

function run({ faults, plan = {}, tenants = 1, parameters = {} }: Setting): Replication {
  const clusters = Array.from({ length: tenants }, (_, i) => hostedCluster(`t-${i}`, plan));
  const fleet = fleetOf(management(ZONES, 9), clusters);
  return ran(scenarioOf(fleet, { faults, duration: (4 * HOUR) as Micros, parameters }));
}
const outages = (done: Replication, service = 'api', name = 't-0'): readonly Outage[] =>
  done.outages().filter((one) => one.service === service && one.labels.hostedCluster === name);

/** When facts of a kind happened, in seconds since the fault. */
function times(done: Replication, kind: string): number[] {
  const { facts } = done.fleet.world.sim;
  const found: number[] = [];
  for (let i = 1; i < facts.length; i++) {
    const fact = facts.get(i as never);
    if (fact.kind.name === kind && fact.at >= AT) found.push((fact.at - AT) / SECOND);
  }
  return found;
}

const SMALL = { cpuMillis: 2000, memoryMib: 8192, pods: 250 };
const server = (ordinal: number) => ({ hostedCluster: 't-0', component: 'kube-apiserver', ordinal });
const zone = (duration: number): Fault => ({
  kind: 'zoneOutage',
  at: AT,
  duration: duration as Micros,
  label: 'zone',
  places: ['a'],
});
const balancer = (duration: number): Fault => ({
  kind: 'loadBalancerFailure',
  at: AT,
  duration: duration as Micros,
  label: 'balancer',
  hostedClusters: ['t-0'],
});

describe('workers whose API was out of reach', () => {
  it('a machine made in the place of one that went meanwhile is not kept from the API by what its predecessor lacked', () => {
    const away: Fault = {
      kind: 'scale',
      at: AT,
      duration: HOUR,
      label: 'scale',
      pools: [{ hostedCluster: 't-0', nodePool: 'workers' }],
      workloads: [],
      replicas: 0,
    };
    const plan = { platform: 'KubeVirt', nodePools: [pool(2, { machine: SMALL })] } as const;
    const done = run({ faults: [away, balancer(3 * MINUTE)], plan });
    const { machines, lifecycle } = done.fleet.world;
    const workers = machines.ofCluster.list(1 as ClusterId);
    expect(workers).toHaveLength(2);
    for (const worker of workers) expect(lifecycle.ready(worker), machines.names[worker]).toBe(true);
  });
});

describe('published by a Route', () => {
  const routed = { services: { APIServer: 'Route' }, router: true } as const;

  it('a dead router fails its share, and a dead server its share of what is left', () => {
    const [dip, ...more] = outages(run({ faults: [zone(2 * HOUR)], plan: routed }));
    expect(more).toEqual([]);
    expect(dip!.segments.at(-1)!.value).toBeCloseTo((2 / 3) ** 2, 12);
    expect(dip!.to - AT).toBeLessThanOrEqual(STALE_FOR);
  });

  it('without any router nobody outside gets in, and the control plane goes on', () => {
    const pods = [0, 1, 2].map((ordinal) => ({ hostedCluster: 't-0', component: 'router', ordinal }));
    const crash: Fault = { kind: 'podFailure', at: AT, duration: HOUR as Micros, label: 'routers', pods };
    const done = run({ faults: [crash], plan: routed });
    const [down] = outages(done);
    expect(down!.lowest).toBe(0);
    expect(down!.causes.at(-1)).toMatch(/router-\d/);
    expect(outages(done, 'controllers')).toEqual([]);
  });
});

describe('services beside the API that are published by a Route', () => {
  const Route = 'Route' as const;
  const services = { APIServer: Route, OAuthServer: Route, Konnectivity: Route, Ignition: Route };
  const release = '5.0.2';
  const plan = { services, router: true, release };
  const routers = (ordinals: readonly number[], duration: number): Fault => ({
    kind: 'podFailure',
    at: AT,
    duration: duration as Micros,
    label: 'routers',
    pods: ordinals.map((ordinal) => ({ hostedCluster: 't-0', component: 'router', ordinal })),
  });
  const BESIDE = ['oauth', 'join', 'tunnel'] as const;
  /** Links of agents on workers that both ends believe in and that work. */
  const links = ({ fleet: { world } }: Replication): number => {
    const { tunnels } = world.konnectivity;
    return [0, 1, 2].reduce(
      (sum, i) => sum + tunnels.links.alive.at(tunnels.view(1 as never, 'dataPlane', i)),
      0,
    );
  };
  const at = (
    faults: readonly Fault[],
    seconds: number,
    more: Partial<HostedClusterPlan> = plan,
  ): Replication => {
    const fleet = fleetOf(management(ZONES, 9), [hostedCluster('t-0', more)]);
    const replication = new Replication(scenarioOf(fleet, { faults, duration: (4 * HOUR) as Micros }), 0);
    replication.run((AT + seconds * SECOND) as Micros);
    return replication;
  };

  it('are away while no router runs, agents dial in vain, and all is back with the first router', () => {
    const done = run({ faults: [routers([0, 1, 2], HOUR)], plan });
    for (const service of BESIDE) {
      const [down, ...more] = outages(done, service);
      expect(more, service).toEqual([]);
      expect(down!.lowest, service).toBe(0);
      expect(down!.from, service).toBe(AT);
      expect(down!.to - AT, service).toBeGreaterThan(HOUR);
      expect(down!.to - AT, service).toBeLessThan(HOUR + 5 * MINUTE);
      expect(down!.causes.at(-1), service).toMatch(/router-\d/);
    }
    expect(links(done)).toBe(9);
    expect(outages(done, 'controllers')).toEqual([]);
  });

  it('share the load balancer of the API, and none of them fails with it when each has its own way', () => {
    const shared = run({ faults: [balancer(10 * MINUTE)], plan });
    for (const service of BESIDE) expect(outages(shared, service)[0]?.lowest, service).toBe(0);
    const apart = run({
      faults: [balancer(10 * MINUTE)],
      plan: { services: { ...services, APIServer: 'LoadBalancer' } },
    });
    expect(outages(apart)[0]!.lowest).toBe(0);
    for (const service of ['oauth', 'tunnel']) expect(outages(apart, service), service).toEqual([]);
  });

  it('links break with the router that they pass, and agents that redial find another', () => {
    const broken = at([routers([0], HOUR)], 0.5);
    expect(links(at([], 1))).toBe(9);
    expect(links(broken)).toBeLessThan(9);
    expect(links(broken)).toBeGreaterThan(0);
    expect(links(at([routers([0], HOUR)], 900))).toBe(9);
    const direct = at([routers([0], HOUR)], 0.5, {
      ...plan,
      services: { ...services, Konnectivity: 'LoadBalancer' },
    });
    expect(links(direct)).toBe(9);
  });

  it('a router that loses power leaves links that servers dial through in vain until the keepalive fails', () => {
    const { fleet } = at([zone(2 * HOUR)], 5);
    const { tunnels } = fleet.world.konnectivity;
    const silent = [0, 1, 2].map((i) => {
      const view = tunnels.view(1 as never, 'dataPlane', i);
      return tunnels.links.known.at(view) - tunnels.links.alive.at(view);
    });
    const running = fleet.world.hosted.set(1 as never, 'kube-apiserver');
    const alive = fleet.world.pods.ofSet
      .list(running as never)
      .filter((pod) => fleet.world.pods.isRunning(pod))
      .map((pod) => fleet.world.pods.ordinal.at(pod));
    expect(alive.reduce((sum, i) => sum + silent[i]!, 0)).toBeGreaterThan(0);
  });

  it('by NodePort lose the share of nodes that clients still address', () => {
    const byNodes = { services: { OAuthServer: 'NodePort', Ignition: 'NodePort' } } as const;
    const { fleet } = at([zone(30 * MINUTE)], 1200, byNodes);
    for (const service of ['oauth', 'join'] as const)
      expect(fleet.world.health.value(1 as never, service), service).toBeCloseTo(2 / 3, 12);
  });
});

describe('published by NodePort', () => {
  it('a lost node that clients address fails its share until it is back: nobody checks it', () => {
    const done = run({ faults: [zone(30 * MINUTE)], plan: { services: { APIServer: 'NodePort' } } });
    const [dip] = outages(done);
    expect(dip!.to - AT).toBe(30 * MINUTE + P.node.boot);
    expect(dip!.segments.at(-1)!.value).toBeCloseTo(2 / 3, 12);
    expect(dip!.segments.at(-1)!.causes).toEqual([
      'zone',
      'node h-0 lost',
      'clients still address node h-0 for the API of t-0',
    ]);
  });

  it('a node that nobody addresses costs nothing', () => {
    const lost: Fault = { kind: 'nodeFailure', at: AT, label: 'node', nodes: ['h-8'] };
    const plan = { services: { APIServer: 'NodePort' } } as const;
    const entered = run({ faults: [lost], plan }).fleet.world.entry;
    expect(entered.share(1 as never)).toBe(1);
  });
});

describe('a load balancer with two nodes of its own', () => {
  const key = 'hypershift.openshift.io/request-serving-component';
  const labels = { [key]: 'true', 'hypershift.openshift.io/cluster': 'clusters-t-0' };
  const base = management(ZONES, 9);
  const taints = [{ key, value: 'true', effect: 'NoSchedule' } as const];
  const own = ['a', 'b'].map((place, i) => node(`own-${i}`, place, { labels, taints }));
  const fleet = fleetOf({ ...base, nodes: [...base.nodes, ...own] }, [
    hostedCluster('t-0', { isolation: 'DedicatedRequestServing' }),
  ]);
  const lost: Fault = {
    kind: 'nodeFailure',
    at: AT,
    duration: (30 * MINUTE) as Micros,
    label: 'own',
    nodes: ['own-0'],
  };
  const dip = (more: ParameterOverrides = {}): Outage => {
    const done = ran(scenarioOf(fleet, { faults: [lost], duration: (4 * HOUR) as Micros, parameters: more }));
    const [first, ...others] = outages(done);
    expect(others).toEqual([]);
    return first!;
  };

  it('sends half of the requests to a dead one until three checks failed, later than its endpoint is dropped', () => {
    const { from, to, segments, lowest } = dip();
    expect(from).toBe(AT);
    expect(lowest).toBeCloseTo(1 / 4, 12);
    expect(segments.at(-1)!.value).toBeCloseTo(1 / 2, 12);
    expect(segments.at(-1)!.causes.at(-1)).toBe('load balancer of t-0 still sends requests to node own-0');
    expect(to - AT).toBeGreaterThanOrEqual(60 * SECOND);
    expect(to - AT).toBeLessThanOrEqual(90 * SECOND);
  });

  it('that checks often takes it out first, and the endpoint stays for its share', () => {
    const { to, segments } = dip({ apiPath: { checkPeriod: 5 * SECOND } });
    expect(segments[0]!.to - AT).toBeLessThanOrEqual(15 * SECOND);
    expect(segments.at(-1)!.value).toBeCloseTo(1 / 2, 12);
    expect(to - AT).toBeLessThanOrEqual(STALE_FOR);
  });
});

describe('an address that a node announces', () => {
  const plan = { platform: 'None' } as const;
  const down = (done: Replication, name: string): Outage[] =>
    outages(done, 'api', name).filter((one) => one.lowest === 0);

  it('moves while clients still dial, so that nobody fails', () => {
    const done = run({ faults: [zone(2 * HOUR)], plan, tenants: 12 });
    expect(times(done, 'address-moved').length).toBeGreaterThan(0);
    for (const at of times(done, 'address-moved')) expect(at).toBe(P.apiPath.addressFailover / SECOND);
    expect(done.outages().filter((one) => one.service === 'api' && one.lowest === 0)).toEqual([]);
  });

  it('is away for as long as its failover outlasts a dial, for those whose address the lost node had', () => {
    const tenants = 12;
    const addressFailover = 45 * SECOND;
    const parameters = { apiPath: { addressFailover } };
    const done = run({ faults: [zone(2 * HOUR)], plan, tenants, parameters });
    const names = Array.from({ length: tenants }, (_, i) => `t-${i}`);
    const hit = names.filter((name) => down(done, name).length > 0);
    expect(hit.length).toBeGreaterThan(0);
    expect(hit.length).toBeLessThan(tenants);
    for (const name of hit) {
      const first = down(done, name)[0]!.segments[0]!;
      expect(first.value).toBe(0);
      expect(first.to - first.from).toBe(addressFailover - P.apiPath.dialTimeout);
      expect(first.causes.at(-1)).toBe(`the node that announces the API of ${name} is lost`);
    }
  });

  it('comes back with the first node when all were lost', () => {
    const all = management(ZONES, 9).nodes.map(({ name }) => name);
    const lost: Fault = { kind: 'nodeFailure', at: AT, duration: HOUR as Micros, label: 'all', nodes: all };
    const done = run({ faults: [lost], plan });
    expect(done.fleet.world.entry.share(1 as never)).toBe(1);
    expect(done.fleet.world.health.value(1 as never, 'api')).toBe(1);
  });
});

describe('a load balancer that fails', () => {
  const done = run({ faults: [balancer(10 * MINUTE)], tenants: 2 });

  it('takes the API from everybody outside for as long, and from nobody else', () => {
    const [down, ...more] = outages(done);
    expect(more).toEqual([]);
    expect(down).toMatchObject({ from: AT, to: AT + 10 * MINUTE, lowest: 0, causes: ['balancer'] });
    for (const service of ['controllers', 'etcd', 'tunnel', 'workloads'])
      expect(outages(done, service), service).toEqual([]);
    expect(outages(done, 'api', 't-1')).toEqual([]);
  });

  it('has every worker found Unknown by a controller manager that lives, and evicts nothing', () => {
    const { world } = done.fleet;
    expect(times(done, 'node-unready')).toHaveLength(3);
    expect(Math.max(...times(done, 'node-unready'))).toBeLessThanOrEqual(55);
    expect(times(done, 'pod-evicted')).toEqual([]);
    expect(world.machines.ofCluster.list(1 as never).every((node) => world.lifecycle.ready(node))).toBe(true);
  });

  it('is over for workers 20 to 30 s later than for others: their proxies want three good checks', () => {
    const back = times(done, 'kubelet-reconnected').map((at) => at - 600);
    expect(back).toHaveLength(3);
    for (const late of back) {
      expect(late).toBeGreaterThan(20);
      expect(late).toBeLessThanOrEqual(30);
    }
  });

  it('for less than three checks does not make a proxy give up', () => {
    const brief = run({ faults: [balancer(15 * SECOND)] });
    expect(times(brief, 'kubelet-reconnected')).toEqual([]);
    expect(times(brief, 'node-unready')).toEqual([]);
  });

  it('twice at once is over with the second', () => {
    const twice = run({
      faults: [balancer(10 * MINUTE), { ...balancer(20 * MINUTE), at: (AT + MINUTE) as Micros }],
    });
    expect(outages(twice)[0]!.to).toBe(AT + 21 * MINUTE);
  });
});

describe('a kube-apiserver that stops', () => {
  const stop = (failure: 'crash' | 'delete'): Fault => ({
    kind: 'podFailure',
    at: AT,
    label: failure,
    failure,
    pods: [server(0)],
  });

  it('when it is deleted goes on answering until no proxy sends it anything: no request fails', () => {
    const done = run({ faults: [stop('delete')] });
    expect(outages(done)).toEqual([]);
    const ready = times(done, 'pod-ready');
    const ended = (P.kubeApiserver.shutdownDelay + P.kubeApiserver.watchTermination) / SECOND;
    expect(Math.min(...ready)).toBeGreaterThanOrEqual(ended);
    const hasty = run({ faults: [stop('delete')], parameters: { kubeApiserver: { shutdownDelay: 0 } } });
    expect(outages(hasty)).toHaveLength(1);
  });

  it('when it crashes fails its share until its endpoint is dropped, and its clients know at once', () => {
    const done = run({ faults: [stop('crash')] });
    expect(outages(done)[0]).toMatchObject({ from: AT, to: AT + P.pod.endpointPropagation });
    expect(times(done, 'kubelet-connection-dead')).toEqual([]);
  });
});

describe('an etcd member that dies', () => {
  it('without a word holds a third of all connections of servers until a request or a ping is unanswered; writes on them fail', () => {
    const done = run({ faults: [zone(2 * HOUR)] });
    const given = times(done, 'etcd-connections-given-up');
    expect(given).toHaveLength(2);
    for (const at of given) expect(at).toBeGreaterThanOrEqual(10);
    const idle = run({
      faults: [zone(2 * HOUR)],
      tenants: 12,
      parameters: { apiPath: { etcdRequestRate: 0 } },
    });
    const pinged = times(idle, 'etcd-connections-given-up');
    expect(Math.min(...pinged)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...pinged)).toBeGreaterThan(30);
    expect(Math.max(...pinged)).toBeLessThanOrEqual(40);
    const [dip] = outages(done);
    expect(dip!.segments[0]!.value).toBeCloseTo((2 / 3) * (1 - P.database.mutatingShare / 3), 12);
    expect(dip!.segments[0]!.causes.at(-1)).toMatch(/stale, the others wait on dead connections to etcd$/);
  });

  it('as a process closes its connections: requests go on', () => {
    const members = [{ hostedCluster: 't-0', ordinal: 0 }];
    const killed: Fault = {
      kind: 'etcdMemberFailure',
      at: AT,
      duration: HOUR as Micros,
      label: 'etcd',
      members,
    };
    expect(outages(run({ faults: [killed] }))).toEqual([]);
  });
});

describe('kubelets that were connected to a server that died without a word', () => {
  const [tenants, each] = [18, 12];
  const done = run({ faults: [zone(2 * HOUR)], tenants, plan: { nodePools: [pool(each)] } });

  it('are a third of all, as far as chance allows', () => {
    const workers = tenants * each;
    const dead = times(done, 'kubelet-connection-dead').length;
    const deviation = Math.sqrt(workers * (1 / 3) * (2 / 3));
    expect(Math.abs(dead - workers / 3)).toBeLessThan(3.5 * deviation);
  });

  it('notice it 35 to 45 s later, and dial again until a living server answers', () => {
    const back = times(done, 'kubelet-reconnected');
    expect(back).toHaveLength(times(done, 'kubelet-connection-dead').length);
    expect(Math.min(...back)).toBeGreaterThanOrEqual(35);
    const atOnce = back.filter((at) => at <= 45).length;
    expect(atOnce).toBeGreaterThan(back.length / 2);
    expect(atOnce).toBeLessThan(back.length);
  });

  it('are found Unknown when that takes longer than the grace period, and only then', () => {
    const late = times(done, 'kubelet-reconnected').filter((at) => at > 40).length;
    const flapped = times(done, 'node-ready').filter((at) => at < 120).length;
    expect(flapped).toBeGreaterThan(0);
    expect(flapped).toBeLessThanOrEqual(late);
  });
});
