/** The validation book: figures that others documented, measured or solved exactly, tried on the mechanisms here. */
import { meanInterval } from '../../sim/statistics/index.ts';
import { HOUR } from '../../sim/time.ts';
import type { VerificationEntry } from '../../sim/verification-result.ts';
import { transferSeconds } from '../etcd/catch-up.ts';
import { quorumOf } from '../etcd/members.ts';
import { componentsOf } from '../hosted/components.ts';
import { failureMatrix } from '../matrix/matrix.ts';
import { parameterValues } from '../parameters.ts';
import { CHAOS, wholeAfter, withoutLeader } from './chaos.ts';
import { type Creation, createHostedCluster } from './creation.ts';
import { type Trial, type Verification, verified } from './entry.ts';
import { bookFleet, HIGHLY_AVAILABLE, hostLost, replay, secondsTo } from './fleets.ts';
import { leaseTakeovers } from './leases.ts';
import { TEXTBOOK } from './textbook.ts';
import { updateMinutes } from './updates.ts';

/** Independent futures per figure that hangs on chance. */
const RUNS = 40;

const SEEDS = Array.from({ length: RUNS }, (_, i) => i + 1);

const seconds = (value: number): string => `${value.toFixed(1)} s`;
const minutes = (value: number): string => `${(value / 60).toFixed(1)} min`;

/** A mean over futures with its interval, and where the expected figure lies in what was seen. */
function spread(values: readonly number[], expected: number): Pick<Trial, 'simulated' | 'reproduced'> {
  const interval = meanInterval(values)!;
  const mean = (interval.low + interval.high) / 2;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return {
    simulated: `${seconds(mean)} +- ${seconds(interval.halfWidth)} (95 %), ${seconds(least)} to ${seconds(most)}`,
    reproduced: expected >= least && expected <= most,
  };
}

const matrix: Verification = {
  id: 'G1',
  what: 'Failure matrix of a HighlyAvailable hosted cluster in three zones: hosted API and data plane after losing what',
  source: 'OpenShift documentation, "About high availability for hosted control planes"',
  expected:
    'worker: up, up; zone: up, up; management control plane: up, up; that and all workers: API down, data plane up',
  try() {
    const options = { seed: 1, depth: 1, state: 'steady', failureLasts: HOUR, watch: HOUR } as const;
    const { rows } = failureMatrix(bookFleet(), { ...options, parameters: parameterValues() });
    const fate = (prefix: string): string => {
      const row = rows.find(({ alike }) => alike.some(([label]) => label!.startsWith(prefix)))!;
      return `${row.api.down > 0 ? 'down' : 'up'}, ${row.workloads.hit > 0 ? 'hit' : 'up'}`;
    };
    const fates = ['node', 'zone', 'management control plane of', 'management control plane and workers'].map(
      fate,
    );
    const right = fates.join('; ') === 'up, up; up, up; up, up; down, up';
    const [worker, zone, controlPlane, all] = fates;
    return {
      simulated: `worker: ${worker}; zone: ${zone}; management control plane: ${controlPlane}; that and all workers: ${all}`,
      reproduced: right,
      note: 'Every single failure of a fleet with 9 hosting nodes. Up means that some requests always succeed.',
    };
  },
};

const atMostOne: Verification = {
  id: 'G2',
  what: 'A virtual machine on a dead node: detection, NodeHealthCheck, self node remediation, restart',
  source: 'Red Hat, workload availability talk (2025)',
  expected: '545 s = 50 + 300 + 180 + 15',
  try() {
    const fleet = bookFleet({ remediation: 'self-node-remediation' }, { platform: 'KubeVirt' });
    const machine = 'virt-launcher-workers';
    const chains = SEEDS.map(
      (seed) => secondsTo(replay(fleet, [hostLost(machine)], seed), 'pod-ready', machine)!,
    );
    return {
      ...spread(chains, 545),
      note: `The pod of a KubeVirt worker, ${RUNS} futures, until it runs again; detection takes 40 to 55 s. Its guest boots after that.`,
    };
  },
};

