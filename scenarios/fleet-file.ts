/** The way in for commands that take a fleet and no scenario: from paths to one fleet, or to every mistake in the files. */
import { type ParameterValues, parameterValues } from '../models/parameters.ts';
import type { FleetPlan } from '../models/plan/fleet.ts';
import { extended, type Sort, sortOf } from './documents.ts';
import type { Sources } from './errors/format.ts';
import { type Problem, Problems } from './errors/problem.ts';
import { listed } from './errors/suggest.ts';
import { buildFleet } from './fleet/build.ts';
import { loadFleet } from './fleet/load.ts';
import { orderedParameters } from './fleet/parameter-rules.ts';
import { type FleetSource, inlineSource } from './fleet-source.ts';
import type { LoadOptions } from './load.ts';
import { isUsable, MANIFEST_KINDS, readObjects, reportUseless } from './manifests/objects.ts';
import { loadScenario } from './scenario.ts';
import { checkRunnable } from './scenario-fleet.ts';
import { checkAndMend } from './schema/check.ts';
import { API_VERSION } from './schema/document.ts';
import { fleetDocument } from './schema/fleet.ts';
import { readParameters } from './schema/parameters.ts';
import { type Override, override, readOverrides, SET_SOURCE } from './set.ts';
import { Cursor } from './source/cursor.ts';
import type { Entry } from './source/located.ts';
import { type Located, textAt } from './source/located.ts';
import { SourceStore } from './source/store.ts';

export interface FleetFile {
  readonly plan: FleetPlan;
  readonly parameters: ParameterValues;
  /** That of the options, else of the scenario that the fleet was taken from, else 1. */
  readonly seed: number;
  /** How a scenario writes this fleet. */
  readonly source: FleetSource;
}

export interface LoadedFleetFile {
  /** Undefined as soon as there is any problem. */
  readonly fleet: FleetFile | undefined;
  readonly problems: readonly Problem[];
  readonly sources: Sources;
}

const DEFAULT_SEED = 1;

/**
 * Loads the one fleet of some files: their Fleet document, else the fleet of their one Scenario, else the fleet that their manifests form
 * together. Overrides are relative to the fleet (`hostedClusters.0.count`), wherever it is written; those that begin with `fleet.`, as a
 * scenario's do, are understood. A fleet without hosted clusters or without management nodes is a mistake: nothing in it can fail.
 */
export function loadFleetFiles(paths: readonly string[], options: LoadOptions): LoadedFleetFile {
  const problems = new Problems();
  const store = new SourceStore(options.reader, problems);
  const written = options.set ?? [];
  if (written.length > 0) store.sources.set(SET_SOURCE, written.join('\n'));
  const overrides = readOverrides(written, problems).map(inFleet);
  const found = fleetIn(paths, overrides, store, options.seed);
  return {
    fleet: problems.count === 0 ? found : undefined,
    problems: problems.sorted(),
    sources: store.sources,
  };
}

/** An override with the path that it has in a Fleet. */
function inFleet(one: Override): Override {
  const path = one.path[0] === 'spec' ? one.path.slice(1) : one.path;
  return { ...one, path: path[0] === 'fleet' ? path.slice(1) : path };
}

/** A document and the file that was given. */
interface Given {
  readonly path: string;
  readonly root: Located;
  readonly sort: Sort;
}

function fleetIn(
  paths: readonly string[],
  overrides: readonly Override[],
  store: SourceStore,
  seed: number | undefined,
): FleetFile | undefined {
  const read = paths.map((path) => ({ path, documents: store.documents(path) }));
  if (read.some(({ documents }) => documents === undefined)) return undefined;
  const given: Given[] = read.flatMap(({ path, documents }) =>
    documents!.map((root) => ({ path, root, sort: sortOf(root, store) })),
  );
  if (given.some(({ sort }) => sort === 'unusable')) return undefined;
  for (const kind of ['Fleet', 'Scenario'] as const) {
    const found = given.filter(({ sort }) => sort === kind);
    const [first, ...others] = found;
    if (first === undefined) continue;
    if (others.length > 0) return reportSeveral(kind, found, store);
    const strays = given.find(({ path, sort }) => sort === 'manifest' && path !== first.path);
    if (strays !== undefined) return reportStrays(strays, first, store);
    return kind === 'Fleet'
      ? fromFleet(first.root, first.path, overrides, store, seed)
      : fromScenario(first.root, first.path, overrides, store, seed);
  }
  return fromManifests(paths, given, overrides, store, seed);
}

function fromFleet(
  root: Located,
  path: string,
  overrides: readonly Override[],
  store: SourceStore,
  seed = DEFAULT_SEED,
): FleetFile | undefined {
  const merged = extended(root, 'Fleet', store);
  if (merged === undefined) return undefined;
  const read = readFleet(merged, overrides, store);
  if (read === undefined) return undefined;
  const { name, spec, cursor } = read;
  const plan = loadFleet(name, spec, cursor, store);
  checkWorthTrying(plan, cursor);
  // A file whose fleet is taken as it is can be named.
  const source = overrides.length === 0 ? { fleet: path } : inlineSource(cursor.node);
  return { plan, parameters: parameterValues(readParameters(spec.parameters)), seed, source };
}

