/** Notes on hosted clusters and node pools that the operator of the fleet does not reconcile, because their releases are none that it takes. */
import { unreconciled } from '../../models/versions/standing.ts';
import type { FleetDraft } from './draft.ts';

const NAMED = 3;

/** One note per kind of object and reason, however many there are. */
export function noteUnreconciled(draft: FleetDraft): void {
  const found = new Map<string, { kind: string; why: string; names: string[] }>();
  for (const { hostedCluster, nodePool, why } of unreconciled(draft)) {
    const kind = nodePool === undefined ? 'Hosted cluster' : 'Node pool';
    const alike = found.get(`${kind}: ${why}`) ?? { kind, why, names: [] };
    alike.names.push(nodePool === undefined ? hostedCluster : `${hostedCluster}/${nodePool}`);
    found.set(`${kind}: ${why}`, alike);
  }
  for (const { kind, why, names } of found.values()) {
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    draft.note(
      `${kind} ${names.slice(0, NAMED).join(', ')}${more}: ${why}; the HyperShift operator reconciles nothing of it until that is otherwise.`,
    );
  }
}
