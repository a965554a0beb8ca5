import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../../sim/time.ts';
import type { SetId } from '../../ids.ts';
import type { ParameterOverrides } from '../../parameters.ts';
import type { Fault, Upgrade } from '../../plan/faults.ts';
import type { HostedClusterPlan } from '../../plan/fleet.ts';
import type { Replication } from '../../run.ts';
import { fleetOf, hostedCluster, management, metric, pool, ran, scenarioOf, ZONES } from '../../testing.ts';
import type { UpgradeRecord } from '../ledger.ts';

const START = HOUR as Micros;

function upgrade(release: string, at = START): Upgrade {
  return {
    kind: 'upgrade',
    at,
    label: `upgrade to ${release}`,
    subject: 'hostedCluster',
    names: ['tenant'],
    to: release,
  };
}

/** Takes every release that there is. */
const OPERATOR = { product: 'HyperShift', version: '5.1' } as const;

function rehearse(plan: Partial<HostedClusterPlan> = {}, ...faults: Fault[]): Replication {
  const fleet = fleetOf(management(ZONES, 9, { operator: OPERATOR }), [hostedCluster('tenant', plan)]);
  return ran(scenarioOf(fleet, { faults: faults.length > 0 ? faults : [upgrade('4.20.1')] }));
}

const recordOf = (run: Replication): UpgradeRecord => run.fleet.world.upgrades.ledger.records[0]!;
/** Seconds from the begin of the upgrade: when a phase began and when it was over. */
function phase(run: Replication, name: string): { from: number; to: number } {
  const found = recordOf(run).phases.find((one) => one.name === name)!;
  return { from: (found.from - START) / SECOND, to: ((found.to ?? Number.NaN) - START) / SECOND };
}
const outagesOf = (run: Replication, service: string) =>
  run.outages().filter((outage) => outage.service === service);

describe('the rollout of a hosted control plane', () => {
  const run = rehearse();

  test('takes the components in the order of their dependencies', () => {
    const order = ['control-plane-operator', 'etcd', 'kube-apiserver', 'openshift-apiserver'];
    for (let i = 1; i < order.length; i++)
      expect(phase(run, order[i]!).from).toBeGreaterThanOrEqual(phase(run, order[i - 1]!).to);
    const afterApi = ['kube-controller-manager', 'kube-scheduler', 'konnectivity-agent', 'packageserver'];
    for (const name of afterApi) expect(phase(run, name).from).toBe(phase(run, 'kube-apiserver').to);
    const afterOpenShift = ['cluster-version-operator', 'oauth-openshift', 'cluster-network-operator'];
    for (const name of afterOpenShift)
      expect(phase(run, name).from).toBe(phase(run, 'openshift-apiserver').to);
    expect(phase(run, 'payload in the guest').from).toBe(phase(run, 'cluster-version-operator').to);
  });

  test('gives every pod the release, and the history when all is done', () => {
    const { pods, hostedReleases, upgrades, hosted } = run.fleet.world;
    const cluster = run.fleet.hostedClusters.get('tenant')!;
    for (const { set } of hostedReleases.order.of(cluster))
      for (const pod of pods.ofSet.list(set))
        expect(upgrades.releases.name(pods.template.at(pod))).toBe('4.20.1');
    expect(upgrades.releases.name(hostedReleases.completedRelease(cluster))).toBe('4.20.1');
    expect(recordOf(run).end).toBe('completed');
    expect(Math.max(...recordOf(run).phases.map((one) => one.to!))).toBe(recordOf(run).to);
    expect(hosted.share(cluster, 'kube-apiserver')).toEqual({ listed: 3, live: 3 });
  });

  test('takes one etcd member after the other, and one kube-apiserver', () => {
    const etcd = phase(run, 'etcd');
    const api = phase(run, 'kube-apiserver');
    // Every server answers for 70 s more and is then given 25 s, before its successor finds its place free.
    expect(api.to - api.from).toBeGreaterThan(3 * 95);
    expect(etcd.to - etcd.from).toBeGreaterThan(3 * 15);
  });

  test('costs a HighlyAvailable cluster no request, and no workload a replica', () => {
    expect(metric(run, 'api.uptime', 'tenant')).toBe(1);
    expect(outagesOf(run, 'workloads')).toEqual([]);
    expect(metric(run, 'api.availability', 'tenant')).toBe(1);
  });
});

