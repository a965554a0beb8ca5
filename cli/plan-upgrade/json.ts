/** A plan of upgrades as one JSON document. */
import type { UpgradePlan } from '../../models/versions/plan/steps.ts';
import type { Finding } from '../../models/versions/rule.ts';
import { version } from '../../package.json' with { type: 'json' };

export function planJson({ fleet, to, stages, refused, nearest, notes }: UpgradePlan): string {
  const document = {
    schema: 'hcpsim.upgrade-plan/v1',
    hcpsim: version,
    fleet,
    to,
    reached: refused.length === 0,
    ...(nearest === undefined ? {} : { nearest }),
    stages,
    refused: refused.map((one) => ({ ...one, findings: one.findings.map(flat) })),
    notes,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function flat({ rule: { id, subject, where, statement, source, remedy }, found }: Finding) {
  return { rule: id, subject, where, found, statement, source, ...(remedy === undefined ? {} : { remedy }) };
}
