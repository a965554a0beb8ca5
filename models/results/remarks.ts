/** What a run is to tell besides its figures: limits of the vendor that were broken, for whom and since when. */
import { formatDuration } from '../../sim/duration.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Micros } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { ClusterId, NodeId, PoolId } from '../ids.ts';
import { PHASE } from '../upgrades/node-pool/node-pool-upgrades.ts';

interface Remark {
  readonly text: string;
  readonly at: Micros;
  readonly clusters: ClusterId[];
}

export class Remarks {
  readonly #fleet: BuiltFleet;
  #remarks: Remark[] = [];

  constructor(fleet: BuiltFleet) {
    this.#fleet = fleet;
    const { sim, limits, disks, parameters } = fleet.world;
    const limit = (micros: number): string => formatDuration(micros as Micros);
    const { membersLimit, workersLimit } = parameters.network;
    this.#watch(
      limits.membersFact,
      (trip) => `round trips of ${trip} ms between etcd members, above the limit of ${limit(membersLimit)}`,
    );
    this.#watch(
      limits.workersFact,
      (trip) => `round trips of ${trip} ms to workers, above the limit of ${limit(workersLimit)}`,
    );
    this.#watch(disks.overLimitFact, (fsync) => {
      const needs = fsync < Number.POSITIVE_INFINITY ? `need ${fsync} ms for an fsync` : 'do not answer';
      return `disks of etcd ${needs}; the limit is ${limit(parameters.disk.fsyncLimit)}`;
    });
    sim.keep({
      save: () => this.#remarks.map((remark) => ({ ...remark, clusters: [...remark.clusters] })),
      restore: (saved: Remark[]) => {
        this.#remarks = saved.map((remark) => ({ ...remark, clusters: [...remark.clusters] }));
      },
    });
  }

  /** One line per limit, value and moment, and one per drain that goes on and on. */
  lines(): string[] {
    const { names } = this.#fleet.world.clusters;
    const limits = this.#remarks.map(({ text, at, clusters }) => {
      const first = clusters.slice(0, 3).map((cluster) => names[cluster]);
      const more = clusters.length > 3 ? ` and ${clusters.length - 3} more` : '';
      return `from ${formatDuration(at)} on, ${first.join(', ')}${more}: ${text}`;
    });
    return [...limits, ...this.#blockedDrains(), ...this.#replacedNodes()];
  }

  /** Pools of which an upgrade replaced nodes, instead of updating them where they are. */
  #replacedNodes(): string[] {
    const { upgrades, nodePools } = this.#fleet.world;
    const pools = new Set<PoolId>();
    for (const { kind, subject, phases } of upgrades.ledger.records) {
      if (kind !== 'nodePool' || nodePools.rollout(subject as PoolId).upgradeType === 'InPlace') continue;
      if (phases.some(({ name }) => name === PHASE.machines)) pools.add(subject as PoolId);
    }
    if (pools.size === 0) return [];
    const names = [...pools].map((pool) => {
      const cluster = this.#fleet.world.clusters.names[nodePools.ofCluster.parent(pool)];
      return `${cluster}/${nodePools.names[pool]}`;
    });
    const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
    return [
      `upgrades replaced nodes of ${names.slice(0, 3).join(', ')}${more}: labels and other changes made to them by hand are lost`,
    ];
  }

  /** Drains that still wait for disruption budgets, and whose. */
  #blockedDrains(): string[] {
    const { drains, machines, pods } = this.#fleet.world;
    const lines: string[] = [];
    for (let node = 0 as NodeId; node < machines.table.length; node++) {
      const refused = drains.draining(node) ? drains.refused(node) : [];
      if (refused.length === 0) continue;
      const first = refused.slice(0, 3).map((pod) => pods.identity(pod));
      const more = refused.length > 3 ? ` and ${refused.length - 3} more` : '';
      const since = formatDuration(drains.begun(node) as Micros);
      lines.push(
        `since ${since} the drain of ${machines.names[node]} waits: budgets refuse to evict ${first.join(', ')}${more}`,
      );
    }
    return lines;
  }

  #watch(kind: FactKind, textOf: (value: number) => string): void {
    this.#fleet.world.sim.observe(kind, (cluster, value, _fact, at) => {
      const text = textOf(value);
      const known = this.#remarks.find((remark) => remark.text === text && remark.at === at);
      if (known?.clusters.includes(cluster as ClusterId)) return;
      if (known) known.clusters.push(cluster as ClusterId);
      else this.#remarks.push({ text, at, clusters: [cluster as ClusterId] });
    });
  }
}
