import { z } from 'zod';
import { fleetDocument } from './fleet.ts';
import { gateSetDocument } from './gates.ts';
import { scenarioDocument } from './scenario.ts';

const DOCUMENTS = { Scenario: scenarioDocument, Fleet: fleetDocument, GateSet: gateSetDocument } as const;

export type SchemaKind = keyof typeof DOCUMENTS;
export const SCHEMA_KINDS = Object.keys(DOCUMENTS) as readonly SchemaKind[];

/** JSON Schema (draft-07) of one kind, or of any document when no kind is given: what editors check and complete by. */
export function jsonSchema(kind?: SchemaKind): Record<string, unknown> {
  const schema =
    kind === undefined ? z.union([scenarioDocument, fleetDocument, gateSetDocument]) : DOCUMENTS[kind];
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
}
