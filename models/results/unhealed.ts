/**
 * What a fleet will not get back by itself: at the end of a run, everything that waits for a human, with the reason and what to do. Each
 * kind of leftover is a documented one; what a fleet lacks and no reason here covers is healing still, or a defect of the models.
 */

import { formatSpan } from '../../sim/duration.ts';
import { NONE } from '../../sim/entities.ts';
import type { Unhealed } from '../../sim/result.ts';
import { DAY, type Micros, SECOND } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { Injector } from '../faults/injector.ts';
import { ROLE } from '../hosted/roles.ts';
import { SIDES } from '../hosted/tunnel-links.ts';
import type { ClusterId, FaultId, MemberId, NodeId, PodId } from '../ids.ts';
import type { Fault, FaultKind } from '../plan/faults.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import { REFUSED } from '../scheduler/refused.ts';
import { type Lack, newLacks, serviceLack } from './redundancy.ts';
import { refusedPools, stalledUpgrades } from './stalled-upgrades.ts';

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

type Reason = (aftermath: Aftermath) => Leftover[];

/** A cluster, and the hosted clusters on it. */
const andHosted =
  ({ world: { clusters } }: BuiltFleet, cluster: ClusterId) =>
  (other: ClusterId): boolean =>
    other === cluster || clusters.host.at(other) === cluster;
const everyCluster = (): boolean => true;

// --- faults that nobody ends --------------------------------------------------------------------------------------------

/** What ends a fault of each kind; kinds that take machines are told machine by machine. */
const REMEDIES: Readonly<Partial<Record<FaultKind, string>>> = {
  managementControlPlaneOutage: 'bring the control plane of the management cluster back',
  networkPartition: 'mend the network',
  networkLatency: 'mend the network',
  slowDisk: 'replace the disks, or the members that stand on them',
  nodeDrain: 'uncordon the nodes once the work on them is done',
  pause: 'take the pause back',
};

const endless = ({ fleet, injector }: Aftermath): FaultId[] =>
  injector.faults.flatMap((fault, id) => {
    const begun = fault.at < fleet.world.sim.now;
    return begun && injector.duration(fault) === undefined ? [id as FaultId] : [];
  });

const takesMachines = ({ kind }: Fault): boolean =>
  kind === 'nodeFailure' || kind === 'zoneOutage' || kind === 'rackOutage' || kind === 'workerFailure';

/** Scaling is a wish, and no damage. */
const isWish = ({ kind }: Fault): boolean => kind === 'scale';
/** Told by what is lost when the run ends: a member may have been replaced meanwhile. */
const takesData = (fault: Fault): boolean => fault.kind === 'etcdMemberFailure' && fault.failure === 'data';

const endlessFaults: Reason = (aftermath) => {
  const { injector } = aftermath;
  return endless(aftermath)
    .map((id) => injector.faults[id]!)
    .filter((fault) => !takesMachines(fault) && !takesData(fault) && !isWish(fault))
    .map(({ kind, label }) => ({
      what: label,
      why: 'nothing in the scenario ends it',
      remedy: REMEDIES[kind] ?? 'end its cause',
      labels: {},
      covers: everyCluster,
    }));
};

/** Machines that are down because of a fault that never ends, and that no health check has replaced. */
const lostMachines: Reason = (aftermath) => {
  const { fleet, injector } = aftermath;
  const nodes = new Set<NodeId>();
  for (const id of endless(aftermath)) {
    if (!takesMachines(injector.faults[id]!)) continue;
    for (const node of injector.hit(id) as readonly NodeId[])
      if (!fleet.world.machines.running(node)) nodes.add(node);
  }
  return [...nodes].map((node) => lostMachine(fleet, node));
};

function lostMachine(fleet: BuiltFleet, node: NodeId): Leftover {
  const { machines, clusters, lifecycle } = fleet.world;
  const cluster = machines.cluster.at(node);
  const base = {
    what: `node ${machines.names[node]}`,
    labels: fleet.labelsOf(cluster),
    covers: andHosted(fleet, cluster),
  };
  if (clusters.isHosted(cluster))
    return {
      ...base,
      why: 'its machine is gone for good, and no health check of its node pool replaced it',
      remedy:
        'delete its Machine, or give the node pool autoRepair and no more sick workers than that allows',
    };
  if (!lifecycle.registered(node))
    return {
      ...base,
      why: 'its machine is gone for good; its Node object is deleted',
      remedy: 'add a machine',
    };
  const { held, waiting } = heldThere(fleet, node);
  const why = 'its machine is gone for good, and nobody deleted its Node object';
  return {
    ...base,
    why:
      held === 0
        ? 'its machine is gone for good'
        : `${why}: ${held} Terminating pods keep their places there${waits(waiting)}`,
    remedy:
      held === 0
        ? 'add a machine, and delete the Node object'
        : 'delete the Node object, or taint it node.kubernetes.io/out-of-service; add a machine',
  };
}

