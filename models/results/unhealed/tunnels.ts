/** Konnectivity agents that lack servers for good. */
import { SIDES } from '../../hosted/tunnel-links.ts';
import { type Leftover, lacksOf, type Reason } from './leftover.ts';

/** Agents of releases that do not look again for a server that they have lost (openshift/hypershift pulls 9260 and 9430). */
export const stuckTunnels: Reason = ({ fleet }) => {
  const { tunnels } = fleet.world.konnectivity;
  const leftovers: Leftover[] = [];
  for (const cluster of fleet.hostedClusters.values()) {
    const stuck = SIDES.filter(
      (side) =>
        tunnels.redials.at(cluster) === 0 && !tunnels.complete(cluster, side, tunnels.listedAndUp(cluster)),
    );
    if (stuck.length === 0) continue;
    leftovers.push({
      what: 'Konnectivity agents',
      why: 'they lost a server and do not look for it again, as their release does not redial',
      remedy: 'restart the konnectivity-agent pods, or upgrade to a release whose agents redial',
      ...lacksOf(fleet, cluster),
    });
  }
  return leftovers;
};
