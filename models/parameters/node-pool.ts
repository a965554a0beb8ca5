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
    'From the ignition of a machine to its kubelet: first boot, certificate approved.',
    ASSUMED,
  ),
  drainRetry: duration(
    20 * SECOND,
    'How often Cluster API tries a refused eviction again.',
    'kubernetes-sigs/cluster-api internal/controllers/machine/machine_controller.go',
    SECOND,
  ),
  drainSkipUnreachable: duration(
    5 * MINUTE,
    'So long after its eviction Cluster API no longer waits for a pod on an unreachable node; 0 waits for ever.',
    'kubernetes-sigs/cluster-api internal/controllers/machine/machine_controller.go',
  ),
} as const satisfies Record<string, Parameter>;
