/** Finding documents: what kind each is, what it extends, what it refers to. */
import type { ProblemCode } from './errors/codes.ts';
import { didYouMean, listed, nearest } from './errors/suggest.ts';
import { isManifestKind, MANIFEST_KINDS } from './manifests/objects.ts';
import { checkAndMend } from './schema/check.ts';
import { API_VERSION } from './schema/document.ts';
import { fleetDocument } from './schema/fleet.ts';
import { gateSetDocument } from './schema/gates.ts';
import { scenarioDocument } from './schema/scenario.ts';
import { Cursor } from './source/cursor.ts';
import { describe, find, type Located, textAt } from './source/located.ts';
import { mergeDocuments, withKey, withoutKey } from './source/merge.ts';
import { resolvePath } from './source/reader.ts';
import type { Blame, SourceStore } from './source/store.ts';

const KINDS = ['Scenario', 'Fleet', 'GateSet'] as const;
export type Kind = (typeof KINDS)[number];

/** Kinds that the format has and this version does not run. */
const LATER_KINDS: readonly string[] = ['Sweep'];

/** A Scenario, a Fleet, a GateSet, an object of a real cluster, or something unusable (reported). */
export type Sort = Kind | 'manifest' | 'unusable';

/** Sorts a document by its kind and apiVersion. */
export function sortOf(root: Located, store: SourceStore): Sort {
  const cursor = new Cursor(root, root.at, store.problems);
  const kind = textAt(root, 'kind');
  const version = textAt(root, 'apiVersion');
  if (root.type !== 'map' || kind === undefined) {
    const found = root.type === 'map' ? 'a document without kind' : describe(root);
    return unusable(
      root.type === 'map' ? cursor.to('kind') : cursor,
      'not-a-document',
      found,
      expectedKinds(),
    );
  }
  if (LATER_KINDS.includes(kind)) {
    return unusable(
      cursor.to('kind'),
      'not-simulated',
      `kind ${kind} is not simulated by this version`,
      KINDS.join(', '),
    );
  }
  if ((KINDS as readonly string[]).includes(kind)) {
    if (version === API_VERSION) return kind as Kind;
    reportVersion(cursor, kind, version);
    checkBody(root, kind as Kind, store);
    return 'unusable';
  }
  // Objects of a kind that is not read may still stand beside some that are.
  const ours = version === undefined || version.startsWith(API_GROUP);
  if (isManifestKind(kind) || !ours) return 'manifest';
  const hint = didYouMean(kind, [...KINDS, ...MANIFEST_KINDS]);
  const meant = nearest(kind, KINDS);
  if (meant !== undefined) {
    if (version !== API_VERSION) reportVersion(cursor, meant, version);
    checkBody(root, meant as Kind, store);
  }
  return unusable(cursor.to('kind'), 'unknown-kind', `unknown kind "${kind}"`, expectedKinds(), hint);
}

const API_GROUP = API_VERSION.slice(0, API_VERSION.indexOf('/') + 1);

function reportVersion(cursor: Cursor, kind: string, version: string | undefined): void {
  const found = version === undefined ? `${kind} without apiVersion` : `${kind} of ${version}`;
  cursor.to('apiVersion').report('unknown-api-version', { found, expected: API_VERSION });
}

/** What else is wrong with a document whose head is, as far as its schema tells; one that extends another may leave things out. */
function checkBody(root: Located, kind: Kind, store: SourceStore): void {
  if (find(root, ['spec', 'extends']) !== undefined || find(root, ['extends']) !== undefined) return;
  const head: readonly [string, string][] = [
    ['apiVersion', API_VERSION],
    ['kind', kind],
  ];
  const mended = head.reduce(
    (at, [key, value]) => withKey(at, key, { type: 'scalar', at: root.at, value, source: value }),
    root,
  );
  checkAndMend(DOCUMENTS[kind], new Cursor(mended, root.at, store.problems));
}

const DOCUMENTS = { Scenario: scenarioDocument, Fleet: fleetDocument, GateSet: gateSetDocument } as const;

