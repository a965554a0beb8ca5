/** Nodes: heartbeats, grace, taints, boot, and what machines keep for themselves. */
import { MILLISECOND, MINUTE, SECOND } from '../../sim/time.ts';
import {
  ASSUMED,
  count,
  duration,
  HYPERSHIFT,
  KCM_FLAGS,
  NODE_LIFECYCLE,
  type Parameter,
  rate,
} from './parameter.ts';

const UPDATE_DURATION = 'openshift/openshift-docs modules/update-duration-estimate-cluster-update-time.adoc';

/** Documented as the default of 4.20; later releases have it on control-plane nodes and in clusters that were made before 4.21. */
const STATIC_SIZING =
  'openshift/machine-config-operator templates/common/_base/files/kubelet-auto-sizing.yaml (static_node_sizing), pull 5491';

export const node = {
  heartbeatPeriod: duration(
    10 * SECOND,
    'How often a kubelet renews its lease.',
    'kubernetes/website concepts/architecture/nodes.md',
    SECOND,
  ),
  heartbeatRetry: duration(
    7 * SECOND,
    'Longest pause between two attempts of a kubelet that cannot renew its lease.',
    'kubernetes/kubernetes staging/src/k8s.io/component-helpers/apimachinery/lease/controller.go (maxBackoff)',
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
    'The same for management clusters of OpenShift 4.17 and earlier; 4.18 got the longer one by a backport.',
    'kubernetes/kubernetes pull 126287; openshift/kubernetes pull 2385',
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
    'From power to a kubelet that heartbeats: instances of clouds and hypervisors.',
    `${UPDATE_DURATION} (cloud 1 to 2 minutes)`,
  ),
  bootBareMetal: duration(
    15 * MINUTE,
    'The same of hardware: platforms BareMetal, Agent and None. machine.boot of a fleet goes before it.',
    `${UPDATE_DURATION} (bare metal more than 15 minutes)`,
  ),
  bootVirtual: duration(
    MINUTE,
    'The same of virtual machines of KubeVirt, from when their pod runs: no firmware of hardware, no instance to be started.',
    ASSUMED,
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
    STATIC_SIZING,
    0,
  ),
  systemMemoryMib: count(
    1024,
    'Memory that a described machine keeps for itself, in MiB. Workers of clusters made with 4.21 or later keep more (autoSizingReserved): set it for them.',
    STATIC_SIZING,
    0,
  ),
  daemonPods: count(12, 'Pods of cluster daemons on every management node.', ASSUMED, 0),
  daemonCpuMillis: count(400, 'CPU requests of those daemons, in millicores.', ASSUMED, 0),
  daemonMemoryMib: count(1500, 'Memory requests of those daemons, in MiB.', ASSUMED, 0),
} as const satisfies Record<string, Parameter>;