test('the pods of a Deployment with two replicas surge: one more, none fewer', () => {
  const fleet = fleetOf(management(ZONES, 9), [hostedCluster('tenant')]);
  const plan = scenarioOf(fleet, { faults: [upgrade('4.20.1')] });
  const counts = new Set<number>();
  const ready = new Set<number>();
  const run = ran(plan, (replication) => {
    const { rollouts, pods, endpoints, sets } = replication.fleet.world;
    rollouts.changed.subscribe((set) => {
      if (sets.names[set] !== 'kube-controller-manager') return;
      const there = pods.ofSet.list(set).filter((pod) => !pods.terminating(pod));
      counts.add(there.length);
      ready.add(there.filter((pod) => endpoints.believedReady(pod)).length);
    });
  });
  expect(recordOf(run).end).toBe('completed');
  expect(Math.max(...counts)).toBe(3);
  expect(Math.min(...ready)).toBe(2);
});

describe.each(['Calico', 'Other', 'OpenShiftSDN'] as const)('the network %s', (network) => {
  const workers = [{ hostedCluster: 'tenant', nodePool: 'workers', ordinal: 1 }];
  const silent = { kind: 'workerFailure', workers, label: 'silent' } as const;
  const faults = [{ ...silent, at: (START - HOUR / 2) as Micros, duration: (5 * HOUR) as Micros }];

  test('has no agents that the control plane would wait for', () => {
    const run = rehearse({ network, nodePools: [pool(3)] }, ...faults, upgrade('4.19.20'));
    expect(recordOf(run).end).toBe('completed');
    expect(recordOf(run).to! - START).toBeLessThan(20 * MINUTE);
    const cluster = run.fleet.hostedClusters.get('tenant')!;
    const parts = run.recorders.skew.history(cluster).steps.map(({ part }) => part);
    expect(parts).toContain('kube-apiserver');
    expect(parts.filter((part) => part.startsWith('ovnkube'))).toEqual([]);
  });
});

test('a SingleReplica cluster is down while its only etcd member is replaced, and the outage says so', () => {
  const run = rehearse({ controllerAvailabilityPolicy: 'SingleReplica' });
  expect(recordOf(run).end).toBe('completed');
  expect(metric(run, 'api.uptime', 'tenant')).toBeLessThan(1);
  const down = outagesOf(run, 'api').find(({ lowest }) => lowest === 0)!;
  expect(down.causes.join(' ')).toContain('upgrade to 4.20.1');
});

