/**
 * One management node brought to another release by the machine config operator: drained with all budgets kept, its new operating system
 * staged, rebooted, and uncordoned once it is Ready (openshift/machine-config-operator pkg/daemon/update.go,
 * pkg/controller/drain/drain_controller.go). Nobody gives up: a drain that budgets refuse goes on for ever.
 */
import { type I32Column, NONE, type U8Column } from '../../../sim/entities.ts';
import type { FactKind } from '../../../sim/facts.ts';
import type { Simulation } from '../../../sim/simulation.ts';
import { Timer } from '../../../sim/timer.ts';
import type { ClusterId, NodeId, PodId, ReleaseId } from '../../ids.ts';
import type { DrainSpec, Drains } from '../../kubernetes/drain.ts';
import { nextTry } from '../../kubernetes/drain-attempts.ts';
import type { ManagementControlPlanes } from '../../kubernetes/management-control-plane.ts';
import type { NodeLifecycle } from '../../kubernetes/node-lifecycle.ts';
import type { ParameterValues } from '../../parameters.ts';
import { Signal } from '../../signal.ts';
import type { ManagementReleases } from './releases.ts';

/**
 * ordered: the drain controller has not acted yet; guarded: only the guard of the control plane is left on it; staging: its new operating
 * system is being written; rebooting: until it has booted; rejoining: until it is Ready; done: until it is uncordoned.
 */
const STEP = {
  none: 0,
  ordered: 1,
  draining: 2,
  guarded: 3,
  staging: 4,
  rebooting: 5,
  rejoining: 6,
  done: 7,
} as const;

export class MachineConfigNodes {
  readonly #step: U8Column<NodeId>;
  readonly #target: I32Column<NodeId, ReleaseId>;
  /** Which Node object of that name the drain was ordered for. */
  readonly #object: I32Column<NodeId>;
  readonly #next: Timer<NodeId>;
  readonly #drain: DrainSpec;
  readonly #rebootFact: FactKind;

  /** The node is being brought to another release. */
  readonly begins = new Signal<[node: NodeId]>();
  /** It is of the new release and takes pods, or its Node object is gone. */
  readonly ends = new Signal<[node: NodeId]>();
  /** It must wait, for a reason in words. */
  readonly waits = new Signal<[node: NodeId, why: string]>();
  /** It need not wait any more. */
  readonly goesOn = new Signal<[node: NodeId]>();

