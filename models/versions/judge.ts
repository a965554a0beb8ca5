/** What the rules say about one step. Called at the moment at which the product itself looks; `rule.where` says what happens then. */
import type {
  HostedClusterUpgrade,
  ManagementClusterUpgrade,
  NodePoolUpgrade,
  OperatorUpgrade,
} from './facts.ts';
import { type Finding, findings } from './rule.ts';
import { HOSTED_GATE } from './rules/hosted-gate.ts';
import { HOSTED_POLICY } from './rules/hosted-policy.ts';
import { HOSTED_RELEASE } from './rules/hosted-release.ts';
import { MANAGEMENT } from './rules/management.ts';
import { OPERATOR_RULES } from './rules/operator.ts';
import { type NetworkUpgrade, OVN_CONTROL_PLANE_WAITS } from './rules/ovn.ts';
import { POOL_RELEASE } from './rules/pool-release.ts';
import { POOL_SKEW } from './rules/pool-skew.ts';

export type {
  HostedClusterUpgrade,
  ManagementClusterUpgrade,
  NodePoolUpgrade,
  OperatorUpgrade,
} from './facts.ts';
export { type Finding, stops, textOf, type Verdict, verdictOf } from './rule.ts';
export type { NetworkUpgrade } from './rules/ovn.ts';

/** Rules of a step, in the order in which they are looked at. */
export const HOSTED_CLUSTER_RULES = [...HOSTED_RELEASE, ...HOSTED_GATE, ...HOSTED_POLICY];
export const NODE_POOL_RULES = [...POOL_RELEASE, ...POOL_SKEW];
export const MANAGEMENT_CLUSTER_RULES = MANAGEMENT;
export const NETWORK_RULES = [OVN_CONTROL_PLANE_WAITS];
export { OPERATOR_RULES };

export function judgeHostedClusterUpgrade(step: HostedClusterUpgrade): readonly Finding[] {
  return findings(HOSTED_CLUSTER_RULES, step);
}

export function judgeNodePoolUpgrade(step: NodePoolUpgrade): readonly Finding[] {
  return findings(NODE_POOL_RULES, step);
}

export function judgeManagementClusterUpgrade(step: ManagementClusterUpgrade): readonly Finding[] {
  return findings(MANAGEMENT_CLUSTER_RULES, step);
}

export function judgeOperatorUpgrade(step: OperatorUpgrade): readonly Finding[] {
  return findings(OPERATOR_RULES, step);
}

/** Before the control plane of OVN-Kubernetes of a cluster goes to its next release. */
export function judgeNetworkUpgrade(step: NetworkUpgrade): readonly Finding[] {
  return findings(NETWORK_RULES, step);
}