describe('the two histories of a release', () => {
  /** Containers of a component fail in every pod that comes with the new release. */
  function rehearseFailing(
    component: string,
    plan: Partial<HostedClusterPlan>,
    ...faults: Fault[]
  ): Replication {
    const fleet = fleetOf(management(ZONES, 9, { operator: OPERATOR }), [hostedCluster('tenant', plan)]);
    return ran(scenarioOf(fleet, { faults }), ({ fleet: { world } }) => {
      world.pods.assigned.subscribe((pod) => {
        const name = world.sets.names[world.pods.set.at(pod)];
        if (world.sim.now > START && name === component) world.pods.kubelets.hold(pod);
      });
    });
  }

  test('are both Completed at the end, status.version when the guest has it', () => {
    const run = rehearse();
    const ends = [phase(run, 'status.version').to, phase(run, 'status.controlPlaneVersion').to];
    expect(phase(run, 'status.version').to).toBeGreaterThanOrEqual(phase(run, 'payload in the guest').to);
    expect(Math.max(...ends)).toBe((recordOf(run).to! - START) / SECOND);
  });

  test('status.version does not wait for components that report nothing to the cluster version operator, and node pools do not either', () => {
    const asked = (START + 30 * MINUTE) as Micros;
    const workers: Upgrade = {
      ...upgrade('4.20.1', asked),
      subject: 'nodePool',
      names: ['tenant/workers'],
    };
    const run = rehearseFailing('kube-scheduler', {}, upgrade('4.20.1'), workers);
    expect(phase(run, 'status.version').to).toBeLessThan(30 * 60);
    expect([phase(run, 'status.controlPlaneVersion').to, recordOf(run).end]).toEqual([Number.NaN, undefined]);
    const pools = run.fleet.world.upgrades.ledger.records[1]!;
    expect([pools.end, pools.to! - asked < 30 * MINUTE]).toEqual(['completed', true]);
  });

  test('status.version waits for operators that report, and for what they deploy', () => {
    for (const component of ['ingress-operator', 'multus-admission-controller']) {
      const run = rehearseFailing(component, {}, upgrade('4.20.1'));
      expect(phase(run, 'payload in the guest').to).toBeLessThan(30 * 60);
      expect(phase(run, 'status.version').to).toBeNaN();
      const isOperand = component === 'multus-admission-controller';
      expect(phase(run, 'status.controlPlaneVersion').to < 30 * 60).toBe(isOperand);
    }
  });

  test('status.version waits for the cluster version operator itself, with workers and without', () => {
    for (const nodePools of [[pool(3)], []]) {
      const plan = { network: 'Calico', nodePools } as const;
      const run = rehearseFailing('cluster-version-operator', plan, upgrade('4.19.20'));
      expect(phase(run, 'status.version').to).toBeNaN();
      expect(recordOf(run).phases.map(({ name }) => name)).not.toContain('payload in the guest');
    }
  });

  test.each(['4.20.1', '5.1.0'])(
    'without a worker status.version stays Partial, whatever the rules of the network: %s',
    (to) => {
      const release = to === '5.1.0' ? '5.0.1' : '4.19.8';
      const run = rehearse({ release, network: 'Calico', nodePools: [] }, upgrade(to));
      expect(phase(run, 'status.controlPlaneVersion').to).toBeLessThan(20 * 60);
      expect(recordOf(run).end).toBeUndefined();
      const open = recordOf(run).waits.filter((wait) => wait.to === undefined);
      expect(open.map(({ why }) => why)).toEqual(['no worker is Ready that could run what it brings']);
    },
  );
});

test('what an operator of the guest deploys waits for that operator alone, not for a pod of kube-apiserver', () => {
  const workers = [{ hostedCluster: 'tenant', nodePool: 'workers', ordinal: 0 }];
  const silent: Fault = {
    kind: 'workerFailure',
    workers,
    at: (START - MINUTE) as Micros,
    duration: (20 * MINUTE) as Micros,
    label: 'silent',
  };
  const crash: Fault = {
    kind: 'podFailure',
    failure: 'crash',
    pods: [{ hostedCluster: 'tenant', component: 'kube-apiserver', ordinal: 1 }],
    at: (START + 12 * MINUTE) as Micros,
    duration: (2 * HOUR) as Micros,
    label: 'crash',
  };
  const run = rehearse({}, silent, crash, upgrade('4.19.20'));
  expect(phase(run, 'ovnkube-control-plane').to).toBeLessThan(30 * 60);
  expect(recordOf(run).end).toBe('completed');
});

describe('a control plane with a release of its own', () => {
  const plan = { release: '4.18.8', controlPlaneRelease: '4.18.9' };
  const pods = (run: Replication): string[] => {
    const { hostedReleases, upgrades, pods: all } = run.fleet.world;
    const cluster = run.fleet.hostedClusters.get('tenant')!;
    const sets = hostedReleases.order.of(cluster).map(({ set }) => set);
    const templates = sets.flatMap((set) => all.ofSet.list(set).map((pod) => all.template.at(pod)));
    return [...new Set(templates.map((release) => upgrades.releases.name(release)))];
  };
  const agents = (run: Replication): string[] => {
    const { hostedReleases, upgrades, machines } = run.fleet.world;
    const { networkAgents } = hostedReleases.guest;
    const nodes = machines.ofCluster.list(run.fleet.hostedClusters.get('tenant')!);
    return [...new Set(nodes.map((node) => upgrades.releases.name(networkAgents.release(node))))];
  };

  test('keeps it while the guest goes to another one, and the history of the guest tells of that', () => {
    const quiet = rehearse(plan, upgrade('4.18.8', (23 * HOUR) as Micros));
    expect([pods(quiet), agents(quiet)]).toEqual([['4.18.9'], ['4.18.8']]);
    const run = rehearse(plan, upgrade('4.19.3'));
    expect([pods(run), agents(run)]).toEqual([['4.18.9'], ['4.19.3']]);
    const { hostedReleases, upgrades } = run.fleet.world;
    const completed = hostedReleases.completedRelease(run.fleet.hostedClusters.get('tenant')!);
    expect([recordOf(run).end, upgrades.releases.name(completed)]).toEqual(['completed', '4.19.3']);
    expect(outagesOf(run, 'api')).toEqual([]);
    expect(phase(run, 'payload in the guest').to).toBe(5 * 60);
  });

  test('tells its guest of nothing while the management API is away', () => {
    const outage = {
      kind: 'managementControlPlaneOutage',
      managementClusters: ['mgmt'],
      label: 'out',
    } as const;
    const at = (START + SECOND) as Micros;
    const run = rehearse(
      plan,
      { ...outage, at: (START - MINUTE) as Micros, duration: (10 * MINUTE) as Micros },
      upgrade('4.19.3', at),
    );
    expect(phase(run, 'payload in the guest').to).toBeGreaterThan(14 * 60);
  });
});

