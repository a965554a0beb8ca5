/** Every kind of event, one line each. A new kind is one file beside this one and one line here. */

import { etcdMemberFailure } from './etcd-member-failure.ts';
import { etcdMemberReplacement } from './etcd-member-replacement.ts';
import type { EventKind } from './event.ts';
import { konnectivityFailure } from './konnectivity-failure.ts';
import { loadBalancerFailure } from './load-balancer-failure.ts';
import { machineDeletion } from './machine-deletion.ts';
import { managementControlPlaneOutage } from './management-control-plane-outage.ts';
import { moveHostedCluster } from './move-hosted-cluster.ts';
import { networkLatency, networkPartition } from './network.ts';
import { nodeDrain } from './node-drain.ts';
import { nodeFailure } from './node-failure.ts';
import { pause } from './pause.ts';
import { rackOutage, zoneOutage } from './place-outage.ts';
import { podFailure } from './pod-failure.ts';
import { restoreFromSnapshot } from './restore-from-snapshot.ts';
import { scale } from './scale.ts';
import { slowDisk } from './slow-disk.ts';
import { upgrade } from './upgrade.ts';
import { workerFailure } from './worker-failure.ts';

export const EVENT_KINDS = {
  nodeFailure,
  nodeDrain,
  zoneOutage,
  rackOutage,
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
} as const;

export type EventKindName = keyof typeof EVENT_KINDS;

export const EVENT_KIND_NAMES = Object.keys(EVENT_KINDS) as readonly EventKindName[];

/** The kind of a name, its own types forgotten: for code that treats all kinds alike. */
export function eventKindOf(name: EventKindName): EventKind {
  return EVENT_KINDS[name] as unknown as EventKind;
}
