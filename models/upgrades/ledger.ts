/**
 * What is being brought to another release, and how far it is: one record per upgrade, with its phases and what held them up. The mechanisms
 * write here and decide nothing by it; results, campaigns and reports read.
 */
import type { Table } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import { KeptRecords } from '../../sim/kept-records.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { Micros } from '../../sim/time.ts';
import type { ReleaseId, UpgradeId, UpgradeSubjectId } from '../ids.ts';
import { UPGRADE_SUBJECTS, type UpgradeChange, type UpgradeSubject } from '../plan/faults.ts';
import { Signal } from '../signal.ts';
import type { UpgradeOptions } from './options.ts';

/** How an upgrade ended. refused: a rule forbids it; superseded: another one of the same subject was accepted. */
export type UpgradeEnd = 'completed' | 'refused' | 'superseded';

/** A stretch of time; without `to` it goes on. */
export interface Span {
  readonly from: Micros;
  to?: Micros;
}
/** Part of an upgrade: a component, a node, the operators. Parts may overlap. */
export interface UpgradePhase extends Span {
  readonly name: string;
}
/** A phase could not go on. */
export interface UpgradeWait extends Span {
  readonly phase: string;
  /** What it waited for, in words. */
  readonly why: string;
  readonly cause: CauseId;
}

/** Whether a part is under way. What goes on began late: it is asked from the last on. */
function goesOn(phases: readonly UpgradePhase[], name: string): boolean {
  for (let i = phases.length - 1; i >= 0; i--)
    if (phases[i]!.to === undefined && phases[i]!.name === name) return true;
  return false;
}

export interface UpgradeRecord extends Span {
  readonly kind: UpgradeSubject;
  readonly subject: UpgradeSubjectId;
  readonly before: ReleaseId;
  readonly after: ReleaseId;
  /** What was asked for instead of a release. */
  readonly change?: UpgradeChange;
  /** The fact that it was asked for. */
  readonly asked: CauseId;
  /** It was refused before, and is taken without anybody asking again: the request that stands, unless that is older than the run. */
  readonly late?: { readonly request?: UpgradeId };
  /** The upgrade of the same subject before this one. */
  readonly former?: UpgradeId;
  end?: UpgradeEnd;
  /** Why it was refused, in words. */
  refusal?: string;
  /** The release is a bad one for this subject: what first runs it never becomes Ready. */
  readonly bad: boolean;
  readonly phases: UpgradePhase[];
  readonly waits: UpgradeWait[];
  /** What rules say of it that stop nothing: conditions and policies that it breaks. */
  readonly remarks: string[];
}

/** A change of a hosted cluster goes to its node pools: it and a release of the hosted cluster leave each other alone. */
export const isAside = ({ kind, change }: Pick<UpgradeRecord, 'kind' | 'change'>): boolean =>
  kind === 'hostedCluster' && change !== undefined;

/** What an upgrade waits for, the last part first that came to wait. */
export function openWait({ waits }: UpgradeRecord): UpgradeWait | undefined {
  return waits.findLast(({ to }) => to === undefined);
}

export class UpgradeLedger {
  readonly #records: KeptRecords<UpgradeRecord>;
  /** The last upgrade of each subject, by kind. */
  readonly #last = new Map(UPGRADE_SUBJECTS.map((kind) => [kind, new Map<number, UpgradeId>()]));
  readonly table: Table<UpgradeId>;
  readonly #askedFact: FactKind;
  readonly #waitsFact: FactKind;
  readonly #endFact: FactKind;

  /** An upgrade is over. */
  readonly closed = new Signal<[upgrade: UpgradeId]>();
  /** An upgrade was asked for, got on, or began to wait. */
  readonly changed = new Signal<[upgrade: UpgradeId]>();

