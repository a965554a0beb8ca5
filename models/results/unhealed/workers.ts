/** Hosted clusters whose workers are missing or shut out. */
import { serviceLack } from '../redundancy.ts';
import { lacksOf, type Reason } from './leftover.ts';

/** Logins that are checked through the data plane need a worker; node pools may be scaled to zero, by people or by themselves. */
export const noWorkers: Reason = ({ fleet, beginning }) => {
  const { machines, clusters } = fleet.world;
  return fleet.plan.hostedClusters.flatMap((plan) => {
    const cluster = fleet.hostedClusters.get(plan.name)!;
    const workers = machines.ofCluster.list(cluster).filter((node) => machines.exists(node));
    const asBefore = beginning.has(serviceLack('oauth', clusters.key(cluster)));
    if (!plan.oauthNeedsDataPlane || workers.length > 0 || asBefore) return [];
    return {
      what: 'logins',
      why: 'their identity provider is reached through the data plane, and no node pool has a worker',
      remedy: 'keep a node pool above zero',
      ...lacksOf(fleet, cluster),
    };
  });
};

/** Kubelets whose certificate ran out ask as the node-bootstrapper, for whom nobody approves a second one (openshift/cluster-machine-approver README.md). */
export const expiredCertificates: Reason = ({ fleet }) => {
  const { machines, certificates } = fleet.world;
  return [...fleet.hostedClusters.values()].flatMap((cluster) => {
    const shut = machines.ofCluster.list(cluster).filter((node) => certificates.expired(node));
    if (shut.length === 0) return [];
    return {
      what:
        shut.length === 1
          ? `kubelet of node ${machines.names[shut[0]!]}`
          : `kubelets of ${shut.length} nodes`,
      why: 'client certificates ran out while they could not be renewed, and nothing approves new ones for nodes that exist already',
      remedy:
        'once the API is back, approve the pending certificate signing requests, or replace the machines',
      ...lacksOf(fleet, cluster),
    };
  });
};
