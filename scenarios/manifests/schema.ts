/**
 * The parts of real objects that the simulation uses, in the shapes of their APIs. Everything else in an object is accepted
 * and ignored; what is used must have the right type.
 * Source: openshift/hypershift api/hypershift/v1beta1 (HostedCluster, NodePool); kubernetes/api core/v1 (Node); openshift/api config/v1 (Infrastructure).
 */
import { z } from 'zod';
import { NETWORK_TYPES } from '../../models/plan/fleet.ts';
import { MANAGEMENT_PLATFORMS, PLATFORMS } from '../../models/plan/platforms.ts';
import { architecture } from '../schema/upgrades.ts';
import { cores, countOrShare, duration, memory, pieces } from '../schema/values.ts';

/** Fields that may be absent; a null counts as absent, as it does for an API server. */
const text = z.string().nullish();
const texts = z.record(z.string(), z.string()).nullish();

const metadata = z.looseObject({
  name: z.string().min(1),
  namespace: text,
  annotations: texts,
  labels: texts,
});

const effect = z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']);
const policy = z.enum(['HighlyAvailable', 'SingleReplica']);

const toleration = z.looseObject({
  key: text,
  operator: z.enum(['Equal', 'Exists']).nullish(),
  value: text,
  effect: z.union([effect, z.literal('')]).nullish(),
  tolerationSeconds: z.number().int().nullish(),
});

const service = z.looseObject({
  service: z.enum(['APIServer', 'OAuthServer', 'OIDC', 'Konnectivity', 'Ignition', 'OVNSbDb']),
  servicePublishingStrategy: z.looseObject({
    type: z.enum(['LoadBalancer', 'NodePort', 'Route', 'S3', 'None']),
    loadBalancer: z.looseObject({ hostname: text }).nullish(),
    route: z.looseObject({ hostname: text }).nullish(),
  }),
});

const condition = z.looseObject({ type: text, status: text });

/** A number, or a percentage. */
const countOrPercentage = countOrShare('').nullish();

const endpointAccess = z.looseObject({ endpointAccess: text });

const etcd = z.looseObject({
  managementType: z.enum(['Managed', 'Unmanaged']).nullish(),
  managed: z
    .looseObject({
      storage: z
        .looseObject({
          persistentVolume: z.looseObject({ size: memory('').nullish(), storageClassName: text }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

export const hostedCluster = z.looseObject({
  metadata,
  spec: z.looseObject({
    controllerAvailabilityPolicy: policy.nullish(),
    infrastructureAvailabilityPolicy: policy.nullish(),
    release: z.looseObject({ image: z.string() }),
    controlPlaneRelease: z.looseObject({ image: z.string() }).nullish(),
    networking: z.looseObject({ networkType: z.enum(NETWORK_TYPES).nullish() }).nullish(),
    platform: z.looseObject({
      type: z.enum(PLATFORMS),
      aws: endpointAccess.nullish(),
      azure: endpointAccess.extend({ location: text }).nullish(),
      gcp: endpointAccess.nullish(),
    }),
    services: z.array(service).nullish(),
    etcd: etcd.nullish(),
    olmCatalogPlacement: z.enum(['management', 'guest']).nullish(),
    secretEncryption: z.looseObject({ type: text }).nullish(),
    configuration: z
      .looseObject({
        oauth: z
          .looseObject({ identityProviders: z.array(z.looseObject({ type: text })).nullish() })
          .nullish(),
        featureGate: z.looseObject({ featureSet: text }).nullish(),
      })
      .nullish(),
    pausedUntil: text,
    nodeSelector: texts,
    tolerations: z.array(toleration).nullish(),
  }),
  status: z
    .looseObject({
      payloadArch: z.enum(['AMD64', 'PPC64LE', 'S390X', 'ARM64', 'MULTI']).nullish(),
      conditions: z.array(condition).nullish(),
      version: z
        .looseObject({ history: z.array(z.looseObject({ image: text, version: text })).nullish() })
        .nullish(),
    })
    .nullish(),
});

export const nodePool = z.looseObject({
  metadata,
  spec: z.looseObject({
    clusterName: z.string().min(1),
    pausedUntil: text,
    replicas: z.number().int().min(0).nullish(),
    autoScaling: z
      .looseObject({ min: z.number().int().min(0).nullish(), max: z.number().int().nullish() })
      .nullish(),
    nodeDrainTimeout: duration('How long a machine that goes is drained at most.').nullish(),
    release: z.looseObject({ image: text }).nullish(),
    arch: architecture.nullish(),
    management: z
      .looseObject({
        upgradeType: z.enum(['Replace', 'InPlace']).nullish(),
        replace: z
          .looseObject({
            strategy: z.enum(['RollingUpdate', 'OnDelete']).nullish(),
            rollingUpdate: z
              .looseObject({ maxSurge: countOrPercentage, maxUnavailable: countOrPercentage })
              .nullish(),
          })
          .nullish(),
        inPlace: z.looseObject({ maxUnavailable: countOrPercentage }).nullish(),
        autoRepair: z.boolean().nullish(),
      })
      .nullish(),
    platform: z
      .looseObject({
        aws: z.looseObject({ instanceType: text }).nullish(),
        azure: z.looseObject({ availabilityZone: text, vmSize: text }).nullish(),
        gcp: z.looseObject({ zone: text, machineType: text }).nullish(),
        openstack: z.looseObject({ availabilityZone: text }).nullish(),
        kubevirt: z
          .looseObject({
            compute: z
              .looseObject({
                cores: z.number().int().min(1).max(100_000).nullish(),
                memory: memory('').nullish(),
              })
              .nullish(),
            nodeSelector: texts,
            rootVolume: z
              .looseObject({
                persistent: z
                  .looseObject({
                    accessModes: z
                      .array(z.enum(['ReadWriteOnce', 'ReadWriteMany', 'ReadOnlyMany', 'ReadWriteOncePod']))
                      .nullish(),
                  })
                  .nullish(),
              })
              .nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
  status: z.looseObject({ version: text }).nullish(),
});

const resources = z.looseObject({
  cpu: cores('').nullish(),
  memory: memory('').nullish(),
  pods: pieces('').nullish(),
});

export const node = z.looseObject({
  metadata,
  spec: z
    .looseObject({
      providerID: text,
      unschedulable: z.boolean().nullish(),
      taints: z.array(z.looseObject({ key: z.string().min(1), value: text, effect })).nullish(),
    })
    .nullish(),
  status: z
    .looseObject({
      allocatable: resources.nullish(),
      capacity: resources.nullish(),
      conditions: z.array(condition).nullish(),
      nodeInfo: z.looseObject({ kubeletVersion: text }).nullish(),
    })
    .nullish(),
});

export const infrastructure = z.looseObject({
  metadata,
  status: z
    .looseObject({
      platformStatus: z.looseObject({ type: z.enum(MANAGEMENT_PLATFORMS).nullish() }).nullish(),
    })
    .nullish(),
});

export type HostedClusterManifest = z.output<typeof hostedCluster>;
export type NodePoolManifest = z.output<typeof nodePool>;
export type NodeManifest = z.output<typeof node>;
export type InfrastructureManifest = z.output<typeof infrastructure>;