  constructor(
    readonly sim: Simulation,
    readonly management: ManagementControlPlanes,
    readonly lifecycle: NodeLifecycle,
    readonly drains: Drains,
    readonly releases: ManagementReleases,
    readonly parameters: ParameterValues,
  ) {
    const { machines, clusters, ensembles } = management;
    this.#step = machines.table.u8('machineConfigStep');
    this.#target = machines.table.i32('machineConfigTarget', NONE);
    this.#object = machines.table.i32('machineConfigObject');
    this.#next = new Timer(sim, machines.table, 'machine-config-step', 'control', (node) =>
      this.#advance(node),
    );
    this.#drain = {
      by: 'machineConfigOperator',
      retry: parameters.drain.retry,
      timeout: 0,
      skipUnreachable: 0,
    };
    this.#rebootFact = sim.factKind('node-reboots');
    drains.drained.subscribe((node) => this.#drained(node));
    drains.stalled.subscribe(
      (node) => this.#at(node, STEP.draining) && this.waits.emit(node, this.#refusals(node)),
    );
    machines.lost.subscribe((node) => this.#lost(node));
    machines.started.subscribe((node) => this.#booted(node));
    lifecycle.schedulable.subscribe((node) => this.#ready(node));
    management.progressed.subscribe((node) => this.#recheckGuards(machines.cluster.at(node)));
    ensembles.changed.subscribe((ensemble) => this.#recheckGuards(ensembles.cluster.at(ensemble)));
    management.reconnected.subscribe((cluster) => this.#recheckGuards(cluster));
    clusters.apiChanged.subscribe((cluster, up) => up && this.#apiBack(cluster));
  }

  /** The node is being brought to another release. */
  updating(node: NodeId): boolean {
    return this.#step.at(node) !== STEP.none;
  }
  #at(node: NodeId, step: number): boolean {
    return this.#step.at(node) === step;
  }
  #clusterOf(node: NodeId): ClusterId {
    return this.management.machines.cluster.at(node);
  }

  /** What a node that is being updated waits for now, in words; undefined when it gets on. */
  hindrance(node: NodeId): string | undefined {
    if (this.#at(node, STEP.draining)) return this.#refusals(node) || undefined;
    if (this.#at(node, STEP.guarded)) return this.#guard(node);
    const lost = this.#step.at(node) >= STEP.staging && !this.management.machines.powered(node);
    return lost ? this.#isDown(node) : undefined;
  }

  begin(node: NodeId, release: ReleaseId): void {
    this.#target.set(node, release);
    this.#step.set(node, STEP.ordered);
    this.begins.emit(node);
    this.#next.after(node, this.parameters.managementUpdate.drainSync);
  }

  /** The Node object is gone, and every wish with it; only what a machine has been told it still does. */
  forget(node: NodeId): void {
    if (!this.updating(node) || this.#at(node, STEP.rebooting)) return;
    this.#next.cancel(node);
    this.#step.set(node, STEP.none);
    this.ends.emit(node);
  }

  #advance(node: NodeId): void {
    const step = this.#step.at(node);
    if (step === STEP.staging) this.#reboot(node);
    else if (step === STEP.guarded) this.#passGuard(node);
    // Whoever cannot write tries again when the API is back.
    else if (!this.management.clusters.apiUp(this.#clusterOf(node))) return;
    else if (step === STEP.ordered) {
      this.#step.set(node, STEP.draining);
      this.#object.set(node, this.drains.order(node, this.#drain));
    } else if (step === STEP.done) this.#finish(node);
  }
  #apiBack(cluster: ClusterId): void {
    const { ofCluster } = this.management.machines;
    for (let node = ofCluster.first(cluster); node !== NONE; node = ofCluster.next(node)) {
      const waits = this.#at(node, STEP.ordered) || this.#at(node, STEP.done);
      if (waits && !this.#next.armed(node))
        this.#next.after(node, this.parameters.managementUpdate.drainSync);
    }
    this.#recheckGuards(cluster);
  }

  // --- empty --------------------------------------------------------------------------------------------------------

  #drained(node: NodeId): void {
    if (!this.#at(node, STEP.draining)) return;
    // Somebody else drained it as well, with less patience.
    if (this.drains.pods.ofNode.count(node) > 0) {
      this.drains.begin(node, this.#drain);
      return;
    }
    this.goesOn.emit(node);
    this.#step.set(node, STEP.guarded);
    this.#passGuard(node);
  }

  /** The guard pods of a control-plane node leave last, by the Eviction API like all others. */
  #passGuard(node: NodeId): void {
    const why = this.#guard(node);
    if (why !== undefined) {
      this.waits.emit(node, why);
      return;
    }
    this.goesOn.emit(node);
    this.#step.set(node, STEP.staging);
    this.#stage(node);
  }
  /** What keeps the guard pods of a node from leaving, in words; undefined when nothing does, or there are none. */
  #guard(node: NodeId): string | undefined {
    if (this.management.memberOn(node) === NONE) return undefined;
    const { clusters } = this.management;
    const cluster = this.#clusterOf(node);
    if (clusters.apiUp(cluster)) return this.management.guarded(node);
    return `the API of ${clusters.names[cluster]} does not answer`;
  }
  #recheckGuards(cluster: ClusterId): void {
    const { machines } = this.management;
    for (let node = machines.ofCluster.first(cluster); node !== NONE; node = machines.ofCluster.next(node)) {
      if (!this.#at(node, STEP.guarded) || this.#next.armed(node)) continue;
      const { retry } = this.#drain;
      const attempts = this.drains.attempts.machineConfigOperator;
      this.#next.at(node, nextTry(this.drains.begun(node), this.sim.now, retry, attempts));
    }
  }

  /** Which pods an attempt could not move, in words. */
  #refusals(node: NodeId): string {
    const { clusters } = this.management;
    const { pods, budgets } = this.drains;
    const cluster = this.#clusterOf(node);
    if (!clusters.apiUp(cluster)) return `the API of ${clusters.names[cluster]} does not answer`;
    const named = (some: readonly PodId[]): string => {
      const more = some.length > 3 ? ` and ${some.length - 3} more` : '';
      return `${some
        .slice(0, 3)
        .map((pod) => pods.identity(pod))
        .join(', ')}${more}`;
    };
    const refused = this.drains.refused(node);
    const stuck = refused.filter((pod) => budgets.guard(pod) !== 'free');
    const kept = refused.filter((pod) => budgets.guard(pod) === 'free');
    // What goes is gone soon; it is worth a word only where nothing else holds up the drain.
    const going = refused.length > 0 ? [] : pods.ofNode.list(node).filter((pod) => pods.terminating(pod));
    return [
      kept.length > 0 ? `disruption budgets keep ${named(kept)}` : '',
      stuck.length > 0 ? `virtual machines do not move: ${named(stuck)}` : '',
      going.length > 0 ? `${named(going)} terminating` : '',
    ]
      .filter((part) => part !== '')
      .join('; ');
  }

  // --- reboot -------------------------------------------------------------------------------------------------------

  #stage(node: NodeId): void {
    if (this.management.machines.running(node))
      this.#next.after(node, this.parameters.managementUpdate.operatingSystem);
  }

  #reboot(node: NodeId): void {
    this.#step.set(node, STEP.rebooting);
    const outer = this.sim.enter(this.sim.emit(this.#rebootFact, node, this.#target.at(node)));
    this.management.retire(node);
    this.management.machines.reboot(node, 'orderly');
    this.sim.leave(outer);
  }

  #lost(node: NodeId): void {
    const step = this.#step.at(node);
    // While it reboots it is lost by the reboot itself.
    if (step < STEP.staging || step === STEP.rebooting) return;
    this.#next.cancel(node);
    if (step !== STEP.staging) this.#step.set(node, STEP.rebooting);
    this.waits.emit(node, this.#isDown(node));
  }

  #isDown(node: NodeId): string {
    return `the machine of ${this.management.machines.names[node]} is down`;
  }

  #booted(node: NodeId): void {
    if (this.#at(node, STEP.staging)) {
      this.goesOn.emit(node);
      this.#stage(node);
    }
    if (!this.#at(node, STEP.rebooting)) return;
    this.goesOn.emit(node);
    this.releases.setKubelet(node, this.#target.at(node));
    this.#step.set(node, STEP.rejoining);
    // A reboot within the grace period is none that anybody notices.
    if (this.lifecycle.ready(node)) this.#ready(node);
  }

  #ready(node: NodeId): void {
    if (!this.#at(node, STEP.rejoining)) return;
    this.goesOn.emit(node);
    this.#step.set(node, STEP.done);
    this.#next.after(node, this.parameters.managementUpdate.drainSync);
  }

  #finish(node: NodeId): void {
    this.#step.set(node, STEP.none);
    this.drains.withdraw(node, this.#object.at(node));
    this.ends.emit(node);
  }
}