function fromScenario(
  root: Located,
  path: string,
  overrides: readonly Override[],
  store: SourceStore,
  seed: number | undefined,
): FleetFile | undefined {
  const settings = { overrides: overrides.map(belowFleet), seed };
  const loaded = loadScenario(root, path, [], store, settings);
  if (loaded === undefined) return undefined;
  const { fleet, parameters } = loaded.plan;
  if (fleet.hostedClusters.length === 0)
    checkWorthTrying(fleet, new Cursor(root, root.at, store.problems).to('spec', 'fleet'));
  return { plan: fleet, parameters, seed: loaded.plan.seed, source: loaded.fleetSource };
}

/** Parameters of a scenario win over those of its fleet, so that is where they are overridden. */
function belowFleet(one: Override): Override {
  return { ...one, path: one.path[0] === 'parameters' ? one.path : ['fleet', ...one.path] };
}

function fromManifests(
  paths: readonly string[],
  given: readonly Given[],
  overrides: readonly Override[],
  store: SourceStore,
  seed = DEFAULT_SEED,
): FleetFile | undefined {
  const [first] = given;
  if (!given.some(({ sort }) => sort === 'manifest')) {
    reportNoFleet(paths, given, store);
    return undefined;
  }
  const cursor = new Cursor(first!.root, first!.root.at, store.problems);
  const objects = paths.map((path) => {
    const own = given.filter((one) => one.path === path && one.sort === 'manifest');
    return readObjects(
      path,
      own.map(({ root }) => root),
      store.problems,
    );
  });
  if (!objects.some(isUsable)) {
    reportUseless(objects[0]!, cursor, 'wrong-kind', listed(['Fleet', 'Scenario', ...MANIFEST_KINDS]));
    return undefined;
  }
  const read = readFleet(emptyFleet(first!.path), overrides, store);
  if (read === undefined) return undefined;
  const { name, spec, cursor: set } = read;
  const written = { values: readParameters(spec.parameters), cursor: set.to('parameters') };
  const parameters = orderedParameters([written]);
  const plan = buildFleet(name, spec, cursor, objects, parameters);
  checkWorthTrying(plan, cursor);
  const { fleet, ...more } = inlineSource(set.node);
  return { plan, parameters, seed, source: { fleet: { ...(fleet as object), manifests: paths }, ...more } };
}

function readFleet(root: Located, overrides: readonly Override[], store: SourceStore) {
  const set = overrides.reduce((at, one) => override(at, fleetDocument, one, store.problems), root);
  const top = new Cursor(set, set.at, store.problems);
  const checked = checkAndMend(fleetDocument, top);
  if (checked === undefined) return undefined;
  return { name: checked.value.metadata.name, spec: checked.value.spec, cursor: top.to('spec') };
}

/** What overrides are laid over where only manifests say what the fleet is. */
function emptyFleet(path: string): Located {
  const at = { file: path, line: 1, column: 1 };
  const text = (value: string): Located => ({ type: 'scalar', at, value, source: value });
  const map = (entries: Readonly<Record<string, Located>>): Located => ({
    type: 'map',
    at,
    entries: new Map(Object.entries(entries).map(([key, value]): [string, Entry] => [key, { at, value }])),
  });
  return map({
    apiVersion: text(API_VERSION),
    kind: text('Fleet'),
    metadata: map({ name: text('manifests') }),
    spec: map({}),
  });
}

function checkWorthTrying(plan: FleetPlan, cursor: Cursor): void {
  checkRunnable(plan, cursor);
  if (plan.hostedClusters.length > 0) return;
  cursor.report('no-hosted-clusters', {
    found: 'a fleet without hosted clusters',
    expected: 'at least one hosted cluster, under hostedClusters or in manifests',
  });
}

function reportSeveral(kind: 'Fleet' | 'Scenario', found: readonly Given[], store: SourceStore): undefined {
  const names = found.map(({ root }) => textAt(root, 'metadata', 'name') ?? '?');
  const paths = [...new Set(found.map(({ path }) => path))];
  store.problems.report('ambiguous-reference', found[1]!.root.at, '', {
    found: `${listed(paths)} ${paths.length > 1 ? 'hold' : 'holds'} ${found.length} documents of kind ${kind}: ${listed(names)}`,
    expected: `one ${kind}`,
    hint: kind === 'Scenario' ? 'name the file of their fleet instead' : 'move each to a file of its own',
  });
  return undefined;
}

/** Manifests in a file beside that of a fleet: a fleet says itself which manifests join it. */
function reportStrays(strays: Given, fleet: Given, store: SourceStore): undefined {
  store.problems.report('ambiguous-reference', strays.root.at, '', {
    found: `${strays.path} holds manifests, and ${fleet.path} a ${fleet.sort}`,
    expected: 'either files with manifests alone, or one file with a fleet',
    hint: `name ${strays.path} under manifests of the fleet in ${fleet.path}`,
  });
  return undefined;
}

function reportNoFleet(paths: readonly string[], given: readonly Given[], store: SourceStore): void {
  const kinds = new Set(given.map(({ root }) => textAt(root, 'kind') ?? 'something else'));
  store.problems.report('wrong-kind', given[0]!.root.at, '', {
    found: `${listed(paths)} ${paths.length > 1 ? 'hold' : 'holds'} ${listed(kinds)}`,
    expected: listed(['Fleet', 'Scenario', ...MANIFEST_KINDS]),
  });
}
