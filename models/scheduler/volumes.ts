/**
 * Volumes of StatefulSet pods. A claim is bound when its first pod is placed; from then on the storage decides where the pod can
 * run: in the volume's zone, on its node, or anywhere.
 */
import { type F64Column, type I32Column, NONE, type Table, type U8Column } from '../../sim/entities.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { NodeId, PlaceId, PodId, SetId, VolumeId } from '../ids.ts';
import type { Pods } from '../kubernetes/pods.ts';
import type { Machines } from '../places/machines.ts';
import type { StorageClassPlan } from '../plan/fleet.ts';

const BINDING = { free: 0, zone: 1, node: 2 } as const;

export class Volumes {
  readonly #table: Table<VolumeId>;
  readonly #binding: U8Column<VolumeId>;
  readonly #place: I32Column<VolumeId>;
  /** First volume of a set; the others follow by ordinal. */
  readonly #ofSet: I32Column<SetId, VolumeId>;
  /** Until when the volume is still attached to a machine that does not answer, and to which. */
  readonly #heldUntil: F64Column<VolumeId>;
  readonly #heldBy: I32Column<VolumeId, NodeId>;
  /** The claim is new: its volume has to be made before it can be attached. */
  readonly #fresh: U8Column<VolumeId>;
  readonly #machines: Machines;
  readonly #sim: Simulation;

  constructor(sim: Simulation, pods: Pods, machines: Machines) {
    this.#table = sim.table<VolumeId>('volume');
    this.#binding = this.#table.u8('binding');
    this.#place = this.#table.i32('place', NONE);
    this.#ofSet = pods.sets.table.i32('volumes', NONE);
    this.#heldUntil = this.#table.f64('heldUntil');
    this.#heldBy = this.#table.i32('heldBy', NONE);
    this.#fresh = this.#table.u8('fresh');
    this.#machines = machines;
    this.#sim = sim;
    pods.containers.attachDelay = (pod) => this.#attachDelay(pods, pod, sim.now);
    pods.orphaned.subscribe((pod) => this.#hold(pods, pod, sim.now + pods.parameters.node.forceDetach));
    pods.assigned.subscribe((pod: PodId) =>
      this.#bind(pods.set.at(pod), pods.ordinal.at(pod), pods.node.at(pod)),
    );
  }

  /** Claims one volume per ordinal of a set. */
  claim(set: SetId, replicas: number, binding: StorageClassPlan['binding']): void {
    for (let ordinal = 0; ordinal < replicas; ordinal++) {
      const volume = this.#table.add();
      this.#binding.set(volume, BINDING[binding]);
      if (ordinal === 0) this.#ofSet.set(set, volume);
    }
  }

  /** The claim is deleted with its volume; the next pod claims a new one, which can be wherever that pod goes. */
  renew(set: SetId, ordinal: number): void {
    const volume = this.#of(set, ordinal);
    if (volume === NONE) return;
    this.#place.set(volume as VolumeId, NONE);
    this.#heldUntil.set(volume as VolumeId, 0);
    this.#heldBy.set(volume as VolumeId, NONE);
    this.#fresh.set(volume as VolumeId, 1);
  }

  /** The volumes of a set are claimed from other storage from now on; what was claimed before is renewed one by one. */
  rebind(set: SetId, replicas: number, binding: StorageClassPlan['binding']): void {
    for (let ordinal = 0; ordinal < replicas; ordinal++) {
      const volume = this.#of(set, ordinal);
      if (volume !== NONE) this.#binding.set(volume as VolumeId, BINDING[binding]);
    }
  }

  #of(set: SetId, ordinal: number): VolumeId | typeof NONE {
    const first = this.#ofSet.at(set);
    return first === NONE ? NONE : ((first + ordinal) as VolumeId);
  }

  /** The first placement binds the volume to where the pod went. */
  #bind(set: SetId, ordinal: number, node: NodeId): void {
    const volume = this.#of(set, ordinal);
    if (volume === NONE || this.#place.at(volume as VolumeId) !== NONE) return;
    const binding = this.#binding.at(volume as VolumeId);
    if (binding === BINDING.zone) this.#place.set(volume as VolumeId, this.#machines.zone.at(node));
    if (binding === BINDING.node) this.#place.set(volume as VolumeId, node);
  }

  #hold(pods: Pods, pod: PodId, until: number): void {
    const volume = this.#of(pods.set.at(pod), pods.ordinal.at(pod));
    if (volume === NONE) return;
    this.#heldUntil.set(volume as VolumeId, until);
    this.#heldBy.set(volume as VolumeId, pods.node.at(pod));
  }

  /** Microseconds until the volume is off the machine that holds it, and can be attached elsewhere. */
  #attachDelay(pods: Pods, pod: PodId, now: number): number {
    const volume = this.#of(pods.set.at(pod), pods.ordinal.at(pod));
    if (volume === NONE || this.#heldBy.at(volume as VolumeId) === pods.node.at(pod)) return 0;
    if (this.#fresh.at(volume as VolumeId) === 1) {
      this.#fresh.set(volume as VolumeId, 0);
      return pods.parameters.etcdRecovery.provision;
    }
    return Math.max(0, this.#heldUntil.at(volume as VolumeId) - now);
  }

  /** The node that the volume of that pod is bound to, or NONE. */
  nodeOf(set: SetId, ordinal: number): NodeId | typeof NONE {
    const volume = this.#of(set, ordinal);
    if (volume === NONE || this.#binding.at(volume as VolumeId) !== BINDING.node) return NONE;
    return this.#place.at(volume as VolumeId) as NodeId;
  }

  /** Microseconds until the volume of a pod that is gone is off the machine that holds it. */
  detachedIn(set: SetId, ordinal: number): number {
    const volume = this.#of(set, ordinal);
    return volume === NONE ? 0 : Math.max(0, this.#heldUntil.at(volume as VolumeId) - this.#sim.now);
  }

  /** True when the volume of that pod can be attached on the node. */
  attachable(set: SetId, ordinal: number, node: NodeId): boolean {
    const volume = this.#of(set, ordinal);
    if (volume === NONE) return true;
    const place = this.#place.at(volume as VolumeId);
    if (place === NONE) return true;
    return this.#binding.at(volume as VolumeId) === BINDING.zone
      ? this.#machines.zone.at(node) === (place as PlaceId)
      : place === node;
  }
}
