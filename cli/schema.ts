/** The JSON Schema of what users write, for editors and other tools. */
import { didYouMean, listed } from '../scenarios/errors/suggest.ts';
import { jsonSchema, SCHEMA_KINDS, type SchemaKind } from '../scenarios/schema/json.ts';
import { EXIT, type ExitCode, UsageError } from './exit.ts';
import { put } from './terminal.ts';

/** @param kind undefined for one schema of all kinds. @throws UsageError for a kind that does not exist. */
export function schema(kind: string | undefined): ExitCode {
  put(schemaText(kind));
  return EXIT.ok;
}

export function schemaText(kind: string | undefined): string {
  const known = SCHEMA_KINDS.find((name) => name.toLowerCase() === kind?.toLowerCase());
  if (kind !== undefined && known === undefined) {
    const hint = didYouMean(kind, SCHEMA_KINDS);
    throw new UsageError(`no kind "${kind}"; kinds are ${listed(SCHEMA_KINDS)}${hint ? `; ${hint}` : ''}`);
  }
  return `${JSON.stringify(jsonSchema(known as SchemaKind | undefined), null, 2)}\n`;
}
