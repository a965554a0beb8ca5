/** A fleet as another scenario can write it: the file that holds it, or all that makes it up. */
import { type Located, plain, textAt } from './source/located.ts';
import { resolvePath } from './source/reader.ts';

/** What `spec.fleet` and `spec.parameters` of another scenario have to be to mean the same fleet; paths are relative to where the command runs. */
export interface FleetSource {
  readonly fleet: unknown;
  /** Of the scenario around the fleet, which win over those in it. */
  readonly parameters?: unknown;
}

/**
 * @param spec of the fleet, with all that it extends and all overrides in it; undefined where it was lost, which is reported
 * @param parameters of the scenario around it
 */
export function inlineSource(spec: Located | undefined, parameters?: Located): FleetSource {
  const fleet = spec === undefined ? {} : plain(withPathsFromHere(spec));
  return parameters === undefined ? { fleet } : { fleet, parameters: plain(parameters) };
}

/** Paths of manifests are relative to the file in which they stand. */
function withPathsFromHere(spec: Located): Located {
  const manifests = spec.type === 'map' ? spec.entries.get('manifests') : undefined;
  if (spec.type !== 'map' || manifests?.value.type !== 'list') return spec;
  const items = manifests.value.items.map((item): Located => {
    const written = textAt(item);
    if (written === undefined || item.at.file.startsWith('--')) return item;
    const value = resolvePath(item.at.file, written);
    return { type: 'scalar', at: item.at, value, source: value };
  });
  const value: Located = { ...manifests.value, items };
  return { ...spec, entries: new Map(spec.entries).set('manifests', { at: manifests.at, value }) };
}
