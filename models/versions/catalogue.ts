/** Every rule there is, by when it is asked. */
import {
  HOSTED_CLUSTER_RULES,
  MANAGEMENT_CLUSTER_RULES,
  NETWORK_RULES,
  NODE_POOL_RULES,
  OPERATOR_RULES,
} from './judge.ts';
import type { RuleText, Where } from './rule.ts';
import { SKEW_RULES } from './skew.ts';

export interface RuleGroup {
  readonly when: string;
  readonly rules: readonly RuleText[];
}

export const RULE_GROUPS: readonly RuleGroup[] = [
  { when: 'A hosted cluster is told another release', rules: HOSTED_CLUSTER_RULES },
  { when: 'A node pool is told another release', rules: NODE_POOL_RULES },
  { when: 'A management cluster is told another version', rules: MANAGEMENT_CLUSTER_RULES },
  { when: 'An operator is updated', rules: OPERATOR_RULES },
  { when: 'The control plane of OVN-Kubernetes goes to its next release', rules: NETWORK_RULES },
  { when: 'What runs at one moment', rules: SKEW_RULES },
];

/** Who enforces a rule, in a few words. */
export const ENFORCED: Readonly<Record<Where, string>> = {
  reconcile: 'an operator refuses and does no more for the object',
  condition: 'a condition says so, all else goes on',
  cli: 'the command line refuses, the API does not',
  policy: 'documented, nobody stops it',
};
