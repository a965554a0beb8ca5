/**
 * Campaigns: upgrades of a fleet by a plan. Stage by stage and wave by wave a campaign asks for upgrades, so many at once, where and when it
 * may, waits for their ends, soaks, judges, and goes on or stops. It moves when an upgrade ends and when a time has come, and never else.
 */
import type { Table } from '../../../sim/entities.ts';
import { BEGINNING, type FactKind } from '../../../sim/facts.ts';
import type { MetricValue } from '../../../sim/result.ts';
import type { EventHandle } from '../../../sim/simulation.ts';
import { Timer } from '../../../sim/timer.ts';
import type { BuiltFleet } from '../../build/fleet.ts';
import type { CampaignId, UpgradeId } from '../../ids.ts';
import type { CampaignPlan, StagePlan } from '../../plan/campaign.ts';
import type { Mark } from '../../results/window.ts';
import { subjectOf } from '../subjects.ts';
import { brokenCondition, type StopReason, tooManyFailures } from './judge.ts';
import { nextOpening } from './openings.ts';
import { type CampaignRecord, newRecord, type WaveRecord } from './record.ts';

/** Measures a run from an instant on. */
export interface Gauge {
  mark(): Mark;
  since(mark: Mark): readonly MetricValue[];
}

export class Campaigns {
  readonly #fleet: BuiltFleet;
  readonly #gauge: Gauge;
  readonly #wake: Timer<CampaignId>;
  readonly #overdue: EventHandle<UpgradeId>;
  readonly #waveFact: FactKind;
  readonly #stopFact: FactKind;
  #records: CampaignRecord[] = [];

  constructor(
    fleet: BuiltFleet,
    readonly plans: readonly CampaignPlan[],
    gauge: Gauge,
  ) {
    this.#fleet = fleet;
    this.#gauge = gauge;
    const { sim, upgrades } = fleet.world;
    const table: Table<CampaignId> = sim.table('campaign');
    this.#wake = new Timer(sim, table, 'campaign-wakes', 'control', (id) => this.#woken(id));
    this.#overdue = sim.event(upgrades.ledger.table, 'upgrade-overdue', 'control', (upgrade) =>
      this.#expire(upgrade),
    );
    this.#waveFact = sim.factKind('campaign-wave');
    this.#stopFact = sim.factKind('campaign-stops');
    upgrades.ledger.closed.subscribe((upgrade) => this.#closed(upgrade));
    sim.keep({
      save: () => structuredClone(this.#records),
      restore: (saved: CampaignRecord[]) => {
        this.#records = structuredClone(saved);
      },
    });
    for (const plan of plans) {
      const id = table.add();
      this.#records[id] = newRecord();
      this.#wake.at(id, plan.at);
    }
  }

  record(campaign: CampaignId): Readonly<CampaignRecord> {
    return this.#records[campaign]!;
  }
  /** The stage that a wave belongs to. */
  stage(campaign: CampaignId, wave: Pick<WaveRecord, 'stage'>): StagePlan {
    return this.plans[campaign]!.stages[wave.stage]!;
  }

  // --- waves --------------------------------------------------------------------------------------------------------------

  #woken(id: CampaignId): void {
    const record = this.#records[id]!;
    if (record.state === 'before') {
      record.begun = this.#fleet.world.sim.now;
      // What was before it is not its doing.
      if (this.plans[id]!.stages.some(({ stopWhen }) => stopWhen.length > 0))
        record.mark = this.#gauge.mark();
      this.#beginWave(id, 0, 0);
    } else if (record.state === 'soaking') {
      if (!this.#mustStop(id)) this.#nextWave(id);
    } else this.#goOn(id);
  }

  #beginWave(id: CampaignId, stage: number, wave: number): void {
    const { sim } = this.#fleet.world;
    const record = this.#records[id]!;
    const nothing = { turns: 0, alreadyThere: [], upgrades: [], failed: [], closed: [] };
    record.waves.push({ stage, wave, from: sim.now, ...nothing });
    record.state = 'asking';
    // A wave is nobody's doing but that of who planned the campaign.
    const outer = sim.enter(BEGINNING);
    record.cause = sim.emit(this.#waveFact, id, record.waves.length - 1);
    sim.leave(outer);
    this.#goOn(id);
  }

  /** Begins what may begin now; ends the wave when nothing of it is left. */
  #goOn(id: CampaignId): void {
    const { sim } = this.#fleet.world;
    const record = this.#records[id]!;
    const wave = record.waves.at(-1)!;
    const stage = this.stage(id, wave);
    const names = stage.waves[wave.wave]!;
    while (wave.turns < names.length && record.running.length < stage.concurrency) {
      const next = nextOpening(this.plans[id]!.openings, sim.now);
      if (next !== sim.now) {
        if (wave.closed.every(({ to }) => to !== undefined)) wave.closed.push({ from: sim.now });
        if (next !== undefined) this.#wake.at(id, next);
        return;
      }
      const closed = wave.closed.at(-1);
      if (closed !== undefined) closed.to ??= sim.now;
      this.#turn(id, wave, stage, names[wave.turns++]!);
      if (record.state !== 'asking') return;
    }
    if (wave.turns === names.length && record.running.length === 0) this.#endWave(id, wave, stage);
  }

