/**
 * Folds the steps of every service into what is reported: time-weighted means, time at zero, outages with the facts that made and ended
 * them, and the timeline. Looks only; can be left out without moving a run.
 */
import type { CauseId, FactLog } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { Micros } from '../../sim/time.ts';
import type { Health } from '../health.ts';

/** One level of a service. */
export interface Step {
  readonly at: Micros;
  readonly value: number;
  readonly fact: CauseId;
}

/** The steps of one service of one cluster, from time 0. A step is its fact, so only that is kept. */
export class ServiceHistory {
  readonly #log: FactLog;
  readonly #facts: readonly CauseId[];

  constructor(
    readonly subject: number,
    log: FactLog,
    facts: readonly CauseId[],
  ) {
    this.#log = log;
    this.#facts = facts;
  }

  /** All steps, read anew at every call. */
  steps(): Step[] {
    return this.#facts.map((fact) => this.#step(fact));
  }
  last(): Step {
    return this.#step(this.#facts.at(-1)!);
  }

  #step(fact: CauseId): Step {
    const { at, value } = this.#log.get(fact);
    return { at, value, fact };
  }
}

/** What a step function amounts to over a window. Times in microseconds. */
export interface StepSummary {
  readonly mean: number;
  /** Level times time, summed. */
  readonly served: number;
  /** Time at exactly 0. */
  readonly down: number;
  /** Time strictly between 0 and 1. */
  readonly degraded: number;
  /** Stretches at exactly 0. */
  readonly outages: number;
  readonly longestOutage: number;
}

export class ServiceRecorder {
  readonly #log: FactLog;
  /** The facts of the steps, by subject; subjects without a step have none. */
  #facts: CauseId[][] = [];

  constructor(sim: Simulation, health: Health) {
    this.#log = sim.facts;
    sim.observe(health.serviceFact, (subject, _value, fact) => {
      while (this.#facts.length <= subject) this.#facts.push([]);
      this.#facts[subject]!.push(fact);
    });
    sim.keep({
      save: () => this.#facts.map((facts) => facts.slice()),
      restore: (saved: CauseId[][]) => {
        this.#facts = saved.map((facts) => facts.slice());
      },
    });
  }

  /** Histories in order of subject: clusters in fleet order, services in theirs. */
  histories(): ServiceHistory[] {
    return this.#facts.flatMap((facts, subject) =>
      facts.length === 0 ? [] : [new ServiceHistory(subject, this.#log, facts)],
    );
  }
}

/** Integrates a step function from its first step to `end`; a level that does not apply (NaN) counts neither way. */
export function summarize(steps: readonly Step[], end: Micros): StepSummary {
  let weighted = 0;
  let measured = 0;
  let down = 0;
  let degraded = 0;
  let outages = 0;
  let longestOutage = 0;
  let outage = 0;
  steps.forEach((step, i) => {
    const span = (steps[i + 1]?.at ?? end) - step.at;
    if (span === 0 || Number.isNaN(step.value)) return;
    measured += span;
    weighted += span * step.value;
    if (step.value > 0 && step.value < 1) degraded += span;
    if (step.value > 0) {
      outage = 0;
      return;
    }
    if (outage === 0) outages++;
    outage += span;
    down += span;
    longestOutage = Math.max(longestOutage, outage);
  });
  const mean = measured === 0 ? Number.NaN : weighted / measured;
  return { mean, served: weighted, down, degraded, outages, longestOutage };
}
