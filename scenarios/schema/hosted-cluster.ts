/** The compact form of hosted clusters. */
import { z } from 'zod';
import { PLATFORMS } from '../../models/plan/platforms.ts';
import { effect, machine, zones } from './machines.ts';
import { poolRollout, upgradePolicy } from './upgrades.ts';
import { cores, countOrShare, duration, labels, memory, name, release, whole } from './values.ts';

const toleration = z
  .strictObject({
    key: z.string().default('').describe('Key of the taint; empty with operator Exists for every taint.'),
    operator: z
      .enum(['Equal', 'Exists'])
      .default('Equal')
      .describe('How the value is compared. Default Equal.'),
    value: z.string().default('').describe('Value of the taint, with operator Equal. Default empty.'),
    effect: effect.optional().describe('Effect of the taint. Default every effect.'),
    tolerationSeconds: whole(
      0,
      'NoExecute only: how long the pod stays, in seconds. Default for ever.',
    ).optional(),
  })
  .describe('A toleration, as in Kubernetes.');

const policy = z.enum(['HighlyAvailable', 'SingleReplica']);

const etcd = z
  .strictObject({
    management: z
      .enum(['Managed', 'Unmanaged'])
      .default('Managed')
      .describe('Managed: pods of the control plane. Unmanaged: run by somebody else. Default Managed.'),
    storageClass: z
      .string()
      .default('')
      .describe('Storage class of its volumes. Default: that of the cluster.'),
    size: memory('Size of a volume. Default 8Gi.').default('8Gi'),
  })
  .describe('etcd of the hosted cluster.');

const strategy = z.enum(['LoadBalancer', 'NodePort', 'Route', 'S3', 'None']);

const services = z
  .strictObject({
    APIServer: strategy.optional().describe('How kube-apiserver is published. Default LoadBalancer.'),
    APIServerHostname: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Fixed DNS name of kube-apiserver, as the hostname of its publishing strategy. Default: none, clients use the address of the management cluster.',
      ),
    OAuthServer: strategy.optional().describe('How the OAuth server is published. Default Route.'),
    Konnectivity: strategy.optional().describe('How the Konnectivity server is published. Default Route.'),
    Ignition: strategy.optional().describe('How the ignition server is published. Default Route.'),
    OIDC: strategy.optional().describe('How the OIDC documents are published. Default not published.'),
  })
  .describe('How the services of the control plane are published.');

const autoScaling = z
  .strictObject({
    min: whole(0, 'Fewest workers; 0 on AWS and Azure only.', 10_000),
    max: whole(1, 'Most workers.', 10_000),
  })
  .describe(
    'The cluster autoscaler keeps the number of workers within these bounds, by what the workloads request. Instead of replicas.',
  );

const workerPool = z
  .strictObject({
    name: name('Name of the node pool.'),
    replicas: whole(0, 'Workers in the pool. Default 0, as in the API.').default(0),
    autoScaling: autoScaling.optional(),
    upgradeType: z
      .enum(['Replace', 'InPlace'])
      .default('Replace')
      .describe('How nodes are upgraded. Default Replace.'),
    ...poolRollout,
    release: release('OpenShift version of the nodes. Default: that of the hosted cluster.').optional(),
    zones: zones(
      'Zones of the workers, dealt round. Default: none, the workers stand outside every zone of the fleet.',
    ).optional(),
    machine: machine.optional(),
    autoRepair: z
      .boolean()
      .default(false)
      .describe('Machine health checks replace dead workers. Default false.'),
    nodeDrainTimeout: duration(
      'How long a worker that goes is drained at most; 0s waits for ever. Default 0s, as in the API.',
    ).default('0s'),
    agents: whole(
      0,
      'Agent platform: hosts that can be machines of the pool, those in use among them. Without one that is free a machine waits, as that of a surge does. Default: as many as are ever wanted.',
      10_000,
    ).optional(),
    nodeSelector: labels('KubeVirt: labels of the management nodes that may run the machines.').default({}),
    rootVolume: z
      .strictObject({
        accessMode: z
          .enum(['ReadWriteOnce', 'ReadWriteMany'])
          .default('ReadWriteOnce')
          .describe('How many nodes can attach it at once: one, or several. Default ReadWriteOnce.'),
      })
      .prefault({})
      .describe(
        'KubeVirt: root volumes of the machines. With ReadWriteMany machines are migrated live when their node is drained, with ReadWriteOnce they ' +
          'keep it from being drained.',
      ),
  })
  .describe('Workers of one kind in a hosted cluster.');

const spread = z
  .strictObject({
    by: z.enum(['zone', 'host']).describe('Between what the replicas are spread: zones, or workers.'),
    maxSkew: whole(1, 'Largest difference in replicas between two zones or workers. Default 1.', 100).default(
      1,
    ),
    whenUnsatisfiable: z
      .enum(['DoNotSchedule', 'ScheduleAnyway'])
      .default('DoNotSchedule')
      .describe(
        'What a replica does that would break it: wait for a place (hard), or go where it breaks it least (soft). Default DoNotSchedule.',
      ),
  })
  .describe('A topology spread constraint, as in Kubernetes.');

