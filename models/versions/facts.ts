/** What rules are asked about: one step of one object, in plain texts. Releases are versions, or images that tell none. */
import type { Architecture, OperatorPlan, UpgradePolicyPlan } from '../plan/fleet.ts';
import type { Platform } from '../plan/platforms.ts';

/** A hosted cluster is told another release. */
export interface HostedClusterUpgrade {
  /** Release that it has taken last (status.version.desired); empty before its first. */
  readonly from: string;
  readonly to: string;
  readonly platform: Platform;
  readonly policy: UpgradePolicyPlan;
  readonly operator: OperatorPlan;
  /** Releases of its node pools. */
  readonly pools: readonly string[];
}

/** A node pool is told another release, or is created: then `from` is empty. */
export interface NodePoolUpgrade {
  /** Release that its nodes have (status.version). */
  readonly from: string;
  readonly to: string;
  readonly arch: Architecture;
  /** Newest completed release of its hosted cluster (status.version.history). */
  readonly hostedCluster: string;
  readonly payload: UpgradePolicyPlan['payload'];
  readonly platform: Platform;
  readonly operator: OperatorPlan;
}

/** A management cluster is told another version. */
export interface ManagementClusterUpgrade {
  readonly from: string;
  /** The version that it had before `from` (status.history); undefined where nobody has seen it. */
  readonly previous?: string;
  readonly to: string;
  readonly operator: OperatorPlan;
  /** Versions of its nodes, which are older than `from` where machine config pools are paused. */
  readonly nodes: readonly string[];
  /** Its cluster version operator is still at work on `from`, and nobody says that this is known. */
  readonly updating: boolean;
  /** Machine config pools, by name, that bring nodes to a release; paused ones do not. */
  readonly updatingPools: readonly string[];
}

/** The operator of a management cluster is updated. */
export interface OperatorUpgrade {
  readonly from: OperatorPlan;
  readonly to: OperatorPlan;
  readonly management: string;
  readonly hostedClusters: readonly { readonly release: string; readonly platform: Platform }[];
}
