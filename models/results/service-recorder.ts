/**
 * Folds the steps of every service into what is reported: time-weighted means, time at zero, outages with the facts that made and ended
 * them, and the timeline. Looks only; can be left out without moving a run.
 */
import type { CauseId } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { Micros } from '../../sim/time.ts';
import type { Health } from '../health.ts';

/** One level of a service. */
export interface Step {
  readonly at: Micros;
  readonly value: number;
  readonly fact: CauseId;
}

/** The steps of one service of one cluster, from time 0. */
export interface ServiceHistory {
  readonly subject: number;
  readonly steps: Step[];
}

/** What a step function amounts to over a window. Times in microseconds. */
export interface StepSummary {
  readonly mean: number;
  /** Time at exactly 0. */
  readonly down: number;
  /** Time strictly between 0 and 1. */
  readonly degraded: number;
  /** Stretches at exactly 0. */
  readonly outages: number;
  readonly longestOutage: number;
}

export class ServiceRecorder {
  readonly #histories = new Map<number, ServiceHistory>();

  constructor(sim: Simulation, health: Health) {
    sim.observe(health.serviceFact, (subject, value, fact, at) => {
      const history = this.#histories.get(subject);
      if (history) history.steps.push({ at, value, fact });
      else this.#histories.set(subject, { subject, steps: [{ at, value, fact }] });
    });
    sim.keep({
      save: () => [...this.#histories.values()].map((history) => ({ ...history, steps: [...history.steps] })),
      restore: (saved: ServiceHistory[]) => {
        this.#histories.clear();
        for (const history of saved)
          this.#histories.set(history.subject, { ...history, steps: [...history.steps] });
      },
    });
  }

  /** Histories in order of subject: clusters in fleet order, services in theirs. */
  histories(): ServiceHistory[] {
    return [...this.#histories.values()].sort((a, b) => a.subject - b.subject);
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
  return { mean: measured === 0 ? Number.NaN : weighted / measured, down, degraded, outages, longestOutage };
}
