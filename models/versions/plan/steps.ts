/** What a plan of upgrades is made of. */
import type { Finding } from '../rule.ts';

/** What a step changes. Names are those of the fleet. */
export type StepTarget =
  | { readonly kind: 'managementCluster'; readonly name: string }
  | { readonly kind: 'machineConfigPools'; readonly name: string; readonly pools: readonly string[] }
  | { readonly kind: 'operator'; readonly name: string; readonly product: 'MCE' | 'HyperShift' }
  | { readonly kind: 'hostedCluster'; readonly name: string }
  | { readonly kind: 'nodePool'; readonly name: string; readonly hostedCluster: string };

export interface Step {
  /** Its stage and its place in it: `3.1`. */
  readonly id: string;
  /** Where it happens. */
  readonly managementCluster: string;
  readonly target: StepTarget;
  readonly action: 'update' | 'pause' | 'resume';
  /** Versions; of the operator its own. Paused machine config pools stay at `from`; resumed ones go from `from` to `to`. */
  readonly from: string;
  readonly to: string;
  /** Why it is needed. */
  readonly why: string;
  /** Steps that must be finished before it begins. */
  readonly after: readonly string[];
}

/** Steps that do not wait for each other. */
export interface Stage {
  readonly number: number;
  readonly steps: readonly Step[];
}

/** What would have to move before something else can, and does not. */
export interface Hindrance {
  readonly target: Exclude<StepTarget, { readonly kind: 'machineConfigPools' }>;
  /** Where the plan leaves it. */
  readonly at: string;
}

/** Something that does not get to the target by legal steps. */
export interface Refusal {
  readonly managementCluster: string;
  readonly target: Exclude<StepTarget, { readonly kind: 'machineConfigPools' }>;
  readonly from: string;
  /** Where the plan leaves it: the nearest that is possible. */
  readonly reaches: string;
  /** The rules that forbid the next step, at least one. */
  readonly findings: readonly Finding[];
  /** What else is in its way: the operator, and what keeps that, node pools. Empty where it is held up by nothing but itself, or what it belongs to. */
  readonly heldUpBy: readonly Hindrance[];
}

export interface UpgradePlan {
  readonly fleet: string;
  readonly to: string;
  readonly stages: readonly Stage[];
  readonly refused: readonly Refusal[];
  /** Where something is refused: the latest minor before the target to which everything gets; undefined where there is none. */
  readonly nearest?: string;
  readonly notes: readonly string[];
}