describe('what a rollout waits for', () => {
  test('without a HyperShift operator nothing begins, and it goes on when one leads', () => {
    const outage = { kind: 'managementControlPlaneOutage', managementClusters: ['mgmt'] } as const;
    const run = rehearse(
      {},
      { ...outage, at: (START - MINUTE) as Micros, duration: (30 * MINUTE) as Micros, label: 'outage' },
      upgrade('4.20.1'),
    );
    expect(phase(run, 'etcd').from).toBeGreaterThan(29 * 60);
    expect(recordOf(run).waits[0]!.why).toBe('the API of mgmt is down');
    expect(recordOf(run).end).toBe('completed');
  });

  test('a paused hosted cluster keeps its release until it goes on', () => {
    const pause = {
      kind: 'pause',
      hostedClusters: ['tenant'],
      nodePools: [],
      managementClusters: [],
    } as const;
    const run = rehearse(
      {},
      { ...pause, at: 0 as Micros, duration: (START + 20 * MINUTE) as Micros, label: 'pause' },
      upgrade('4.20.1'),
    );
    expect(phase(run, 'control-plane-operator').from).toBe(20 * 60);
    expect(recordOf(run).waits[0]!.why).toBe('reconciliation is paused');
  });

  test('in a zone outage what is spread over zones stands still and says why, and is done after it', () => {
    const outage = { kind: 'zoneOutage', places: ['a'], label: 'zoneOutage a' } as const;
    const duration = (2 * HOUR) as Micros;
    const run = rehearse({}, { ...outage, at: (START + 5 * MINUTE) as Micros, duration }, upgrade('4.20.1'));
    expect(recordOf(run).end).toBe('completed');
    expect(recordOf(run).to!).toBeGreaterThan(START + 5 * MINUTE + duration);
    const held = recordOf(run).waits.filter(({ phase: name }) => name === 'kube-apiserver');
    expect(held.map(({ why }) => why).join()).toMatch(/kube-apiserver-\d/);
    expect(metric(run, 'api.uptime', 'tenant')).toBe(1);
  });

  test('before 5.0 a silent worker holds up the network, from 5.0 on it does not', () => {
    const lost = { kind: 'workerFailure', at: 0, label: 'worker lost' } as const;
    const workers = [{ hostedCluster: 'tenant', nodePool: 'workers', ordinal: 1 }];
    const worker = { ...lost, at: (START - 10 * MINUTE) as Micros, workers };
    const old = rehearse({}, worker, upgrade('4.20.1'));
    expect(recordOf(old).end).toBeUndefined();
    expect(recordOf(old).waits.at(-1)!.why).toContain('tenant-workers-1');
    const young = rehearse({ release: '5.0.1' }, worker, upgrade('5.1.0'));
    expect(recordOf(young).end).toBe('completed');
  });

  test('machines that never became nodes hold up no agent: they have none', () => {
    const giant = { cpuMillis: 900_000, memoryMib: 900_000, pods: 250 };
    const nodePools = [pool(3), pool(2, { name: 'giants', machine: giant })];
    const run = rehearse({ platform: 'KubeVirt', nodePools });
    const { machines, lifecycle } = run.fleet.world;
    expect(lifecycle.registered(machines.names.indexOf('tenant-giants-0') as never)).toBe(false);
    expect(recordOf(run).end).toBe('completed');
  });

  test('machines that never became nodes are no workers', () => {
    const giant = { cpuMillis: 900_000, memoryMib: 900_000, pods: 250 };
    const run = rehearse({ platform: 'KubeVirt', nodePools: [pool(2, { machine: giant })] });
    const waits = recordOf(run).waits.filter(({ to }) => to === undefined);
    expect(waits.map(({ why }) => why)).toContain('there is no worker whose network agent could be updated');
  });

  test('a pod that fails is named as soon as it does', () => {
    const fleet = fleetOf(management(ZONES, 9, { operator: OPERATOR }), [hostedCluster('tenant')]);
    let failed = Number.NaN;
    const run = ran(scenarioOf(fleet, { faults: [upgrade('4.20.1')] }), ({ fleet: { world } }) => {
      world.pods.assigned.subscribe((pod) => {
        if (world.pods.name(pod) !== 'etcd-2' || failed > 0) return;
        failed = world.sim.now;
        world.pods.kubelets.hold(pod);
      });
    });
    const wait = recordOf(run).waits.find(({ why }) => why === 'the containers of pod etcd-2 fail');
    expect(wait?.from).toBe(failed);
  });

  test('a member of etcd that fails at every start holds up its rollout, and is named', () => {
    const members = [{ hostedCluster: 'tenant', ordinal: 0 }];
    const at = (START - MINUTE) as Micros;
    const lost: Fault = { kind: 'etcdMemberFailure', failure: 'data', members, at, label: 'etcd-0' };
    const run = rehearse({ controllerAvailabilityPolicy: 'SingleReplica' }, lost, upgrade('4.20.1'));
    expect(recordOf(run).waits.at(-1)).toMatchObject({
      phase: 'etcd',
      why: 'the containers of pod etcd-0 fail',
    });
  });

  test('before 5.0 a cluster without workers does not finish', () => {
    const run = rehearse({ nodePools: [pool(0)] });
    expect(recordOf(run).waits.map(({ why }) => why)).toContain(
      'there is no worker whose network agent could be updated',
    );
    expect(recordOf(run).end).toBeUndefined();
  });
});

