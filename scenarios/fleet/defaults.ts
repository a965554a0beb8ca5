/** What a fleet gets where its files say nothing. Each is named in the description of its key and in README.md. */
import type { WorkloadPlan } from '../../models/plan/fleet.ts';
import type { MachineSpec } from '../schema/machines.ts';

/** A worker of a management cluster: m6i.4xlarge. */
export const MANAGEMENT_MACHINE: MachineSpec = { cpu: 16, memory: '64Gi', maxPods: 250 };
/** A control-plane node of a management cluster: m6i.2xlarge. */
export const CONTROL_PLANE_MACHINE: MachineSpec = { cpu: 8, memory: '32Gi', maxPods: 250 };
/** A worker of a hosted cluster: m6i.xlarge. */
export const WORKER_MACHINE: MachineSpec = { cpu: 4, memory: '16Gi', maxPods: 250 };

/** The management cluster that nobody named. */
export const MANAGEMENT_CLUSTER = 'management';
export const MANAGEMENT_VERSION = '4.20';
/** Size of an etcd volume: openshift/hypershift api/hypershift/v1beta1/hostedcluster_types.go. */
export const ETCD_VOLUME_MIB = 8192;
export const OPERATOR_REPLICAS = 2;
export const DEFAULT_STORAGE_CLASS = { name: 'default', binding: 'zone', performance: 'cloud-ssd' } as const;

/** One application with a replica per worker; none without workers. */
export function defaultWorkloads(workers: number): readonly WorkloadPlan[] {
  return workers === 0
    ? []
    : [{ name: 'app', replicas: workers, cpuMillis: 500, memoryMib: 1024, spread: [] }];
}