const waits = (count: number): string => (count === 0 ? '' : `, and ${count} pods wait for them`);

/** Pods that are Terminating on a dead node, and pods of their sets that find no node meanwhile. */
function heldThere({ world: { pods } }: BuiltFleet, node: NodeId): { held: number; waiting: number } {
  let held = 0;
  let waiting = 0;
  for (let pod = pods.ofNode.first(node); pod !== NONE; pod = pods.ofNode.next(pod)) {
    if (!pods.terminating(pod)) continue;
    held++;
    const siblings = pods.ofSet.list(pods.set.at(pod));
    waiting += siblings.filter((other) => pods.node.at(other) === NONE).length;
  }
  return { held, waiting };
}

// --- room ---------------------------------------------------------------------------------------------------------------

/** Refusals that more room would end. */
const NO_ROOM: readonly number[] = [REFUSED.cpu, REFUSED.memory, REFUSED.pods];

/** Some node refuses the pod for want of room, and for that alone or first. */
function lacksRoom({ world }: BuiltFleet, pod: PodId): boolean {
  const { filters } = world.scheduler;
  const table = world.placements[world.pods.cluster(pod)]!;
  const siblings = filters.siblings(world.pods.set.at(pod), table);
  return table.nodes.some((_, index) => NO_ROOM.includes(filters.check(pod, table, index, siblings)));
}

const NO_WORKERS = {
  why: 'all node pools of its cluster are scaled to zero',
  remedy: 'scale one out',
};
const OTHERS_TOOK_IT = {
  why: 'no node has room for it any more: pods that moved there meanwhile stay, since none is moved or preempted',
  remedy: 'add a node, or delete pods that have room elsewhere',
};

/**
 * Pods that had room at the beginning and have none now: what was moved took it, and nothing moves it back. kube-scheduler never moves a
 * running pod, and the priority classes of hosted control planes do not preempt.
 */
const noRoom: Reason = ({ fleet, beginning }) => {
  const { pods, sets } = fleet.world;
  const lacking = new Set(newLacks(fleet, beginning).map(({ cluster }) => cluster));
  const leftovers: Leftover[] = [];
  for (let pod = 0 as PodId; pod < pods.table.length; pod++) {
    if (!pods.table.has(pod) || pods.node.at(pod) !== NONE || pods.terminating(pod)) continue;
    const set = pods.set.at(pod);
    if (!lacking.has(sets.serves.at(set))) continue;
    const unwanted = fleet.world.machines.ofCluster.count(pods.cluster(pod)) === 0;
    if (!unwanted && !lacksRoom(fleet, pod)) continue;
    const kind = sets.role.at(set) === ROLE['virtual-machine'] ? 'virtual machine' : 'pod';
    leftovers.push({
      what: `${kind} ${pods.name(pod)}`,
      ...(unwanted ? NO_WORKERS : OTHERS_TOOK_IT),
      labels: fleet.labelsOf(sets.serves.at(set)),
      covers: (cluster) => cluster === sets.serves.at(set),
    });
  }
  return leftovers;
};

/** Control planes that were moved to a management cluster which has no node for some of their pods. */
const unfitHost: Reason = ({ fleet }) => {
  const { clusters, pods, sets } = fleet.world;
  return fleet.plan.hostedClusters.flatMap((plan) => {
    const cluster = fleet.hostedClusters.get(plan.name)!;
    const host = clusters.host.at(cluster);
    if (host === fleet.managementClusters.get(plan.managementCluster)) return [];
    const own = sets.ofServed.list(cluster).filter((set) => sets.cluster.at(set) === host);
    const waiting = own.flatMap((set) => pods.ofSet.list(set)).filter((pod) => pods.node.at(pod) === NONE);
    if (waiting.length === 0) return [];
    return {
      what: 'control plane',
      why: `${waiting.length} of its pods find no node on ${clusters.names[host]}, where it was moved`,
      remedy: 'add nodes there that take them, or move the cluster elsewhere',
      labels: fleet.labelsOf(cluster),
      covers: (other: ClusterId) => other === cluster,
    };
  });
};

