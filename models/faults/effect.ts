/** What every kind of fault offers the injector: what it does when it begins, and how that is taken back. */
import type { BuiltFleet } from '../build/fleet.ts';
import type { Impairment } from '../network/network.ts';

/** Entities that a fault hit, so that its end undoes exactly that even when the fleet has changed meanwhile. */
export interface Hit {
  readonly ids: readonly number[];
  /** For pods: which life of the row each was, since rows are reused. */
  readonly lives?: readonly number[];
  /** What the fault did to the network. */
  readonly impairment?: Impairment;
}

export interface Effect<F> {
  /** Applies the fault and returns what it hit. */
  begin(fleet: BuiltFleet, fault: F): Hit;
  /** Undoes it for what it hit. */
  end(fleet: BuiltFleet, fault: F, hit: Hit): void;
}
