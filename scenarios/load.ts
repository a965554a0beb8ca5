/** The way in: from paths to plans, or to every mistake in the files. */

import { sortOf } from './documents.ts';
import type { Sources } from './errors/format.ts';
import { type Problem, Problems } from './errors/problem.ts';
import { listed } from './errors/suggest.ts';
import { type LoadedScenario, loadScenario, type Settings } from './scenario.ts';
import { readOverrides, SET_SOURCE } from './set.ts';
import { type Located, textAt } from './source/located.ts';
import type { FileReader } from './source/reader.ts';
import { SourceStore } from './source/store.ts';

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
  /** Texts of what was read, for code frames. */
  readonly sources: Sources;
}

/** Loads every Scenario document of the files, in the order of paths and documents. */
export function loadScenarios(paths: readonly string[], options: LoadOptions): Loaded {
  const problems = new Problems();
  const store = new SourceStore(options.reader, problems);
  const written = options.set ?? [];
  if (written.length > 0) store.sources.set(SET_SOURCE, written.join('\n'));
  const settings: Settings = { overrides: readOverrides(written, problems), seed: options.seed };
  const scenarios = paths.flatMap((path) => scenariosOf(path, store, settings));
  return {
    scenarios: problems.count === 0 ? scenarios : [],
    problems: problems.sorted(),
    sources: store.sources,
  };
}

function scenariosOf(path: string, store: SourceStore, settings: Settings): readonly LoadedScenario[] {
  const documents = store.documents(path);
  if (documents === undefined) return [];
  const sorted = documents.map((root) => ({ root, sort: sortOf(root, store) }));
  const roots = sorted.filter((one) => one.sort === 'Scenario').map((one) => one.root);
  const gateSets = sorted.filter((one) => one.sort === 'GateSet').map((one) => one.root);
  if (roots.length === 0 && sorted.every((one) => one.sort !== 'unusable'))
    reportNoScenario(path, documents, store);
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
