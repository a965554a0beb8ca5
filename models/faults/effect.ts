/** What every kind of fault offers the injector: whom it finds, what it does when it begins, and how that is taken back. */
import type { BuiltFleet } from '../build/fleet.ts';
import type { PodId } from '../ids.ts';
import type { Impairment } from '../network/network.ts';

/** Those whom a fault means, as they are when it happens. */
export interface Found {
  readonly ids: readonly number[];
  /** Their names, one each, as labels tell them. */
  readonly names: readonly string[];
  /** What it means and is not there, or out of its reach, in words. */
  readonly missing: readonly string[];
}

/** Entities that a fault hit, so that its end undoes exactly that even when the fleet has changed meanwhile. */
export interface Hit {
  readonly ids: readonly number[];
  /** For pods: which life of the row each was, since rows are reused. */
  readonly lives?: readonly number[];
  /** What the fault did to the network. */
  readonly impairment?: Impairment;
}

export interface Effect<F> {
  /** Whom it means, looked up when it happens; absent where names are enough. */
  find?(fleet: BuiltFleet, fault: F): Found;
  /** Applies the fault to whom it found and returns what it hit. */
  begin(fleet: BuiltFleet, fault: F, found: Found): Hit;
  /** A pod comes while the fault lasts: hits it, too, where the fault is of all that there are; absent where no fault of the kind is. */
  joined?(fleet: BuiltFleet, fault: F, pod: PodId): boolean;
  /** Undoes it for what it hit. */
  end(fleet: BuiltFleet, fault: F, hit: Hit): void;
}