  #turn(id: CampaignId, wave: WaveRecord, stage: StagePlan, name: string): void {
    const { sim, upgrades } = this.#fleet.world;
    const subject = subjectOf(this.#fleet, stage.kind, name);
    const { kind, force, change } = stage;
    const to = stage.to === undefined ? undefined : upgrades.releases.of(stage.to);
    const present = upgrades.release(kind, subject);
    if (to !== undefined && upgrades.releases.meant(to, present) === present) {
      wave.alreadyThere.push(name);
      return;
    }
    const changed = change === undefined ? {} : { change };
    const options = { force, bad: this.#isBad(id, stage, name), ...changed };
    const upgrade = this.#ask(id, () => upgrades.ask(kind, subject, to, options));
    wave.upgrades.push(upgrade);
    const over = upgrades.ledger.record(upgrade).end !== undefined;
    if (over) this.#over(id, upgrade);
    else if (stage.timeout !== undefined) sim.after(this.#overdue, upgrade, stage.timeout);
  }

  /** Drawn once per subject, from a stream of its own: what is upgraded before it changes nothing. */
  #isBad(id: CampaignId, { badReleases, kind, to, change }: StagePlan, name: string): boolean {
    if (badReleases === 0) return false;
    const { streams } = this.#fleet.world.sim;
    return (
      streams.once(`bad release of ${this.plans[id]!.name}`, `${kind} ${name} ${to ?? change}`).uniform() <
      badReleases
    );
  }

  /** Asks for an upgrade on behalf of the campaign, and waits for its end unless it is over at once. */
  #ask(id: CampaignId, ask: () => UpgradeId): UpgradeId {
    const { sim, upgrades } = this.#fleet.world;
    const record = this.#records[id]!;
    const outer = sim.enter(record.cause);
    const upgrade = ask();
    sim.leave(outer);
    if (upgrades.ledger.record(upgrade).end === undefined) record.running.push(upgrade);
    return upgrade;
  }

  #endWave(id: CampaignId, wave: WaveRecord, { soak }: StagePlan): void {
    const { sim } = this.#fleet.world;
    const record = this.#records[id]!;
    wave.to = sim.now;
    if (this.#mustStop(id)) return;
    if (soak === 0 || wave.upgrades.length === 0) {
      this.#nextWave(id);
      return;
    }
    record.state = 'soaking';
    this.#wake.after(id, soak);
    wave.soakedTo = this.#wake.due(id);
  }

