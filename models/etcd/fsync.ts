/**
 * How long a disk takes to make a write of etcd's log durable. A member does nothing else meanwhile: its raft loop sends no
 * heartbeat, answers no message and counts no tick until the write is on disk (etcd-io/etcd server/etcdserver/raft.go). What matters
 * are therefore the few fsyncs that outlast an election timeout; all others only add to the latency of writes and votes.
 *
 * Fsyncs are lognormal through the typical and the 99th percentile of their storage. Assumed: the form of the tail.
 */
import { normalCdf, normalQuantile } from '../../sim/distributions/normal.ts';
import { type Distribution, deterministic, lognormal } from '../../sim/distributions.ts';
import type { ParameterValues } from '../parameters.ts';
import type { DiskPerformance } from '../plan/disk-performance.ts';

/** Microseconds. */
export interface FsyncTimes {
  readonly typical: number;
  readonly p99: number;
}

/** The figures of a kind of storage. */
export function fsyncTimes(kind: DiskPerformance, { disk }: ParameterValues): FsyncTimes {
  switch (kind) {
    case 'cloud-ssd':
      return { typical: disk.cloudSsd, p99: disk.cloudSsdP99 };
    case 'local-lvm':
      return { typical: disk.localLvm, p99: disk.localLvmP99 };
    case 'local-volume':
      return { typical: disk.localVolume, p99: disk.localVolumeP99 };
    case 'shared-isolated':
      return { typical: disk.sharedIsolated, p99: disk.sharedIsolatedP99 };
    case 'shared-pool':
      return { typical: disk.sharedPool, p99: disk.sharedPoolP99 };
  }
}

const Z99 = normalQuantile(0.99);

const sigmaOf = ({ typical, p99 }: FsyncTimes): number => Math.log(p99 / typical) / Z99;

/** The distribution of single fsyncs, microseconds. */
export function fsyncs(times: FsyncTimes): Distribution {
  const sigma = sigmaOf(times);
  return sigma > 0 ? lognormal({ median: times.typical, sigma }) : deterministic({ value: times.typical });
}

/** The fsyncs of one disk that outlast some time, seen as rare events among the others. */
export interface LongFsyncs {
  /** Their share of all fsyncs. */
  readonly share: number;
  /** Mean microseconds from the end of one to the beginning of the next; Infinity when there are none. */
  readonly gap: number;
  /** The length of one, microseconds, for a uniform number. */
  length(u: number): number;
}

/**
 * @param longerThan microseconds
 * @param writesPerSecond one write waits for the one before, so slow disks make fewer fsyncs
 */
export function longFsyncs(times: FsyncTimes, longerThan: number, writesPerSecond: number): LongFsyncs {
  const all = fsyncs(times);
  const below = all.cdf(longerThan);
  const share = 1 - below;
  const wait = 1e6 / writesPerSecond;
  const short = share < 1 ? meanBelow(times, longerThan) : 0;
  const gap = share > 0 ? ((1 - share) / share) * (wait + short) + wait : Number.POSITIVE_INFINITY;
  return { share, gap, length: (u) => all.quantile(below + u * share) };
}

/** Mean of the fsyncs that do not outlast the time: the truncated lognormal's. */
function meanBelow(times: FsyncTimes, bound: number): number {
  const sigma = sigmaOf(times);
  if (sigma === 0) return times.typical;
  const z = Math.log(bound / times.typical) / sigma;
  return (times.typical * Math.exp((sigma * sigma) / 2) * normalCdf(z - sigma)) / normalCdf(z);
}