describe('the rules on versions', () => {
  const asked = (release: string, plan: Partial<HostedClusterPlan> = {}, force = false) =>
    recordOf(rehearse(plan, { ...upgrade(release), force }));

  test('refuse what the operator refuses, and nothing of the control plane is touched', () => {
    const run = rehearse({ techPreview: true });
    expect(recordOf(run)).toMatchObject({ end: 'refused', phases: [{ name: 'HyperShift operator' }] });
    expect(recordOf(run).refusal).toContain('hosted-cluster.tech-preview');
    expect(run.fleet.world.pods.template.at(0 as never)).toBe(recordOf(run).before);
  });

  test('refuse another minor while the cluster is not upgradeable, but for force and patches', () => {
    expect(asked('4.20.1', { upgradeable: false }).end).toBe('refused');
    expect(asked('4.20.1', { upgradeable: false }, true).end).toBe('completed');
    expect(asked('4.19.12', { upgradeable: false }).end).toBe('completed');
  });

  test('refuse an older minor and one that the operator does not know', () => {
    expect(asked('4.18.5').end).toBe('refused');
    const fleet = fleetOf(management(ZONES, 9), [hostedCluster('tenant')]);
    expect(recordOf(ran(scenarioOf(fleet, { faults: [upgrade('4.21.0')] }))).end).toBe('refused');
  });

  test('let a skipped minor pass, and remark it', () => {
    const record = asked('4.21.0');
    expect(record.end).toBe('completed');
    expect(record.remarks.join()).toContain('4.21');
  });
});

