/** Upgrades: what the ledger says of them, which releases may run because of them, and how many machines they may make. */
import { NONE } from '../../../sim/entities.ts';
import { rolloutBounds } from '../../hosted/machine-rollout.ts';
import type { ClusterId, PoolId, ReleaseId, UpgradeId } from '../../ids.ts';
import type { UpgradeSubject } from '../../plan/faults.ts';
import type { Replication } from '../../run.ts';
import { HISTORY } from '../../upgrades/hosted/hosted-releases.ts';
import type { Span, UpgradeRecord } from '../../upgrades/ledger.ts';
import { subjectText } from '../../upgrades/subjects.ts';
import type { World } from '../../world.ts';
import type { Invariant } from './invariant.ts';

const ledger: Invariant = {
  name: 'phases and waits of an upgrade lie within it, and are over when it is',
  *broken({ fleet }) {
    const { records } = fleet.world.upgrades.ledger;
    for (const record of records) {
      const name = subjectText(fleet, record);
      const waitsFor = ({ phase, why }: { phase: string; why: string }): string => `${phase}: ${why}`;
      for (const span of record.phases) yield* within(record, span, `${span.name} of ${name}`);
      for (const span of record.waits) yield* within(record, span, `"${waitsFor(span)}" of ${name}`);
      for (const wait of record.waits)
        if (!record.phases.some(({ name: phase, from }) => phase === wait.phase && from <= wait.from))
          yield `"${waitsFor(wait)}" of ${name} is a wait of no phase`;
      if ((record.end === undefined) !== (record.to === undefined)) yield `${name} is over, and is not`;
    }
  },
};

function* within(whole: UpgradeRecord, { from, to }: Span, name: string): Generator<string> {
  if (from < whole.from || (to ?? from) < from) yield `${name} begins at ${from}, ends at ${to}`;
  if (whole.to !== undefined && !(to !== undefined && to <= whole.to)) yield `${name} outlasts its upgrade`;
}

/** Upgrades to other releases of a subject that nobody refused, from the first that it has not completed on, and the release that it completed last. */
function since(
  { upgrades }: World,
  kind: UpgradeSubject,
  subject: ClusterId,
  first: ReleaseId,
): { completed: ReleaseId; asked: readonly UpgradeRecord[] } {
  const own = upgrades.ledger.records.filter(
    (one) =>
      one.kind === kind && one.subject === subject && one.change === undefined && one.end !== 'refused',
  );
  const last = own.findLastIndex(({ end }) => end === 'completed');
  return { completed: last < 0 ? first : own[last]!.after, asked: own.slice(last + 1) };
}

/** What the components of a subject may be of: the release that it last completed, and those that it was let go to since. */
function allowed(
  world: World,
  kind: UpgradeSubject,
  subject: ClusterId,
  version: string,
): ReadonlySet<ReleaseId> {
  const { completed, asked } = since(world, kind, subject, world.upgrades.releases.of(version));
  return new Set([completed, ...asked.map(({ after }) => after)]);
}

const released: Invariant = {
  name: 'kube-apiservers are of the last completed release of their cluster, or of one that it was let go to since',
  *broken({ fleet }) {
    const { world, plan } = fleet;
    const { upgrades, hosted, pods, management, managementUpdates } = world;
    const nameOf = (release: ReleaseId): string =>
      release === NONE ? 'none' : upgrades.releases.name(release);
    const judge = function* (runs: Iterable<ReleaseId>, may: ReadonlySet<ReleaseId>, whose: string) {
      for (const release of runs)
        if (!may.has(release))
          yield `a kube-apiserver of ${whose} is of ${nameOf(release)}, not of ${[...may].map(nameOf).join(' or ')}`;
    };
    for (const { name, release, controlPlaneRelease } of plan.hostedClusters) {
      const cluster = fleet.hostedClusters.get(name)!;
      const set = hosted.set(cluster, 'kube-apiserver');
      if (set === NONE) continue;
      // One that is to go on a node that is not heard of runs on for as long as that lasts.
      const staying = pods.ofSet.list(set).filter((pod) => !pods.terminating(pod));
      const may =
        controlPlaneRelease === ''
          ? allowed(world, 'hostedCluster', cluster, release)
          : new Set([upgrades.releases.of(controlPlaneRelease)]);
      yield* judge(
        staying.map((pod) => pods.template.at(pod)),
        may,
        name,
      );
    }
    for (const { name, version } of plan.managementClusters) {
      const cluster = fleet.managementClusters.get(name)!;
      const may = allowed(world, 'managementCluster', cluster, version);
      const runs = management
        .controlPlaneNodes(cluster)
        .map((node) => managementUpdates.releases.staticPod(node, 'kube-apiserver') as ReleaseId);
      yield* judge(runs, may, name);
    }
  },
};

