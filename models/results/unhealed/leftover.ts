/** What a fleet will not get back by itself, and what a reason for it is told. */
import type { Unhealed } from '../../../sim/result.ts';
import type { BuiltFleet } from '../../build/fleet.ts';
import type { Injector } from '../../faults/injector.ts';
import type { ClusterId } from '../../ids.ts';

/** A leftover and the clusters that lack something because of it. */
export interface Leftover extends Unhealed {
  readonly covers: (cluster: ClusterId) => boolean;
}

/** A run at its end. */
export interface Aftermath {
  readonly fleet: BuiltFleet;
  readonly injector: Injector;
  /** What the fleet lacked when it was built, by how often. */
  readonly beginning: ReadonlyMap<string, number>;
}

/** One kind of thing that waits for a human: all there is of it when a run ends. */
export type Reason = (aftermath: Aftermath) => Leftover[];

/** What a hosted cluster lacks. */
export const lacksOf = (fleet: BuiltFleet, cluster: ClusterId): Pick<Leftover, 'labels' | 'covers'> => ({
  labels: fleet.labelsOf(cluster),
  covers: (other) => other === cluster,
});

/** What a cluster lacks, and what the hosted clusters on it lack. */
export const lacksOfHost = (fleet: BuiltFleet, cluster: ClusterId): Pick<Leftover, 'labels' | 'covers'> => ({
  labels: fleet.labelsOf(cluster),
  covers: (other) => other === cluster || fleet.world.clusters.host.at(other) === cluster,
});