describe('an etcd that lacks a member of a low ordinal', () => {
  /** The member is down from just before the upgrade on. */
  function withoutFirstMember(parameters: ParameterOverrides): Replication {
    const fleet = fleetOf(management(ZONES, 9, { version: '5.0', operator: OPERATOR }), [
      hostedCluster('tenant'),
    ]);
    const at = (START - MINUTE) as Micros;
    const members = [{ hostedCluster: 'tenant', ordinal: 0 }];
    const fault = { kind: 'etcdMemberFailure', failure: 'process', members, at, label: 'etcd-0' } as const;
    const duration = (15 * MINUTE) as Micros;
    return ran(scenarioOf(fleet, { faults: [{ ...fault, duration }, upgrade('4.20.1')], parameters }));
  }

  test('loses its quorum to the update, as OpenShift leaves MaxUnavailableStatefulSet off', () => {
    expect(metric(withoutFirstMember({}), 'api.uptime', 'tenant')).toBeLessThan(1);
  });
  test('is not touched until the member is well where that is on', () => {
    const run = withoutFirstMember({ upgrade: { statefulSetsWaitFrom: 23 } });
    expect(metric(run, 'api.uptime', 'tenant')).toBe(1);
    expect(recordOf(run).end).toBe('completed');
  });
});

describe('a release that the operator refuses', () => {
  const refused = { ...upgrade('4.18.1', (START + 3 * MINUTE) as Micros), label: 'refused' };

  test('does not stop what it passed on before', () => {
    const run = rehearse({}, upgrade('4.20.1'), refused);
    const { records } = run.fleet.world.upgrades.ledger;
    expect(records.map(({ end }) => end)).toEqual(['completed', 'refused']);
  });

  const fleet = fleetOf(management(ZONES, 9, { operator: { product: 'HyperShift', version: '4.19' } }), [
    hostedCluster('tenant'),
    hostedCluster('newer', { release: '4.20.1' }),
  ]);
  const operator: Upgrade = {
    ...upgrade('4.20', (START + HOUR) as Micros),
    subject: 'operator',
    names: ['mgmt'],
    label: 'operator',
  };

  test('is taken without anybody asking again when a rule lets it pass', () => {
    const run = ran(scenarioOf(fleet, { faults: [upgrade('4.20.1'), operator] }));
    const ends = run.fleet.world.upgrades.ledger.records.map(({ kind, end }) => [kind, end]);
    expect(ends).toEqual([
      ['hostedCluster', 'refused'],
      ['operator', 'completed'],
      ['hostedCluster', 'completed'],
    ]);
  });

  test('and is a bad one is so still when it is taken', () => {
    const run = ran(scenarioOf(fleet, { faults: [operator] }), ({ fleet: { world, hostedClusters } }) => {
      const release = world.upgrades.releases.of('4.20.1');
      const asked = { force: false, bad: true };
      world.upgrades.ask('hostedCluster', hostedClusters.get('tenant')!, release, asked);
    });
    const { records } = run.fleet.world.upgrades.ledger;
    expect(records.map(({ bad, end }) => [bad, end])).toEqual([
      [true, 'refused'],
      [false, 'completed'],
      [true, undefined],
    ]);
  });

  test('gives way to another one that is asked for before the operator looked', () => {
    const outage = { kind: 'managementControlPlaneOutage', managementClusters: ['mgmt'] } as const;
    const away = {
      ...outage,
      at: (START - MINUTE) as Micros,
      duration: (30 * MINUTE) as Micros,
      label: 'outage',
    };
    const run = rehearse({}, away, upgrade('4.20.1'), upgrade('4.19.20', (START + MINUTE) as Micros));
    const { records, releases } = {
      ...run.fleet.world.upgrades,
      records: run.fleet.world.upgrades.ledger.records,
    };
    expect(records.map(({ after, end }) => [releases.name(after), end])).toEqual([
      ['4.20.1', 'superseded'],
      ['4.19.20', 'completed'],
    ]);
  });
});

test('a component that lost a pod since its rollout holds up those that depend on it', () => {
  const crash = { kind: 'podFailure', failure: 'crash', label: 'crash' } as const;
  const pods = [{ hostedCluster: 'tenant', component: 'kube-apiserver', ordinal: 1 }];
  const quiet = rehearse();
  const at = (START + Math.round((phase(quiet, 'kube-apiserver').to + 1) * SECOND)) as Micros;
  const run = rehearse({}, upgrade('4.20.1'), { ...crash, pods, at, duration: (40 * MINUTE) as Micros });
  expect(recordOf(run).waits.map(({ why }) => why)).toContain('kube-apiserver lacks a pod that is available');
  expect(phase(run, 'cluster-version-operator').to).toBeGreaterThan(40 * 60);
});

