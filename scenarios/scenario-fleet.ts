/** The fleet of a scenario: written inline, in a document of the same file, or in a file of its own. */
import type { ParameterOverrides } from '../models/parameters.ts';
import type { FleetPlan } from '../models/plan/fleet.ts';
import { extended, referred, sortOf } from './documents.ts';
import { didYouMean, listed } from './errors/suggest.ts';
import { loadFleet } from './fleet/load.ts';
import type { WrittenParameters } from './fleet/parameter-rules.ts';
import { checkAndMend } from './schema/check.ts';
import { type FleetSpec, fleetDocument } from './schema/fleet.ts';
import { readParameters } from './schema/parameters.ts';
import type { ScenarioSpec } from './schema/scenario.ts';
import { type Override, override, SET_SOURCE } from './set.ts';
import { Cursor } from './source/cursor.ts';
import { find, type Located, textAt } from './source/located.ts';
import { withKey } from './source/merge.ts';
import type { SourceStore } from './source/store.ts';

export interface LoadedFleet {
  readonly plan: FleetPlan;
  readonly parameters: ParameterOverrides;
  /** Its spec, with all that it extends and all overrides in it; undefined where it was lost, which is reported. */
  readonly spec: Located | undefined;
}

/**
 * @param scenario name of the scenario, after which an inline fleet is called.
 * @param cursor points to spec.fleet.
 * @param overrides those that go below a fleet that is only referred to.
 * @param over parameters of the scenario, which win over those of the fleet.
 */
export function fleetOf(
  scenario: string,
  spec: ScenarioSpec,
  cursor: Cursor,
  file: string,
  overrides: readonly Override[],
  over: WrittenParameters,
  store: SourceStore,
): LoadedFleet | undefined {
  if (typeof spec.fleet !== 'string') {
    return loaded(`${scenario}-fleet`, spec.fleet, cursor, over, store);
  }
  const root = fleetDocumentOf(spec.fleet, cursor, file, store);
  const merged = root === undefined ? undefined : extended(root, 'Fleet', store);
  if (merged === undefined) return undefined;
  const set = overrides.reduce((at, one) => override(at, fleetDocument, one, store.problems), merged);
  const top = new Cursor(set, set.at, store.problems);
  const checked = checkAndMend(fleetDocument, top);
  if (checked === undefined) return undefined;
  return loaded(checked.value.metadata.name, checked.value.spec, top.to('spec'), over, store);
}

function loaded(
  name: string,
  spec: FleetSpec,
  cursor: Cursor,
  over: WrittenParameters,
  store: SourceStore,
): LoadedFleet {
  const plan = loadFleet(name, spec, cursor, store, over);
  return { plan, parameters: readParameters(spec.parameters), spec: cursor.node };
}

/** A Fleet document of the same file by its name, or the one in the file named. */
function fleetDocumentOf(
  written: string,
  cursor: Cursor,
  file: string,
  store: SourceStore,
): Located | undefined {
  const own = cursor.position.file === SET_SOURCE ? file : cursor.position.file;
  const siblings = (store.documents(own) ?? []).filter((root) => sortOf(root, store) === 'Fleet');
  const named = siblings.find((root) => textAt(root, 'metadata', 'name') === written);
  if (named !== undefined) return named;
  if (/[/\\]|\.(ya?ml|json)$/i.test(written)) return referred('Fleet', cursor, store);
  const names = siblings.flatMap((root) => textAt(root, 'metadata', 'name') ?? []);
  cursor.report('unknown-fleet', {
    found: `no fleet "${written}"`,
    expected:
      names.length === 0 ? 'a file such as ../fleets/three-zones.yaml' : `a file, or one of ${listed(names)}`,
    hint: didYouMean(written, names),
  });
  return undefined;
}

/** Reports hosted clusters that have nothing to run on. */
export function checkRunnable(fleet: FleetPlan, cursor: Cursor): void {
  const nodes = fleet.managementClusters.reduce((sum, cluster) => sum + cluster.nodes.length, 0);
  if (fleet.hostedClusters.length === 0 || nodes > 0) return;
  cursor.report('no-management-nodes', {
    found: `${fleet.hostedClusters.length} hosted clusters and no management node`,
    expected: 'a management cluster with node pools, or manifests of Node objects',
    hint: 'nodes come from oc get nodes -o yaml: a file beside the others for matrix, one more path under manifests of a Fleet',
  });
}

/** An inline fleet may extend a Fleet document, too. */
export function withFleetBase(root: Located, store: SourceStore): Located {
  const spec = find(root, ['spec']);
  const fleet = find(spec, ['fleet']);
  if (spec === undefined || fleet?.type !== 'map' || !fleet.entries.has('extends')) return root;
  const wrapped: Located = {
    type: 'map',
    at: fleet.at,
    entries: new Map([['spec', { at: fleet.at, value: fleet }]]),
  };
  const merged = extended(wrapped, 'Fleet', store);
  const below = merged === undefined ? undefined : find(merged, ['spec']);
  return below === undefined ? root : withKey(root, 'spec', withKey(spec, 'fleet', below));
}
