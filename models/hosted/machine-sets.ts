/**
 * MachineSets of node pools: which machines were made from which template, and how many of each are wanted. A pool has one, and
 * more of them while it gets another template.
 */
import { type I32Column, NONE, type Table } from '../../sim/entities.ts';
import { Membership } from '../../sim/membership.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { MachineSetId, NodeId, PoolId, ReleaseId } from '../ids.ts';

/** What machines are made from. */
export interface MachineTemplate {
  readonly release: ReleaseId;
  /** Moves on with everything else that a machine is made from: configuration, tuning, fields of the platform. */
  readonly configuration: number;
}

export class MachineSets {
  readonly table: Table<MachineSetId>;
  /** The oldest first. */
  readonly ofPool: Membership<PoolId, MachineSetId>;
  /** Machines of a set, those that are being deleted included. */
  readonly machines: Membership<MachineSetId, NodeId>;
  /** spec.replicas. */
  readonly replicas: I32Column<MachineSetId>;
  /** The set with the template that the pool is to have. */
  readonly #newest: I32Column<PoolId, MachineSetId>;
  readonly #release: I32Column<MachineSetId, ReleaseId>;
  readonly #configuration: I32Column<MachineSetId>;

  constructor(sim: Simulation, pools: Table<PoolId>, nodes: Table<NodeId>) {
    this.table = sim.table<MachineSetId>('machine set');
    this.ofPool = new Membership('machine sets of pool', pools, this.table);
    this.machines = new Membership('machines of set', this.table, nodes);
    this.replicas = this.table.i32('replicas');
    this.#newest = pools.i32('newestMachineSet', NONE);
    this.#release = this.table.i32('release', NONE);
    this.#configuration = this.table.i32('configuration');
  }

  newest(pool: PoolId): MachineSetId {
    return this.#newest.at(pool);
  }
  /** Sets of other templates than the pool is to have, the oldest first. */
  old(pool: PoolId): MachineSetId[] {
    return this.ofPool.list(pool).filter((set) => set !== this.newest(pool));
  }
  /** Machines of several templates are there, or still wanted. */
  isRolling(pool: PoolId): boolean {
    return this.ofPool.count(pool) > 1;
  }
  template(set: MachineSetId): MachineTemplate {
    return { release: this.#release.at(set), configuration: this.#configuration.at(set) };
  }

  /** The pool is to have machines of this template: of a set that has it still, or of a new one. */
  give(pool: PoolId, template: MachineTemplate): void {
    this.#newest.set(pool, this.#having(pool, template) ?? this.#add(pool, template));
  }
  /** The set goes on with another template: its machines are updated, and none is replaced. */
  change(set: MachineSetId, { release, configuration }: MachineTemplate): void {
    this.#release.set(set, release);
    this.#configuration.set(set, configuration);
  }

  /** Old sets without machines, of which none are wanted, are gone. */
  tidy(pool: PoolId): void {
    for (const set of this.old(pool)) {
      if (this.replicas.at(set) > 0 || this.machines.count(set) > 0) continue;
      this.ofPool.leave(set);
      this.table.remove(set);
    }
  }

  #having(pool: PoolId, { release, configuration }: MachineTemplate): MachineSetId | undefined {
    return this.ofPool
      .list(pool)
      .find((set) => this.#release.at(set) === release && this.#configuration.at(set) === configuration);
  }
  #add(pool: PoolId, template: MachineTemplate): MachineSetId {
    const set = this.table.add();
    this.change(set, template);
    this.ofPool.join(pool, set);
    return set;
  }
}
