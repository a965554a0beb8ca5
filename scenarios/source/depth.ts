import type { CST } from 'yaml';

/** Maps and lists within each other. Real manifests stay below 30; beyond a few thousand readers run out of stack. */
export const DEEPEST = 200;

/** Offset of the first map or list that lies deeper than any may; undefined when none does. Never recurses itself. */
export function tooDeep(token: CST.Token): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [{ token, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > DEEPEST) return token.offset;
    // The last child is looked at first, so that children come in reverse.
    for (const child of childrenOf(token).toReversed())
      open.push({ token: child, depth: 'items' in child ? depth + 1 : depth });
  }
  return undefined;
}

function childrenOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}
