/** Everything that must hold whatever happens to a fleet: a new invariant is an entry in its file under `invariants/`. */
import type { Replication } from '../run.ts';
import { watchBudgets } from './invariants/budgets.ts';
import { CONTROL_PLANE_INVARIANTS } from './invariants/control-planes.ts';
import { ETCD_DATA_INVARIANTS } from './invariants/etcd-data.ts';
import type { Invariant } from './invariants/invariant.ts';
import { POD_INVARIANTS } from './invariants/pods.ts';
import { HISTORY_INVARIANTS, RESULT_INVARIANTS } from './invariants/results.ts';
import { UPGRADE_INVARIANTS, watchPoolReleases, watchSurge } from './invariants/upgrades.ts';

export const INVARIANTS: readonly Invariant[] = [
  ...POD_INVARIANTS,
  ...CONTROL_PLANE_INVARIANTS,
  ...ETCD_DATA_INVARIANTS,
  ...RESULT_INVARIANTS,
  ...UPGRADE_INVARIANTS,
];

/** Invariants about single steps: each watches a run from its beginning. */
export const WATCHES: readonly ((replication: Replication) => Invariant)[] = [
  watchBudgets,
  watchSurge,
  watchPoolReleases,
];

export interface Broken {
  /** The invariant's name. */
  readonly name: string;
  readonly detail: string;
}

function firstOf(invariants: readonly Invariant[], replication: Replication): Broken | undefined {
  for (const { name, broken } of invariants)
    for (const detail of broken(replication)) return { name, detail };
  return undefined;
}

/** The first invariant that does not hold right now, or that a watch has seen broken. */
export const brokenNow = (replication: Replication, watches: readonly Invariant[]): Broken | undefined =>
  firstOf([...INVARIANTS, ...watches], replication);

/** The first invariant about the whole history of a run that does not hold. */
export const brokenAfterwards = (replication: Replication): Broken | undefined =>
  firstOf(HISTORY_INVARIANTS, replication);
