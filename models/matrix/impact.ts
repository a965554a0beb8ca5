/** What a failure did to the services of a fleet, read from the steps that followed it. */

import type { CauseId } from '../../sim/facts.ts';
import type { Impact } from '../../sim/matrix-result.ts';
import type { Micros } from '../../sim/time.ts';
import type { ClusterId } from '../ids.ts';
import type { ServiceHistory } from '../results/service-recorder.ts';
import type { Replication } from '../run.ts';
import type { Service } from '../services.ts';
import { subjectCluster, subjectService } from '../services.ts';

/** One service of one cluster, from the failure on. */
interface Dent {
  readonly cluster: ClusterId;
  readonly lowest: number;
  readonly down: number;
  readonly below: number;
  /** The step to the lowest level. */
  readonly fact: CauseId;
  /** When it was back; NEVER_BACK while it is not. */
  readonly backAt: number;
}

const NEVER_BACK = Number.POSITIVE_INFINITY;

const NONE: Impact = {
  hit: 0,
  down: 0,
  lowest: 1,
  longestDown: 0 as Micros,
  longestBelow: 0 as Micros,
  causes: [],
};

export interface Dents {
  of(service: Service): readonly Dent[];
  /** When the last service was back where it was; Infinity when one is not. */
  readonly healedAt: number;
  /**
   * The same without tunnels that wait for somebody to restart the agents: any failure of a kube-apiserver leaves them so in releases
   * whose agents do not redial, and it would hide all else.
   */
  readonly allElseAt: number;
}

/** Reads what changed since an instant. */
export function dentsSince(replication: Replication, since: Micros, end: Micros): Dents {
  const found = new Map<Service, Dent[]>();
  let healedAt: number = since;
  let allElseAt: number = since;
  for (const history of replication.recorders.services.histories()) {
    const dent = dentOf(history, since, end);
    if (dent === undefined) continue;
    const service = subjectService(history.subject);
    const others = found.get(service);
    if (others === undefined) found.set(service, [dent]);
    else others.push(dent);
    healedAt = Math.max(healedAt, dent.backAt);
    if (!waitsForRestart(replication, dent.cluster, service)) allElseAt = Math.max(allElseAt, dent.backAt);
  }
  return { of: (service) => found.get(service) ?? [], healedAt, allElseAt };
}

function waitsForRestart({ fleet }: Replication, cluster: ClusterId, service: Service): boolean {
  const overTunnels = service === 'tunnel' || service === 'oauth';
  return overTunnels && fleet.world.konnectivity.tunnels.stuck(cluster) !== 0;
}

function dentOf(history: ServiceHistory, since: Micros, end: Micros): Dent | undefined {
  if (history.last().at < since) return undefined;
  const steps = history.steps();
  const first = steps.findIndex((step) => step.at >= since);
  const before = first === 0 ? Number.NaN : steps[first - 1]!.value;
  if (!(before > 0)) return undefined;
  let lowest = before;
  let down = 0;
  let below = 0;
  let fact = steps[first]!.fact;
  let backAt = NEVER_BACK;
  for (let i = first; i < steps.length; i++) {
    const step = steps[i]!;
    const span = (steps[i + 1]?.at ?? end) - step.at;
    if (span === 0) continue;
    if (step.value < before) below += span;
    if (step.value === 0) down += span;
    backAt = step.value < before ? NEVER_BACK : Math.min(backAt, step.at);
    if (step.value >= lowest) continue;
    lowest = step.value;
    fact = step.fact;
  }
  return lowest < before
    ? { cluster: subjectCluster(history.subject) as ClusterId, lowest, down, below, fact, backAt }
    : undefined;
}

/** Figures of several failures as one: of each the worst, with the cluster and the causes of the impact that is hardest. */
export function worstOf(impacts: readonly Impact[]): Impact {
  const { worst, causes } = impacts.reduce((a, b) => (isHarder(b, a) ? b : a));
  return {
    hit: Math.max(...impacts.map(({ hit }) => hit)),
    down: Math.max(...impacts.map(({ down }) => down)),
    lowest: Math.min(...impacts.map(({ lowest }) => lowest)),
    longestDown: Math.max(...impacts.map(({ longestDown }) => longestDown)) as Micros,
    longestBelow: Math.max(...impacts.map(({ longestBelow }) => longestBelow)) as Micros,
    ...(worst === undefined ? {} : { worst }),
    causes,
  };
}

/** Order of impacts: clusters down, for how long, how low, for how long, clusters hit. */
export function isHarder(a: Impact, b: Impact): boolean {
  const [first, second] = [hardness(a), hardness(b)];
  const differs = first.findIndex((value, i) => value !== second[i]);
  return differs >= 0 && first[differs]! > second[differs]!;
}

const hardness = ({ down, longestDown, lowest, longestBelow, hit }: Impact): number[] => [
  down,
  longestDown,
  -lowest,
  longestBelow,
  hit,
];

/** Sums up the dents of one service. */
export function impactOf(dents: readonly Dent[], replication: Replication): Impact {
  if (dents.length === 0) return NONE;
  const worst = dents.reduce((a, b) => (b.down > a.down || (b.down === a.down && b.below > a.below) ? b : a));
  return {
    hit: dents.length,
    down: dents.filter((dent) => dent.lowest === 0).length,
    lowest: Math.min(...dents.map((dent) => dent.lowest)),
    longestDown: Math.max(...dents.map((dent) => dent.down)) as Micros,
    longestBelow: Math.max(...dents.map((dent) => dent.below)) as Micros,
    worst: replication.fleet.labelsOf(worst.cluster),
    causes: replication.narrative.chain(worst.fact),
  };
}
