/** What a fleet is in when a failure of the matrix strikes: at rest, without its first zone, or in the middle of an upgrade. */
import { type MatrixResult, NOTHING_FAILS } from '../../sim/matrix-result.ts';
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import type { Fault, Upgrade } from '../plan/faults.ts';
import type { FleetPlan, HostedClusterPlan } from '../plan/fleet.ts';
import { parseVersion } from '../versions/version.ts';
import { type Failure, singleFailures } from './failures.ts';

export interface StartingState {
  /** What was done to the fleet before, in words; empty at rest. */
  readonly before: string;
  readonly faults: readonly Fault[];
  /** When to look how whole the fleet is without any failure. */
  readonly normalAt: Micros;
  /** Nothing fails: what the state does by itself, to be told from what failures do. */
  readonly alone?: Failure;
  /** Labels of failures that make no sense any more: what they would take is lost already. */
  readonly gone: ReadonlySet<string>;
}

/** Failures are tried so long after the beginning of the run: whatever was lost has settled. */
export const STRIKES_AT = HOUR;

/**
 * So long before a failure an upgrade begins. By then etcd has the release, and the kube-apiservers are being replaced one after the other: the
 * part of the rollout in which most of them are missing for the longest time.
 */
const BEGINS_AT = (STRIKES_AT - 4 * MINUTE) as Micros;

const AT_REST: StartingState = { before: '', faults: [], gone: new Set(), normalAt: STRIKES_AT };

export function startingState(fleet: FleetPlan, state: MatrixResult['state'], until: Micros): StartingState {
  if (state === 'zone-down') return withoutZone(fleet, until);
  if (state === 'upgrade') return inRollout(fleet);
  return AT_REST;
}

function withoutZone(fleet: FleetPlan, until: Micros): StartingState {
  const zone = singleFailures(fleet).find(({ label }) => label.startsWith('zone '));
  if (zone === undefined) return AT_REST;
  return {
    before: zone.label,
    normalAt: STRIKES_AT,
    faults: zone.faults({ at: MINUTE, duration: until }),
    gone: within(fleet, zone.label.slice('zone '.length)),
  };
}

/** Labels of a zone and of everything in it. */
function within(fleet: FleetPlan, zone: string): Set<string> {
  const racks = fleet.places.filter(({ kind, parent }) => kind === 'rack' && parent === zone);
  const nodes = fleet.managementClusters
    .flatMap((cluster) => cluster.nodes)
    .filter((node) => node.zone === zone);
  return new Set([
    `zone ${zone}`,
    ...racks.map(({ name }) => `rack ${name}`),
    ...nodes.map(({ name, controlPlane }) => `${controlPlane ? 'control-plane node' : 'node'} ${name}`),
  ]);
}

/** Every hosted cluster is on its way to the next patch of its minor, which no rule forbids; one whose release tells no version stays. */
function inRollout({ hostedClusters }: FleetPlan): StartingState {
  const byTarget = new Map<string, string[]>();
  for (const cluster of hostedClusters) {
    const target = nextPatch(cluster);
    if (target !== undefined) byTarget.set(target, [...(byTarget.get(target) ?? []), cluster.name]);
  }
  return {
    before: 'upgrade of every hosted cluster',
    normalAt: (BEGINS_AT - MINUTE) as Micros,
    alone: { label: NOTHING_FAILS, alike: [], faults: () => [] },
    faults: [...byTarget].map(([release, names]) => upgradeOf(names, release)),
    gone: new Set(),
  };
}

function upgradeOf(names: readonly string[], release: string): Upgrade {
  return {
    kind: 'upgrade',
    at: BEGINS_AT,
    label: `upgrade to ${release}`,
    subject: 'hostedCluster',
    names,
    to: release,
  };
}

function nextPatch({ release }: HostedClusterPlan): string | undefined {
  const version = parseVersion(release);
  return version && `${version.major}.${version.minor}.${(version.patch ?? 0) + 1}`;
}
