/** Storage that is none for etcd. */
import { formatSpan } from '../../../sim/duration.ts';
import { DAY, type Micros, SECOND } from '../../../sim/time.ts';
import { lacksOf, type Reason } from './leftover.ts';

/** Storage that costs an etcd its leader more often than this is no storage for etcd. */
const TOO_OFTEN = DAY;

/** etcd on storage whose writes outlast an election timeout by themselves (etcd-io/website v3.6 op-guide/hardware: 99 % within 10 ms). */
export const unfitStorage: Reason = ({ fleet }) => {
  const { ensembles, hosted, disks } = fleet.world;
  return [...fleet.hostedClusters.values()].flatMap((cluster) => {
    const [member] = ensembles.members.of.list(hosted.ensemble.at(cluster));
    if (member === undefined || disks.stallGap(member) > TOO_OFTEN) return [];
    return {
      what: 'storage of etcd',
      why: `its writes outlast an election timeout every ${formatSpan(rounded(disks.stallGap(member)))} on average`,
      remedy: 'put the volumes on storage that makes 99 % of writes durable within 10 ms',
      ...lacksOf(fleet, cluster),
    };
  });
};

/** To whole seconds, and at least one. */
const rounded = (span: number): Micros => (Math.max(1, Math.round(span / SECOND)) * SECOND) as Micros;
