/** What a run is to tell besides its figures: limits of the vendor that were broken, for whom and since when. */
import { formatDuration } from '../../sim/duration.ts';
import type { FactKind } from '../../sim/facts.ts';
import { MILLISECOND, type Micros, SECOND } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { ClusterId, NodeId, PodId, PoolId } from '../ids.ts';
import { PHASE } from '../upgrades/node-pool/node-pool-upgrades.ts';
import { crowdedUpgrades } from './crowded-upgrades.ts';

interface Remark {
  readonly text: string;
  readonly at: Micros;
  readonly clusters: ClusterId[];
}

/** Round trips from which on requests that take several of them, as those through etcd and renewals do, begin to time out. */
const SLOW = SECOND;

/** So many lines about drains, and how many more. */
const MOST_DRAINS = 20;

const copied = (remark: Remark): Remark => ({ ...remark, clusters: [...remark.clusters] });

function shortened(lines: readonly string[]): string[] {
  if (lines.length <= MOST_DRAINS) return [...lines];
  return [...lines.slice(0, MOST_DRAINS), `and ${lines.length - MOST_DRAINS} more drains were not done`];
}

export class Remarks {
  readonly #fleet: BuiltFleet;
  #remarks: Remark[] = [];
  #drains: string[] = [];

  constructor(fleet: BuiltFleet) {
    this.#fleet = fleet;
    const { sim, limits, disks, drains, parameters } = fleet.world;
    const limit = (micros: number): string => formatDuration(micros as Micros);
    const { membersLimit, workersLimit, requestTimeout } = parameters.network;
    const coarse = (trip: number): string =>
      trip * MILLISECOND < SLOW
        ? ''
        : `; what they do to single requests and to renewals of leases is not simulated below ${limit(requestTimeout)}, where nothing passes any more`;
    this.#watch(
      limits.membersFact,
      (trip) =>
        `round trips of ${trip} ms between etcd members, above the limit of ${limit(membersLimit)}${coarse(trip)}`,
    );
    this.#watch(
      limits.workersFact,
      (trip) => `round trips of ${trip} ms to workers, above the limit of ${limit(workersLimit)}`,
    );
    this.#watch(disks.overLimitFact, (fsync) => {
      const needs = fsync < Number.POSITIVE_INFINITY ? `need ${fsync} ms for an fsync` : 'do not answer';
      return `disks of etcd ${needs}; the limit is ${limit(parameters.disk.fsyncLimit)}`;
    });
    for (const kind of [drains.timeoutFact, drains.endedFact])
      sim.observe(kind, (node, _value, _fact, at) => this.#drains.push(this.#notDone(node as NodeId, at)));
    sim.keep({
      save: () => ({ remarks: this.#remarks.map(copied), drains: [...this.#drains] }),
      restore: (saved: { remarks: Remark[]; drains: string[] }) => {
        this.#remarks = saved.remarks.map(copied);
        this.#drains = [...saved.drains];
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
    return [
      ...limits,
      ...shortened(this.#drains),
      ...this.#blockedDrains(),
      ...this.#replacedNodes(),
      ...crowdedUpgrades(this.#fleet),
    ];
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

  /** A drain that is ended by its time, or by whoever wanted it, with pods on the node. */
  #notDone(node: NodeId, at: Micros): string {
    const { drains, machines, pods } = this.#fleet.world;
    const refused = drains.refused(node);
    const why =
      refused.length > 0
        ? `budgets refuse to evict ${this.#first(refused)}`
        : `${this.#first(pods.ofNode.list(node))} did not leave`;
    const lasted = formatDuration((at - drains.begun(node)) as Micros);
    return `at ${formatDuration(at)} the drain of ${machines.names[node]} is not done after ${lasted}: ${why}`;
  }

  #first(found: readonly PodId[]): string {
    const { pods } = this.#fleet.world;
    const names = found.slice(0, 3).map((pod) => pods.identity(pod));
    return names.join(', ') + (found.length > 3 ? ` and ${found.length - 3} more` : '');
  }

  /** Drains that still wait for disruption budgets, and whose. */
  #blockedDrains(): string[] {
    const { drains, machines } = this.#fleet.world;
    const lines: string[] = [];
    for (let node = 0 as NodeId; node < machines.table.length; node++) {
      const refused = drains.draining(node) ? drains.refused(node) : [];
      if (refused.length === 0) continue;
      const since = formatDuration(drains.begun(node) as Micros);
      lines.push(
        `since ${since} the drain of ${machines.names[node]} waits: budgets refuse to evict ${this.#first(refused)}`,
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