const budget = z
  .strictObject({
    minAvailable: countOrShare(
      'Healthy replicas that every voluntary eviction must leave: a number, or a percentage of those wanted, rounded up.',
    ).optional(),
    maxUnavailable: countOrShare(
      'Replicas that may be missing after a voluntary eviction: a number, or a percentage of those wanted, rounded up.',
    ).optional(),
    unhealthyPodEvictionPolicy: z
      .enum(['IfHealthyBudget', 'AlwaysAllow'])
      .default('IfHealthyBudget')
      .describe('Whether replicas that are not Ready may always be evicted. Default IfHealthyBudget.'),
  })
  .describe('A PodDisruptionBudget: minAvailable or maxUnavailable. Drains honour it, failures do not.');

const workload = z
  .strictObject({
    name: name('Name of the application.'),
    replicas: whole(0, 'Wanted replicas.'),
    cpu: cores('CPU request of a replica. Default 500m.').default('500m'),
    memory: memory('Memory request of a replica. Default 1Gi.').default('1Gi'),
    spread: z
      .array(spread)
      .default([])
      .describe("How its replicas are spread. Default: the scheduler's own soft spreading by host and zone."),
    budget: budget.optional(),
    needsApi: z
      .boolean()
      .default(false)
      .describe(
        'Its replicas do nothing without a valid token for the API: they stop being ready when theirs runs out in an outage. Default false.',
      ),
    shutdown: duration(
      'How long its processes take to end once they are told to, preStop hooks included; they serve as long. What drains of its pods take. Default 0s.',
    ).default('0s'),
    terminationGracePeriod: duration(
      'terminationGracePeriodSeconds of its pods: processes that have not ended by then are killed. Default 30s, as in Kubernetes.',
    ).default('30s'),
  })
  .describe('A replicated application in the hosted cluster.');

export const hostedCluster = z
  .strictObject({
    name: name('Name of the hosted cluster; with count, NAME-0, NAME-1, ...'),
    labels: labels('Labels of the hosted cluster, by which campaigns select. Default none.').default({}),
    count: whole(1, 'How many like this. Default: one, called NAME.', 100_000).optional(),
    namespace: name('Namespace of the HostedCluster objects. Default clusters.').default('clusters'),
    managementCluster: z
      .string()
      .optional()
      .describe('Where it is hosted. Default: the only management cluster.'),
    release: release('OpenShift version of the control plane. Default 4.20.').default('4.20'),
    ...upgradePolicy,
    platform: z.enum(PLATFORMS).default('AWS').describe('Platform, as the API spells it. Default AWS.'),
    controllerAvailabilityPolicy: policy
      .default('HighlyAvailable')
      .describe('Three (or two) replicas of each component, or one. Default HighlyAvailable, as in the API.'),
    infrastructureAvailabilityPolicy: policy
      .default('SingleReplica')
      .describe('The same for infrastructure in the data plane. Default SingleReplica, as in the API.'),
    isolation: z
      .enum(['SharedEverything', 'DedicatedRequestServing', 'SharedNothing'])
      .default('SharedEverything')
      .describe('Which management nodes the control plane shares with others. Default SharedEverything.'),
    etcd: etcd.prefault({}),
    services: services.prefault({}),
    olmCatalogPlacement: z
      .enum(['management', 'guest'])
      .default('management')
      .describe(
        'Where the catalogs of the Operator Lifecycle Manager run. Default management, as in the API.',
      ),
    oauthNeedsDataPlane: z
      .boolean()
      .default(false)
      .describe(
        'Some identity provider is reached through the data plane: any but htpasswd and request header. Default false.',
      ),
    failClosedWebhooks: z
      .boolean()
      .default(false)
      .describe(
        'Some admission webhook with failurePolicy Fail runs in the data plane: what it has to admit cannot be written while it is not reached. Default false.',
      ),
    nodeSelector: labels('Labels that management nodes must carry to run the control plane.').default({}),
    tolerations: z.array(toleration).default([]).describe('Further taints that its pods tolerate.'),
    nodePools: z.array(workerPool).default([]).describe('Its workers.'),
    workloads: z
      .array(workload)
      .optional()
      .describe('Its applications. Default: one, `app`, with one replica per worker, 500m and 1Gi each.'),
  })
  .describe('Hosted clusters of one kind.');

export type HostedClusterSpec = z.output<typeof hostedCluster>;
export type WorkerPoolSpec = z.output<typeof workerPool>;
export type WorkloadSpec = z.output<typeof workload>;
export type TolerationSpec = z.output<typeof toleration>;
