/**
 * Every number that a model uses and a user may want to change: one entry each, with default, unit, range and source, a file per
 * group under `parameters/`. A default without a public source says `assumed` and is listed by `hcpsim assumptions`. The scenario schema, the generated
 * reference and the listing are all derived from this table.
 */
import { apiPath } from './parameters/api-path.ts';
import { autoscaler } from './parameters/autoscaler.ts';
import { credentials } from './parameters/credentials.ts';
import { database } from './parameters/database.ts';
import { disk } from './parameters/disk.ts';
import { drain } from './parameters/drain.ts';
import { etcd } from './parameters/etcd.ts';
import { etcdRecovery } from './parameters/etcd-recovery.ts';
import { konnectivity } from './parameters/konnectivity.ts';
import { kubeApiserver } from './parameters/kube-apiserver.ts';
import { lease } from './parameters/lease.ts';
import { liveMigration } from './parameters/live-migration.ts';
import { machineHealthCheck } from './parameters/machine-health-check.ts';
import { managementUpdate } from './parameters/management-update.ts';
import { move } from './parameters/move.ts';
import { network } from './parameters/network.ts';
import { node } from './parameters/node.ts';
import { nodePool } from './parameters/node-pool.ts';
import type { Parameter } from './parameters/parameter.ts';
import { pod } from './parameters/pod.ts';
import { remediation } from './parameters/remediation.ts';
import { restore } from './parameters/restore.ts';
import { scheduler } from './parameters/scheduler.ts';
import { upgrade } from './parameters/upgrade.ts';

export type { Parameter, ParameterKind } from './parameters/parameter.ts';

export const PARAMETERS = {
  node,
  remediation,
  drain,
  managementUpdate,
  liveMigration,
  machineHealthCheck,
  nodePool,
  autoscaler,
  scheduler,
  pod,
  credentials,
  kubeApiserver,
  apiPath,
  etcd,
  disk,
  etcdRecovery,
  restore,
  move,
  database,
  lease,
  konnectivity,
  network,
  upgrade,
} as const satisfies Record<string, Record<string, Parameter>>;

type Table = typeof PARAMETERS;
/** One value per parameter: microseconds, counts, rates per second, ratios. */
export type ParameterValues = { readonly [G in keyof Table]: { readonly [P in keyof Table[G]]: number } };
/** What a file may override. */
export type ParameterOverrides = {
  readonly [G in keyof Table]?: { readonly [P in keyof Table[G]]?: number };
};

/** The defaults with overrides laid over them, later ones winning. */
export function parameterValues(...overrides: readonly ParameterOverrides[]): ParameterValues {
  const entries = Object.entries(PARAMETERS as Record<string, Record<string, Parameter>>).map(
    ([group, members]) => {
      const values = Object.entries(members).map(([name, parameter]) => [name, parameter.default] as const);
      const given = overrides.map((o) => (o as Record<string, Record<string, number> | undefined>)[group]);
      return [group, Object.assign(Object.fromEntries(values), ...given)];
    },
  );
  return Object.fromEntries(entries) as ParameterValues;
}