// --- workers ------------------------------------------------------------------------------------------------------------

/** Logins that are checked through the data plane need a worker; node pools may be scaled to zero, by people or by themselves. */
const noWorkers: Reason = ({ fleet, beginning }) => {
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
      labels: fleet.labelsOf(cluster),
      covers: (other: ClusterId) => other === cluster,
    };
  });
};

/** Kubelets whose certificate ran out ask as the node-bootstrapper, for whom nobody approves a second one (openshift/cluster-machine-approver README.md). */
const expiredCertificates: Reason = ({ fleet }) => {
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
      labels: fleet.labelsOf(cluster),
      covers: (other: ClusterId) => other === cluster,
    };
  });
};

// --- tunnels ------------------------------------------------------------------------------------------------------------

/** Agents of releases that do not look again for a server that they have lost (openshift/hypershift pulls 9260 and 9430). */
const stuckTunnels: Reason = ({ fleet }) => {
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
      labels: fleet.labelsOf(cluster),
      covers: (other) => other === cluster,
    });
  }
  return leftovers;
};

// --- data of etcd -------------------------------------------------------------------------------------------------------

const planOf = (fleet: BuiltFleet, cluster: ClusterId): HostedClusterPlan =>
  fleet.plan.hostedClusters.find(({ name }) => fleet.hostedClusters.get(name) === cluster)!;

/**
 * What brings an etcd back that has no quorum of members with data: what is documented for the platform. On AWS a snapshot is restored
 * when a hosted cluster is created, be it anew or on another management cluster, and never into one that exists (OpenShift hosted control
 * planes, "Restoring an etcd snapshot on a hosted cluster"; openshift/hypershift api: restoreSnapshotURL is immutable).
 */
function restoring({ platform, apiHostname }: HostedClusterPlan, memberIsLeft: boolean): string {
  if (platform !== 'AWS')
    return `restore it from a snapshot${memberIsLeft ? ', or from the data of a member that is left' : ''}`;
  const anew = 'create the hosted cluster anew from a snapshot: on AWS none is restored into one that exists';
  return apiHostname === ''
    ? anew
    : `move the hosted cluster to another management cluster from a backup, or ${anew}`;
}

/** Members that have nothing to start from, where nobody is at work on it: automatic recovery replaces one member, and no more. */
const lostData: Reason = ({ fleet }) => {
  const { ensembles, hosted, memberData, etcdRecovery: recovery, restores } = fleet.world;
  return [...fleet.hostedClusters.values()].flatMap((cluster) => {
    const ensemble = hosted.ensemble.at(cluster);
    const members = ensembles.members.of.list(ensemble);
    // New volumes are part of a restore; data that is lost while it goes on keeps it from its end.
    const isLost = restores.atWork(cluster)
      ? (member: MemberId) => memberData.unusable(member)
      : (member: MemberId) => !memberData.intact(member);
    const lost = members.filter(isLost).length;
    const goesOn = restores.atWork(cluster) && !restores.waiting(cluster);
    if (lost === 0 || goesOn || recovery.active(cluster)) return [];
    const base = {
      what: 'etcd data',
      labels: fleet.labelsOf(cluster),
      covers: (other: ClusterId) => other === cluster,
    };
    if (members.length - lost < ensembles.quorum(ensemble))
      return {
        ...base,
        why: `${lost} of ${members.length} members have lost their data: no quorum can form from what is left`,
        remedy: restoring(planOf(fleet, cluster), lost < members.length),
      };
    const replace = 'delete the claim and the pod of the member, once etcd answers';
    if (recovery.failed(cluster))
      return { ...base, why: 'a member has lost its data, and its recovery Job failed', remedy: replace };
    if (recovery.enabled(cluster) && lost === 1) return [];
    return { ...base, why: 'a member has lost its data, and nothing replaces it by itself', remedy: replace };
  });
};

/** etcd that reached its quota refuses writes until somebody has cleaned up (etcd-io/website v3.6 op-guide/maintenance). */
const fullDatabase: Reason = ({ fleet }) => {
  const { ensembles, hosted } = fleet.world;
  return [...fleet.hostedClusters.values()].flatMap((cluster) =>
    ensembles.refusesWrites(hosted.ensemble.at(cluster))
      ? {
          what: 'database of etcd',
          why: 'it has reached its quota, and the NOSPACE alarm refuses every write until it is disarmed',
          remedy: 'compact and defragment it, then disarm the alarm',
          labels: fleet.labelsOf(cluster),
          covers: (other: ClusterId) => other === cluster,
        }
      : [],
  );
};

