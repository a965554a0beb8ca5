/** Updates of management clusters: the cluster version operator and the machine config operator. */
import { MINUTE, SECOND } from '../../sim/time.ts';
import { ASSUMED, count, duration, type Parameter } from './parameter.ts';

const DRAIN_CONTROLLER = 'openshift/machine-config-operator pkg/controller/drain/drain_controller.go';

export const managementUpdate = {
  operators: duration(
    90 * MINUTE,
    'How long the cluster version operator takes to bring the operators of a management cluster to a release; nodes come after that.',
    'openshift/openshift-docs modules/update-duration-cvo.adoc (60 to 120 minutes)',
  ),
  upgradeableSync: duration(
    2 * MINUTE,
    'From the moment at which nothing stands in the way of a release that was refused until the cluster version operator looks at it again, at most.',
    'openshift/cluster-version-operator pkg/cvo/upgradeable.go (defaultUpgradeableCheckIntervals)',
  ),
  staticPodReady: duration(
    30 * SECOND,
    'How long a kube-apiserver of the management control plane must be ready until that of the next node is replaced; other static pods are followed at once.',
    'openshift/cluster-kube-apiserver-operator pkg/operator/starter.go (WithMinReadyDuration), which the operators of the others do not set',
  ),
  poolSync: duration(
    5 * SECOND,
    'From a change of its nodes until the machine config controller looks at a pool.',
    'openshift/machine-config-operator pkg/controller/node/node_controller.go (updateDelay)',
  ),
  drainSync: duration(
    5 * SECOND,
    'From the wish for a drain or an uncordon of a node until its drain controller acts.',
    `${DRAIN_CONTROLLER} (UpdateDelay)`,
  ),
  drainAttempt: duration(
    90 * SECOND,
    'How long one try to drain a node goes on; within it refused evictions are tried again as by kubectl drain.',
    `${DRAIN_CONTROLLER} (DrainHelperTimeout)`,
    SECOND,
  ),
  drainPause: duration(
    MINUTE,
    'From a failed try to drain a node to the next one.',
    `${DRAIN_CONTROLLER} (DrainRequeueDelay)`,
  ),
  drainSlowAfter: duration(
    10 * MINUTE,
    'When a drain has failed for so long the pause is a longer one.',
    `${DRAIN_CONTROLLER} (DrainRequeueFailingThreshold)`,
  ),
  drainSlowPause: duration(5 * MINUTE, 'The longer pause.', `${DRAIN_CONTROLLER} (DrainRequeueFailingDelay)`),
  operatingSystem: duration(
    2 * MINUTE,
    'How long a drained node takes to fetch and stage its new operating system, before it reboots. What the documents call the time that a node takes ' +
      '(about 5 minutes in clouds, more on bare metal) is this and its boot (node.boot, node.bootBareMetal).',
    ASSUMED,
  ),
  remediationWaits: count(
    2,
    'What keeps a NodeHealthCheck from remediating. 2: the cluster version operator is at work, or the node is not of the configuration that it is to have. 1: the ' +
      'former alone, as before pull 362: it does not see what machine config pools do after that. 0: nothing.',
    'medik8s/node-healthcheck-operator controllers/cluster/upgrade_checker.go; pull 362',
    0,
  ),
} as const satisfies Record<string, Parameter>;
