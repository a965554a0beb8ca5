/**
 * The clock of an etcd cluster: its leader is heard once a tick, and a member that misses it for so many stands for election. OpenShift
 * calls the two settings hardware speeds and chooses by platform (openshift/api operator/v1 types_etcd.go); hosted etcd has that of upstream.
 */
import type { ParameterValues } from '../parameters.ts';

export const HARDWARE_SPEEDS = ['Standard', 'Slower'] as const;
export type HardwareSpeed = (typeof HARDWARE_SPEEDS)[number];

export interface Ticks {
  /** One tick, microseconds. */
  readonly heartbeat: number;
  /** Ticks of the election timeout. */
  readonly electionTicks: number;
  /** Both together, microseconds. */
  readonly electionTimeout: number;
}

/** The ticks of each speed, in the order of HARDWARE_SPEEDS. */
export function ticksBySpeed({ etcd }: Pick<ParameterValues, 'etcd'>): readonly Ticks[] {
  return [ticks(etcd.heartbeat, etcd.electionTicks), ticks(etcd.slowerHeartbeat, etcd.slowerElectionTicks)];
}

function ticks(heartbeat: number, electionTicks: number): Ticks {
  return { heartbeat, electionTicks, electionTimeout: heartbeat * electionTicks };
}
