/** A fleet from where a document stands: checked, its manifests read, built. */
import { type ParameterOverrides, parameterValues } from '../../models/parameters.ts';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import { reference } from '../documents.ts';
import { listed } from '../errors/suggest.ts';
import { MANIFEST_KINDS, type ManifestFile, readObjects } from '../manifests/objects.ts';
import type { FleetSpec } from '../schema/fleet.ts';
import { readParameters } from '../schema/parameters.ts';
import type { Cursor } from '../source/cursor.ts';
import type { SourceStore } from '../source/store.ts';
import { buildFleet } from './build.ts';

/**
 * @param cursor points to the fleet's spec.
 * @param over parameters that win over those of the fleet.
 */
export function loadFleet(
  name: string,
  spec: FleetSpec,
  cursor: Cursor,
  store: SourceStore,
  over: ParameterOverrides = {},
): FleetPlan {
  const manifests = spec.manifests.flatMap((_, i) => manifestFile(cursor.to('manifests', i), store));
  return buildFleet(name, spec, cursor, manifests, parameterValues(readParameters(spec.parameters), over));
}

function manifestFile(cursor: Cursor, store: SourceStore): readonly ManifestFile[] {
  const named = reference(cursor);
  const documents = named === undefined ? undefined : store.documents(named.path, named.blame);
  if (named === undefined || documents === undefined) return [];
  const read = readObjects(named.path, documents, store.problems);
  if (isUsable(read)) return [read];
  cursor.report('wrong-kind', {
    found: `${named.path} holds ${listed(read.skipped.keys())}`,
    expected: `a file with ${listed(MANIFEST_KINDS)} objects`,
  });
  return [];
}

/** True when a file holds anything that a fleet is made of (or something broken, already reported). */
export function isUsable(file: ManifestFile): boolean {
  const objects = file.hostedClusters.length + file.nodePools.length + file.nodes.length;
  return objects > 0 || !file.complete || file.skipped.size === 0;
}
