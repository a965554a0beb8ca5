import type { FleetDraft } from '../fleet/draft.ts';

/**
 * Whether an object's reconciliation stands still from the beginning of a run. Times of the real world mean nothing on the simulated
 * clock, and other texts pause nothing (openshift/hypershift support/util/pausereconcile.go): both are noted.
 */
export function pausedFromTheBeginning(
  kind: string,
  { metadata }: { readonly metadata: { readonly name: string } },
  until: string | null | undefined,
  draft: FleetDraft,
): boolean {
  if (until == null || until === '' || until === 'false') return false;
  if (until === 'true') return true;
  draft.note(
    `${kind} ${metadata.name} is paused until ${until}, which has no place on the simulated clock: taken as reconciled.`,
  );
  return false;
}
