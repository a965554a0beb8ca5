import { describe, expect, it } from 'vitest';
import { NONE } from '../../sim/entities.ts';
import { HOUR, type Micros } from '../../sim/time.ts';
import type { PodId } from '../ids.ts';
import type { HostedClusterPlan, ManagementClusterPlan } from '../plan/fleet.ts';
import { summary } from '../results/pending-recorder.ts';
import { Replication } from '../run.ts';
import { fleetOf, hostedCluster, MACHINE, management, node, scenarioOf, ZONES } from '../testing.ts';
import { Placement, staticReason, tolerates } from './placement.ts';
import { feasibleEnough } from './scheduler.ts';

function built(
  cluster: ManagementClusterPlan,
  hosted: readonly HostedClusterPlan[] = [hostedCluster('t')],
): Replication {
  return new Replication(scenarioOf(fleetOf(cluster, hosted)), 0);
}

interface PlacedPod {
  readonly pod: string;
  readonly component: string;
  readonly tenant: string;
  readonly node: string;
  readonly zone: string;
}

function placed({ fleet: { world } }: Replication): PlacedPod[] {
  const found: PlacedPod[] = [];
  for (let pod = 0 as PodId; pod < world.pods.table.length; pod++) {
    const host = world.pods.node.at(pod);
    if (host === NONE) continue;
    const set = world.pods.set.at(pod);
    const zone = world.machines.zone.at(host);
    found.push({
      pod: world.pods.name(pod),
      component: world.sets.names[set]!,
      tenant: world.clusters.names[world.sets.serves.at(set)]!,
      node: world.machines.names[host]!,
      zone: zone === NONE ? '' : world.places.names[zone]!,
    });
  }
  return found;
}

const distinct = (values: readonly string[]): number => new Set(values).size;

