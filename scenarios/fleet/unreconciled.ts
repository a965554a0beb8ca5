/** Notes on releases of a fleet: those that its operator does not take, so that it reconciles nothing of whoever has them, and those that stay. */
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

/** What people might expect of a control plane with a release of its own, and no event does. */
export function noteOwnReleases(draft: FleetDraft): void {
  const own = draft.hostedClusters.filter(({ controlPlaneRelease }) => controlPlaneRelease !== '');
  if (own.length === 0) return;
  const more = own.length > NAMED ? ` and ${own.length - NAMED} more` : '';
  const names = own.slice(0, NAMED).map(({ name }) => name);
  draft.note(
    `Hosted cluster ${names.join(', ')}${more}: the control plane keeps its controlPlaneRelease for the whole run; that somebody writes another one is not simulated.`,
  );
}
