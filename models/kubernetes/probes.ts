/**
 * Readiness that hangs on something else: kube-apiserver on etcd, three OpenShift servers on kube-apiserver. A probe runs every
 * period at a phase of its own; so many failures in a row make the pod unready, one success makes it ready again. Nothing ticks:
 * the instant of the deciding probe is drawn when the dependency changes.
 */
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { PodId } from '../ids.ts';
import type { Endpoints } from './endpoints.ts';
import type { Pods } from './pods.ts';

export interface ProbeSpec {
  /** Microseconds between probes. */
  readonly period: number;
  /** Failures in a row until unready. */
  readonly failures: number;
}

export class Probes {
  readonly #decide: Timer<PodId>;
  readonly #sim: Simulation;
  readonly #pods: Pods;
  readonly #endpoints: Endpoints;

  constructor(sim: Simulation, pods: Pods, endpoints: Endpoints) {
    this.#sim = sim;
    this.#pods = pods;
    this.#endpoints = endpoints;
    this.#decide = new Timer(sim, pods.table, 'probe-decided', 'control', (pod) =>
      endpoints.setProbeFails(pod, !endpoints.probeFails(pod)),
    );
    pods.containers.stopped.subscribe((pod) => this.#forget(pod));
  }

  /** What the probe asks for went away or came back. */
  dependencyChanged(pod: PodId, met: boolean, spec: ProbeSpec): void {
    if (!this.#pods.isRunning(pod)) return;
    if (met !== this.#endpoints.probeFails(pod)) {
      this.#decide.cancel(pod);
      return;
    }
    if (this.#decide.armed(pod)) return;
    const phase = this.#sim.streams.stream('probe', this.#pods.identity(pod)).uniform() * spec.period;
    const further = met ? 0 : (spec.failures - 1) * spec.period;
    this.#decide.after(pod, Math.round(phase + further));
  }

  /** A restarted process starts with a clean record. */
  #forget(pod: PodId): void {
    this.#decide.cancel(pod);
    if (this.#endpoints.probeFails(pod)) this.#endpoints.setProbeFails(pod, false);
  }
}
