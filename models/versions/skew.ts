/** What may run beside what, for the versions that run at one moment. */
import { CONTROLLERS } from './rules/controllers.ts';
import { KUBE_APISERVER } from './rules/kube-apiserver.ts';
import { KUBE_PROXY } from './rules/kube-proxy.ts';
import { KUBELET } from './rules/kubelet.ts';
import { OVN } from './rules/ovn.ts';
import type { RunningVersions, SkewRule } from './skew-rule.ts';

export type { NodeVersions, RunningVersions } from './skew-rule.ts';

export const SKEW_RULES: readonly SkewRule[] = [
  ...KUBE_APISERVER,
  ...CONTROLLERS,
  ...KUBELET,
  ...KUBE_PROXY,
  ...OVN,
];

/** A rule and how far the versions that run are from breaking it. */
export interface SkewMargin {
  readonly rule: SkewRule;
  /** Minors left; below 0 the rule is broken. */
  readonly left: number;
}

/** Every rule that has something to say about what runs, with the minors left until it is broken, in the order of the rules. */
export function skewMargins(running: RunningVersions): readonly SkewMargin[] {
  const margins: SkewMargin[] = [];
  for (const rule of SKEW_RULES) {
    const left = rule.left(running);
    if (left !== undefined) margins.push({ rule, left });
  }
  return margins;
}