  constructor(readonly sim: Simulation) {
    this.table = sim.table<UpgradeId>('upgrade');
    this.#askedFact = sim.factKind('upgrade-asked');
    this.#waitsFact = sim.factKind('upgrade-waits');
    this.#endFact = sim.factKind('upgrade-ends');
    this.#records = new KeptRecords(sim, () => {
      for (const last of this.#last.values()) last.clear();
      this.records.forEach(({ kind, subject }, id) => {
        this.#last.get(kind)!.set(subject, id as UpgradeId);
      });
    });
  }

  get records(): readonly UpgradeRecord[] {
    return this.#records.all;
  }
  record(upgrade: UpgradeId): UpgradeRecord {
    return this.#records.at(upgrade);
  }
  /** The last upgrade of a subject that is not over, if any: asked for, or accepted. Of hosted clusters those to a release. */
  current(kind: UpgradeSubject, subject: UpgradeSubjectId): UpgradeId | undefined {
    let id = this.#last.get(kind)!.get(subject);
    while (id !== undefined && (this.record(id).end !== undefined || isAside(this.record(id))))
      id = this.record(id).former;
    return id;
  }

  /** Somebody asks for another release. What goes on for the subject goes on until the mechanism accepts this one. */
  open(
    kind: UpgradeSubject,
    subject: UpgradeSubjectId,
    before: ReleaseId,
    after: ReleaseId,
    { bad = false, change, late }: Pick<UpgradeOptions, 'bad' | 'change'> & Pick<UpgradeRecord, 'late'> = {},
  ): UpgradeId {
    const former = this.#last.get(kind)!.get(subject);
    const upgrade = this.table.add();
    const record = {
      kind,
      subject,
      before,
      after,
      asked: BEGINNING as CauseId,
      bad,
      ...(change === undefined ? {} : { change }),
      ...(late === undefined ? {} : { late }),
      from: this.sim.now,
      phases: [],
      waits: [],
      remarks: [],
      ...(former === undefined ? {} : { former }),
    };
    // Whoever hears of the fact finds the record.
    this.#records.set(upgrade, record);
    this.#last.get(kind)!.set(subject, upgrade);
    record.asked = this.sim.emit(this.#askedFact, upgrade);
    this.changed.emit(upgrade);
    return upgrade;
  }

  /** A release that was refused is taken after all, without anybody asking again: for a subject for which it was a bad one it is so still. */
  openLate(kind: UpgradeSubject, subject: UpgradeSubjectId, before: ReleaseId, after: ReleaseId): UpgradeId {
    const isRequest = ({ end, after: wanted, change }: UpgradeRecord): boolean =>
      end === 'refused' && wanted === after && change === undefined;
    let id = this.#last.get(kind)!.get(subject);
    while (id !== undefined && !isRequest(this.record(id))) id = this.record(id).former;
    const request = id === undefined ? {} : { request: id };
    const bad = id !== undefined && this.record(id).bad;
    return this.open(kind, subject, before, after, { bad, late: request });
  }

  /** The subject goes to this release from now on: what went on before is superseded. */
  accept(upgrade: UpgradeId): void {
    for (let id = this.record(upgrade).former; id !== undefined; id = this.record(id).former)
      if (this.record(id).end === undefined && !isAside(this.record(id))) this.close(id, 'superseded');
  }

  /** A part begins; one that goes on already goes on. */
  begins(upgrade: UpgradeId, phase: string): void {
    const { phases } = this.record(upgrade);
    if (goesOn(phases, phase)) return;
    this.#records.write(upgrade).phases.push({ name: phase, from: this.sim.now });
    this.changed.emit(upgrade);
  }
  ends(upgrade: UpgradeId, phase: string): void {
    this.goesOn(upgrade, phase);
    if (goesOn(this.record(upgrade).phases, phase))
      for (const one of this.#records.write(upgrade).phases) if (one.name === phase) one.to ??= this.sim.now;
    this.changed.emit(upgrade);
  }

  /** A part cannot go on. The same reason given again is no new one. */
  waits(upgrade: UpgradeId, phase: string, why: string): void {
    const { waits } = this.record(upgrade);
    if (waits.some((wait) => wait.phase === phase && wait.to === undefined && wait.why === why)) return;
    this.goesOn(upgrade, phase);
    const wait = { phase, why, cause: BEGINNING as CauseId, from: this.sim.now };
    this.#records.write(upgrade).waits.push(wait);
    wait.cause = this.sim.emit(this.#waitsFact, upgrade, this.record(upgrade).waits.length - 1);
    this.changed.emit(upgrade);
  }
  /** A rule is broken, and nobody stops it. */
  remark(upgrade: UpgradeId, remark: string): void {
    const { remarks } = this.record(upgrade);
    if (!remarks.includes(remark)) this.#records.write(upgrade).remarks.push(remark);
  }

  /** A part goes on. */
  goesOn(upgrade: UpgradeId, phase: string): void {
    if (!this.record(upgrade).waits.some((wait) => wait.phase === phase && wait.to === undefined)) return;
    for (const wait of this.#records.write(upgrade).waits) if (wait.phase === phase) wait.to ??= this.sim.now;
    this.changed.emit(upgrade);
  }

  close(upgrade: UpgradeId, end: UpgradeEnd, refusal?: string): void {
    const record = this.#records.write(upgrade);
    for (const phase of record.phases) if (phase.to === undefined) this.ends(upgrade, phase.name);
    for (const wait of record.waits) wait.to ??= this.sim.now;
    record.end = end;
    record.to = this.sim.now;
    if (refusal !== undefined) record.refusal = refusal;
    const outer = this.sim.enter(this.sim.emit(this.#endFact, upgrade));
    this.closed.emit(upgrade);
    this.sim.leave(outer);
  }
}
