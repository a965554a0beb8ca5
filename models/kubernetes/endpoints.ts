/**
 * What the API believes of pods, and what proxies and load balancers therefore do.
 *
 * A pod's Ready condition is written by its kubelet while that reaches the API, and is set to False by the node lifecycle
 * controller when the node falls silent, not before. Proxies follow the EndpointSlices, which the controller manager writes.
 * So the endpoint of a pod on a dead node stays listed until detection, and nothing changes at all while the cluster's
 * control plane is away (kubernetes/kubernetes node_lifecycle_controller.go; openshift/hypershift pull 9279).
 */
import { type I32Column, NONE, type U8Column } from '../../sim/entities.ts';
import type { FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId, PodId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';
import type { Clusters } from './clusters.ts';
import type { Contact } from './contact.ts';
import type { Pods } from './pods.ts';

export class Endpoints {
  /** The Ready condition in the API. */
  readonly #apiReady: U8Column<PodId>;
  /** Proxies send requests there. */
  readonly #listed: U8Column<PodId>;
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
    this.#listed = pods.table.u8('listed');
    this.#probeFails = pods.table.u8('probeFails');
    this.#sidecarsDown = pods.table.i32('sidecarsDown');
    this.#propagate = new Timer(sim, pods.table, 'endpoint-updated', 'control', (pod) => this.#follow(pod));
    this.#listedFact = sim.factKind('endpoint-listed');
    this.#droppedFact = sim.factKind('endpoint-dropped');
    pods.available = (pod) => this.believedReady(pod);
    pods.running.subscribe((pod) => this.report(pod));
    pods.stopped.subscribe((pod) => this.report(pod));
    pods.terminated.subscribe((pod) => this.#believe(pod, false));
    contact.made.subscribe((node) => this.#reportNode(node));
    clusters.apiChanged.subscribe((cluster, up) => up && this.resync(cluster));
    clusters.controllersChanged.subscribe((cluster, live) => live && this.resync(cluster));
  }

  listed(pod: PodId): boolean {
    return this.#listed.at(pod) === 1;
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
    this.#listed.set(pod, this.served(pod) ? 1 : 0);
  }

  /** At the beginning of a run: the pod never got ready. */
  settleWaiting(pod: PodId): void {
    this.#apiReady.set(pod, 0);
    this.#listed.set(pod, 0);
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
    this.#believe(pod, this.ready(pod) && !this.pods.terminating(pod));
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

  #propose(pod: PodId): void {
    if (this.#listed.at(pod) === this.#apiReady.at(pod)) {
      this.#propagate.cancel(pod);
      return;
    }
    const cluster = this.pods.cluster(pod);
    if (!this.served(pod) || this.#propagate.armed(pod) || !this.clusters.controlled(cluster)) return;
    if (!this.proxiesHear(cluster)) return;
    this.#propagate.after(pod, this.parameters.pod.endpointPropagation);
  }

  #follow(pod: PodId): void {
    const listed = this.#apiReady.at(pod);
    this.#listed.set(pod, listed);
    const outer = this.sim.enter(this.pods.tell(listed ? this.#listedFact : this.#droppedFact, pod));
    this.changed.emit(pod);
    this.sim.leave(outer);
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
