import type { Position } from '../errors/problem.ts';

/**
 * A document as a tree in which every key and value knows where it was written. Trees of several files can be merged
 * (`extends`, `--set`) and still point each mistake to its own line.
 */
export type Located = LocatedMap | LocatedList | LocatedScalar;

export interface LocatedMap {
  readonly type: 'map';
  readonly at: Position;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  /** Position of the key. */
  readonly at: Position;
  readonly value: Located;
}

export interface LocatedList {
  readonly type: 'list';
  readonly at: Position;
  readonly items: readonly Located[];
}

export interface LocatedScalar {
  readonly type: 'scalar';
  readonly at: Position;
  readonly value: string | number | boolean | null;
  /** As written, without quotes: `4.20` stays `4.20`. */
  readonly source: string;
}

export type PathKey = string | number;

/** The child under a key or index, or undefined. */
export function child(node: Located | undefined, key: PathKey): Located | undefined {
  if (node?.type === 'map') return node.entries.get(String(key))?.value;
  if (node?.type === 'list') return node.items[Number(key)];
  return undefined;
}

/** The node at a path, or undefined. */
export function find(node: Located | undefined, path: readonly PathKey[]): Located | undefined {
  return path.reduce<Located | undefined>(child, node);
}

/** The text of a scalar string at a path, or undefined. */
export function textAt(node: Located | undefined, ...path: PathKey[]): string | undefined {
  const found = find(node, path);
  return found?.type === 'scalar' && typeof found.value === 'string' ? found.value : undefined;
}

/** Plain JavaScript data. */
export function plain(node: Located): unknown {
  if (node.type === 'scalar') return node.value;
  if (node.type === 'list') return node.items.map(plain);
  const object: Record<string, unknown> = {};
  for (const [key, entry] of node.entries) {
    // Plain assignment to __proto__ would set the prototype instead of a key.
    Object.defineProperty(object, key, {
      value: plain(entry.value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return object;
}

/** What stands there, in a few words for a message. */
export function describe(node: Located | undefined): string {
  if (node === undefined) return 'nothing';
  if (node.type === 'map') return node.entries.size === 0 ? 'an empty map' : 'a map';
  if (node.type === 'list') return node.items.length === 0 ? 'an empty list' : 'a list';
  if (node.value === null) return 'nothing (null)';
  const text = node.source.length > 60 ? `${node.source.slice(0, 57)}...` : node.source;
  if (typeof node.value === 'string') return `"${text}"`;
  return typeof node.value === 'number' ? `the number ${text}` : text;
}
