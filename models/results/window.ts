/** From when on something is measured: what recorders and ledgers had added up by then, to be taken off later totals. */
import type { Micros } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { ClusterId } from '../ids.ts';
import type { ExposureRecorder } from './exposure-recorder.ts';
import type { Step } from './service-recorder.ts';

/** Totals of one cluster up to an instant. */
interface Totals {
  /** Microseconds of exposure, and without leaders summed over leases. */
  readonly exposed: number;
  readonly vacant: number;
  /** Peaks: the longest time without a leader, microseconds; the worst restore, seconds, NaN without one. */
  readonly longestGap: number;
  readonly rpo: number;
  readonly rto: number;
}

/** An instant from which on a run is measured: plain data, for snapshots. */
export interface Mark {
  readonly at: Micros;
  readonly totals: ReadonlyMap<ClusterId, Totals>;
}

/** What has been added up by now. */
export function totalsOf(
  { world }: BuiltFleet,
  exposure: ExposureRecorder,
  cluster: ClusterId,
  now: Micros,
): Totals {
  const { leadership, ledger } = world;
  const { leases } = leadership;
  const own = leadership.of(cluster);
  return {
    exposed: exposure.exposed(cluster, now),
    vacant: own.reduce((sum, lease) => sum + leases.vacant(lease), 0),
    longestGap: Math.max(...own.map((lease) => leases.longestVacancy(lease))),
    rpo: ledger.rpo(cluster),
    rto: ledger.rto(cluster),
  };
}

/** Marks this instant for all hosted clusters. */
export function markNow(fleet: BuiltFleet, exposure: ExposureRecorder): Mark {
  const at = fleet.world.sim.now;
  const clusters = [...fleet.hostedClusters.values()];
  return {
    at,
    totals: new Map(clusters.map((cluster) => [cluster, totalsOf(fleet, exposure, cluster, at)])),
  };
}

/** A peak since a mark: of what was no higher before, only that it is no higher is known, so it is no value. */
export function peakSince(now: number, before: number | undefined): number {
  return before === undefined || Number.isNaN(before) || now > before ? now : Number.NaN;
}

/** The steps of a service from an instant on, the first at it. */
export function stepsSince(steps: readonly Step[], from: Micros): readonly Step[] {
  const first = steps.findLastIndex(({ at }) => at <= from);
  if (first < 0) return steps;
  return [{ ...steps[first]!, at: from }, ...steps.slice(first + 1)];
}
