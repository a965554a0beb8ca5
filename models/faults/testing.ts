/**
 * Faults of the fleets of tests: management cluster `mgmt`, hosted cluster `t` with the node pool `workers`. Instants and durations are
 * microseconds; without a duration nobody ends them.
 */
import type { Micros } from '../../sim/time.ts';
import type { Fault } from '../plan/faults.ts';

const span = (at: number, duration?: number) =>
  duration === undefined ? { at: at as Micros } : { at: at as Micros, duration: duration as Micros };

/** The control plane of the management cluster does nothing. */
export const managementAway = (at: number, duration?: number): Fault => ({
  ...span(at, duration),
  kind: 'managementControlPlaneOutage',
  label: 'managementControlPlaneOutage mgmt',
  managementClusters: ['mgmt'],
});

/** Containers of a component fail. */
export const crash = (
  component: string,
  ordinals: readonly number[],
  at: number,
  duration?: number,
): Fault => ({
  ...span(at, duration),
  kind: 'podFailure',
  label: component,
  pods: ordinals.map((ordinal) => ({ hostedCluster: 't', component, ordinal })),
});

/** Nobody answers requests to the hosted API. */
export const apiAway = (at: number, duration: number): Fault =>
  crash('kube-apiserver', [0, 1, 2], at, duration);

/** Another number of workers is wanted. */
export const scaled = (
  replicas: number,
  at: number,
  duration?: number,
): Extract<Fault, { kind: 'scale' }> => ({
  ...span(at, duration),
  kind: 'scale',
  label: `scale t/workers to ${replicas}`,
  pools: [{ hostedCluster: 't', nodePool: 'workers' }],
  workloads: [],
  replicas,
});

/** Machine objects of the pool `workers` of `t`. */
export const machinesDeleted = (ordinals: readonly number[], at: number): Fault => ({
  kind: 'machineDeletion',
  at: at as Micros,
  label: 'machines deleted',
  machines: ordinals.map((ordinal) => ({ hostedCluster: 't', nodePool: 'workers', ordinal })),
});
/** The machine of a worker loses its power. */
export const workerLost = (ordinal: number, at: number, duration?: number): Fault => ({
  ...span(at, duration),
  kind: 'workerFailure',
  label: 'worker',
  workers: [{ hostedCluster: 't', nodePool: 'workers', ordinal }],
});