describe('placement of hosted control planes', () => {
  it('replicas that spread stand on different hosts in different zones', () => {
    const all = placed(built(management(ZONES, 9)));
    for (const component of ['etcd', 'kube-apiserver', 'oauth-openshift', 'kube-controller-manager']) {
      const pods = all.filter((pod) => pod.component === component);
      expect(pods.length).toBeGreaterThan(1);
      expect(distinct(pods.map((pod) => pod.zone))).toBe(pods.length);
      expect(distinct(pods.map((pod) => pod.node))).toBe(pods.length);
    }
  });

  it('the pods of one control plane keep each other company: a SingleReplica one sits on one node', () => {
    const single = hostedCluster('t', { controllerAvailabilityPolicy: 'SingleReplica' });
    const all = placed(built(management(ZONES, 9), [single])).filter(
      (pod) => pod.component !== 'operator' && pod.component !== 'app',
    );
    expect(distinct(all.map((pod) => pod.node))).toBe(1);
  });

  it('control-plane nodes with their taint and cordoned nodes are left alone', () => {
    const cluster = management(ZONES, 6);
    const cordoned = {
      ...cluster,
      nodes: [...cluster.nodes, node('cordoned', 'a', { unschedulable: true })],
    };
    const nodes = placed(built(cordoned))
      .filter((pod) => pod.tenant === 't')
      .map((pod) => pod.node);
    expect(nodes).not.toContain('cordoned');
    expect(nodes.filter((name) => name.startsWith('cp-'))).toEqual([]);
  });

  it('in two zones every third replica stays Pending, and each node says why', () => {
    const two = built(management(['a', 'b'], 6));
    const pending = two.recorders.pending.episodes();
    expect(pending.map((pod) => pod.pod).sort()).toEqual([
      'etcd-2',
      'kube-apiserver-2',
      'network-node-identity-2',
      'oauth-openshift-2',
      'openshift-apiserver-2',
      'openshift-oauth-apiserver-2',
      'packageserver-2',
    ]);
    for (const pod of pending) {
      expect(pod.nodes).toHaveLength(9);
      const hosting = pod.nodes.filter((entry) => entry.node.startsWith('h-'));
      expect(hosting.every((entry) => entry.reason === "node(s) didn't match pod anti-affinity rules")).toBe(
        true,
      );
      expect(pod.message).toBe(
        "0/9 nodes are available: 3 node(s) had untolerated taint {node-role.kubernetes.io/master: }, 6 node(s) didn't match pod anti-affinity rules.",
      );
    }
  });

  it('on KubeVirt and OpenStack the zone is only preferred, so two zones hold all three replicas', () => {
    const kubevirt = hostedCluster('t', { platform: 'OpenStack' });
    const two = built(management(['a', 'b'], 6), [kubevirt]);
    expect(two.recorders.pending.episodes()).toEqual([]);
    const etcd = placed(two).filter((pod) => pod.component === 'etcd');
    expect(distinct(etcd.map((pod) => pod.node))).toBe(3);
    expect(distinct(etcd.map((pod) => pod.zone))).toBe(2);
  });

  it('nodes without a zone label are in no zone: three of them hold three replicas', () => {
    const cluster = { ...management(ZONES, 0), nodes: [0, 1, 2].map((i) => node(`n-${i}`, '')) };
    const three = built(cluster);
    expect(three.recorders.pending.episodes()).toEqual([]);
    expect(
      distinct(
        placed(three)
          .filter((pod) => pod.component === 'etcd')
          .map((pod) => pod.node),
      ),
    ).toBe(3);
  });

  it('capacity is never exceeded, and what finds no room says which resource it lacks', () => {
    const small = { ...MACHINE, cpuMillis: 4000, pods: 120 };
    const cluster = management(ZONES, 6);
    const tight = { ...cluster, nodes: cluster.nodes.map((entry) => ({ ...entry, allocatable: small })) };
    const replication = built(
      tight,
      ['t-0', 't-1', 't-2', 't-3', 't-4', 't-5'].map((name) => hostedCluster(name)),
    );
    const { machines, requested } = replication.fleet.world;
    for (const host of replication.fleet.nodes.values()) {
      expect(requested.cpuMillis.at(host)).toBeLessThanOrEqual(machines.cpuMillis.at(host));
      expect(requested.memoryMib.at(host)).toBeLessThanOrEqual(machines.memoryMib.at(host));
      expect(requested.pods.at(host)).toBeLessThanOrEqual(machines.maxPods.at(host));
    }
    const pending = replication.recorders.pending.episodes();
    expect(pending.length).toBeGreaterThan(0);
    expect(pending.some((pod) => /Insufficient cpu|Too many pods/.test(pod.message))).toBe(true);
  });

  it('higher priority is placed first: etcd has a node while ordinary components wait', () => {
    const tiny = { ...MACHINE, pods: 30 };
    const cluster = management(ZONES, 3);
    const scarce = { ...cluster, nodes: cluster.nodes.map((entry) => ({ ...entry, allocatable: tiny })) };
    const replication = built(scarce);
    const names = replication.recorders.pending.episodes().map((pod) => pod.pod);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => /^(etcd|kube-apiserver|openshift-apiserver)/.test(name))).toEqual([]);
  });

  it('dedicated nodes of another cluster are taboo, those of its own are preferred', () => {
    const cluster = management(ZONES, 6);
    const key = 'hypershift.openshift.io/cluster';
    const own = [0, 1, 2].map((i) =>
      node(`own-${i}`, ZONES[i]!, {
        labels: { [key]: 'clusters-t', 'hypershift.openshift.io/control-plane': 'true' },
        taints: [{ key, value: 'clusters-t', effect: 'NoSchedule' }],
      }),
    );
    const replication = built({ ...cluster, nodes: [...cluster.nodes, ...own] }, [
      hostedCluster('t'),
      hostedCluster('u'),
    ]);
    const all = placed(replication);
    const of = (tenant: string) => all.filter((pod) => pod.tenant === tenant && pod.component !== 'app');
    expect(of('u').some((pod) => pod.node.startsWith('own-'))).toBe(false);
    expect(of('t').every((pod) => pod.node.startsWith('own-'))).toBe(true);
  });

  it('dedicated request serving goes to its labelled pair or waits, saying that no node matches', () => {
    const tenant = hostedCluster('t', { isolation: 'DedicatedRequestServing' });
    const none = built(management(ZONES, 6), [tenant]).recorders.pending.episodes();
    expect(none.map((pod) => pod.pod)).toContain('kube-apiserver-0');
    expect(none.map((pod) => pod.pod)).not.toContain('etcd-0');
    expect(none[0]!.message).toContain("6 node(s) didn't match Pod's node affinity/selector");
    const labels = {
      'hypershift.openshift.io/cluster': 'clusters-t',
      'hypershift.openshift.io/request-serving-component': 'true',
    };
    const taints = Object.entries(labels).map(([key, value]) => ({
      key,
      value,
      effect: 'NoSchedule' as const,
    }));
    const cluster = management(ZONES, 6);
    const pair = [node('p-0', 'a', { labels, taints }), node('p-1', 'b', { labels, taints })];
    const all = placed(built({ ...cluster, nodes: [...cluster.nodes, ...pair] }, [tenant]));
    const servers = all.filter((pod) => pod.component === 'kube-apiserver').map((pod) => pod.node);
    expect(servers.sort()).toEqual(['p-0', 'p-1']);
    expect(all.filter((pod) => pod.component === 'etcd').some((pod) => pod.node.startsWith('p-'))).toBe(
      false,
    );
  });

  it('a Terminating pod counts for anti-affinity until its object is gone (kubernetes issue 111793)', () => {
    const plan = scenarioOf(fleetOf(management(ZONES, 9), [hostedCluster('t')]), {
      faults: [
        {
          kind: 'nodeFailure',
          at: HOUR,
          label: 'x',
          nodes: [],
          hosting: [{ hostedCluster: 't', component: 'kube-apiserver', ordinal: 0 }],
        },
      ],
      duration: (3 * HOUR) as Micros,
    });
    const replication = new Replication(plan, 0);
    replication.run(plan.duration);
    const waiting = replication.recorders.pending.episodes().filter((pod) => pod.until === undefined);
    expect(waiting.map((pod) => pod.pod)).toContain('kube-apiserver-0');
    expect(waiting[0]!.message).toContain("8 node(s) didn't match pod anti-affinity rules");
  });

  it('the unplaced third etcd volume is unbound, placed ones stay in their zone', () => {
    const plan = scenarioOf(fleetOf(management(ZONES, 6), [hostedCluster('t')]), {
      faults: [{ kind: 'zoneOutage', at: HOUR, duration: HOUR, label: 'z', places: ['a'] }],
      duration: (4 * HOUR) as Micros,
    });
    const replication = new Replication(plan, 0);
    const before = placed(replication).filter((pod) => pod.component === 'etcd');
    replication.run(plan.duration);
    const after = placed(replication).filter((pod) => pod.component === 'etcd');
    const zones = (pods: PlacedPod[]) => pods.map((pod) => `${pod.pod} ${pod.zone}`).sort();
    expect(zones(after)).toEqual(zones(before));
  });
});

