/** Every kind of fault that this version simulates: a new one is a file and a line here. */
import type { Fault, FaultKind } from '../plan/faults.ts';
import type { Effect } from './effect.ts';
import { etcdMemberFailure } from './etcd-member-failure.ts';
import { etcdMemberReplacement } from './etcd-member-replacement.ts';
import { konnectivityFailure } from './konnectivity-failure.ts';
import { loadBalancerFailure } from './load-balancer-failure.ts';
import { machineDeletion } from './machine-deletion.ts';
import { managementControlPlaneOutage } from './management-control-plane-outage.ts';
import { moveHostedCluster } from './move-hosted-cluster.ts';
import { networkLatency, networkPartition } from './network.ts';
import { nodeDrain } from './node-drain.ts';
import { nodeFailure } from './node-failure.ts';
import { pause } from './pause.ts';
import { placeOutage } from './place-outage.ts';
import { podFailure } from './pod-failure.ts';
import { restoreFromSnapshot } from './restore-from-snapshot.ts';
import { scale } from './scale.ts';
import { slowDisk } from './slow-disk.ts';
import { upgrade } from './upgrade.ts';
import { workerFailure } from './worker-failure.ts';

type Effects = { readonly [K in FaultKind]: Effect<Extract<Fault, { kind: K }>> };

const EFFECTS: Effects = {
  nodeFailure,
  nodeDrain,
  zoneOutage: placeOutage as Effects['zoneOutage'],
  rackOutage: placeOutage as Effects['rackOutage'],
  managementControlPlaneOutage,
  etcdMemberFailure,
  slowDisk,
  podFailure,
  konnectivityFailure,
  loadBalancerFailure,
  workerFailure,
  machineDeletion,
  networkPartition,
  networkLatency,
  etcdMemberReplacement,
  pause,
  restoreFromSnapshot,
  moveHostedCluster,
  scale,
  upgrade,
};

/** Every kind that is simulated. */
export const FAULT_KINDS = Object.keys(EFFECTS) as FaultKind[];

/** What a fault does. */
export function effectOf<F extends Fault>(fault: F): Effect<F> {
  return EFFECTS[fault.kind] as unknown as Effect<F>;
}