export const UPGRADE_INVARIANTS: readonly Invariant[] = [ledger, released];

export const SURGE = 'a node pool that replaces its machines makes none beyond its surge';

/** Looks at each machine that is made. Nobody knows how many a pool may have whose size was not passed on. */
export function watchSurge({ fleet }: Replication): Invariant {
  const { nodePools } = fleet.world;
  const plans = new Map(
    fleet.plan.hostedClusters.flatMap((plan) =>
      nodePools.ofCluster
        .list(fleet.hostedClusters.get(plan.name)!)
        .map((pool, i) => [pool, plan.nodePools[i]!] as const),
    ),
  );
  const surgeOf = (pool: PoolId, wanted: number): number => {
    const plan = plans.get(pool)!;
    const rolls = plan.upgradeType === 'Replace' && plan.strategy === 'RollingUpdate';
    return rolls && nodePools.sets.isRolling(pool) ? rolloutBounds(plan, wanted).surge : 0;
  };
  const broken: string[] = [];
  /** The most that a pool could have since it was last updated. */
  const peak = new Map<PoolId, number>();
  nodePools.created.subscribe((node) => {
    const pool = nodePools.slots.parent(node);
    if (nodePools.refused(pool) || !nodePools.authority.canSpecify(nodePools.ofCluster.parent(pool))) return;
    const wanted = nodePools.wishes.of(pool);
    // Sets of machines keep their number when fewer are wanted in the middle of an update, as long as none could go: each makes its lost ones anew.
    const before = nodePools.sets.isRolling(pool) ? (peak.get(pool) ?? 0) : 0;
    const most = Math.max(before, wanted + surgeOf(pool, wanted));
    peak.set(pool, most);
    const count = nodePools.count(pool);
    if (count > most) broken.push(`${nodePools.names[pool]} has ${count} machines of at most ${most}`);
  });
  return { name: SURGE, broken: () => broken };
}

export const POOL_AFTER_CLUSTER =
  'a node pool completes no later minor than its hosted cluster has completed';

/** The last release that the history of a hosted cluster had as Completed, be it before all of its control plane had it. */
function lastInHistory({ upgrades }: World, cluster: ClusterId, first: ReleaseId): ReleaseId {
  const reached = ({ kind, subject, change, end, to, phases }: UpgradeRecord): boolean =>
    kind === 'hostedCluster' &&
    change === undefined &&
    subject === cluster &&
    (end === 'completed' ||
      phases.some((phase) => phase.name === HISTORY.version && phase.to !== undefined && phase.to !== to));
  return upgrades.ledger.records.findLast(reached)?.after ?? first;
}

/** Looks at each upgrade of a node pool that is completed. */
export function watchPoolReleases({ fleet }: Replication): Invariant {
  const { world, plan } = fleet;
  const { releases, ledger } = world.upgrades;
  const broken: string[] = [];
  ledger.closed.subscribe((upgrade: UpgradeId) => {
    const record = ledger.record(upgrade);
    if (record.kind !== 'nodePool' || record.end !== 'completed') return;
    const cluster = world.nodePools.ofCluster.parent(record.subject as PoolId);
    const { release } = plan.hostedClusters.find(({ name }) => fleet.hostedClusters.get(name) === cluster)!;
    const completed = lastInHistory(world, cluster, releases.of(release));
    if (releases.minor(record.after) <= releases.minor(completed)) return;
    broken.push(`${subjectText(fleet, record)} has ${releases.name(record.after)} before its cluster`);
  });
  return { name: POOL_AFTER_CLUSTER, broken: () => broken };
}
