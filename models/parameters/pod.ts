/** Pods: start, restart, readiness, garbage collection, endpoints. */
import { MINUTE, SECOND } from '../../sim/time.ts';
import { ASSUMED, duration, type Parameter } from './parameter.ts';

export const pod = {
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
  exit: duration(
    SECOND,
    'From the end of the process of a pod that is deleted until its object is gone, components without their own entry.',
    ASSUMED,
  ),
  failsAfter: duration(
    2 * SECOND,
    'How long a process that fails runs at each try of its kubelet, an etcd member on its data as well.',
    ASSUMED,
  ),
  restartBackoff: duration(
    10 * SECOND,
    'First pause before a container that failed again is restarted; each is twice the one before.',
    'kubernetes/website concepts/workloads/pods/pod-lifecycle.md',
    SECOND,
  ),
  restartBackoffMax: duration(
    300 * SECOND,
    'Longest such pause.',
    'kubernetes/website concepts/workloads/pods/pod-lifecycle.md',
    SECOND,
  ),
  restartBackoffReset: duration(
    10 * MINUTE,
    'How long a container runs until its kubelet forgets that it was restarted.',
    'kubernetes/website concepts/workloads/pods/pod-lifecycle.md',
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
} as const satisfies Record<string, Parameter>;
