/**
 * Follows which releases run side by side in every hosted and management cluster, how far they are from breaking a rule, and for how long one is broken.
 * Looks only, when a mechanism says that versions changed.
 */
import { KeptRecords } from '../../sim/kept-records.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { Micros } from '../../sim/time.ts';
import type { ClusterId, PoolId, ReleaseId } from '../ids.ts';
import type { Releases } from '../upgrades/releases.ts';
import type { Upgrades } from '../upgrades/upgrades.ts';
import type { RunningVersions } from '../upgrades/version-source.ts';
import type { RunningVersions as RunningMinors } from '../versions/skew.ts';
import { skewMargins } from '../versions/skew.ts';

/** From then on a part runs these releases. */
export interface VersionStep {
  readonly at: Micros;
  readonly part: string;
  readonly pool?: PoolId;
  readonly oldest: ReleaseId;
  readonly newest: ReleaseId;
}

/** A stretch of time in which a rule was broken. */
export interface SkewViolation {
  readonly rule: string;
  readonly from: Micros;
  to?: Micros;
  /** Most minors too far. */
  by: number;
}

/** The nearest that a rule ever came to be broken. */
export interface SkewNearest {
  readonly rule: string;
  left: number;
  at: Micros;
}

/** What is known of one cluster. */
export interface SkewHistory {
  /** What ran when somebody last looked. */
  running: readonly RunningVersions[];
  readonly steps: VersionStep[];
  readonly nearest: SkewNearest[];
  readonly violations: SkewViolation[];
}

export class SkewRecorder {
  readonly #sim: Simulation;
  readonly #upgrades: Upgrades;
  readonly #histories: KeptRecords<SkewHistory>;

  constructor(sim: Simulation, upgrades: Upgrades) {
    this.#sim = sim;
    this.#upgrades = upgrades;
    this.#histories = new KeptRecords(sim);
    upgrades.versions.changed.subscribe((cluster) => {
      if (this.#histories.has(cluster)) this.#look(cluster);
    });
  }

  /** Follows a cluster from now on. */
  follow(cluster: ClusterId): void {
    this.#histories.set(cluster, { running: [], steps: [], nearest: [], violations: [] });
    this.#look(cluster);
  }

  history(cluster: ClusterId): SkewHistory {
    return this.#histories.at(cluster);
  }

  /** Stretches of time, longer than an instant, in which a rule was broken. */
  violations(cluster: ClusterId): readonly SkewViolation[] {
    return this.history(cluster).violations.filter(({ from, to }) => to === undefined || to > from);
  }

  /** Most looks find what the last one found, and rules look at minors only: no more is asked than may have changed. */
  #look(cluster: ClusterId): void {
    const { versions, releases } = this.#upgrades;
    const running = versions.running(cluster);
    const before = this.history(cluster).running;
    if (alike(running, before, (a, b) => a === b)) return;
    const history = this.#histories.write(cluster);
    history.running = running;
    for (const one of running) this.#step(history, one);
    const sameMinor = (a: ReleaseId, b: ReleaseId): boolean =>
      releases.kubernetesMinor(a) === releases.kubernetesMinor(b);
    if (!alike(running, before, sameMinor)) this.#judge(history, running);
  }

  #judge(history: SkewHistory, running: readonly RunningVersions[]): void {
    const margins = skewMargins(minorsOf(running, this.#upgrades.releases));
    const at = this.#sim.now;
    for (const { rule, left } of margins) {
      const nearest = history.nearest.find((one) => one.rule === rule.id);
      if (nearest === undefined) history.nearest.push({ rule: rule.id, left, at });
      else if (left < nearest.left) Object.assign(nearest, { left, at });
    }
    for (const { rule, left } of margins) if (left < 0) this.#broken(history, rule.id, -left);
    for (const violation of history.violations)
      if (!margins.some(({ rule, left }) => rule.id === violation.rule && left < 0)) violation.to ??= at;
  }

  #broken({ violations }: SkewHistory, rule: string, by: number): void {
    const open = violations.find((one) => one.rule === rule && one.to === undefined);
    if (open === undefined) violations.push({ rule, from: this.#sim.now, by });
    else open.by = Math.max(open.by, by);
  }

  #step({ steps }: SkewHistory, { part, pool, oldest, newest }: RunningVersions): void {
    const at = this.#sim.now;
    const last = steps.findLastIndex((one) => one.part === part && one.pool === pool);
    const former = steps[last];
    if (former?.oldest === oldest && former.newest === newest) return;
    const step = { at, part, oldest, newest, ...(pool === undefined ? {} : { pool }) };
    // Of several changes of an instant only the last was ever seen.
    if (former?.at === at) steps[last] = step;
    else steps.push(step);
  }
}

/** Whether the same parts run, in releases that are the same to `same`. */
function alike(
  some: readonly RunningVersions[],
  others: readonly RunningVersions[],
  same: (a: ReleaseId, b: ReleaseId) => boolean,
): boolean {
  if (some.length !== others.length) return false;
  return some.every((one, i) => {
    const other = others[i]!;
    const isPart = one.part === other.part && one.pool === other.pool;
    return isPart && same(one.oldest, other.oldest) && same(one.newest, other.newest);
  });
}

/** What the rules look at. A release without a version is left out. */
function minorsOf(running: readonly RunningVersions[], releases: Releases): RunningMinors {
  const of = (part: RunningVersions['part']): number[] => [
    ...new Set(
      running
        .filter((one) => one.part === part)
        .flatMap(({ oldest, newest }) => [oldest, newest])
        .flatMap((release) => releases.kubernetesMinor(release) ?? []),
    ),
  ];
  const [network] = of('ovnkube-control-plane');
  return {
    apiServers: of('kube-apiserver'),
    controllerManagers: of('kube-controller-manager'),
    schedulers: of('kube-scheduler'),
    cloudControllerManagers: of('cloud-controller-manager'),
    nodes: nodesOf(of('kubelet'), of('ovnkube-node')),
    ...(network === undefined ? {} : { ovnControlPlane: Math.max(...of('ovnkube-control-plane')) }),
  };
}

/** Rules look at kubelets and at agents each by themselves, so any of the one may stand beside any of the other. */
function nodesOf(kubelets: readonly number[], agents: readonly number[]): RunningMinors['nodes'] {
  const [kubelet] = kubelets;
  if (kubelet === undefined) return [];
  const count = Math.max(kubelets.length, agents.length);
  return Array.from({ length: count }, (_, i) => {
    const ovn = agents[i];
    return { kubelet: kubelets[i] ?? kubelet, ...(ovn === undefined ? {} : { ovn }) };
  });
}
