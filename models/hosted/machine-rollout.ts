/**
 * How many machines each MachineSet of a node pool is to have while the pool gets another template: the rules of Cluster API's
 * MachineDeployments (kubernetes-sigs/cluster-api internal/controllers/machinedeployment/machinedeployment_rolling.go,
 * machinedeployment_rollout_ondelete.go and mdutil/util.go).
 *
 * A machine that is being deleted counts as a machine until it is gone (cluster-api pull 3434), and not as an available one: a drain that does not
 * end holds up the machine that was to come after it.
 */
import { countOf } from '../plan/count-or-share.ts';
import type { PoolRolloutPlan } from '../plan/fleet.ts';

export interface MachineSetScale {
  /** spec.replicas, which the rules set. */
  replicas: number;
  /** Machines, those that are being deleted included. */
  readonly machines: number;
  /** Machines with a node that is Ready and that nobody deletes. */
  readonly available: number;
}

export interface RolloutBounds {
  /** Machines beyond those wanted. */
  readonly surge: number;
  /** Machines that may be missing. */
  readonly unavailable: number;
}

/** Shares are rounded up for the surge and down for what may be missing; where both come out as 0, one machine may be missing (ResolveFenceposts). */
export function rolloutBounds(
  { maxSurge, maxUnavailable }: PoolRolloutPlan,
  replicas: number,
): RolloutBounds {
  const surge = countOf(maxSurge, replicas, Math.ceil);
  const unavailable = countOf(maxUnavailable, replicas, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, replicas) };
}

/** Nodes that an update in place may take at a time: a share is rounded down, to 1 at least. */
export function inPlaceAtOnce({ maxUnavailable }: PoolRolloutPlan, replicas: number): number {
  return Math.max(1, countOf(maxUnavailable, replicas, Math.floor));
}

const sum = (sets: readonly MachineSetScale[], of: (set: MachineSetScale) => number): number =>
  sets.reduce((total, set) => total + of(set), 0);
const spec = (set: MachineSetScale): number => set.replicas;

/**
 * RollingUpdate: what can be done now, until a machine comes, gets well or is gone. With no old sets it is how a pool is scaled.
 * @param old of the other templates, the oldest first
 */
export function rollOut(
  wanted: number,
  newest: MachineSetScale,
  old: readonly MachineSetScale[],
  bounds: RolloutBounds,
): void {
  const all = [...old, newest];
  for (let before = -1; before !== sum(old, spec) + newest.replicas; ) {
    before = sum(old, spec) + newest.replicas;
    growNewest(wanted, newest, all, bounds.surge);
    shrinkOld(wanted, newest, old, all, bounds.unavailable);
  }
}

/** OnDelete: old machines stay until somebody deletes them; those come back with the new template. */
export function rollOutOnDelete(
  wanted: number,
  newest: MachineSetScale,
  old: readonly MachineSetScale[],
): void {
  const all = [...old, newest];
  let surplus = sum(all, spec) - wanted;
  for (const set of old) {
    const gone = Math.max(0, set.replicas - set.machines);
    set.replicas -= gone;
    surplus -= gone;
  }
  for (const set of old) {
    const going = Math.min(set.replicas, Math.max(0, surplus));
    set.replicas -= going;
    surplus -= going;
  }
  growNewest(wanted, newest, all, 0);
}

/** NewMSNewReplicas: what was scaled up and not made yet counts, and so does what was scaled down and is not gone yet. */
function growNewest(
  wanted: number,
  newest: MachineSetScale,
  all: readonly MachineSetScale[],
  surge: number,
): void {
  if (newest.replicas >= wanted) {
    newest.replicas = wanted;
    return;
  }
  const total = sum(all, ({ replicas, machines }) => Math.max(replicas, machines));
  newest.replicas += Math.max(0, Math.min(wanted + surge - total, wanted - newest.replicas));
}

/** reconcileOldMachineSets: sick machines first, then others, as far as enough are available without them. */
function shrinkOld(
  wanted: number,
  newest: MachineSetScale,
  old: readonly MachineSetScale[],
  all: readonly MachineSetScale[],
  unavailable: number,
): void {
  const least = wanted - unavailable;
  const room = sum(all, spec) - least - (newest.replicas - newest.available);
  if (room <= 0) return;
  let left = room;
  for (const set of old) {
    const sick = Math.min(left, Math.max(0, set.replicas - set.available));
    set.replicas -= sick;
    left -= sick;
  }
  let spare = sum(all, ({ available }) => available) - least;
  for (const set of old) {
    const going = Math.min(set.replicas, Math.max(0, spare));
    set.replicas -= going;
    spare -= going;
  }
}
