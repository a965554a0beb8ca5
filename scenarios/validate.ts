/** Checks files without running anything: each document by its kind, everything it names included. */
import { parameterValues } from '../models/parameters.ts';
import { extended, sortOf } from './documents.ts';
import type { Sources } from './errors/format.ts';
import { type Problem, Problems } from './errors/problem.ts';
import { listed } from './errors/suggest.ts';
import { buildFleet } from './fleet/build.ts';
import { loadFleet } from './fleet/load.ts';
import { isUsable, MANIFEST_KINDS, readObjects, reportUseless } from './manifests/objects.ts';
import { loadScenario, readGateSet } from './scenario.ts';
import { checkAndMend } from './schema/check.ts';
import { fleetDocument, fleetSpec } from './schema/fleet.ts';
import { Cursor } from './source/cursor.ts';
import { find, type Located, textAt } from './source/located.ts';
import type { FileReader } from './source/reader.ts';
import { SourceStore } from './source/store.ts';

/** What a file turned out to hold: `Scenario zone-loss`, `2 NodePool`. */
export interface Contents {
  readonly file: string;
  readonly holds: readonly string[];
  readonly notes: readonly string[];
}

export interface Validated {
  readonly files: readonly Contents[];
  readonly problems: readonly Problem[];
  readonly sources: Sources;
}

export function validateFiles(paths: readonly string[], reader: FileReader): Validated {
  const problems = new Problems();
  const store = new SourceStore(reader, problems);
  const files = paths.map((path) => validateFile(path, store));
  return { files, problems: problems.sorted(), sources: store.sources };
}

function validateFile(path: string, store: SourceStore): Contents {
  const documents = store.documents(path);
  if (documents === undefined) return { file: path, holds: [], notes: [] };
  const sorted = documents.map((root) => ({ root, sort: sortOf(root, store) }));
  const of = (sort: string) => sorted.filter((one) => one.sort === sort).map((one) => one.root);
  const gateSets = of('GateSet');
  for (const root of gateSets) readGateSet(root, store);
  const notes = [
    ...of('Fleet').flatMap((root) => validateFleet(root, store)),
    ...of('Scenario').flatMap((root) => validateScenario(root, path, gateSets, store)),
    ...validateManifests(path, of('manifest'), store),
  ];
  return { file: path, holds: contents(documents), notes: [...new Set(notes)] };
}

function validateScenario(root: Located, path: string, gateSets: readonly Located[], store: SourceStore) {
  const loaded = loadScenario(root, path, gateSets, store, { overrides: [], seed: undefined });
  return loaded?.plan.fleet.notes ?? [];
}

/** Checks a Fleet document by itself. @returns the notes on its fleet. */
export function validateFleet(root: Located, store: SourceStore): readonly string[] {
  const merged = extended(root, 'Fleet', store);
  if (merged === undefined) return [];
  const cursor = new Cursor(merged, merged.at, store.problems);
  const checked = checkAndMend(fleetDocument, cursor);
  if (checked === undefined) return [];
  return loadFleet(checked.value.metadata.name, checked.value.spec, cursor.to('spec'), store).notes;
}

/** Manifests are right in themselves even when a fleet would still need nodes, or clusters from other files. */
function validateManifests(
  path: string,
  documents: readonly Located[],
  store: SourceStore,
): readonly string[] {
  const [first] = documents;
  if (first === undefined) return [];
  const read = readObjects(path, documents, store.problems);
  const cursor = new Cursor(first, first.at, store.problems);
  if (!isUsable(read)) {
    const expected = listed(['Scenario', 'Fleet', 'GateSet', ...MANIFEST_KINDS]);
    reportUseless(read, cursor.to('kind'), 'unknown-kind', expected);
    return [];
  }
  const nodePools = read.hostedClusters.length === 0 ? [] : read.nodePools;
  const spec = fleetSpec.parse({});
  return buildFleet(path, spec, cursor.to('spec'), [{ ...read, nodePools }], parameterValues()).notes;
}

function contents(documents: readonly Located[]): readonly string[] {
  const names = new Map<string, string[]>();
  for (const root of documents.flatMap(items)) {
    const kind = textAt(root, 'kind') ?? 'something else';
    names.set(kind, [...(names.get(kind) ?? []), textAt(root, 'metadata', 'name') ?? '']);
  }
  return [...names].map(([kind, all]) =>
    all.length === 1 ? `${kind} ${all[0]}`.trim() : `${all.length} ${kind}`,
  );
}

/** The items of a list, or the document itself. */
function items(root: Located): readonly Located[] {
  const list = find(root, ['items']);
  return textAt(root, 'kind')?.endsWith('List') && list?.type === 'list' ? list.items : [root];
}
