/** Node pools of hosted clusters: their machines and how those come and go. */
import { MINUTE, SECOND } from '../../sim/time.ts';
import { ASSUMED, duration, HYPERSHIFT, type Parameter } from './parameter.ts';

const DRAINER = `${HYPERSHIFT} control-plane-operator/hostedclusterconfigoperator/controllers/drainer/drainer.go`;

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
    'How often Cluster API looks at a node that it drains: tries refused evictions again, finds it empty, finds that nodeDrainTimeout is over. No drain of a pod is shorter.',
    'kubernetes-sigs/cluster-api internal/controllers/machine/machine_controller.go (drainRetryInterval)',
    SECOND,
  ),
  drainSkipUnreachable: duration(
    2 * SECOND,
    'So long after its eviction Cluster API no longer waits for a pod on an unreachable node (a grace period of 1 s, and 1 s); 0 waits for ever.',
    'kubernetes-sigs/cluster-api internal/controllers/machine/machine_controller.go',
  ),
  terminate: duration(
    MINUTE,
    'From the deletion of the instance of a drained machine until its provider finds it gone: that of AWS looks once a minute. So long the machine counts for its pool and its Node object stands.',
    'kubernetes-sigs/cluster-api-provider-aws controllers/awsmachine_controller.go (reconcileDelete, RequeueAfter)',
  ),
  terminateBareMetal: duration(
    15 * MINUTE,
    'The same on the Agent and None platforms: the host reboots into discovery before its machine goes (openshift/cluster-api-provider-agent controllers/agentmachine_controller.go, handleDeletionHook); as long as a boot.',
    ASSUMED,
  ),
  inPlaceDrainRetry: duration(
    5 * SECOND,
    'How often a drain for an update in place tries a refused eviction again.',
    'kubernetes/kubernetes staging/src/k8s.io/kubectl/pkg/drain/drain.go',
    SECOND,
  ),
  inPlaceDrainAttempt: duration(
    90 * SECOND,
    'How long one try of a drain for an update in place goes on.',
    `${DRAINER} (Timeout of the drain helper)`,
    SECOND,
  ),
  inPlaceDrainPause: duration(
    5 * MINUTE,
    'Longest pause after a failed try. The first takes 5 ms and each twice as long as the one before, since the delay of a minute that the drainer returns beside its error is ignored, up to 1000 s; but every status that a kubelet writes, each 5 min at the latest, has it try again.',
    `${DRAINER}, setup.go (watches Nodes); kubernetes-sigs/controller-runtime pkg/internal/controller/controller.go; kubernetes/website concepts/architecture/nodes.md`,
    SECOND,
  ),
  inPlaceDrainSkipUnreachable: duration(
    5 * MINUTE,
    'So long after its eviction such a drain no longer waits for a pod on an unreachable node; 0 waits for ever.',
    DRAINER,
  ),
  inPlaceUpdate: duration(
    2 * MINUTE,
    'Update in place: from the end of the drain until the node reboots, while machine-config-daemon fetches and stages the operating system.',
    ASSUMED,
  ),
} as const satisfies Record<string, Parameter>;
