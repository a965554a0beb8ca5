/**
 * Every number that a model uses and a user may want to change: one entry each, with default, unit, range and source.
 * A default without a public source says `assumed` and is listed by `hcpsim assumptions`. The scenario schema, the generated
 * reference and the listing are all derived from this table.
 */
import { MILLISECOND, MINUTE, SECOND } from '../sim/time.ts';

export type ParameterKind = 'duration' | 'count' | 'rate' | 'ratio';

export interface Parameter {
  /** duration: microseconds; rate: per second; ratio: 0 to 1. */
  readonly kind: ParameterKind;
  readonly default: number;
  readonly min: number;
  readonly doc: string;
  readonly source: string;
}

const ASSUMED = 'assumed';
const NODE_LIFECYCLE = 'kubernetes/kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go';
const KCM_FLAGS = 'kubernetes/website kube-controller-manager command-line reference';
const HYPERSHIFT = 'openshift/hypershift';

const duration = (value: number, doc: string, source: string, min = 0): Parameter => ({
  kind: 'duration',
  default: value,
  min,
  doc,
  source,
});
const count = (value: number, doc: string, source: string, min = 1): Parameter => ({
  kind: 'count',
  default: value,
  min,
  doc,
  source,
});
const rate = (value: number, doc: string, source: string, min = 0): Parameter => ({
  kind: 'rate',
  default: value,
  min,
  doc,
  source,
});

