/**
 * Round trips that the vendor gives no support for: above 200 ms between a control plane and its workers, above 50 ms between etcd members.
 * They are said when they come up; what they do to elections is left to etcd.
 */
import { NONE } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { MILLISECOND } from '../../sim/time.ts';
import type { Ensembles } from '../etcd/ensembles.ts';
import type { ClusterId, EnsembleId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import type { Location, Network } from './network.ts';
import type { Paths } from './paths.ts';

/** Facts about a cluster with the round trip in milliseconds. */
export class Limits {
  readonly membersFact: FactKind;
  readonly workersFact: FactKind;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly ensembles: Ensembles,
    readonly network: Network,
    readonly paths: Paths,
    readonly parameters: ParameterValues,
  ) {
    this.membersFact = sim.factKind('members-far-apart');
    this.workersFact = sim.factKind('workers-far-away');
    network.changed.subscribe(() => network.isImpaired && this.#review());
  }

  #review(): void {
    const { membersLimit, workersLimit } = this.parameters.network;
    for (let ensemble = 0 as EnsembleId; ensemble < this.ensembles.table.length; ensemble++) {
      const places = this.ensembles.members.of.list(ensemble).map((member) => this.paths.memberAt(member));
      this.#say(
        this.membersFact,
        this.ensembles.cluster.at(ensemble),
        this.#longest(places, places),
        membersLimit,
      );
    }
    for (let cluster = 0 as ClusterId; cluster < this.clusters.count; cluster++) {
      if (this.clusters.host.at(cluster) === NONE) continue;
      const workers = this.machines.ofCluster.list(cluster);
      this.#say(
        this.workersFact,
        cluster,
        this.#longest(this.paths.apiServers(cluster), workers),
        workersLimit,
      );
    }
  }

  #longest(some: readonly Location[], others: readonly Location[]): number {
    let longest = 0;
    for (const one of some)
      for (const other of others) {
        const trip = this.network.roundTrip(one, other);
        if (trip < Number.POSITIVE_INFINITY) longest = Math.max(longest, trip);
      }
    return longest;
  }

  #say(kind: FactKind, cluster: ClusterId, roundTrip: number, limit: number): void {
    if (roundTrip > limit) this.sim.emit(kind, cluster, roundTrip / MILLISECOND);
  }
}
