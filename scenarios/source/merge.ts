import type { Entry, Located } from './located.ts';

/** Lays one document over another: maps merge key by key, everything else (lists too) is replaced. */
export function mergeDocuments(base: Located, over: Located): Located {
  if (base.type !== 'map' || over.type !== 'map') return over;
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const below = base.entries.get(key);
    const value = below === undefined ? entry.value : mergeDocuments(below.value, entry.value);
    entries.set(key, { at: entry.at, value });
  }
  return { type: 'map', at: over.at, entries };
}

/** The map without one key; anything else unchanged. */
export function withoutKey(node: Located, key: string): Located {
  if (node.type !== 'map' || !node.entries.has(key)) return node;
  const entries = new Map(node.entries);
  entries.delete(key);
  return { ...node, entries };
}

/** The map with one value put in place (key and value at the value's position when the key is new). */
export function withKey(node: Located, key: string, value: Located): Located {
  if (node.type !== 'map') return node;
  const at = node.entries.get(key)?.at ?? value.at;
  return { ...node, entries: new Map(node.entries).set(key, { at, value }) };
}
