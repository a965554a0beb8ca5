/** What a fleet is in when a failure of the matrix strikes: at rest, without its first zone, or in the middle of an upgrade. */
import { NONE } from '../../sim/entities.ts';
import { type MatrixResult, NOTHING_FAILS } from '../../sim/matrix-result.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { NodeId, SetId } from '../ids.ts';
import type { Fault, Upgrade } from '../plan/faults.ts';
import type { FleetPlan, HostedClusterPlan } from '../plan/fleet.ts';
import type { ScenarioPlan } from '../plan/scenario.ts';
import { Replication } from '../run.ts';
import { parseVersion } from '../versions/version.ts';
import { type Failure, singleFailures } from './failures.ts';
import { waveOf } from './wave.ts';

export interface StartingState {
  /** What was done to the fleet before, in words; empty at rest. */
  readonly before: string;
  /** Each failure is tried at each of them; at least one. */
  readonly moments: readonly Moment[];
  /** Nothing fails: what the state does by itself, to be told from what failures do. */
  readonly alone?: Failure;
  /** Labels of failures that make no sense any more: what they would take is lost already. */
  readonly gone: ReadonlySet<string>;
}

/** The fleet in which failures are tried, at STRIKES_AT. */
export interface Moment {
  readonly faults: readonly Fault[];
  /** When to look how whole the fleet is without any failure. */
  readonly normalAt: Micros;
  /** What is under way, in words, where there is more than one moment. */
  readonly during?: string;
}

/** Failures are tried so long after the beginning of the run: whatever was lost has settled. */
export const STRIKES_AT = HOUR;

/**
 * How long before a failure an upgrade begins, for the two parts of a rollout in which control planes have least to spare: members of etcd are
 * replaced one after the other first, and one more that is lost costs the quorum; kube-apiservers are missing for the longest time.
 */
const PHASES = [
  { during: 'etcd is being replaced', begun: 30 * SECOND },
  { during: 'kube-apiservers are being replaced', begun: 4 * MINUTE },
] as const;

const AT_REST: StartingState = {
  before: '',
  moments: [{ faults: [], normalAt: STRIKES_AT }],
  gone: new Set(),
};

/** @param scenario the fleet without anything that happens to it */
export function startingState(
  scenario: Omit<ScenarioPlan, 'duration' | 'faults'>,
  state: MatrixResult['state'],
  until: Micros,
): StartingState {
  if (state === 'zone-down') return withoutZone(scenario.fleet, until);
  if (state === 'upgrade') return inRollout(scenario);
  return AT_REST;
}

function withoutZone(fleet: FleetPlan, until: Micros): StartingState {
  const zone = singleFailures(fleet).find(({ label }) => label.startsWith('zone '));
  if (zone === undefined) return AT_REST;
  return {
    before: zone.label,
    moments: [{ normalAt: STRIKES_AT, faults: zone.faults({ at: MINUTE, duration: until }) }],
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

/**
 * A wave of hosted clusters, all of them in a fleet of common size, is on its way to the next patch of its minor, which no rule forbids; one
 * whose release tells no version stays.
 */
function inRollout(scenario: Omit<ScenarioPlan, 'duration' | 'faults'>): StartingState {
  const { hostedClusters } = scenario.fleet;
  const candidates = hostedClusters.filter((cluster) => nextPatch(cluster) !== undefined);
  const wave = waveOf(candidates, placedBy(scenario));
  const byTarget = new Map<string, string[]>();
  for (const cluster of wave) {
    const target = nextPatch(cluster)!;
    byTarget.set(target, [...(byTarget.get(target) ?? []), cluster.name]);
  }
  const all = wave.length === candidates.length;
  return {
    before: `upgrade of ${all ? 'every hosted cluster' : `${wave.length} of ${hostedClusters.length} hosted clusters`}`,
    moments: PHASES.map(({ during, begun }) => {
      const at = (STRIKES_AT - begun) as Micros;
      const faults = [...byTarget].map(([release, names]) => upgradeOf(names, release, at));
      return { during, normalAt: (at - MINUTE) as Micros, faults };
    }),
    alone: { label: NOTHING_FAILS, alike: [], faults: () => [] },
    gone: new Set(),
  };
}

/** On which nodes the kube-apiservers of a hosted cluster stand when a run begins; the fleet is built when that is asked for. */
function placedBy(
  scenario: Omit<ScenarioPlan, 'duration' | 'faults'>,
): (cluster: HostedClusterPlan) => readonly NodeId[] {
  let built: BuiltFleet | undefined;
  return ({ name }) => {
    built ??= new Replication({ ...scenario, duration: STRIKES_AT, faults: [] }, 0).fleet;
    const { hosted, pods } = built.world;
    const servers = hosted.set(built.hostedClusters.get(name)!, 'kube-apiserver');
    if (servers === NONE) return [];
    return pods.ofSet
      .list(servers as SetId)
      .map((pod) => pods.node.at(pod))
      .filter((node) => node !== NONE);
  };
}

function upgradeOf(names: readonly string[], release: string, at: Micros): Upgrade {
  return {
    kind: 'upgrade',
    at,
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
