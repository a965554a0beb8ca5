/**
 * A procedure that people follow on a hosted cluster, step by step. Each step takes a while and works through the API of a management
 * cluster; one that cannot be taken yet waits, and is tried again when something changed that it may wait for.
 */
import type { U8Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { MemberData } from '../etcd/member-data.ts';
import type { ClusterId, PodId } from '../ids.ts';
import type { Clusters } from '../kubernetes/clusters.ts';
import type { SnapshotSource } from '../plan/faults.ts';
import type { RestoreLedger } from './restore-ledger.ts';

export interface Step {
  /** What is said when it is done. */
  readonly done: string;
  take(cluster: ClusterId): void;
  /** The management cluster through whose API it works. By default that of the hosted cluster. */
  through?(cluster: ClusterId): ClusterId;
  /** Whether it can be taken, that API answering. By default yes. @param going a pod that is about to go: it counts no more */
  possible?(cluster: ClusterId, going?: PodId): boolean;
  /** How long it takes, microseconds. By default as long as any. */
  lasts?(cluster: ClusterId): number;
}

export interface ProcedureSpec {
  /** `restore`; its facts are `restore-step` and `restore-impossible`. */
  readonly name: string;
  readonly steps: readonly Step[];
  /** How long a step takes that says nothing about it, microseconds. */
  readonly step: number;
  /** The value of the fact that a step is done. By default its number. */
  value?(step: number, through: ClusterId): number;
  /** The step to go on with in place of the next one. By default that. */
  skip?(cluster: ClusterId, next: number, going?: PodId): number;
  /** The last step is done. */
  end?(cluster: ClusterId): void;
}

export class Procedure {
  /** The step that comes next; as many as there are steps when nobody is at work. */
  readonly #next: U8Column<ClusterId>;
  /** The next step cannot be taken yet. */
  readonly #waits: U8Column<ClusterId>;
  readonly #step: Timer<ClusterId>;
  readonly #stepFact: FactKind;
  readonly #impossibleFact: FactKind;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly data: MemberData,
    readonly ledger: RestoreLedger,
    readonly spec: ProcedureSpec,
  ) {
    const { table } = clusters;
    const { name, steps } = spec;
    this.#next = table.u8(`${name}Step`, steps.length);
    this.#waits = table.u8(`${name}Waits`);
    this.#step = new Timer(sim, table, `${name}-step`, 'control', (cluster) => this.#take(cluster));
    this.#stepFact = sim.factKind(`${name}-step`);
    this.#impossibleFact = sim.factKind(`${name}-impossible`);
  }

  /** Some step is left to be taken. */
  atWork(cluster: ClusterId): boolean {
    return this.#next.at(cluster) < this.spec.steps.length;
  }
  /** The last step comes next. */
  atLast(cluster: ClusterId): boolean {
    return this.#next.at(cluster) === this.spec.steps.length - 1;
  }
  /** The next step cannot be taken yet. */
  waiting(cluster: ClusterId): boolean {
    return this.#waits.at(cluster) === 1;
  }

  /**
   * Somebody sets about it with a snapshot. One procedure at a time: another one is not begun.
   * @returns whether it can be begun: a copy of a member's data needs a member that has some
   */
  open(cluster: ClusterId, source: SnapshotSource, elsewhere: boolean): boolean {
    if (this.ledger.busy(cluster)) return false;
    if (source.kind === 'member' && !this.data.copyable(cluster)) {
      this.sim.emit(this.#impossibleFact, cluster);
      return false;
    }
    this.ledger.open(cluster, source, elsewhere);
    return true;
  }
  /** The first step comes next. */
  begin(cluster: ClusterId): void {
    this.#next.set(cluster, 0);
    this.#tryNext(cluster);
  }

  /** Something changed that the next step may wait for. */
  tryOn(cluster: ClusterId, going?: PodId): void {
    if (this.waiting(cluster)) this.#tryNext(cluster, going);
  }
  /** What the next step waits for is about to be so, and is looked at again when it is taken. */
  goOn(cluster: ClusterId): void {
    this.#waits.set(cluster, 0);
    this.#step.after(cluster, this.#duration(cluster));
  }

  /** Sets about the next step, or waits until it can be taken. */
  #tryNext(cluster: ClusterId, going?: PodId): void {
    const { skip } = this.spec;
    if (skip !== undefined) this.#next.set(cluster, skip(cluster, this.#next.at(cluster), going));
    if (this.#can(cluster, going)) this.goOn(cluster);
    else this.#waits.set(cluster, 1);
  }

  #take(cluster: ClusterId): void {
    if (!this.#can(cluster)) {
      this.#tryNext(cluster);
      return;
    }
    const number = this.#next.at(cluster);
    const value = this.spec.value?.(number, this.#through(cluster)) ?? number;
    const outer = this.sim.enter(this.sim.emit(this.#stepFact, cluster, value));
    this.#nextStep(cluster).take(cluster);
    this.#next.set(cluster, number + 1);
    if (this.atWork(cluster)) this.#tryNext(cluster);
    else this.spec.end?.(cluster);
    this.sim.leave(outer);
  }

  #nextStep(cluster: ClusterId): Step {
    return this.spec.steps[this.#next.at(cluster)]!;
  }
  #through(cluster: ClusterId): ClusterId {
    return this.#nextStep(cluster).through?.(cluster) ?? this.clusters.host.at(cluster);
  }
  #can(cluster: ClusterId, going?: PodId): boolean {
    if (!this.clusters.apiUp(this.#through(cluster))) return false;
    return this.#nextStep(cluster).possible?.(cluster, going) ?? true;
  }
  #duration(cluster: ClusterId): number {
    return this.#nextStep(cluster).lasts?.(cluster) ?? this.spec.step;
  }
}
