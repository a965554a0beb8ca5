/** The way in: from paths to plans, or to every mistake in the files. */

import { type Sort, sortOf } from './documents.ts';
import type { Sources } from './errors/format.ts';
import { type Problem, Problems } from './errors/problem.ts';
import { listed } from './errors/suggest.ts';
import { type LoadedScenario, loadScenario, readGateSet, type Settings } from './scenario.ts';
import { readOverrides, SET_SOURCE } from './set.ts';
import { type Located, textAt } from './source/located.ts';
import type { FileReader } from './source/reader.ts';
import { SourceStore } from './source/store.ts';
import { validateFleet } from './validate.ts';

export type { LoadedScenario } from './scenario.ts';

export interface LoadOptions {
  readonly reader: FileReader;
  /** Wins over the seeds of the files. */
  readonly seed?: number | undefined;
  /** Overrides, `path=value`, laid over every scenario in their order. */
  readonly set?: readonly string[] | undefined;
}

export interface Loaded {
  /** Empty as soon as there is any problem: nothing runs half-understood. */
  readonly scenarios: readonly LoadedScenario[];
  /** Every mistake, by file and position. */
  readonly problems: readonly Problem[];
  /** Files that were checked and hold nothing to run, each with what it does hold. */
  readonly notes: readonly string[];
  /** Texts of what was read, by path, for code frames. */
  readonly sources: Sources;
}

/**
 * Loads every Scenario document of the files, in the order of paths and documents. Beside files with scenarios there may be some
 * that hold only fleets and gates, as `*.yaml` of one folder does: they are checked and noted. Alone they are a mistake.
 */
export function loadScenarios(paths: readonly string[], options: LoadOptions): Loaded {
  const problems = new Problems();
  const store = new SourceStore(options.reader, problems);
  const written = options.set ?? [];
  if (written.length > 0) store.sources.set(SET_SOURCE, written.join('\n'));
  const settings: Settings = { overrides: readOverrides(written, problems), seed: options.seed };
  const files = paths.flatMap((path) => sortedFile(path, store) ?? []);
  const bystanders = files.some(mayRun) ? files.filter(isBystander) : [];
  const scenarios = files.flatMap((file) =>
    bystanders.includes(file) ? [] : scenariosOf(file, store, settings),
  );
  const notes = bystanders.map((file) => checkBystander(file, store));
  return {
    scenarios: problems.count === 0 ? scenarios : [],
    problems: problems.sorted(),
    notes,
    sources: store.sources,
  };
}

interface SortedFile {
  readonly path: string;
  readonly documents: readonly { readonly root: Located; readonly sort: Sort }[];
}

function sortedFile(path: string, store: SourceStore): SortedFile | undefined {
  const documents = store.documents(path);
  return documents && { path, documents: documents.map((root) => ({ root, sort: sortOf(root, store) })) };
}

/** What cannot be used may have been meant as a scenario. */
function mayRun({ documents }: SortedFile): boolean {
  return documents.some(({ sort }) => sort === 'Scenario' || sort === 'unusable');
}

function isBystander({ documents }: SortedFile): boolean {
  return documents.every(({ sort }) => sort === 'Fleet' || sort === 'GateSet');
}

function checkBystander({ path, documents }: SortedFile, store: SourceStore): string {
  for (const { root, sort } of documents) {
    if (sort === 'Fleet') validateFleet(root, store);
    else readGateSet(root, store);
  }
  const holds = documents.map(({ root, sort }) => `${sort} ${textAt(root, 'metadata', 'name') ?? ''}`.trim());
  return `${path} holds ${listed(holds)} and no Scenario: checked, not run.`;
}

function scenariosOf(
  { path, documents }: SortedFile,
  store: SourceStore,
  settings: Settings,
): readonly LoadedScenario[] {
  const roots = documents.filter((one) => one.sort === 'Scenario').map((one) => one.root);
  const gateSets = documents.filter((one) => one.sort === 'GateSet').map((one) => one.root);
  if (roots.length === 0 && documents.every((one) => one.sort !== 'unusable'))
    reportNoScenario(
      path,
      documents.map((one) => one.root),
      store,
    );
  return roots.flatMap((root) => loadScenario(root, path, gateSets, store, settings) ?? []);
}

function reportNoScenario(path: string, documents: readonly Located[], store: SourceStore): void {
  const kinds = new Set(documents.map((root) => textAt(root, 'kind') ?? 'something else'));
  store.problems.report('wrong-kind', documents[0]!.at, '', {
    found: `${path} holds ${listed(kinds)} and no Scenario`,
    expected: 'a document of kind Scenario',
    hint: 'a scenario names its fleet: write one with spec.fleet, or check this file with `hcpsim validate`',
  });
}