function replacement(version: string, expected: number, words: string): Verification {
  return {
    id: `G3 (${version})`,
    what: `A Deployment pod on a powered-off node of OpenShift ${version}: until it is evicted and its replacement created`,
    source: 'hashicorp/consul-k8s issue 58; Kubernetes defaults',
    expected: words,
    try() {
      const fleet = bookFleet({ version });
      const times = SEEDS.map(
        (seed) =>
          secondsTo(
            replay(fleet, [hostLost('kube-controller-manager')], seed),
            'pod-evicted',
            'kube-controller-manager',
          )!,
      );
      return {
        ...spread(times, expected),
        note: 'Grace less the age of the last heartbeat, up to one monitor period, 300 s of toleration. The replacement is created at once.',
      };
    },
  };
}

const creation: Verification = {
  id: 'G6',
  what: 'A hosted cluster is created: until it is available, until its control plane is rolled out, until its node pool is available',
  source: 'openshift/hypershift docs/content/reference/SLOs.md',
  expected: 'below 5 min, below 15 min, below 8 min',
  try() {
    const all = SEEDS.map(createHostedCluster);
    const worst = (of: (one: Creation) => number): number => Math.max(...all.map(of));
    const [available, rolledOut, pool] = [
      worst((one) => one.available),
      worst((one) => one.rolledOut),
      worst((one) => one.nodePool),
    ];
    return {
      simulated: `${minutes(available)}, ${minutes(rolledOut)}, ${minutes(pool)}`,
      reproduced: available < 300 && rolledOut < 900 && pool < 480,
      note: `The longest of ${RUNS} futures on an idle management cluster; node pool of three machines on AWS, asked for at the same time. The limits are objectives of the project, no measurements; start times of pods and machines are assumed.`,
    };
  },
};

const clusterUpdate: Verification = {
  id: 'G4',
  what: 'Update of a management cluster of 3 control-plane and 6 compute nodes, 60 min of operators, 5 min a node, maxUnavailable 1 and 2',
  source: 'OpenShift documentation, "Estimating cluster update time"',
  expected: '90 min; 75 min',
  try() {
    const minutes = [1, 2].map(updateMinutes);
    return {
      simulated: minutes.map((took) => `${took.toFixed(1)} min`).join('; '),
      // The estimate counts in reboots of about five minutes.
      reproduced: minutes.map((took) => 5 * Math.round(took / 5)).join() === '90,75',
      note: 'From the event to the last uncordoned node, with poolSync, drainSync and operatingSystem at 0: the estimate knows of nodes only. Beyond the estimate, which counts in five minutes, the guards of the control plane wait 50 s for etcd and kube-apiserver of the node before; with 2 compute nodes at a time the control-plane nodes are the longer pool.',
    };
  },
};

const majorities: Verification = {
  id: 'G7',
  what: 'etcd with 1 to 9 members: majority, and losses it tolerates',
  source: 'etcd FAQ',
  expected: '1 2 2 3 3 4 4 5 5; 0 0 1 1 2 2 3 3 4',
  try() {
    const members = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const simulated = `${members.map(quorumOf).join(' ')}; ${members.map((n) => n - quorumOf(n)).join(' ')}`;
    return {
      simulated,
      reproduced: simulated === this.expected,
      note: 'The rule that ensembles use.',
    };
  },
};

const catchUp: Verification = {
  id: 'G8',
  what: 'Catch-up of a failed etcd member: 100 MB at 10 MB/s, 1 GB at 100 MB/s',
  source: 'etcd hardware guide',
  expected: 'each within 15 s',
  try() {
    const times = [transferSeconds(100, 10), transferSeconds(1000, 100)];
    return {
      simulated: times.map(seconds).join(', '),
      reproduced: times.every((time) => time <= 15),
      note: 'Size by bandwidth, without the compression or pauses of a real transfer.',
    };
  },
};

