/**
 * Sometimes-properties: states that the swarm must reach with some of its seeds. A swarm that never loses a quorum proves nothing about
 * what follows from it.
 */
import { BEGINNING, type CauseId, type Fact } from '../../sim/facts.ts';
import { HOUR } from '../../sim/time.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import { ZONE_STATE } from '../kubernetes/node-zones.ts';
import type { UpgradeSubject } from '../plan/faults.ts';
import type { Replication } from '../run.ts';
import { isAside, type UpgradeRecord } from '../upgrades/ledger.ts';
import { rows } from './invariants/invariant.ts';

interface Sight {
  /** Seen in a fact of the run. */
  readonly fact?: (fact: Fact) => boolean;
  /** Seen in the state of the fleet. */
  readonly state?: (replication: Replication) => boolean;
}

const zoneState = (state: number): Sight => ({
  fact: ({ kind, value }) => kind.name === 'zone-state' && value === state,
});
const told = (name: string): Sight => ({ fact: ({ kind }) => kind.name === name });

/** Some upgrade of a kind, or of any, is as described. */
const upgraded = (is: (record: UpgradeRecord) => boolean, kind?: UpgradeSubject): Sight => ({
  state: ({ fleet }) =>
    fleet.world.upgrades.ledger.records.some(
      (record) => (kind === undefined || record.kind === kind) && is(record),
    ),
});
const completed = ({ end }: UpgradeRecord): boolean => end === 'completed';
/** What held it up lasted longer than any drain, and was over one day. */
const stalledAndCompleted = (record: UpgradeRecord): boolean =>
  completed(record) && record.waits.some(({ from, to }) => to !== undefined && to - from > HOUR);

export const SOMETIMES: Readonly<Record<string, Sight>> = {
  'an etcd loses its quorum': told('quorum-lost'),
  'votes split': told('votes-split'),
  'a disk stalls an etcd member': told('disk-stalled'),
  'a node zone is Partial': zoneState(ZONE_STATE.partial),
  'a node zone is Full': zoneState(ZONE_STATE.full),
  'all zones of a management cluster are Full': {
    state: ({ fleet }) =>
      [...fleet.managementClusters.values()].some((cluster) => fleet.world.lifecycle.zones.allFull(cluster)),
  },
  'a tunnel is stuck': {
    state: ({ fleet: { world, hostedClusters } }) =>
      [...hostedClusters.values()].some((cluster) => world.konnectivity.tunnels.stuck(cluster) !== 0),
  },
  'the automatic recovery of an etcd member fails': told('recovery-failed'),
  'the data of an etcd is restored': told('api-restored'),
  'a budget refuses an eviction': told('eviction-refused'),
  'a node is drained': told('node-drained'),
  'a pod waits for a node': told('pod-unschedulable'),
  'a node is remediated': told('node-remediated'),
  'a token runs out': told('tokens-lapsed'),
  'a client certificate runs out': told('certificate-expired'),
  'a virtual machine is moved': told('virtual-machine-moved'),
  'a machine is replaced': told('machine-replaced'),
  'a node pool grows by itself': told('pool-scaled-up'),
  'a node goes because nobody needs it': told('node-unneeded'),
  'a machine does not join in time': told('machine-not-joined'),
  'a lease is taken over': told('lease-acquired'),
  'an etcd has lost its leader and kept its quorum': told('leader-lost'),
  'a leader is cut off from its quorum': told('leader-unheard'),
  'a running node is cut off': told('node-cut-off'),
  'a member is recovered with a new volume': told('member-rejoined'),
  'a member finds no cluster to join': told('member-found-no-cluster'),
  'a recovery Job fails': told('recovery-failed'),
  'an API comes back by a restore': told('api-restored'),
  'a moved cluster is reached where it is': told('api-moved'),
  'a load balancer sends requests to a dead node': told('target-lost'),
  'an address is announced by another node': told('address-moved'),
  'a kubelet is connected to a dead server': told('kubelet-connection-dead'),
  'the workers of a cluster do not reach its API': told('api-unreachable'),
  'servers give up connections to a dead etcd member': told('etcd-connections-given-up'),
  'a hosted cluster completes an upgrade': upgraded(completed, 'hostedCluster'),
  'a change of a hosted cluster is completed': upgraded((record) => isAside(record) && completed(record)),
  'a node pool completes an upgrade': upgraded(completed, 'nodePool'),
  'a management cluster completes an upgrade': upgraded(completed, 'managementCluster'),
  'an operator completes an upgrade': upgraded(completed, 'operator'),
  'an upgrade is refused': upgraded(({ end }) => end === 'refused'),
  'an upgrade is superseded': upgraded(({ end }) => end === 'superseded'),
  'an upgrade stands still for an hour and is completed afterwards': upgraded(stalledAndCompleted),
  'a bad release is rolled back': upgraded(({ bad, end }) => bad && end === 'superseded'),
  'a node is updated in place': {
    state: ({ fleet: { world } }) =>
      [...rows<NodeId>(world.machines.table)].some((node) => world.nodePoolUpgrades.inPlace.atWork(node)),
  },
  'no hosted API answers': {
    state: ({ fleet: { world } }) =>
      [...rows<ClusterId>(world.clusters.table)].every(
        (cluster) => !world.clusters.isHosted(cluster) || world.health.value(cluster, 'api') === 0,
      ),
  },
};

/** Which of the properties were seen, over all cases that are shown to it. */
export class Sightings {
  readonly seen = new Set<string>();
  #unseen = Object.entries(SOMETIMES);
  #replication: Replication | undefined;
  #looked: number = BEGINNING;

  /** Looks at a run; what it has told before is not looked at again. */
  look(replication: Replication): void {
    if (replication !== this.#replication) {
      this.#replication = replication;
      this.#looked = BEGINNING;
    }
    const { facts } = replication.fleet.world.sim;
    const told = this.#unseen.filter(([, { fact }]) => fact !== undefined);
    for (let id = this.#looked + 1; told.length > 0 && id < facts.length; id++) {
      const one = facts.get(id as CauseId);
      for (const [name, { fact }] of told) if (fact!(one)) this.seen.add(name);
    }
    this.#looked = facts.length - 1;
    for (const [name, { state }] of this.#unseen) if (state?.(replication)) this.seen.add(name);
    this.#unseen = this.#unseen.filter(([name]) => !this.seen.has(name));
  }
}
