import type { FleetDraft } from '../fleet/draft.ts';

/** Notes an object whose reconciliation stands still: `true`, or a time until which it does. */
export function notePaused(
  kind: string,
  { metadata }: { readonly metadata: { readonly name: string } },
  until: string | null | undefined,
  draft: FleetDraft,
): void {
  if (until == null || until === '' || until === 'false') return;
  draft.note(
    `${kind} ${metadata.name} is paused (pausedUntil ${until}), which is not simulated: taken as reconciled.`,
  );
}