function expectedKinds(): string {
  return listed([...KINDS, ...MANIFEST_KINDS]);
}

function unusable(place: Cursor, code: ProblemCode, found: string, expected: string, hint = ''): 'unusable' {
  place.report(code, { found, expected, hint });
  return 'unusable';
}

/** A file named inside a document: its path, and a way to blame the place that names it. */
export function reference(cursor: Cursor): { readonly path: string; readonly blame: Blame } | undefined {
  const { node } = cursor;
  if (node?.type !== 'scalar' || typeof node.value !== 'string') return undefined;
  // Overrides from the command line are relative to where the command runs.
  const from = node.at.file.startsWith('--') ? '' : node.at.file;
  const blame: Blame = (code, found, expected) => cursor.report(code, { found, expected });
  return { path: resolvePath(from, node.value), blame };
}

/** The one document of a kind in a file that another document refers to. */
export function referred(kind: Kind, cursor: Cursor, store: SourceStore): Located | undefined {
  const all = allReferred(kind, cursor, store);
  if (all !== undefined && all.length > 1) {
    const names = all.map((root) => textAt(root, 'metadata', 'name') ?? '?');
    cursor.report('ambiguous-reference', {
      found: `${all.length} documents of kind ${kind}: ${listed(names)}`,
      expected: `a file with one document of kind ${kind}`,
      hint: 'move it to a file of its own',
    });
    return undefined;
  }
  return all?.[0];
}

/** Every document of a kind in a file that another document refers to; at least one, or undefined after reporting. */
export function allReferred(kind: Kind, cursor: Cursor, store: SourceStore): readonly Located[] | undefined {
  const named = reference(cursor);
  const documents = named === undefined ? undefined : store.documents(named.path, named.blame);
  if (documents === undefined) return undefined;
  const wanted = documents.filter((root) => sortOf(root, store) === kind);
  if (wanted.length > 0) return wanted;
  cursor.report('wrong-kind', {
    found: `${named?.path} holds ${listed(new Set(documents.map((root) => textAt(root, 'kind') ?? 'something else')))}`,
    expected: `a document of kind ${kind}`,
  });
  return undefined;
}

/** The document laid over what it extends, down the whole chain; undefined after reporting a chain that breaks. */
export function extended(root: Located, kind: Kind, store: SourceStore): Located | undefined {
  return follow(root, kind, store, []);
}

function follow(
  root: Located,
  kind: Kind,
  store: SourceStore,
  chain: readonly Located[],
): Located | undefined {
  const cursor = extendsOf(root, store);
  if (cursor === undefined) return root;
  if (cursor.node?.type !== 'list' || cursor.node.items.length !== 1) return root;
  const base = referred(kind, cursor.to(0), store);
  if (base === undefined) return undefined;
  if (base === root || chain.includes(base)) {
    cursor.to(0).report('reference-cycle', {
      found: `extends leads back to ${base.at.file}`,
      expected: 'a chain of documents that ends',
    });
    return undefined;
  }
  const below = follow(base, kind, store, [...chain, root]);
  return below === undefined ? undefined : mergeDocuments(withoutExtends(below), withoutExtends(root));
}

/** `extends` stands beside `spec` or in it, not both. */
function extendsOf(root: Located, store: SourceStore): Cursor | undefined {
  const cursor = new Cursor(root, root.at, store.problems);
  const outside = cursor.to('extends');
  const inside = cursor.to('spec', 'extends');
  if (outside.node !== undefined && inside.node !== undefined) {
    inside.reportKey('conflicting-keys', {
      found: 'extends beside spec and in it',
      expected: 'extends once',
    });
  }
  const given = outside.node === undefined ? inside : outside;
  return given.node === undefined ? undefined : given;
}

function withoutExtends(root: Located): Located {
  const spec = find(root, ['spec']);
  const bare = withoutKey(root, 'extends');
  if (bare.type !== 'map' || spec === undefined) return bare;
  const entries = new Map(bare.entries);
  entries.set('spec', { at: bare.entries.get('spec')!.at, value: withoutKey(spec, 'extends') });
  return { ...bare, entries };
}
