import type { Id } from '../sim/entities.ts';

/** A failure domain: region, zone, rack. */
export type PlaceId = Id<'place'>;
/** A Kubernetes cluster: management clusters first, then hosted ones, each in the order of the fleet. */
export type ClusterId = Id<'cluster'>;
/** A machine: management node or worker of a hosted cluster. */
export type NodeId = Id<'node'>;
/** The nodes of one cluster in one zone, as its node lifecycle controller groups them. */
export type NodeZoneId = Id<'node zone'>;
/** A Deployment or StatefulSet. */
export type SetId = Id<'set'>;
/** A node pool of a hosted cluster. */
export type PoolId = Id<'node pool'>;
/** The machines of a node pool that were made from one template. */
export type MachineSetId = Id<'machine set'>;
export type PodId = Id<'pod'>;
/** The claim of one StatefulSet pod and the volume behind it. */
export type VolumeId = Id<'volume'>;
/** An etcd cluster. */
export type EnsembleId = Id<'ensemble'>;
export type MemberId = Id<'member'>;
/** Something that makes the disk of one etcd member slow. */
export type SlownessId = Id<'slowness'>;
export type LeaseId = Id<'lease'>;
/** A process that may hold a lease. */
export type CandidateId = Id<'candidate'>;
/** A Konnectivity agent. */
export type AgentId = Id<'agent'>;
/** A Konnectivity server, as the agents on workers or those of the control plane have it. */
export type ServerViewId = Id<'konnectivity server'>;
/** Between a Konnectivity agent and a server. */
export type LinkId = Id<'konnectivity link'>;
/** A release of OpenShift that a run knows of. */
export type ReleaseId = Id<'release'>;
/** One change of a hosted cluster, node pool, management cluster or operator to another release or configuration. */
export type UpgradeId = Id<'upgrade'>;
/** One upgrade plan of the scenario. */
export type CampaignId = Id<'campaign'>;
/** Nodes of a management cluster that take a new machine configuration together. */
export type MachineConfigPoolId = Id<'machine config pool'>;
/** What can be brought to another release: each kind of subject has a table of its own. */
export type UpgradeSubjectId = ClusterId | PoolId | MachineConfigPoolId;
/** One injected event of the scenario. */
export type FaultId = Id<'fault'>;
