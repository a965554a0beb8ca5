/**
 * Client certificates with which kubelets of hosted clusters are known to their API. A kubelet asks for the next one when 70 to 90 % of the
 * life of the last is over (kubernetes/kubernetes client-go util/certificate/certificate_manager.go); kube-controller-manager approves
 * that as the node's own renewal, and signs it (openshift/hypershift hostedclusterconfigoperator rbac, system-bootstrap-node-renewal). All
 * of it goes through the hosted API. Where that, its controller manager or the kubelet is away for longer than what is left of
 * the certificate, it runs out: the kubelet then asks anew as the node-bootstrapper, and the machine approver approves nothing for a
 * node that exists already (openshift/cluster-machine-approver README.md). Somebody has to, or another machine takes its place. What
 * runs on the node runs on.
 *
 * Nothing is renewed tick by tick: the age of a certificate follows from a phase drawn per node. One timer per cluster, armed while some
 * certificate cannot be renewed, is due no sooner than one can run out.
 */
import type { F64Column, I32Column, U8Column } from '../../sim/entities.ts';
import { BEGINNING, type CauseId, type FactKind } from '../../sim/facts.ts';
import type { Simulation } from '../../sim/simulation.ts';
import { Timer } from '../../sim/timer.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Clusters } from './clusters.ts';
import type { Contact } from './contact.ts';

/** The certificate is renewed in time. */
const RENEWED = -1;
/** The certificate is older than the run. */
const OLD = -1;
/** A new machine has none yet. */
const NONE_YET = -2;

export class KubeletCertificates {
  /** Since when the certificate cannot be renewed. */
  readonly #stuckSince: F64Column<NodeId>;
  readonly #issuedAt: F64Column<NodeId>;
  readonly #expired: U8Column<NodeId>;
  readonly #why: I32Column<ClusterId, CauseId>;
  readonly #next: Timer<ClusterId>;
  readonly #expiredFact: FactKind;

  constructor(
    readonly sim: Simulation,
    readonly clusters: Clusters,
    readonly contact: Contact,
    readonly parameters: ParameterValues,
  ) {
    const nodes = contact.machines.table;
    this.#stuckSince = nodes.f64('certificateStuckSince', RENEWED);
    this.#issuedAt = nodes.f64('certificateIssuedAt', OLD);
    this.#expired = nodes.u8('certificateExpired');
    this.#why = clusters.table.i32('certificatesBecause', BEGINNING);
    this.#next = new Timer(sim, clusters.table, 'certificates-run-out', 'fail', (cluster) =>
      this.#due(cluster),
    );
    this.#expiredFact = sim.factKind('certificate-expired');
    clusters.apiChanged.subscribe((cluster) => this.#review(cluster));
    clusters.controllersChanged.subscribe((cluster) => this.#review(cluster));
    contact.lost.subscribe((node) => this.#look(node));
    contact.made.subscribe((node) => this.#look(node));
  }

  /** The kubelet's certificate has run out: its API does not know it any more. */
  expired(node: NodeId): boolean {
    return this.#expired.at(node) === 1;
  }

  /** The machine is deleted, or made: the next kubelet there gets a certificate of its own when it joins. */
  discard(node: NodeId): void {
    this.#issuedAt.set(node, NONE_YET);
    this.#stuckSince.set(node, RENEWED);
    if (!this.expired(node)) return;
    this.#expired.set(node, 0);
    this.contact.unblock(node);
  }

  #review(cluster: ClusterId): void {
    for (const node of this.contact.machines.ofCluster.list(cluster)) this.#look(node);
  }

  #look(node: NodeId): void {
    const cluster = this.contact.machines.cluster.at(node);
    if (!this.clusters.isHosted(cluster) || this.expired(node)) return;
    const present = this.contact.present(node);
    const renewable = present && this.clusters.controlled(cluster);
    if (this.#issuedAt.at(node) === NONE_YET) {
      if (!present) return;
      this.#issuedAt.set(node, this.sim.now);
    }
    const stuckSince = this.#stuckSince.at(node);
    if (renewable === (stuckSince === RENEWED)) return;
    if (renewable) this.#renew(node);
    else this.#stuck(node, cluster);
  }

  #stuck(node: NodeId, cluster: ClusterId): void {
    this.#stuckSince.set(node, this.sim.now);
    this.#why.set(cluster, this.sim.cause);
    const soonest = this.sim.now + this.#leastLeft();
    if (!this.#next.armed(cluster) || this.#next.due(cluster) > soonest) this.#next.at(cluster, soonest);
  }

  /** A renewal that was due meanwhile is made up for; where none can have run out it is taken to have come in time. */
  #renew(node: NodeId): void {
    const away = this.sim.now - this.#stuckSince.at(node);
    if (away >= this.#leastLeft()) {
      const { issued, renewal } = this.#last(node);
      this.#issuedAt.set(node, issued + renewal <= this.sim.now ? this.sim.now : issued);
    }
    this.#stuckSince.set(node, RENEWED);
  }

  /** Microseconds that a certificate is good for at least when it ceases to be renewed. */
  #leastLeft(): number {
    const { certificateLifetime, certificateRenewalFrom, certificateRenewalTo } = this.parameters.credentials;
    return Math.floor(certificateLifetime * (1 - Math.max(certificateRenewalFrom, certificateRenewalTo)));
  }

  /** When the certificate of a node was issued that is not renewed now, and how long after that it is renewed. */
  #last(node: NodeId): { issued: number; renewal: number } {
    const { certificateLifetime, certificateRenewalFrom, certificateRenewalTo } = this.parameters.credentials;
    const stream = this.sim.streams.once('kubelet-certificate', this.contact.machines.key(node));
    const share = certificateRenewalFrom + stream.uniform() * (certificateRenewalTo - certificateRenewalFrom);
    const renewal = certificateLifetime * share;
    const phase = stream.uniform();
    const first = this.#issuedAt.at(node) === OLD ? -phase * renewal : this.#issuedAt.at(node);
    const stuckFor = this.#stuckSince.at(node) - first;
    return { issued: first + Math.floor(stuckFor / renewal) * renewal, renewal };
  }

  #due(cluster: ClusterId): void {
    let next = Number.POSITIVE_INFINITY;
    for (const node of this.contact.machines.ofCluster.list(cluster)) {
      if (this.expired(node) || this.#stuckSince.at(node) === RENEWED) continue;
      const ends = Math.ceil(this.#last(node).issued + this.parameters.credentials.certificateLifetime);
      if (ends <= this.sim.now) this.#expire(node, cluster);
      else next = Math.min(next, ends);
    }
    if (next < Number.POSITIVE_INFINITY) this.#next.at(cluster, next);
  }

  #expire(node: NodeId, cluster: ClusterId): void {
    this.#expired.set(node, 1);
    const outer = this.sim.enter(this.#why.at(cluster));
    this.sim.enter(this.sim.emit(this.#expiredFact, node));
    this.contact.block(node);
    this.sim.leave(outer);
  }
}
