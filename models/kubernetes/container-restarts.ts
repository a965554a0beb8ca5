/**
 * What a kubelet remembers of the failures of a pod's containers: since when they fail, how often it has restarted them, and, when what
 * made them fail is over, the restart that it still waits for. Tries that fail leave no event: they follow from the first failure
 * (`crash-loop.ts`). It forgets restarts when a container has run for long, and everything when it starts itself
 * (kubernetes/kubernetes pkg/kubelet/kuberuntime doBackOff, client-go util/flowcontrol/backoff.go).
 */
import type { F64Column, I32Column, Table } from '../../sim/entities.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { Micros } from '../../sim/time.ts';
import { Timer } from '../../sim/timer.ts';
import type { PodId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import { type CrashLoopSpec, comesUpFrom, restartsBy } from './crash-loop.ts';

const NOT_FAILING = -1;

export class ContainerRestarts {
  readonly #failedAt: F64Column<PodId>;
  /** Restarts before the failure that it stands at, or so far. */
  readonly #restarts: I32Column<PodId>;
  readonly #restartedAt: F64Column<PodId>;
  readonly #backOff: Timer<PodId>;

  constructor(
    readonly sim: Simulation,
    pods: Table<PodId>,
    readonly parameters: ParameterValues,
    /** Starts the containers of a pod. */
    readonly start: (pod: PodId) => void,
  ) {
    this.#failedAt = pods.f64('failedAt', NOT_FAILING);
    this.#restarts = pods.i32('restarts');
    this.#restartedAt = pods.f64('restartedAt');
    this.#backOff = new Timer(sim, pods, 'back-off-over', 'recover', (pod) => this.#restart(pod));
  }

  /** The containers fail at every try. */
  failing(pod: PodId): boolean {
    return this.#failedAt.at(pod) !== NOT_FAILING;
  }
  /** When they failed first; meaningful while they fail. */
  failedAt(pod: PodId): Micros {
    return this.#failedAt.at(pod) as Micros;
  }
  /** They would run, and their kubelet waits before it tries. */
  backingOff(pod: PodId): boolean {
    return this.#backOff.armed(pod);
  }

  /** How the kubelet tries containers that fail, each try after `failsAfter` microseconds. */
  loop(pod: PodId, failsAfter: number = this.parameters.pod.failsAfter): CrashLoopSpec {
    const { restartBackoff, restartBackoffMax } = this.parameters.pod;
    return {
      failsAfter,
      backoff: restartBackoff,
      backoffMost: restartBackoffMax,
      restarts: this.#restarts.at(pod),
    };
  }

  /** The containers fail at an instant, and at every try from then on. */
  fail(pod: PodId, at: number): void {
    this.#backOff.cancel(pod);
    if (this.failing(pod)) return;
    if (at - this.#restartedAt.at(pod) > this.parameters.pod.restartBackoffReset) this.#restarts.set(pod, 0);
    this.#failedAt.set(pod, at);
  }

  /** What made containers fail is over: they start now if they are being tried, else when the wait for the next try is. */
  mend(pod: PodId, failsAfter?: number): void {
    const loop = this.loop(pod, failsAfter);
    const failedAt = this.failedAt(pod);
    const at = failedAt + comesUpFrom(this.sim.now - failedAt, loop);
    if (at > this.sim.now) this.#backOff.at(pod, at);
    else this.#restart(pod, loop);
  }

  /** The kubelet knows nothing of the pod any more. */
  forget(pod: PodId): void {
    this.#backOff.cancel(pod);
    this.#failedAt.set(pod, NOT_FAILING);
    this.#restarts.set(pod, 0);
  }

  #restart(pod: PodId, loop: CrashLoopSpec = this.loop(pod)): void {
    this.#restarts.set(pod, restartsBy(this.sim.now - this.failedAt(pod), loop));
    this.#restartedAt.set(pod, this.sim.now);
    this.#failedAt.set(pod, NOT_FAILING);
    this.start(pod);
  }
}
