/** Limits that turn a run that would never end into a named failure. */
export interface Bounds {
  /** Events in one run. */
  readonly maxEvents: number;
  /** Events at one instant: a loop of zero delays. */
  readonly maxEventsAtInstant: number;
  /** Pending events. */
  readonly maxPending: number;
}

export const DEFAULT_BOUNDS: Bounds = {
  maxEvents: 2_000_000_000,
  maxEventsAtInstant: 20_000_000,
  maxPending: 50_000_000,
};
