/** Node pools of hosted clusters: their machines and how those come and go. */
import { MINUTE, SECOND } from '../../sim/time.ts';
import { ASSUMED, duration, HYPERSHIFT, type Parameter } from './parameter.ts';

export const nodePool = {
  provision: duration(
    5 * MINUTE,
    'From the creation of a machine to the first request for its ignition configuration: instances of clouds.',
    `${HYPERSHIFT} docs/content/reference/SLOs.md (node pool available in less than 8 minutes); assumed`,
  ),
  provisionBareMetal: duration(
    20 * MINUTE,
    'The same on the Agent and None platforms: the image is written to disk and the hardware boots from it (node.bootBareMetal), once.',
    ASSUMED,
  ),
  provisionVirtual: duration(
    MINUTE,
    'The same on KubeVirt, counted from when the pod of the virtual machine runs.',
    ASSUMED,
  ),
  join: duration(
    2 * MINUTE,
    'From the ignition of a machine to its kubelet: first boot, certificate approved. Where a machine is known to be Ready within a minute, as some instances ' +
      'are, set this and `provision`.',
    ASSUMED,
  ),
  drainRetry: duration(
    20 * SECOND,
    'How often Cluster API looks at a node that it drains: tries refused evictions again, finds that nobody is left to wait for.',
    'kubernetes-sigs/cluster-api internal/controllers/machine/machine_controller.go',
    SECOND,
  ),
  drainSkipUnreachable: duration(
    2 * SECOND,
    'So long after its eviction Cluster API no longer waits for a pod on an unreachable node (a grace period of 1 s, and 1 s); 0 waits for ever.',
    'kubernetes-sigs/cluster-api internal/controllers/machine/machine_controller.go',
  ),
  inPlaceDrainRetry: duration(
    5 * SECOND,
    'How often a drain for an update in place tries a refused eviction again.',
    'kubernetes/kubernetes staging/src/k8s.io/kubectl/pkg/drain/drain.go',
    SECOND,
  ),
  inPlaceDrainSkipUnreachable: duration(
    5 * MINUTE,
    'So long after its eviction such a drain no longer waits for a pod on an unreachable node; 0 waits for ever.',
    `${HYPERSHIFT} control-plane-operator/hostedclusterconfigoperator/controllers/drainer/drainer.go`,
  ),
  inPlaceUpdate: duration(
    2 * MINUTE,
    'Update in place: from the end of the drain until the node reboots, while machine-config-daemon fetches and stages the operating system.',
    ASSUMED,
  ),
} as const satisfies Record<string, Parameter>;