test('a release that does not come up stops at its first kube-apiserver', () => {
  const fleet = fleetOf(management(ZONES, 9), [
    hostedCluster('tenant'),
    hostedCluster('newer', { release: '4.20.1' }),
  ]);
  const run = ran(scenarioOf(fleet), (replication) => {
    const { upgrades } = replication.fleet.world;
    const release = upgrades.releases.of('4.20.1');
    const cluster = replication.fleet.hostedClusters.get('tenant')!;
    upgrades.ask('hostedCluster', cluster, release, { force: false, bad: true });
  });
  expect(recordOf(run).end).toBeUndefined();
  expect(recordOf(run).phases.at(-1)!.name).toBe('kube-apiserver');
  expect(recordOf(run).waits.at(-1)!.why).toMatch(/^pod kube-apiserver-\d runs and does not become Ready$/);
  expect(metric(run, 'api.uptime', 'tenant')).toBe(1);
});

test('the rollout goes on while another release waits for the HyperShift operator', () => {
  const later = (START + 4 * MINUTE) as Micros;
  const fleet = fleetOf(management(ZONES, 9, { operator: OPERATOR }), [hostedCluster('tenant')]);
  const faults = [upgrade('4.19.20'), upgrade('4.19.21', later)];
  const run = ran(scenarioOf(fleet, { faults }), ({ fleet: { world } }) => {
    const operator = world.sets.names.indexOf('operator') as SetId;
    let held = false;
    world.upgrades.ledger.changed.subscribe(() => {
      if (held || world.sim.now < START + MINUTE) return;
      held = true;
      for (const pod of world.pods.ofSet.list(operator)) world.pods.kubelets.hold(pod);
    });
  });
  const [first, second] = run.fleet.world.upgrades.ledger.records;
  expect([first!.end, second!.end]).toEqual(['completed', undefined]);
  expect(second!.waits.at(-1)!.why).toBe('the HyperShift operator has no leader');
});

test('of two releases that nobody passed on the first never begins', () => {
  const pause = { kind: 'pause', hostedClusters: ['tenant'], nodePools: [], managementClusters: [] } as const;
  const paused = { ...pause, at: (START - MINUTE) as Micros, duration: HOUR as Micros, label: 'pause' };
  const later = (START + 5 * MINUTE) as Micros;
  const run = rehearse({}, paused, upgrade('4.19.20'), upgrade('4.19.21', later));
  const [first, second] = run.fleet.world.upgrades.ledger.records;
  expect([first!.end, first!.to, first!.phases.length]).toEqual(['superseded', later, 1]);
  expect([second!.end, second!.phases[0]!.to]).toEqual(['completed', START - MINUTE + HOUR]);
});

test('the payload that is being applied is part of the upgrade that comes after', () => {
  const run = rehearse({}, upgrade('4.19.20'), upgrade('4.19.21', (START + 12 * MINUTE) as Micros));
  const [first, second] = run.fleet.world.upgrades.ledger.records;
  const cut = first!.phases.find(({ name, to }) => name === 'payload in the guest' && to === first!.to);
  expect(cut).toBeDefined();
  const taken = second!.phases.filter(({ name }) => name === 'payload in the guest');
  expect(taken.map(({ from }) => from)[0]).toBe(second!.from);
});

test('a rollout that is called off half-way is taken back, what was rolled out last included', () => {
  const halfWay = (START + 4 * MINUTE) as Micros;
  const run = rehearse({}, upgrade('4.19.20'), upgrade('4.19.8', halfWay));
  const { pods, hostedReleases, upgrades } = run.fleet.world;
  const [first, back] = upgrades.ledger.records;
  expect(first!.end).toBe('superseded');
  expect(first!.phases.at(-1)!.name).toBe('kube-apiserver');
  expect(back!.end).toBe('completed');
  expect(back!.phases.map(({ name }) => name)).toContain('kube-apiserver');
  for (const { set } of hostedReleases.order.of(run.fleet.hostedClusters.get('tenant')!))
    for (const pod of pods.ofSet.list(set))
      expect(upgrades.releases.name(pods.template.at(pod))).toBe('4.19.8');
});