const leases: Verification = {
  id: 'G9',
  what: 'Component leases 137/107/26 s: API outage survived, worst takeover after a crash, and after a clean stop',
  source: 'OpenShift conventions',
  expected: 'at least 78 s survived; at most 163 s; at most 26 s',
  try() {
    const { survived, afterCrash, afterRelease } = leaseTakeovers(200);
    const right =
      survived >= 78 && afterCrash <= 163 && afterCrash > 150 && afterRelease <= 26 && afterRelease > 24;
    return {
      simulated: `${survived} s survived; ${seconds(afterCrash)}; ${seconds(afterRelease)}`,
      reproduced: right,
      note: 'Worst of 200 futures with two candidates; the longest API outage in whole seconds that no future lost its lease to. The conventions count one retry less than there are: tries 26 s apart before a deadline of 107 s, the last of them at 104 s, let outages of up to 104 s pass (client-go, LeaderElector.renew).',
    };
  },
};

const requests: Verification = {
  id: 'G14',
  what: 'Requests of the pods of one HighlyAvailable hosted cluster on AWS',
  source: "sum over HyperShift's rendered manifests; OpenShift sizing guide (78 pods, 5 vCPU, 18 GiB)",
  expected: 'about 72 pods, 5.2 vCPU, 18 GiB',
  try() {
    const rows = componentsOf(HIGHLY_AVAILABLE);
    const sum = (of: (row: (typeof rows)[number]) => number): number =>
      rows.reduce((total, row) => total + of(row), 0);
    const pods = sum((row) => row.wanted);
    const vcpu = sum((row) => row.wanted * row.cpuMillis) / 1000;
    const gib = sum((row) => row.wanted * row.memoryMib) / 1024;
    const right = pods === 72 && Math.abs(vcpu - 5.2) < 0.1 && Math.abs(gib - 18) < 0.5;
    return {
      simulated: `${pods} pods, ${vcpu.toFixed(2)} vCPU, ${gib.toFixed(1)} GiB`,
      reproduced: right,
      note: 'The guide counts 78 pods; its list is not published, the rendered manifests add up to 72.',
    };
  },
};

const election: Verification = {
  id: 'etcd election',
  what: 'An etcd of three loses its leader by a crash: until another leads',
  source:
    'etcd-io/website v3.6 op-guide/failures ("about an election timeout"); timeout 1000 ms, drawn from T to 2T',
  expected: 'between 0.9 and 2 s, unless votes split',
  try() {
    const times = Array.from({ length: 400 }, (_, i) => withoutLeader(i + 1));
    const interval = meanInterval(times)!;
    const inside = times.filter((time) => time >= 0.9 && time <= 2.01).length;
    return {
      simulated: `${((interval.low + interval.high) / 2).toFixed(2)} s +- ${interval.halfWidth.toFixed(2)} s (95 %), ${inside} of ${times.length} within`,
      reproduced: inside >= 0.98 * times.length,
      note: 'The smaller of two random timeouts, counted from a heartbeat up to 0.1 s old, and two rounds of votes.',
    };
  },
};

const chaos: Verification = {
  id: 'etcd chaos',
  what: "HyperShift's chaos tests: a member killed every 5 s for 30 s; all members killed, data kept; the data of one member lost",
  source: 'openshift/hypershift test/e2e/chaos_test.go',
  expected: 'etcd converges within 30 min, each time without a human',
  try() {
    const worst = Object.entries(CHAOS).map(
      ([blow, faults]) =>
        [blow, Math.max(...SEEDS.slice(0, 10).map((seed) => wholeAfter(faults(seed), seed)))] as const,
    );
    return {
      simulated: worst.map(([blow, time]) => `${blow}: ${seconds(time)}`).join('; '),
      reproduced: worst.every(([, time]) => time <= 1800),
      note: 'The longest of ten futures until all three members run; the limit is that of the tests, no measurement.',
    };
  },
};

export const BOOK: readonly Verification[] = [
  matrix,
  atMostOne,
  replacement('4.17', 340, '5 min 40 s with a grace of 40 s'),
  replacement('4.20', 350, '5 min 50 s with a grace of 50 s'),
  creation,
  clusterUpdate,
  majorities,
  catchUp,
  leases,
  election,
  chaos,
  requests,
  ...TEXTBOOK,
];

/** Tries every figure of the book. */
export function verify(): VerificationEntry[] {
  return BOOK.map(verified);
}
