/**
 * What the API believes of pods, and what proxies and load balancers therefore do.
 *
 * A pod's Ready condition is written by its kubelet while that reaches the API, and is set to False by the node lifecycle
 * controller when the node falls silent, not before. Proxies follow the EndpointSlices, which the controller manager writes.
 * So the endpoint of a pod on a dead node stays listed until detection, and nothing changes at all while the cluster's
 * control plane is away (kubernetes/kubernetes node_lifecycle_controller.go; openshift/hypershift pull 9279).
 *
 * A pod that is being deleted is not ready to the slices, but serves on while its Ready condition holds. Proxies send requests to such pods
 * when a Service has no ready one, so the last server of an API answers until it exits or another is there (kubernetes/enhancements
 * keps/sig-network/1669-proxy-terminating-endpoints; ovn-kubernetes go-controller/pkg/util, getSelectedEligibleEndpoints).
 */
import { type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId, PodId, SetId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { Contact } from './contact.ts';
import type { Pods } from './pods.ts';

/** What a Service's EndpointSlices say of a pod. */
const CONDITION = {
  notServing: 0,
  ready: 1,
  /** Being deleted, and Ready still. */
  servingTerminating: 2,
} as const;

export class Endpoints {
  /** The Ready condition in the API. */
  readonly #apiReady: U8Column<PodId>;
  /** What proxies have last heard of it. */
  readonly #heard: U8Column<PodId>;
  /** How many pods of a set proxies have heard to be ready: while there are any, they are the only ones that get requests. */
  readonly #readyOf: I32Column<SetId>;
  /** Readiness probes fail, although the process runs. */
  readonly #probeFails: U8Column<PodId>;
  /** Containers beside the main one that are down: the pod is not Ready while one is. */
  readonly #sidecarsDown: I32Column<PodId>;
  readonly #propagate: Timer<PodId>;
  readonly #listedFact: FactKind;
  readonly #droppedFact: FactKind;

  /** Proxies began or ceased to send requests to the pod. */
  readonly changed = new Signal<[pod: PodId]>();
  /** The Ready condition in the API became another. */
  readonly believed = new Signal<[pod: PodId]>();

  /** Tells whether anybody cares for a pod's endpoint; others are not followed, which saves an event each. */
  served: (pod: PodId) => boolean = () => true;

  /** Whether the proxies of a cluster hear of changes at all. Given by the paths through the network. */
  proxiesHear: (cluster: ClusterId) => boolean = () => true;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly machines: Machines,
    readonly contact: Contact,
    readonly pods: Pods,
    readonly parameters: ParameterValues,
  ) {
    this.#apiReady = pods.table.u8('apiReady');
    this.#heard = pods.table.u8('heardCondition');
    this.#readyOf = pods.sets.table.i32('heardReady');
    this.#probeFails = pods.table.u8('probeFails');
    this.#sidecarsDown = pods.table.i32('sidecarsDown');
    this.#propagate = new Timer(sim, pods.table, 'endpoint-updated', 'control', (pod) => this.#follow(pod));
    this.#listedFact = sim.factKind('endpoint-listed');
    this.#droppedFact = sim.factKind('endpoint-dropped');
    pods.available = (pod) => this.believedReady(pod);
    pods.containers.running.subscribe((pod) => this.report(pod));
    pods.containers.stopped.subscribe((pod) => this.report(pod));
    pods.terminated.subscribe((pod) => this.#propose(pod));
    pods.removing.subscribe((pod) => this.#forget(pod));
    contact.made.subscribe((node) => this.#reportNode(node));
    clusters.apiChanged.subscribe((cluster, up) => up && this.resync(cluster));
    clusters.controllersChanged.subscribe((cluster, live) => live && this.resync(cluster));
  }

  /** Proxies send requests there. */
  listed(pod: PodId): boolean {
    const heard = this.#heard.at(pod);
    if (heard === CONDITION.servingTerminating) return this.#readyOf.at(this.pods.set.at(pod)) === 0;
    return heard === CONDITION.ready;
  }
  /** Listed, or a pod whose endpoint nobody asks for. */
  inUse(pod: PodId): boolean {
    return this.listed(pod) || !this.served(pod);
  }
  /** Ready as far as the API knows. */
  believedReady(pod: PodId): boolean {
    return this.#apiReady.at(pod) === 1;
  }
  probeFails(pod: PodId): boolean {
    return this.#probeFails.at(pod) === 1;
  }
  /** Ready in truth: what the kubelet would report. */
  ready(pod: PodId): boolean {
    return this.pods.isRunning(pod) && this.#probeFails.at(pod) === 0 && this.#sidecarsDown.at(pod) === 0;
  }

  /** Puts a pod in place at the beginning of a run. */
  settle(pod: PodId): void {
    this.#apiReady.set(pod, 1);
    this.#hear(pod, this.served(pod) ? CONDITION.ready : CONDITION.notServing);
  }

  /** At the beginning of a run: the pod never got ready. */
  settleWaiting(pod: PodId): void {
    this.#apiReady.set(pod, 0);
    this.#hear(pod, CONDITION.notServing);
  }

  setProbeFails(pod: PodId, fails: boolean): void {
    this.#probeFails.set(pod, fails ? 1 : 0);
    this.report(pod);
  }
  /** Some container beside the main one is kept down. */
  lacksSidecar(pod: PodId): boolean {
    return this.#sidecarsDown.at(pod) > 0;
  }
  sidecarDown(pod: PodId): void {
    this.#sidecarsDown.add(pod, 1);
    this.report(pod);
  }
  sidecarUp(pod: PodId): void {
    this.#sidecarsDown.add(pod, -1);
    this.report(pod);
  }

  /** The kubelet tells the API how the pod is, if it is in contact with it. */
  report(pod: PodId): void {
    const node = this.pods.node.at(pod);
    if (node === NONE || !this.contact.present(node) || !this.clusters.apiUp(this.pods.cluster(pod))) return;
    this.#believe(pod, this.ready(pod));
  }

  /** The node lifecycle controller marks the pods of a silent node not ready. */
  nodeSilent(node: NodeId): void {
    for (let pod = this.pods.ofNode.first(node); pod !== NONE; pod = this.pods.ofNode.next(pod))
      this.#believe(pod, false);
  }

  #believe(pod: PodId, ready: boolean): void {
    const before = this.believedReady(pod);
    this.#apiReady.set(pod, ready ? 1 : 0);
    this.#propose(pod);
    if (ready !== before) this.believed.emit(pod);
  }

  /** What the slices say as soon as their controller has looked. */
  #condition(pod: PodId): number {
    if (!this.believedReady(pod)) return CONDITION.notServing;
    return this.pods.terminating(pod) ? CONDITION.servingTerminating : CONDITION.ready;
  }

  #propose(pod: PodId): void {
    if (this.#heard.at(pod) === this.#condition(pod)) {
      this.#propagate.cancel(pod);
      return;
    }
    const cluster = this.pods.cluster(pod);
    if (!this.served(pod) || this.#propagate.armed(pod) || !this.clusters.controlled(cluster)) return;
    if (!this.proxiesHear(cluster)) return;
    this.#propagate.after(pod, this.parameters.pod.endpointPropagation);
  }

  #follow(pod: PodId): void {
    const before = this.listed(pod);
    const fallback = this.#hear(pod, this.#condition(pod));
    const listed = this.listed(pod);
    if (listed !== before) {
      const outer = this.sim.enter(this.pods.tell(listed ? this.#listedFact : this.#droppedFact, pod));
      this.changed.emit(pod);
      this.sim.leave(outer);
    } else if (fallback) this.changed.emit(pod);
  }

  /** A pod that is gone is no ready one of its set any more. */
  #forget(pod: PodId): void {
    if (this.#hear(pod, CONDITION.notServing)) this.changed.emit(pod);
  }

  /** Returns whether requests go to pods of the set that are being deleted from now on, or cease to: to those that serve, if there are any. */
  #hear(pod: PodId, condition: number): boolean {
    const set = this.pods.set.at(pod);
    const before = this.#readyOf.at(set);
    const delta = Number(condition === CONDITION.ready) - Number(this.#heard.at(pod) === CONDITION.ready);
    this.#heard.set(pod, condition);
    const after = this.#readyOf.add(set, delta);
    return (before === 0) !== (after === 0);
  }

  #reportNode(node: NodeId): void {
    for (let pod = this.pods.ofNode.first(node); pod !== NONE; pod = this.pods.ofNode.next(pod))
      this.report(pod);
  }

  /** A control plane that comes back hears from every kubelet and updates every endpoint. */
  resync(cluster: ClusterId): void {
    for (const node of this.machines.ofCluster.list(cluster)) {
      for (let pod = this.pods.ofNode.first(node); pod !== NONE; pod = this.pods.ofNode.next(pod)) {
        this.report(pod);
        this.#propose(pod);
      }
    }
  }
}
