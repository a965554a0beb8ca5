/** The next step of a management cluster and of its operator. */
import type { OperatorPlan } from '../../plan/fleet.ts';
import { judgeHostedClusterUpgrade, judgeManagementClusterUpgrade, judgeOperatorUpgrade } from '../judge.ts';
import { MCE_RELEASES, mceRelease, windowOf } from '../operators.ts';
import type { Finding } from '../rule.ts';
import { LEAVES_NODES_BEHIND } from '../rules/management.ts';
import { OPERATOR_UNKNOWN } from '../rules/operator.ts';
import { minorName, minorOf } from '../version.ts';
import type { Wanted } from './draft.ts';
import { type HostedState, hostedStep, managementStep, operatorStep, type Site } from './site.ts';
import { Target } from './target.ts';

/** What a step is, or the rules that forbid it; neither when nothing is wanted. */
export interface Next {
  readonly steps: readonly Wanted[];
  readonly findings: readonly Finding[];
}

const NOTHING: Next = { steps: [], findings: [] };

/**
 * The control plane to its next version; workers are paused where that saves them a reboot, and resumed when they have to follow.
 * @param reach the version that the control plane gets to; nobody is paused without, nor where it gets no further than to the odd minor
 */
export function nextOfManagement(site: Site, target: Target, reach?: string): Next {
  const { version } = site;
  const behind = target.isAheadOf(version);
  const paused = site.pausedAt !== '';
  if (paused && (!behind || (Target.isEven(version) && !target.isEvenToEven(version)) || caughtUp(site)))
    return behind || caughtUp(site) ? resumed(site) : NOTHING;
  if (!behind) return NOTHING;
  const to = target.afterOfManagement(version);
  const findings = judgeManagementClusterUpgrade(managementStep(site, to));
  if (paused && findings.some(({ rule }) => rule === LEAVES_NODES_BEHIND)) return resumed(site);
  if (findings.length > 0) return { steps: [], findings };
  if (!paused && site.workerPools.length > 0 && target.isEvenToEven(version) && getsTwoOn(version, reach))
    return pausing(site, target);
  const why = 'the first in the order of updates: management cluster, operator, hosted clusters, node pools';
  const name = site.plan.name;
  site.version = to;
  return {
    steps: [{ target: { kind: 'managementCluster', name }, action: 'update', from: version, to, why }],
    findings,
  };
}

function getsTwoOn(version: string, reach: string | undefined): boolean {
  return reach !== undefined && minorOf(reach)! >= minorOf(version)! + 2;
}

/** Workers that waited at an even minor while the control plane went to the next even one. */
function caughtUp({ version, pausedAt }: Site): boolean {
  return Target.isEven(version) && minorOf(version)! > minorOf(pausedAt)!;
}

function pausing(site: Site, target: Target): Next {
  const { version, plan, workerPools } = site;
  const even = minorName(minorOf(version)! + 2);
  const why = `the control plane goes to ${even} through ${target.after(version)}; workers that are paused meanwhile reboot once`;
  site.pausedAt = version;
  const machines = { kind: 'machineConfigPools', name: plan.name, pools: workerPools } as const;
  return { steps: [{ target: machines, action: 'pause', from: version, to: version, why }], findings: [] };
}

/** Lets the workers follow the control plane. */
export function resumed(site: Site): Next {
  const { version, pausedAt, plan, workerPools } = site;
  site.pausedAt = '';
  const machines = { kind: 'machineConfigPools', name: plan.name, pools: workerPools } as const;
  const why = 'workers follow the control plane; a pool that stays paused holds up later updates';
  return { steps: [{ target: machines, action: 'resume', from: pausedAt, to: version, why }], findings: [] };
}

/** The operator to its next version, when the cluster or something that it hosts cannot go on without. */
export function nextOfOperator(site: Site, target: Target): Next {
  const reason = whyOperator(site, target);
  if (reason === undefined) return NOTHING;
  const { operator: from, plan } = site;
  const to = successor(from, target);
  if (to === undefined) {
    const found = `the table has no version after ${from.product} ${from.version}`;
    return { steps: [], findings: [{ rule: OPERATOR_UNKNOWN, found }] };
  }
  const findings = judgeOperatorUpgrade(operatorStep(site, to));
  if (findings.length > 0) return { steps: [], findings };
  site.operator = to;
  const machine = { kind: 'operator', name: plan.name, product: to.product } as const;
  return {
    steps: [{ target: machine, action: 'update', from: from.version, to: to.version, why: reason }],
    findings,
  };
}

/** Hosted clusters that keep the operator from its next version, each by itself. */
export function hostedInTheWay(site: Site, target: Target): readonly HostedState[] {
  const to = whyOperator(site, target) === undefined ? undefined : successor(site.operator, target);
  if (to === undefined) return [];
  const alone = (hosted: readonly HostedState[]): number =>
    judgeOperatorUpgrade(operatorStep({ ...site, hosted }, to)).length;
  return site.hosted.filter((hosted) => alone([hosted]) > alone([]));
}

/** Rules that let a step pass once the operator is updated. */
export const BY_OPERATOR: ReadonlySet<string> = new Set([
  'management-cluster.not-in-matrix',
  'hosted-cluster.above-operator',
  'hosted-cluster.not-in-matrix',
  'node-pool.above-operator',
]);

/** What the operator of now stands in the way of, in a sentence; undefined when it does not. */
function whyOperator(site: Site, target: Target): string | undefined {
  const { version, operator } = site;
  if (target.isAheadOf(version)) {
    const step = managementStep(site, target.afterOfManagement(version));
    const found = judgeManagementClusterUpgrade(step).find(({ rule }) => BY_OPERATOR.has(rule.id));
    if (found !== undefined) return found.found;
  }
  for (const hosted of site.hosted) {
    if (!target.isAheadOf(hosted.release)) continue;
    const to = target.after(hosted.release);
    const latest = windowOf(operator, hosted.plan.platform)?.latest;
    if (latest === undefined || minorOf(to)! <= latest) continue;
    const found = judgeHostedClusterUpgrade(hostedStep(site, hosted, to));
    const reason = found.find(({ rule }) => BY_OPERATOR.has(rule.id));
    if (
      reason !== undefined &&
      found.every(({ rule }) => BY_OPERATOR.has(rule.id) || rule.where === 'condition')
    )
      return reason.found;
  }
  return undefined;
}

/** The next multicluster engine of the table; of HyperShift operators the one of the target. */
function successor({ product, version }: OperatorPlan, target: Target): OperatorPlan | undefined {
  if (product === 'HyperShift') return { product, version: target.text };
  const known = mceRelease(version);
  const next = known && MCE_RELEASES[MCE_RELEASES.indexOf(known) + 1];
  return next && { product, version: next.version };
}
