/** Ways through a schema along the path of a document: for messages, suggestions and typed overrides. */
import type { z } from 'zod';
import type { PathKey } from '../source/located.ts';

export type Schema = z.core.$ZodType;

interface AnyDef {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly options?: readonly Schema[];
}

function definition(schema: Schema): AnyDef {
  return schema._zod.def as unknown as AnyDef;
}

/** The alternatives of a schema with optional, default and the like taken off; one element unless it is a union. */
export function alternatives(schema: Schema): readonly Schema[] {
  const def = definition(schema);
  if (def.type === 'union') return (def.options ?? []).flatMap(alternatives);
  const inner = layers(schema).at(-1)!;
  return inner === schema ? [schema] : alternatives(inner);
}

/** `string`, `number`, `object`, `array`, `record`, `enum`, ... of one alternative. */
export function typeOf(schema: Schema): string {
  return definition(schema).type;
}

/** Keys that an object schema knows, or an empty list. */
export function knownKeys(schema: Schema | undefined): readonly string[] {
  if (schema === undefined) return [];
  return alternatives(schema).flatMap((one) => Object.keys(definition(one).shape ?? {}));
}

/** The schema of the value under a key, not yet freed of optional and default; undefined when there is none. */
export function schemaBelow(schema: Schema, key: PathKey): Schema | undefined {
  for (const one of alternatives(schema)) {
    const def = definition(one);
    if (def.type === 'object' && def.shape !== undefined && Object.hasOwn(def.shape, String(key))) {
      return def.shape[String(key)];
    }
    if (def.type === 'record') return def.valueType;
    if (def.type === 'array' && /^[0-9]+$/.test(String(key))) return def.element;
  }
  return undefined;
}

/** The schema at the end of a path, or undefined. */
export function schemaAt(schema: Schema, path: readonly PathKey[]): Schema | undefined {
  return path.reduce<Schema | undefined>((at, key) => (at === undefined ? at : schemaBelow(at, key)), schema);
}

/** The schema and what it wraps, outside in: optional, default and the like, down to a real type or a union. */
export function layers(schema: Schema): readonly Schema[] {
  const def = definition(schema);
  const inner =
    def.type === 'array' ? undefined : (def.innerType ?? (def.type === 'pipe' ? def.in : undefined));
  return inner === undefined ? [schema] : [schema, ...layers(inner)];
}