  #nextWave(id: CampaignId): void {
    const record = this.#records[id]!;
    const { stages } = this.plans[id]!;
    const { stage, wave } = record.waves.at(-1)!;
    if (wave + 1 < stages[stage]!.waves.length) this.#beginWave(id, stage, wave + 1);
    else if (stage + 1 < stages.length) this.#beginWave(id, stage + 1, 0);
    else this.#end(id, 'completed');
  }

  // --- ends of upgrades -----------------------------------------------------------------------------------------------------

  #closed(upgrade: UpgradeId): void {
    const id = this.#waitingFor(upgrade);
    if (id === undefined) return;
    if (this.#records[id]!.state === 'back') this.#bringBack(id);
    else this.#over(id, upgrade);
    if (this.#records[id]!.state === 'asking') this.#goOn(id);
  }

  /** An upgrade takes too long: it goes on, and nobody waits for it any longer. */
  #expire(upgrade: UpgradeId): void {
    const id = this.#waitingFor(upgrade);
    if (id === undefined) return;
    // All that have taken too long by now have failed, before it is judged whether the campaign goes on.
    const { ledger } = this.#fleet.world.upgrades;
    const { from } = ledger.record(upgrade);
    const alike = this.#records[id]!.running.filter((other) => ledger.record(other).from <= from);
    for (const other of alike) this.#waitingFor(other);
    this.#fail(id, [upgrade, ...alike]);
    if (this.#records[id]!.state === 'asking') this.#goOn(id);
  }

  /** The campaign that waits for an upgrade, which it does no longer. */
  #waitingFor(upgrade: UpgradeId): CampaignId | undefined {
    const id = this.#records.findIndex(({ running }) => running.includes(upgrade));
    if (id < 0) return undefined;
    const record = this.#records[id]!;
    record.running = record.running.filter((other) => other !== upgrade);
    return id as CampaignId;
  }

  #over(id: CampaignId, upgrade: UpgradeId): void {
    if (this.#fleet.world.upgrades.ledger.record(upgrade).end === 'refused') this.#fail(id, [upgrade]);
  }

  #fail(id: CampaignId, upgrades: readonly UpgradeId[]): void {
    const record = this.#records[id]!;
    const wave = record.waves.at(-1)!;
    wave.failed.push(...upgrades);
    const why = tooManyFailures(this.#fleet, this.stage(id, wave), wave.stage, record.waves);
    if (why !== undefined) this.#stop(id, why);
  }

  // --- stopping -------------------------------------------------------------------------------------------------------------

  /** Judges the last wave, and stops the campaign when that is to be. */
  #mustStop(id: CampaignId): boolean {
    const { waves, mark } = this.#records[id]!;
    const { stopWhen } = this.stage(id, waves.at(-1)!);
    if (stopWhen.length === 0) return false;
    const why = brokenCondition(this.#fleet, stopWhen, waves, this.#gauge.since(mark!));
    if (why !== undefined) this.#stop(id, why);
    return why !== undefined;
  }

  /** Nothing more is begun; what was upgraded is brought back as far as the stage says. */
  #stop(id: CampaignId, stopped: StopReason): void {
    const { sim, upgrades } = this.#fleet.world;
    const record = this.#records[id]!;
    const last = record.waves.at(-1)!;
    last.to ??= sim.now;
    const closed = last.closed.at(-1);
    if (closed !== undefined) closed.to ??= sim.now;
    const { rollback } = this.stage(id, last);
    record.stopped = stopped;
    record.cause = sim.emit(this.#stopFact, id);
    record.running = [];
    this.#wake.cancel(id);
    const ofStage = record.waves.filter(({ stage }) => stage === last.stage);
    record.undo = ofStage
      .flatMap((wave) => (rollback === 'none' ? [] : rollback === 'all' ? wave.upgrades : wave.failed))
      .filter((upgrade) => {
        const { end, before, after, change } = upgrades.ledger.record(upgrade);
        const differs = before !== after || change !== undefined;
        return differs && end !== 'refused' && end !== 'superseded';
      })
      .reverse();
    record.state = 'back';
    this.#bringBack(id);
  }

  /** Asks for the former releases, so many at once; whether they can be had is up to the rules of what is upgraded. */
  #bringBack(id: CampaignId): void {
    const { upgrades } = this.#fleet.world;
    const record = this.#records[id]!;
    const { concurrency } = this.stage(id, record.waves.at(-1)!);
    while (record.undo.length > 0 && record.running.length < concurrency) {
      const { kind, subject, before, change } = upgrades.ledger.record(record.undo.shift()!);
      // The configuration of before is another one again.
      const ask = () =>
        change === undefined
          ? // Who calls an update off knows that it goes on.
            upgrades.ask(kind, subject, before, { force: kind === 'managementCluster' })
          : upgrades.ask(kind, subject, undefined, { force: false, change });
      record.rollbacks.push(this.#ask(id, ask));
    }
    if (record.running.length === 0) this.#end(id, 'stopped');
  }

  #end(id: CampaignId, state: 'completed' | 'stopped'): void {
    const record = this.#records[id]!;
    record.state = state;
    record.ended = this.#fleet.world.sim.now;
  }
}
