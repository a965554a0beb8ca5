/** Upgrades: steps that any fleet takes, and steps that rules refuse; of everything that can be brought to another release. */
import {
  HOSTED_CLUSTER_CHANGES,
  MACHINE_CONFIG_POOL_CHANGES,
  NODE_POOL_CHANGES,
  type Upgrade,
} from '../../plan/faults.ts';
import type { FleetPlan, OperatorPlan } from '../../plan/fleet.ts';
import { MCE_RELEASES } from '../../versions/operators.ts';
import { parseVersion } from '../../versions/version.ts';
import type { Dice } from './dice.ts';

type What = Omit<Upgrade, 'at' | 'duration' | 'label'>;

/** By how many minors a step goes on: most stay in their minor or go to the next one; some skip one, and some go back. */
const STEPS = [0, 0, 1, 1, 1, 2, -1] as const;

const PATCHES = 20;

/** A release some step away from another one. */
export function releaseFrom(dice: Dice, release: string): string {
  const { major, minor, patch = 0 } = parseVersion(release)!;
  const step = dice.pick(STEPS);
  const later = step === 0 ? Math.max(0, patch + dice.pick([-1, 1, 2, 3])) : dice.int(0, PATCHES);
  return `${major}.${Math.max(0, minor + step)}.${later}`;
}

/** Another version of the operator, by how its product counts them. */
function operatorFrom(dice: Dice, { product, version }: OperatorPlan): string {
  return product === 'MCE' ? dice.pick(MCE_RELEASES).version : releaseFrom(dice, version);
}

/** Somebody asks for another release of something: always for one that a kind of subject can have, not always for one that it may have. */
export function drawUpgrade(dice: Dice, { hostedClusters, managementClusters }: FleetPlan): What {
  const pools = hostedClusters.flatMap((cluster) => cluster.nodePools.map((pool) => ({ cluster, pool })));
  const kind = dice.pick([
    'hostedCluster',
    'hostedCluster',
    'nodePool',
    'managementCluster',
    'machineConfigPool',
    'operator',
  ] as const);
  if (kind === 'nodePool' && pools.length > 0) return ofPool(dice, dice.pick(pools));
  if (kind === 'managementCluster') {
    const { name, version } = dice.pick(managementClusters);
    const forced = dice.chance(0.5) ? { force: true } : {};
    return { kind: 'upgrade', subject: kind, names: [name], to: releaseFrom(dice, version), ...forced };
  }
  if (kind === 'machineConfigPool') {
    const { name, machineConfigPools } = dice.pick(managementClusters);
    const names = [`${name}/${dice.pick(machineConfigPools).name}`];
    return { kind: 'upgrade', subject: kind, names, change: dice.pick(MACHINE_CONFIG_POOL_CHANGES) };
  }
  if (kind === 'operator') {
    const { name, operator } = dice.pick(managementClusters);
    return { kind: 'upgrade', subject: kind, names: [name], to: operatorFrom(dice, operator) };
  }
  // Without workers few releases are ever complete.
  const staffed = hostedClusters.filter(({ nodePools }) => nodePools.some(({ replicas }) => replicas > 0));
  const { name, release } = dice.pick(staffed.length > 0 && dice.chance(0.9) ? staffed : hostedClusters);
  const named = { kind: 'upgrade', subject: 'hostedCluster', names: [name] } as const;
  if (dice.chance(0.2)) return { ...named, change: dice.pick(HOSTED_CLUSTER_CHANGES) };
  const force = dice.chance(0.1) ? { force: true } : {};
  return {
    ...named,
    to: releaseFrom(dice, release),
    ...force,
  };
}

/** Another configuration, the release of its cluster or of a step of that, or one of its own. */
function ofPool(
  dice: Dice,
  {
    cluster,
    pool,
  }: { cluster: FleetPlan['hostedClusters'][number]; pool: { name: string; release: string } },
): What {
  const named = { kind: 'upgrade', subject: 'nodePool', names: [`${cluster.name}/${pool.name}`] } as const;
  if (dice.chance(0.4)) return { ...named, change: dice.pick(NODE_POOL_CHANGES) };
  return { ...named, to: releaseFrom(dice, dice.chance(0.5) ? cluster.release : pool.release) };
}
