import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Parser,
  type Scalar,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { Position, Problems } from '../errors/problem.ts';
import { DEEPEST, tooDeep } from './depth.ts';
import { Lines } from './lines.ts';
import type { Entry, Located, LocatedScalar } from './located.ts';

/** Values that aliases may add to a document. Real files stay far below; a "billion laughs" file far above. */
const ALIAS_LIMIT = 10_000;

/** Reads every document of a text, reporting all syntax errors. Documents that cannot be read are left out. */
export function readYaml(file: string, text: string, problems: Problems): readonly Located[] {
  const lines = new Lines(file, text);
  const tokens = [...new Parser().parse(text)];
  for (const token of tokens) {
    const offset = tooDeep(token);
    if (offset === undefined) continue;
    problems.report('nested-too-deep', lines.position(offset), '', {
      found: `maps and lists nested more than ${DEEPEST} deep`,
      expected: `at most ${DEEPEST} maps and lists within each other`,
    });
    return [];
  }
  return [...new Composer({ merge: true }).compose(tokens)].flatMap((document) => {
    const usable = reportSyntax(document, lines, problems);
    if (!usable || document.contents === null) return [];
    const converter = new Converter(lines, problems);
    const root = converter.convert(document.contents);
    // Values left out beyond the limit of aliases would be missed everywhere.
    return isNothing(root) || converter.beyondAliases ? [] : [root];
  });
}

function isNothing(node: Located): boolean {
  return node.type === 'scalar' && node.value === null;
}

/** @returns false when the document is too broken to look further. */
function reportSyntax(document: Document, lines: Lines, problems: Problems): boolean {
  let usable = true;
  for (const [error, at] of ownErrors(document, lines)) {
    if (error.code === 'DUPLICATE_KEY') {
      problems.report('duplicate-key', at, '', {
        found: 'a key that the same map already has',
        expected: 'each key once in a map',
      });
    } else {
      usable = false;
      problems.report('yaml-syntax', at, '', { found: error.message, expected: 'valid YAML or JSON' });
    }
  }
  return usable;
}

/** The errors of a document with their places, without those that a tab used as indentation brings about. */
function ownErrors(document: Document, lines: Lines): readonly (readonly [YAMLError, Position])[] {
  const errors = [...document.errors, ...document.warnings].map(
    (error) => [error, lines.position(error.pos[0])] as const,
  );
  const tabs = errors.filter(([{ code }]) => code === 'TAB_AS_INDENT').map(([, { line }]) => line);
  const first = Math.min(...tabs);
  return errors.filter(([{ code }, { line }]) => line < first || code === 'TAB_AS_INDENT');
}

class Converter {
  readonly #lines: Lines;
  readonly #problems: Problems;
  readonly #anchors = new Map<string, Located>();
  readonly #sizes = new Map<Located, number>();
  #aliased = 0;

  constructor(lines: Lines, problems: Problems) {
    this.#lines = lines;
    this.#problems = problems;
  }

  /** True when aliases have added more values than any document may have. */
  get beyondAliases(): boolean {
    return this.#aliased > ALIAS_LIMIT;
  }

  convert(node: Node | null): Located {
    if (isAlias(node)) return this.#alias(node);
    const located = this.#plain(node);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, located);
    return located;
  }

  #plain(node: Node | null): Located {
    const at = this.#position(node);
    if (isMap(node)) return { type: 'map', at, entries: this.#entries(node) };
    if (isSeq(node)) {
      return { type: 'list', at, items: node.items.map((item) => this.convert(item as Node | null)) };
    }
    return isScalar(node) ? this.#scalar(node, at) : { type: 'scalar', at, value: null, source: '' };
  }

  #scalar(node: Scalar, at: Position): LocatedScalar {
    const value = node.value;
    const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const source = node.source ?? String(value ?? '');
    return { type: 'scalar', at, value: known ? value : null, source };
  }

  #entries(map: YAMLMap): ReadonlyMap<string, Entry> {
    const own = new Map<string, Entry>();
    const merged: Located[] = [];
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const key = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value ?? '')) : undefined;
      const at = this.#position(pair.key);
      if (key === undefined) {
        const found = 'a key that is a list, a map or an alias';
        this.#problems.report('yaml-syntax', at, '', { found, expected: 'plain keys' });
        continue;
      }
      // A missing value (`key:`) has no range of its own: point to the key.
      const value = pair.value === null ? this.#nothing(at) : this.convert(pair.value);
      if (key === '<<') merged.push(...(value.type === 'list' ? value.items : [value]));
      else own.set(key, { at, value });
    }
    return withMerged(own, merged);
  }

  #nothing(at: Position): LocatedScalar {
    return { type: 'scalar', at, value: null, source: '' };
  }

  #alias(alias: Alias): Located {
    const at = this.#position(alias);
    const target = this.#anchors.get(alias.source);
    if (target === undefined) {
      const found = `*${alias.source}`;
      this.#problems.report('unknown-alias', at, '', {
        found,
        expected: `an anchor &${alias.source} completed before this alias`,
      });
      return this.#nothing(at);
    }
    const before = this.#aliased;
    this.#aliased += this.#size(target);
    if (this.#aliased <= ALIAS_LIMIT) return target;
    if (before <= ALIAS_LIMIT) {
      this.#problems.report('alias-limit', at, '', {
        found: `aliases that add more than ${ALIAS_LIMIT} values`,
        expected: `at most ${ALIAS_LIMIT} values through aliases`,
        hint: 'write the values out, or use count and extends',
      });
    }
    return this.#nothing(at);
  }

  /** Values in a subtree; shared subtrees are counted as often as they appear but visited once. */
  #size(node: Located): number {
    const known = this.#sizes.get(node);
    if (known !== undefined) return known;
    const children =
      node.type === 'map'
        ? [...node.entries.values()].map((e) => e.value)
        : node.type === 'list'
          ? node.items
          : [];
    const size = children.reduce((sum, item) => sum + this.#size(item), 1);
    this.#sizes.set(node, size);
    return size;
  }

  #position(node: Node | null): Position {
    return this.#lines.position(node?.range?.[0] ?? 0);
  }
}

/** `<<`: keys of the merged maps that the map itself does not have; earlier maps win. */
function withMerged(own: Map<string, Entry>, merged: readonly Located[]): ReadonlyMap<string, Entry> {
  for (const map of merged) {
    if (map.type !== 'map') continue;
    for (const [key, entry] of map.entries) if (!own.has(key)) own.set(key, entry);
  }
  return own;
}
