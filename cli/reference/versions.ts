/** The page of docs/ on versions: releases, operators, and every rule with who enforces it and where it comes from. */
import { ENFORCED, RULE_GROUPS } from '../../models/versions/catalogue.ts';
import { MCE_RELEASES, type Range } from '../../models/versions/operators.ts';
import { RELEASES } from '../../models/versions/releases.ts';
import type { RuleText } from '../../models/versions/rule.ts';
import { table } from './markdown.ts';

export const VERSIONS_INTRO =
  'What may run beside what, and which steps of an upgrade are legal. Every rule says who enforces it:';

export function versionsParts(): readonly string[] {
  return [
    table(
      ['where', 'means'],
      Object.entries(ENFORCED).map(([where, means]) => [`\`${where}\``, means]),
    ),
    ...RULE_GROUPS.flatMap(({ when, rules }) => [`## ${when}`, rulesTable(rules)]),
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
    ['rule', 'where', 'statement', 'what frees the way', 'source'],
    rules.map(({ id, where, statement, remedy = '', source }) => [
      `\`${id}\``,
      where,
      statement,
      remedy,
      source,
    ]),
  );
}

function span({ from, to }: Range): string {
  return from === to ? from : `${from} to ${to}`;
}
