/** How somebody asks for an upgrade. */
import type { NodePoolChange } from '../plan/faults.ts';

export interface UpgradeOptions {
  /** Hosted clusters: annotated with force-upgrade-to. */
  readonly force: boolean;
  /** Node pools whose release stays: what is changed. */
  readonly change?: NodePoolChange;
  /** What first runs the release never becomes Ready. Default false. */
  readonly bad?: boolean;
}
