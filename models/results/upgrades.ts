/** What became of every upgrade: when, how, what held it up, and whose services dipped while it went on. */
import type { UpgradeDip, UpgradeResult } from '../../sim/result.ts';
import { type Micros, toSeconds } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { ClusterId } from '../ids.ts';
import { HOSTED_SERVICES, type Service, serviceSubject } from '../services.ts';
import { isAside, type Span, type UpgradeLedger, type UpgradeRecord } from '../upgrades/ledger.ts';
import { clusterOf, subjectLabels, subjectName, tenantsOf } from '../upgrades/subjects.ts';
import type { Narrative } from './narrative.ts';
import type { ServiceRecorder, Step } from './service-recorder.ts';

/** What people notice of an upgrade: all but etcd, which serves the API alone. */
const NOTICED: readonly Service[] = HOSTED_SERVICES.filter((service) => service !== 'etcd');

/** The upgrades of a run in the order in which they were asked for. */
export function upgradeResults(
  fleet: BuiltFleet,
  services: ServiceRecorder,
  narrative: Narrative,
): UpgradeResult[] {
  const { ledger, releases } = fleet.world.upgrades;
  if (ledger.records.length === 0) return [];
  const end = fleet.world.sim.now;
  const steps = new Map(services.histories().map((history) => [history.subject, history.steps()]));
  return ledger.records.map((record) => ({
    kind: record.kind,
    name: subjectName(fleet, record),
    labels: subjectLabels(fleet, record),
    before: releases.name(record.before),
    after: releases.name(record.after),
    ...(record.change === undefined ? {} : { change: record.change }),
    asked: record.from,
    ...(record.late === undefined ? {} : { byItself: requestOf(ledger, record.late) }),
    ...(record.phases.length === 0 ? {} : { began: record.phases[0]!.from }),
    ...(record.to === undefined ? {} : { ended: record.to }),
    outcome: record.end ?? 'going-on',
    refusal: record.refusal ?? '',
    remarks: [...record.remarks],
    phases: record.phases.map(({ name, ...span }) => ({ name, ...span })),
    waits: record.waits.map(({ cause, ...wait }) => ({ ...wait, causes: narrative.chain(cause) })),
    affected: dips(fleet, record, steps, end),
  }));
}

function requestOf(
  ledger: UpgradeLedger,
  { request }: NonNullable<UpgradeRecord['late']>,
): NonNullable<UpgradeResult['byItself']> {
  return request === undefined ? {} : { requested: ledger.record(request).from };
}

function dips(
  fleet: BuiltFleet,
  record: UpgradeRecord,
  steps: ReadonlyMap<number, readonly Step[]>,
  end: Micros,
): UpgradeDip[] {
  const span = { from: record.from, to: record.to ?? end };
  return tenantsOf(fleet, record).flatMap((cluster) =>
    NOTICED.flatMap((service) => {
      const dip = dipWithin(steps.get(serviceSubject(cluster, service)) ?? [], span);
      return dip === undefined ? [] : [{ service, labels: fleet.labelsOf(cluster), ...dip }];
    }),
  );
}

/** How far and for how long a service fell below the level that it had when a span began; undefined when it did not. */
export function dipWithin(
  steps: readonly Step[],
  { from, to }: Required<Span>,
): Pick<UpgradeDip, 'lowest' | 'lost'> | undefined {
  const level = steps.findLast(({ at }) => at <= from)?.value ?? Number.NaN;
  let lowest = level;
  let lost = 0;
  steps.forEach(({ at, value }, i) => {
    const length = Math.min(steps[i + 1]?.at ?? to, to) - Math.max(at, from);
    // Steps of one instant follow each other: only the last of them was ever seen.
    if (length <= 0 || !(value < level)) return;
    lowest = Math.min(lowest, value);
    lost += (level - value) * length;
  });
  return lost === 0 ? undefined : { lowest, lost: toSeconds(lost as Micros) };
}

/** Microseconds that the longest upgrade asked for within a span took, up to its end, of those of a cluster; NaN without one that was not refused. */
export function longestUpgrade(fleet: BuiltFleet, cluster: ClusterId, span: Required<Span>): number {
  const lengths = upgradesOf(fleet, cluster, span.from).map(({ from, to }) => (to ?? span.to) - from);
  return lengths.length === 0 ? Number.NaN : Math.max(...lengths);
}

/** Microseconds for which some phase of the same upgrades could not go on, summed over them. */
export function blocked(fleet: BuiltFleet, cluster: ClusterId, span: Required<Span>): number {
  const upgrades = upgradesOf(fleet, cluster, span.from);
  if (upgrades.length === 0) return Number.NaN;
  return upgrades.reduce((sum, { waits }) => sum + covered(waits, span.to), 0);
}

/** How many of a cluster and its parts are not what was last asked of them within a span: refused, or under way still; NaN when nothing was asked. */
export function unfinished(fleet: BuiltFleet, cluster: ClusterId, from: Micros): number {
  const last = new Map<string, UpgradeRecord>();
  for (const record of fleet.world.upgrades.ledger.records)
    if (record.from >= from && clusterOf(fleet, record) === cluster)
      last.set(`${record.kind} ${record.subject}${isAside(record) ? ' change' : ''}`, record);
  if (last.size === 0) return Number.NaN;
  return [...last.values()].filter(({ end }) => end !== 'completed').length;
}

/** The upgrades of a cluster that were asked for since an instant and not refused: of a hosted one with its node pools, of a management cluster with its operator. */
function upgradesOf(fleet: BuiltFleet, cluster: ClusterId, since: Micros): UpgradeRecord[] {
  return fleet.world.upgrades.ledger.records.filter(
    (record) => record.end !== 'refused' && record.from >= since && clusterOf(fleet, record) === cluster,
  );
}

/** Time that at least one of the spans covers. */
export function covered(spans: readonly Span[], end: Micros): number {
  let [sum, until] = [0, 0];
  for (const { from, to = end } of spans.toSorted((one, other) => one.from - other.from)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}