export const PARAMETERS = {
  node: {
    heartbeatPeriod: duration(
      10 * SECOND,
      'How often a kubelet renews its lease.',
      'kubernetes/website concepts/architecture/nodes.md',
      SECOND,
    ),
    monitorPeriod: duration(
      5 * SECOND,
      'How often the node lifecycle controller looks at all nodes.',
      KCM_FLAGS,
      MILLISECOND,
    ),
    gracePeriod: duration(
      50 * SECOND,
      'Silence after which a node is Unknown, Kubernetes 1.32 and later (OpenShift 4.19), and every hosted cluster.',
      'kubernetes/kubernetes pull 126287; openshift/hypershift v2/kcm/deployment.go',
      SECOND,
    ),
    gracePeriodBefore132: duration(
      40 * SECOND,
      'The same for management clusters before Kubernetes 1.32 (OpenShift 4.18 and earlier).',
      'kubernetes/kubernetes pull 126287',
      SECOND,
    ),
    gracePeriodIbmCloud: duration(
      55 * SECOND,
      'The same for hosted clusters on IBM Cloud.',
      `${HYPERSHIFT} v2/kcm/deployment.go`,
      SECOND,
    ),
    evictionRate: rate(0.1, 'Nodes per second and zone that get the NoExecute taint.', KCM_FLAGS),
    secondaryEvictionRate: rate(0.01, 'The same in a partially disrupted zone that is large.', KCM_FLAGS),
    largeZone: count(50, 'Zones with more nodes than this are large.', NODE_LIFECYCLE),
    unhealthyZoneThreshold: {
      kind: 'ratio',
      default: 0.55,
      min: 0,
      doc: 'Share of a zone not Ready from which on (with more than two nodes) it is partially disrupted.',
      source: NODE_LIFECYCLE,
    },
    toleration: duration(
      300 * SECOND,
      'How long pods tolerate the not-ready and unreachable taints (DefaultTolerationSeconds).',
      'kubernetes/website scheduling-eviction/taint-and-toleration.md',
    ),
    boot: duration(
      2 * MINUTE,
      'From power to a kubelet that heartbeats, management nodes and workers.',
      'openshift/openshift-docs modules/update-duration-estimate-cluster-update-time.adoc (cloud reboot 1-2 min)',
    ),
    fastToleration: duration(
      10 * SECOND,
      'The same for etcd and what the API hangs on, in hosted clusters with fast failover.',
      `${HYPERSHIFT} pull 9279`,
    ),
    forceDetach: duration(
      6 * MINUTE,
      'From the removal of a pod to the forced detachment of its volume from a machine that does not answer.',
      'kubernetes/kubernetes pkg/controller/volume/attachdetach/attach_detach_controller.go',
    ),
    systemCpuMillis: count(
      500,
      'CPU that a described machine keeps for itself (system reserved), in millicores.',
      'OpenShift default systemReserved',
      0,
    ),
    systemMemoryMib: count(
      1024,
      'Memory that a described machine keeps for itself, in MiB.',
      'OpenShift default systemReserved',
      0,
    ),
    daemonPods: count(12, 'Pods of cluster daemons on every management node.', ASSUMED, 0),
    daemonCpuMillis: count(400, 'CPU requests of those daemons, in millicores.', ASSUMED, 0),
    daemonMemoryMib: count(1500, 'Memory requests of those daemons, in MiB.', ASSUMED, 0),
  },
  remediation: {
    unhealthyAfter: duration(
      300 * SECOND,
      'How long a management node is not Ready until a NodeHealthCheck acts.',
      'medik8s NodeHealthCheck defaults (docs.openshift.com eco-node-health-check-operator)',
    ),
    minHealthy: {
      kind: 'ratio',
      default: 0.51,
      min: 0,
      doc: 'Share of the watched nodes that must be healthy for a NodeHealthCheck to act.',
      source: 'medik8s NodeHealthCheck defaults (docs.openshift.com eco-node-health-check-operator)',
    },
    rebootWait: duration(
      180 * SECOND,
      'How long self node remediation waits until a silent node must have rebooted.',
      'Red Hat, workload availability talk (2025)',
    ),
    fencing: duration(
      30 * SECOND,
      'How long fencing takes to switch a node off by its management board.',
      ASSUMED,
    ),
    recheck: duration(
      60 * SECOND,
      'How often a remediation that could not act tries again.',
      ASSUMED,
      SECOND,
    ),
  },
  machineHealthCheck: {
    timeout: duration(
      8 * MINUTE,
      'How long a worker is not Ready until autoRepair replaces its machine.',
      `${HYPERSHIFT} hypershift-operator/controllers/nodepool/capi.go`,
    ),
    timeoutBareMetal: duration(
      16 * MINUTE,
      'The same on the Agent and None platforms.',
      `${HYPERSHIFT} hypershift-operator/controllers/nodepool/capi.go`,
    ),
    maxUnhealthy: count(
      2,
      'Sick workers of a pool up to which autoRepair acts.',
      `${HYPERSHIFT} hypershift-operator/controllers/nodepool/capi.go`,
      0,
    ),
    recheck: duration(30 * SECOND, 'How often a check that could not act tries again.', ASSUMED, SECOND),
    provision: duration(
      5 * MINUTE,
      'From the replacement of a machine to the kubelet of the new one.',
      ASSUMED,
    ),
  },
  scheduler: {
    podsPerSecond: rate(
      60,
      'Binding rate of one scheduler: the rate that upstream CI demands with required pod anti-affinity.',
      'kubernetes/kubernetes test/integration/scheduler_perf/affinity performance-config.yaml',
      0.01,
    ),
    initialBackoff: duration(
      SECOND,
      'First back-off of an unschedulable pod.',
      'kubernetes/kubernetes scheduling_queue.go',
    ),
    maxBackoff: duration(10 * SECOND, 'Longest back-off.', 'kubernetes/kubernetes scheduling_queue.go'),
  },
  pod: {
    start: duration(
      5 * SECOND,
      'From binding to started containers, image present.',
      'kubernetes/community sig-scalability/slos/pod_startup_latency.md (p99)',
    ),
    ready: duration(
      10 * SECOND,
      'From started containers to Ready, components without their own entry.',
      ASSUMED,
    ),
    orphanQuarantine: duration(
      40 * SECOND,
      'How long pod garbage collection leaves the pods of a node whose object is gone.',
      'kubernetes/kubernetes pkg/controller/podgc/gc_controller.go',
    ),
    collectionPeriod: duration(
      20 * SECOND,
      'How often pod garbage collection looks.',
      'kubernetes/kubernetes pkg/controller/podgc/gc_controller.go',
    ),
    endpointPropagation: duration(
      SECOND,
      'From a change of readiness in the API to the last proxy that follows it.',
      ASSUMED,
    ),
  },
  kubeApiserver: {
    ready: duration(30 * SECOND, 'From started containers to the first successful readiness probe.', ASSUMED),
    readinessPeriod: duration(
      10 * SECOND,
      'Period of the readiness probe.',
      `${HYPERSHIFT} v2/assets/kube-apiserver/deployment.yaml`,
      SECOND,
    ),
    readinessFailures: count(
      18,
      'Failed probes until unready.',
      `${HYPERSHIFT} v2/assets/kube-apiserver/deployment.yaml`,
    ),
    fastReadinessFailures: count(
      3,
      'The same in hosted clusters with fast failover.',
      `${HYPERSHIFT} pull 9279`,
    ),
    fastFailoverFrom: count(
      24,
      'Minor release from which hosted clusters have fast failover, on the scale on which 5.0 is 23.',
      ASSUMED,
    ),
    dependentReadinessFailures: count(
      3,
      'Failed kas-readiness-check probes until OpenShift API, OAuth API and package servers are unready.',
      `${HYPERSHIFT} support/podspec`,
    ),
  },
  etcd: {
    heartbeat: duration(
      100 * MILLISECOND,
      'One tick: the heartbeat interval.',
      'etcd-io/website v3.6 tuning; not overridden by HyperShift',
      MILLISECOND,
    ),
    snapshotCount: count(
      10_000,
      'Entries that a leader keeps for members that lag.',
      `${HYPERSHIFT} v2/assets/etcd/statefulset.yaml`,
    ),
    writesPerSecond: rate(20, 'Writes to the etcd of one hosted cluster.', ASSUMED),
    entryKib: count(2, 'Size of one entry, in KiB.', ASSUMED),
    databaseMib: count(500, 'Size of the database of one hosted cluster, in MiB.', ASSUMED),
    bandwidthMib: count(
      100,
      'Bandwidth between members, in MiB per second.',
      'etcd-io/website v3.6 op-guide/hardware',
    ),
    electionTicks: count(10, 'Ticks of the election timeout (1000 ms).', 'etcd-io/website v3.6 tuning', 2),
    roundTrip: duration(
      2 * MILLISECOND,
      'Round trip and fsync of one vote between members in one region.',
      ASSUMED,
    ),
    ready: duration(
      15 * SECOND,
      'From started containers to a member that votes: replay of the log and first probe.',
      ASSUMED,
    ),
  },
  lease: {
    controllerManagerDuration: duration(
      15 * SECOND,
      'Lease of kube-controller-manager.',
      'Kubernetes default',
      SECOND,
    ),
    controllerManagerRenew: duration(
      12 * SECOND,
      'Renew deadline of kube-controller-manager.',
      `${HYPERSHIFT} v2/assets/kube-controller-manager/deployment.yaml`,
      SECOND,
    ),
    controllerManagerRetry: duration(
      3 * SECOND,
      'Retry period of kube-controller-manager.',
      `${HYPERSHIFT} v2/assets/kube-controller-manager/deployment.yaml`,
      SECOND,
    ),
    schedulerDuration: duration(
      137 * SECOND,
      'Lease of kube-scheduler.',
      'openshift/enhancements CONVENTIONS.md',
      SECOND,
    ),
    schedulerRenew: duration(
      107 * SECOND,
      'Renew deadline of kube-scheduler.',
      'openshift/enhancements CONVENTIONS.md',
      SECOND,
    ),
    schedulerRetry: duration(
      26 * SECOND,
      'Retry period of kube-scheduler.',
      'openshift/enhancements CONVENTIONS.md',
      SECOND,
    ),
    operatorDuration: duration(
      60 * SECOND,
      'Lease of the HyperShift operator.',
      `${HYPERSHIFT} hypershift-operator/main.go`,
      SECOND,
    ),
    operatorRenew: duration(
      40 * SECOND,
      'Renew deadline of the HyperShift operator.',
      `${HYPERSHIFT} hypershift-operator/main.go`,
      SECOND,
    ),
    operatorRetry: duration(
      15 * SECOND,
      'Retry period of the HyperShift operator.',
      `${HYPERSHIFT} hypershift-operator/main.go`,
      SECOND,
    ),
  },
  konnectivity: {
    syncInterval: duration(
      5 * SECOND,
      'How often an agent that misses a server dials.',
      `${HYPERSHIFT} v2/assets/konnectivity-agent/deployment.yaml`,
      SECOND,
    ),
    keepaliveTime: duration(
      30 * SECOND,
      'Silence after which a peer is asked for a sign of life.',
      `${HYPERSHIFT} v2/assets/konnectivity-agent/deployment.yaml`,
    ),
    keepaliveTimeout: duration(
      20 * SECOND,
      'How long that answer may take.',
      'google.golang.org/grpc/keepalive',
    ),
  },
} as const satisfies Record<string, Record<string, Parameter>>;

type Table = typeof PARAMETERS;
/** One value per parameter: microseconds, counts, rates per second, ratios. */
export type ParameterValues = { readonly [G in keyof Table]: { readonly [P in keyof Table[G]]: number } };
/** What a file may override. */
export type ParameterOverrides = {
  readonly [G in keyof Table]?: { readonly [P in keyof Table[G]]?: number };
};

/** The defaults with overrides laid over them, later ones winning. */
export function parameterValues(...overrides: readonly ParameterOverrides[]): ParameterValues {
  const entries = Object.entries(PARAMETERS as Record<string, Record<string, Parameter>>).map(
    ([group, members]) => {
      const values = Object.entries(members).map(([name, parameter]) => [name, parameter.default] as const);
      const given = overrides.map((o) => (o as Record<string, Record<string, number> | undefined>)[group]);
      return [group, Object.assign(Object.fromEntries(values), ...given)];
    },
  );
  return Object.fromEntries(entries) as ParameterValues;
}
