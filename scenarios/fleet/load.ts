/** A fleet from where a document stands: checked, its manifests read, built. */
import type { FleetPlan } from '../../models/plan/fleet.ts';
import { reference } from '../documents.ts';
import { listed } from '../errors/suggest.ts';
import {
  isUsable,
  MANIFEST_KINDS,
  type ManifestFile,
  readObjects,
  reportUseless,
} from '../manifests/objects.ts';
import type { FleetSpec } from '../schema/fleet.ts';
import { readParameters } from '../schema/parameters.ts';
import type { Cursor } from '../source/cursor.ts';
import type { SourceStore } from '../source/store.ts';
import { buildFleet } from './build.ts';
import { orderedParameters, type WrittenParameters } from './parameter-rules.ts';

/**
 * @param cursor points to the fleet's spec.
 * @param over parameters of a scenario, which win over those of the fleet.
 */
export function loadFleet(
  name: string,
  spec: FleetSpec,
  cursor: Cursor,
  store: SourceStore,
  over?: WrittenParameters,
): FleetPlan {
  const manifests = spec.manifests.flatMap((_, i) => manifestFile(cursor.to('manifests', i), store));
  const own = { values: readParameters(spec.parameters), cursor: cursor.to('parameters') };
  const parameters = orderedParameters(over === undefined ? [own] : [own, over]);
  return buildFleet(name, spec, cursor, manifests, parameters);
}

function manifestFile(cursor: Cursor, store: SourceStore): readonly ManifestFile[] {
  const named = reference(cursor);
  const documents = named === undefined ? undefined : store.documents(named.path, named.blame);
  if (named === undefined || documents === undefined) return [];
  const read = readObjects(named.path, documents, store.problems);
  if (isUsable(read)) return [read];
  reportUseless(read, cursor, 'wrong-kind', `a file with ${listed(MANIFEST_KINDS)} objects`);
  return [];
}