describe('pieces of the scheduler', () => {
  it('scores all nodes below 100, then 50 % less a little, at least 100 (numFeasibleNodesToFind)', () => {
    expect([3, 99, 100, 150, 400, 1000, 5000].map(feasibleEnough)).toEqual([3, 99, 100, 100, 188, 420, 500]);
  });

  it('tolerations: key and value, Exists, empty effect, empty key', () => {
    const taint = { key: 'k', value: 'v', effect: 'NoSchedule' } as const;
    const base = { key: 'k', operator: 'Equal', value: 'v', effect: '' } as const;
    expect(tolerates(base, taint)).toBe(true);
    expect(tolerates({ ...base, value: 'w' }, taint)).toBe(false);
    expect(tolerates({ ...base, effect: 'NoExecute' }, taint)).toBe(false);
    expect(tolerates({ ...base, operator: 'Exists', value: '' }, taint)).toBe(true);
    expect(tolerates({ ...base, key: '', operator: 'Exists', value: '' }, taint)).toBe(true);
    expect(tolerates({ ...base, key: 'x', operator: 'Exists', value: '' }, taint)).toBe(false);
  });

  it('PreferNoSchedule taints avoid, they do not forbid', () => {
    const soft = node('n', 'a', { taints: [{ key: 'k', value: '', effect: 'PreferNoSchedule' }] });
    const spec = { tolerations: [], required: {}, preferred: [] };
    expect(staticReason(soft, spec)).toBe('');
    expect(new Placement(spec, [soft]).avoided[0]).toBe(1);
  });

  it("the summary counts reasons as the scheduler's event does", () => {
    expect(summary(new Map(Object.entries({ 'Insufficient cpu': 2, 'Too many pods': 1 })))).toBe(
      '0/3 nodes are available: 1 Too many pods, 2 Insufficient cpu.',
    );
  });
});
