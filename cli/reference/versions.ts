/** The page of docs/ on versions: releases, operators, and every rule with who enforces it and where it comes from. */
import {
  HOSTED_CLUSTER_RULES,
  MANAGEMENT_CLUSTER_RULES,
  NETWORK_RULES,
  NODE_POOL_RULES,
  OPERATOR_RULES,
} from '../../models/versions/judge.ts';
import { MCE_RELEASES, type Range } from '../../models/versions/operators.ts';
import { RELEASES } from '../../models/versions/releases.ts';
import type { RuleText } from '../../models/versions/rule.ts';
import { SKEW_RULES } from '../../models/versions/skew.ts';
import { table } from './markdown.ts';

const ENFORCED: Readonly<Record<RuleText['where'], string>> = {
  reconcile: 'an operator refuses and does no more for the object',
  condition: 'a condition says so, all else goes on',
  cli: 'the command line refuses, the API does not',
  policy: 'documented, nobody stops it',
};

export const VERSIONS_INTRO =
  'What may run beside what, and which steps of an upgrade are legal. Every rule says who enforces it:';

export function versionsParts(): readonly string[] {
  const groups: readonly (readonly [string, readonly RuleText[]])[] = [
    ['A hosted cluster is told another release', HOSTED_CLUSTER_RULES],
    ['A node pool is told another release', NODE_POOL_RULES],
    ['A management cluster is told another version', MANAGEMENT_CLUSTER_RULES],
    ['An operator is updated', OPERATOR_RULES],
    ['The control plane of OVN-Kubernetes goes to its next release', NETWORK_RULES],
    ['What runs at one moment', SKEW_RULES],
  ];
  return [
    table(
      ['where', 'means'],
      Object.entries(ENFORCED).map(([where, means]) => [`\`${where}\``, means]),
    ),
    ...groups.flatMap(([title, rules]) => [`## ${title}`, rulesTable(rules)]),
    '## Releases',
    table(
      ['OpenShift', 'Kubernetes', 'source'],
      RELEASES.map(({ name, kubernetes, source }) => [name, `1.${kubernetes}`, source]),
    ),
    '## Multicluster engine',
    'Versions that are missing here are missing in the documents. A multicluster engine brings the HyperShift operator of its newest hosted minor.',
    table(
      ['MCE', 'runs on', 'hosts', 'hosted clusters during the update to it', 'source'],
      MCE_RELEASES.map((mce) => [
        mce.version,
        span(mce.management),
        span(mce.hosted),
        mce.duringUpdate === undefined ? 'not said' : span(mce.duringUpdate),
        mce.source,
      ]),
    ),
  ];
}

function rulesTable(rules: readonly RuleText[]): string {
  return table(
    ['rule', 'where', 'statement', 'source'],
    rules.map(({ id, where, statement, source }) => [`\`${id}\``, where, statement, source]),
  );
}

function span({ from, to }: Range): string {
  return from === to ? from : `${from} to ${to}`;
}
