/** The maps of the file formats with their keys, read from the JSON Schemas that editors understand. */
import { jsonSchema } from '../../scenarios/schema/json.ts';

export interface SchemaNode {
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
}

/** A map and where it stands: `spec.campaigns[].stages[]`. */
export interface SchemaMap {
  readonly path: string;
  readonly node: SchemaNode;
}

/** The spec of a kind of document. */
export function specOf(kind: Parameters<typeof jsonSchema>[0]): SchemaNode | undefined {
  return property(jsonSchema(kind) as SchemaNode, 'spec');
}

/** A node and all maps below it, outside in; parameters and events have pages of their own. */
export function mapsBelow(node: SchemaNode, path: string): SchemaMap[] {
  const inner = Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    if (name === 'parameters' || name === 'events') return [];
    const target = mapOf(field);
    const list = field.items !== undefined || alternatives(field).some((one) => one.items !== undefined);
    return target === undefined ? [] : mapsBelow(target, `${path}.${name}${list ? '[]' : ''}`);
  });
  return [{ path, node }, ...inner];
}

/** The node of that property name, however deep in alternatives. */
export function property(node: SchemaNode | undefined, name: string): SchemaNode | undefined {
  return (
    node?.properties?.[name] ??
    alternatives(node)
      .map((one) => property(one, name))
      .find((found) => found !== undefined)
  );
}

/** What a value is, in words: its choices, `string`, `map`, `list of string`. */
export function typeOf(node: SchemaNode): string {
  if (node.enum) return node.enum.map(String).join(', ');
  if (node.items) return `list of ${typeOf(node.items)}`;
  const either = alternatives(node);
  if (either.length > 0) return [...new Set(either.map(typeOf))].join(' or ');
  return node.type === 'object' ? 'map' : (node.type ?? 'any');
}

function alternatives(node: SchemaNode | undefined): readonly SchemaNode[] {
  return node?.anyOf ?? node?.oneOf ?? [];
}

function mapOf(node: SchemaNode): SchemaNode | undefined {
  if (node.properties) return node;
  if (node.items) return mapOf(node.items);
  return alternatives(node)
    .map(mapOf)
    .find((found) => found !== undefined);
}
