/** How somebody asks for an upgrade. */
import type { UpgradeChange } from '../plan/faults.ts';

export interface UpgradeOptions {
  /** Hosted clusters: annotated with force-upgrade-to. Management clusters: asked for although another update goes on. */
  readonly force: boolean;
  /** What is changed where nobody names a release. */
  readonly change?: UpgradeChange;
  /** What first runs the release never becomes Ready. Default false. */
  readonly bad?: boolean;
}
