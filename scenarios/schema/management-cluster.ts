/** The compact form of a management cluster. */
import { z } from 'zod';
import { DISK_PERFORMANCES } from '../../models/plan/disk-performance.ts';
import { MANAGEMENT_PLATFORMS } from '../../models/plan/platforms.ts';
import { effect, machine, zones } from './machines.ts';
import { machineConfigPool, operator } from './upgrades.ts';
import { labels, name, release, whole } from './values.ts';

const taint = z
  .strictObject({
    key: z.string().min(1).describe('Key of the taint.'),
    value: z.string().default('').describe('Value of the taint. Default empty.'),
    effect: effect.describe('What it does to pods that do not tolerate it.'),
  })
  .describe('A taint, as in Kubernetes.');

const controlPlane = z
  .strictObject({
    replicas: whole(0, 'Control-plane nodes: 1, 3 or 5. Default 3.').default(3),
    schedulable: z
      .boolean()
      .default(false)
      .describe(
        'True when the control-plane nodes also run hosted control planes (compact clusters). Default false.',
      ),
    machine: machine.optional(),
    zones: zones('Zones of the nodes, dealt round. Default: the zones of the node pools.').optional(),
  })
  .describe('The control plane of the management cluster itself.');

const poolName = name(
  'MachineConfigPool of the nodes. Default worker, master for control-plane nodes.',
).optional();

const managementNodePool = z
  .strictObject({
    name: name('Name of the pool; its nodes are CLUSTER-POOL-0, CLUSTER-POOL-1, ...'),
    replicas: whole(0, 'Nodes in the pool.'),
    zones: zones(
      'Zones over which the nodes are dealt round. Default: none, the nodes carry no zone label.',
    ).optional(),
    racks: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Racks in each of the zones, dealt round within the zone. Rack r of zone z is called z/r.'),
    machine: machine.optional(),
    labels: labels('Labels of the nodes, beside the usual ones.').default({}),
    taints: z.array(taint).default([]).describe('Taints of the nodes.'),
    dedicatedTo: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Hosted cluster that alone may use the nodes (label and taint hypershift.openshift.io/cluster).',
      ),
    requestServing: z
      .boolean()
      .default(false)
      .describe(
        'True for nodes that serve the requests of hosted clusters with isolation DedicatedRequestServing; each of these ' +
          'takes one free node in each of two zones unless dedicatedTo says otherwise. Default false.',
      ),
    machineConfigPool: poolName,
  })
  .describe('Nodes of one kind in a management cluster.');

const managementNode = z
  .strictObject({
    name: name('Name of the node.'),
    zone: z.string().default('').describe('Zone of the node. Default none.'),
    rack: z.string().default('').describe('Rack within the zone. Default none.'),
    machine: machine.optional(),
    labels: labels('Labels of the node, beside the usual ones.').default({}),
    taints: z.array(taint).default([]).describe('Taints of the node.'),
    controlPlane: z
      .boolean()
      .default(false)
      .describe('True when it runs the management control plane. Default false.'),
    unschedulable: z.boolean().default(false).describe('True when it is cordoned. Default false.'),
    machineConfigPool: poolName,
  })
  .describe('One node, spelled out.');

const storageClass = z
  .strictObject({
    name: name('Name of the class.'),
    binding: z
      .enum(['zone', 'node', 'free'])
      .describe(
        'Where a volume can be attached: in its zone (cloud disks), on its node (local disks), anywhere (shared storage).',
      ),
    performance: z
      .enum(DISK_PERFORMANCES)
      .optional()
      .describe(
        'How fast its volumes make a write durable; the figures are parameters.disk. Default by binding: cloud-ssd for zone, ' +
          'local-lvm for node, shared-isolated for free.',
      ),
  })
  .describe('A storage class of a management cluster.');

export const managementCluster = z
  .strictObject({
    name: name('Name of the management cluster.'),
    version: release('OpenShift version. Default 4.20.').default('4.20'),
    platform: z
      .enum(MANAGEMENT_PLATFORMS)
      .default('AWS')
      .describe(
        'Platform, as its Infrastructure object spells it. Nodes on BareMetal, EquinixMetal and None boot as hardware does, and etcd on Azure and ' +
          'IBMCloud (a VPC) has slow ticks. Default AWS.',
      ),
    region: z.string().min(1).optional().describe('Region around its zones. Default none.'),
    controlPlane: controlPlane.optional(),
    nodePools: z.array(managementNodePool).default([]).describe('Its nodes, described by pools.'),
    nodes: z
      .array(managementNode)
      .default([])
      .describe('Its nodes, one by one; they join those of the pools.'),
    storageClasses: z
      .array(storageClass)
      .min(1)
      .default([{ name: 'default', binding: 'zone' }])
      .describe('Its storage classes. Default: one class `default`, bound to zones.'),
    defaultStorageClass: z
      .string()
      .optional()
      .describe('Class of claims that name none. Default: the first of storageClasses.'),
    remediation: z
      .enum(['none', 'self-node-remediation', 'fence-agents'])
      .default('none')
      .describe(
        'What a NodeHealthCheck does about workers of this cluster that stay silent: nothing, wait for them to reboot themselves, or ' +
          'switch them off; then their pods are deleted. Default none.',
      ),
    machineConfigPools: z
      .array(machineConfigPool)
      .default([])
      .describe(
        'Its MachineConfigPools, where they are not the usual ones: master and worker, one node at a time.',
      ),
    operator: operator.optional(),
    operatorReplicas: whole(1, 'Replicas of the HyperShift operator. Default 2.', 5).default(2),
  })
  .describe('A cluster that hosts control planes.');

export type ManagementClusterSpec = z.output<typeof managementCluster>;
