/** What became of the versions that run side by side: for clusters where they changed, or break a rule. */
import type { SkewResult } from '../../sim/result.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import { kubernetesMinor } from '../versions/releases.ts';
import type { Subject } from '../versions/rule.ts';
import { SKEW_RULES } from '../versions/skew.ts';
import type { SkewRule } from '../versions/skew-rule.ts';
import type { SkewRecorder, VersionStep } from './skew-recorder.ts';

/** Whose versions stay apart when a rollout is over. */
const OF_NODES: ReadonlySet<Subject> = new Set<Subject>(['kubelet', 'kube-proxy', 'OVN-Kubernetes']);

const ruleOf = (id: string): SkewRule => SKEW_RULES.find((rule) => rule.id === id)!;

export function skewResults(fleet: BuiltFleet, recorder: SkewRecorder): SkewResult[] {
  const { upgrades, nodePools } = fleet.world;
  const name = (release: VersionStep['oldest']): string => upgrades.releases.name(release);
  const clusters = [...fleet.hostedClusters.values(), ...fleet.managementClusters.values()];
  return clusters.flatMap((cluster) => {
    const { steps, nearest } = recorder.history(cluster);
    const violations = recorder.violations(cluster);
    if (violations.length === 0 && steps.every(({ at }) => at === 0)) return [];
    return [
      {
        labels: fleet.labelsOf(cluster),
        steps: steps.map(({ at, part, pool, oldest, newest }) => ({
          at,
          part,
          ...(pool === undefined ? {} : { nodePool: nodePools.names[pool]! }),
          oldest: name(oldest),
          newest: name(newest),
        })),
        apart: apart(steps, name),
        nearest: nearest.map(({ rule, left, at }) => ({
          rule,
          ofNodes: OF_NODES.has(ruleOf(rule).subject),
          left,
          at,
        })),
        violations: violations.map(({ rule, ...span }) => ({
          rule,
          statement: ruleOf(rule).statement,
          ...span,
        })),
      },
    ];
  });
}

/** Minors between the oldest and the newest part, whenever that changes. Operators have versions of their own. */
function apart(
  steps: readonly VersionStep[],
  name: (release: VersionStep['oldest']) => string,
): SkewResult['apart'] {
  const running = new Map<string, VersionStep>();
  const found: { at: VersionStep['at']; minors: number }[] = [];
  for (const step of steps) {
    if (step.part === 'operator') continue;
    running.set(`${step.part}/${step.pool ?? ''}`, step);
    const minors = [...running.values()]
      .flatMap(({ oldest, newest }) => [oldest, newest])
      .flatMap((release) => kubernetesMinor(name(release)) ?? []);
    const distance = minors.length === 0 ? 0 : Math.max(...minors) - Math.min(...minors);
    const last = found.at(-1);
    if (last?.at === step.at) last.minors = distance;
    else if (last?.minors !== distance) found.push({ at: step.at, minors: distance });
  }
  return found;
}
