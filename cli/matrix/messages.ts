/** What the main thread and the one that tries failures tell each other. */
import type { MatrixOptions } from '../../models/matrix/matrix.ts';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import type { MatrixResult } from '../../sim/matrix-result.ts';

/** What the thread is started with. */
export interface MatrixWork {
  readonly fleet: FleetPlan;
  /** One per state. */
  readonly jobs: readonly Omit<MatrixOptions, 'shouldStop'>[];
  /** One 32-bit cell, not 0 once the user wants to stop. */
  readonly stop: SharedArrayBuffer;
}

export type MatrixAnswer =
  | { readonly result: MatrixResult }
  /** So many failures were tried in the state at hand. */
  | { readonly tried: number }
  | { readonly failure: string };
