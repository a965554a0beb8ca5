/** Hand-built results for the tests of this folder: a zone loss as the models would tell it. */
import type {
  GateVerdict,
  Interval,
  Labels,
  MetricValue,
  Outage,
  ResultDocument,
  RunResult,
  UpgradeResult,
} from '../sim/result.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../sim/time.ts';

const SERVICES = ['api', 'etcd', 'controllers', 'tunnel', 'oauth', 'join', 'workloads'];
const FROM = HOUR;
const TO = (HOUR + 47.1 * SECOND) as Micros;
const DAY_US = (24 * HOUR) as Micros;

export const hosted = (i: number | string): Labels => ({
  hostedCluster: typeof i === 'number' ? `tenant-${i}` : i,
  managementCluster: 'mgmt',
});

export const gate: GateVerdict = {
  name: 'no hosted API goes down',
  verdict: 'pass',
  metric: 'api.uptime',
  measured: 1,
  stat: 'min',
  op: '>=',
  bound: 1,
  unit: 'ratio',
  interval: null,
  samples: 20,
  note: '',
};

export const failedGate: GateVerdict = {
  ...gate,
  name: 'four nines of requests',
  verdict: 'fail',
  metric: 'api.availability',
  measured: 0.99982,
  bound: 0.9999,
  worst: hosted(3),
};

/** One segment at its lowest, unless told otherwise. */
export const apiOutage = (owner: Labels, change: Partial<Outage> = {}): Outage => {
  const outage = {
    service: 'api',
    labels: owner,
    replication: 0,
    from: FROM,
    to: TO,
    lowest: 2 / 3,
    causes: ['zoneOutage us-east-2a', 'node hosting-0 down', 'endpoint of kube-apiserver-0 stale'],
    endedBy: ['zoneOutage us-east-2a', 'node hosting-0 NotReady', 'endpoints dropped'],
    open: false,
    ...change,
  };
  const { from, to, lowest: value, causes } = outage;
  return { segments: [{ from, to, value, causes }], ...outage };
};

/** A zone loss of two hours in a day: the first `touched` of `tenants` hosted clusters have a dip of 47.1 s. */
export function zoneLoss(
  tenants = 20,
  touched = 7,
  names: (i: number) => string = (i) => `tenant-${i}`,
): RunResult {
  const owners = Array.from({ length: tenants }, (_, i) => hosted(names(i)));
  const hit = owners.slice(0, touched);
  return {
    scenario: 'zone-loss',
    description: 'One of three zones loses power for two hours.',
    file: 'scenarios/library/zone-loss.yaml',
    seed: 1,
    replications: 1,
    firstReplication: 0,
    duration: DAY_US,
    fleet: {
      name: 'three-zones',
      managementClusters: 1,
      hostedClusters: tenants,
      nodes: 9,
      workers: tenants * 6,
      controlPlanePods: tenants * 72,
      zones: ['us-east-2a', 'us-east-2b', 'us-east-2c'],
    },
    events: 12345,
    digest: '0123456789abcdef',
    digests: ['0123456789abcdef'],
    metrics: owners.flatMap((owner) => hostedMetrics(owner, hit.includes(owner))).concat(managementMetrics()),
    outages: hit.map((owner) => apiOutage(owner)),
    timeline: owners
      .flatMap((owner) => timelineOf(owner, hit.includes(owner)))
      .concat(
        ['management', 'lifecycle'].map((service) => ({
          service,
          labels: { managementCluster: 'mgmt' },
          steps: [{ at: 0 as Micros, value: 1 }],
        })),
      ),
    injected: [
      {
        kind: 'zoneOutage',
        label: 'zoneOutage us-east-2a',
        at: FROM,
        until: (3 * HOUR) as Micros,
        targets: 1,
      },
    ],
    pending: hit.flatMap((owner) => pendingOf(owner)),
    unhealed: hit.map((owner) => ({
      what: 'Konnectivity agents',
      why: 'they lost a server and do not look for it again',
      remedy: 'restart them',
      labels: owner,
    })),
    upgrades: [],
    campaigns: [],
    skew: [],
    gates: [gate, failedGate],
    notes: ['fleet three-zones: storage class not given, the class gp3-csi of AWS is used'],
  };
}