// --- storage ------------------------------------------------------------------------------------------------------------

/** Storage that costs an etcd its leader more often than this is no storage for etcd. */
const TOO_OFTEN = DAY;

/** etcd on storage whose writes outlast an election timeout by themselves (etcd-io/website v3.6 op-guide/hardware: 99 % within 10 ms). */
const unfitStorage: Reason = ({ fleet }) => {
  const { ensembles, hosted, disks } = fleet.world;
  return [...fleet.hostedClusters.values()].flatMap((cluster) => {
    const [member] = ensembles.members.of.list(hosted.ensemble.at(cluster));
    if (member === undefined || disks.stallGap(member) > TOO_OFTEN) return [];
    return {
      what: 'storage of etcd',
      why: `its writes outlast an election timeout every ${formatSpan(rounded(disks.stallGap(member)))} on average`,
      remedy: 'put the volumes on storage that makes 99 % of writes durable within 10 ms',
      labels: fleet.labelsOf(cluster),
      covers: (other) => other === cluster,
    };
  });
};

/** To whole seconds, and at least one. */
const rounded = (span: number): Micros => (Math.max(1, Math.round(span / SECOND)) * SECOND) as Micros;

// --- drains -------------------------------------------------------------------------------------------------------------

/**
 * Drains that a disruption budget stops, or a virtual machine that cannot be migrated: who drains asks again and again, and waits
 * (kubernetes/website disruptions.md; kubevirt/kubevirt docs, LiveMigratable).
 */
const blockedDrains: Reason = ({ fleet }) => {
  const { machines, drains, budgets, pods, sets } = fleet.world;
  const leftovers: Leftover[] = [];
  for (let node = 0 as NodeId; node < machines.table.length; node++) {
    if (!drains.draining(node)) continue;
    const left = pods.ofNode.list(node);
    const kept = left.find((pod) => budgets.disruptionsAllowed(pods.set.at(pod)) === 0);
    const fixed = left.find((pod) => budgets.guard(pod) === 'stays');
    if (kept === undefined && fixed === undefined) continue;
    const cluster = machines.cluster.at(node);
    leftovers.push({
      what: `drain of node ${machines.names[node]}`,
      ...(kept === undefined
        ? {
            why: `the virtual machine ${pods.identity(fixed!)} cannot be migrated, and is not stopped`,
            remedy:
              'stop the virtual machine, or replace the worker; one with a ReadWriteMany root volume migrates',
          }
        : {
            why: `the disruption budget of ${sets.names[pods.set.at(kept)]} allows no eviction`,
            remedy: 'loosen the budget or delete the pod; a drain timeout ends such drains by itself',
          }),
      labels: fleet.labelsOf(cluster),
      covers: andHosted(fleet, cluster),
    });
  }
  return leftovers;
};

const REASONS: readonly Reason[] = [
  lostMachines,
  endlessFaults,
  lostData,
  fullDatabase,
  unfitStorage,
  stuckTunnels,
  noRoom,
  blockedDrains,
  unfitHost,
  noWorkers,
  expiredCertificates,
  stalledUpgrades,
  refusedPools,
];

// --- the whole ----------------------------------------------------------------------------------------------------------

/** Everything that waits for a human. */
function leftovers(aftermath: Aftermath): Leftover[] {
  return REASONS.flatMap((reason) => reason(aftermath));
}

/** The same as plain data, for results. */
export function unhealed(aftermath: Aftermath): Unhealed[] {
  return leftovers(aftermath).map(({ what, why, remedy, labels }) => ({ what, why, remedy, labels }));
}

/** What the fleet lacks beyond its beginning and no leftover covers: what is healing still, or, long after all faults, a defect. */
export function unexplained(aftermath: Aftermath): Lack[] {
  const lacks = newLacks(aftermath.fleet, aftermath.beginning);
  if (lacks.length === 0) return [];
  const reasons = leftovers(aftermath);
  // A control plane that never found room has nothing that could heal; what is asked of it meanwhile is lacking as well.
  const { clusters } = aftermath.fleet.world;
  const neverUp = (cluster: ClusterId): boolean =>
    aftermath.beginning.has(serviceLack('api', clusters.key(cluster)));
  return lacks.filter(({ cluster }) => !neverUp(cluster) && !reasons.some(({ covers }) => covers(cluster)));
}