function hostedMetrics(labels: Labels, dip: boolean): MetricValue[] {
  const ratio = (metric: string, value: number): MetricValue => ({
    metric,
    unit: 'ratio',
    labels,
    value,
    interval: null,
  });
  const lost = dip ? 47.1 / 3 / 86_400 : 0;
  return [
    ratio('api.availability', 1 - lost),
    ratio('api.uptime', 1),
    { metric: 'api.downtime', unit: 'seconds', labels, value: 0, interval: null },
    { metric: 'api.degraded', unit: 'seconds', labels, value: dip ? 47.1 : 0, interval: null },
    { metric: 'api.outages', unit: 'count', labels, value: dip ? 1 : 0, interval: null },
    ...SERVICES.slice(1).map((service) => ratio(`${service}.availability`, 1)),
  ];
}

function managementMetrics(): MetricValue[] {
  const labels = { managementCluster: 'mgmt' };
  return ['management', 'lifecycle'].map((service) => ({
    metric: `${service}.availability`,
    unit: 'ratio',
    labels,
    value: 1,
    interval: null,
  }));
}

function timelineOf(labels: Labels, dip: boolean): RunResult['timeline'][number][] {
  const level = (at: Micros, value: number) => ({ at, value });
  const flat = [level(0 as Micros, 1)];
  const dipped = [...flat, level(FROM, 2 / 3), level(TO, 1)];
  return SERVICES.map((service) => ({ service, labels, steps: service === 'api' && dip ? dipped : flat }));
}

function pendingOf(labels: Labels): RunResult['pending'][number][] {
  const reason = (node: number) =>
    node < 3 ? 'node is unreachable' : "didn't match pod anti-affinity rules";
  return ['etcd-0', 'kube-apiserver-0'].map((pod) => ({
    pod: `clusters-${labels.hostedCluster}/${pod}`,
    labels,
    since: (HOUR + 350 * SECOND) as Micros,
    until: (3 * HOUR + 120 * SECOND) as Micros,
    message:
      "0/9 nodes are available: 3 node is unreachable, 6 node(s) didn't match pod anti-affinity rules.",
    nodes: Array.from({ length: 9 }, (_, n) => ({ node: `hosting-${n}`, reason: reason(n) })),
  }));
}

export const document = (...runs: RunResult[]): ResultDocument => ({
  schema: 'hcpsim.result/v1',
  hcpsim: '0.1.0',
  model: '1',
  partial: false,
  runs,
});

/** A hosted cluster upgraded at 1h within 30 minutes, with two phases and a wait of ten minutes. */
export function upgradeOf(i: number, change: Partial<UpgradeResult> = {}): UpgradeResult {
  const at = (minutes: number): Micros => (HOUR + minutes * MINUTE) as Micros;
  return {
    kind: 'hostedCluster',
    name: `tenant-${i}`,
    labels: hosted(i),
    before: '4.19.8',
    after: '4.20.3',
    asked: at(0),
    began: at(1),
    ended: at(30),
    outcome: 'completed',
    refusal: '',
    remarks: [],
    phases: [
      { name: 'etcd', from: at(1), to: at(6) },
      { name: 'kube-apiserver', from: at(6), to: at(30) },
    ],
    waits: [
      { phase: 'kube-apiserver', why: 'no node takes a pod', causes: ['upgrade'], from: at(10), to: at(20) },
    ],
    affected: [{ service: 'api', labels: hosted(i), lowest: 2 / 3, lost: 4 }],
    ...change,
  };
}

/** The same run as a mean over replications: every figure gets an interval. */
export function replicated(run: RunResult, replications: number, halfWidth = 0.00012): RunResult {
  const around = (value: number): Interval => ({
    low: value - halfWidth,
    high: value + halfWidth,
    halfWidth,
    confidence: 0.95,
  });
  return {
    ...run,
    replications,
    metrics: run.metrics.map((m) => ({ ...m, interval: around(m.value) })),
    gates: run.gates.map((g) => ({ ...g, interval: around(g.measured ?? 0) })),
  };
}
