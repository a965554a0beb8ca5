/** The next steps of hosted clusters and their node pools. */
import { judgeHostedClusterUpgrade, judgeNodePoolUpgrade } from '../judge.ts';
import type { Finding } from '../rule.ts';
import { isNewer, parseVersion } from '../version.ts';
import type { Wanted } from './draft.ts';
import { type HostedState, hostedStep, type PoolState, poolStep, type Site } from './site.ts';
import type { Target } from './target.ts';

const BEHIND = 'hosted-cluster.leaves-pools-behind';

/** Each hosted cluster one minor on, or first the pools that it would leave too far behind; pools of those that have arrived follow. */
export function nextOfHosted(site: Site, target: Target): readonly Wanted[] {
  return site.hosted.flatMap((hosted) =>
    target.isAheadOf(hosted.release) ? nextOfOne(site, hosted, target) : followingPools(site, hosted, target),
  );
}

function nextOfOne(site: Site, hosted: HostedState, target: Target): readonly Wanted[] {
  const { release: from, plan } = hosted;
  const to = target.after(from);
  const findings = judgeHostedClusterUpgrade(hostedStep(site, hosted, to));
  if (findings.length > 0) {
    const [first] = findings;
    return findings.every(({ rule }) => rule.id === BEHIND)
      ? laggingPools(site, hosted, to, first!.found)
      : [];
  }
  hosted.release = to;
  const why = to === target.text ? 'the target' : `on the way to ${target.text}, minor by minor`;
  return [{ target: { kind: 'hostedCluster', name: plan.name }, action: 'update', from, to, why }];
}

/** Pools that keep their hosted cluster from going on, to its release of now: one rollout for several minors. */
function laggingPools(site: Site, hosted: HostedState, to: string, why: string): readonly Wanted[] {
  return poolsInTheWay(site, hosted, to).flatMap((pool) =>
    poolUpdate(site, hosted, pool, hosted.release, why),
  );
}

/** Pools that a hosted cluster would leave too far behind. */
export function poolsInTheWay(site: Site, hosted: HostedState, to: string): readonly PoolState[] {
  const alone = (pools: readonly string[]): number =>
    judgeHostedClusterUpgrade({ ...hostedStep(site, hosted, to), pools }).length;
  return hosted.pools.filter(({ release }) => alone([release]) > alone([]));
}

/** Pools of a hosted cluster that goes no further, to its release, but not beyond the target. */
export function followingPools(site: Site, hosted: HostedState, target: Target): readonly Wanted[] {
  const why = `follows its hosted cluster, which has ${hosted.release}`;
  const to = goalOfPools(hosted, target);
  return hosted.pools.flatMap((pool) => poolUpdate(site, hosted, pool, to, why));
}

function poolUpdate(
  site: Site,
  hosted: HostedState,
  pool: PoolState,
  to: string,
  why: string,
): readonly Wanted[] {
  const { release: from, plan } = pool;
  if (!isOlder(from, to) || judgeNodePoolUpgrade(poolStep(site, hosted, pool, to)).length > 0) return [];
  pool.release = to;
  const name = { kind: 'nodePool', name: plan.name, hostedCluster: hosted.plan.name } as const;
  return [{ target: name, action: 'update', from, to, why }];
}

/** The release that the pools of a hosted cluster can have at most, once it goes no further. */
export function goalOfPools({ release }: HostedState, target: Target): string {
  return isOlder(target.text, release) ? target.text : release;
}

/** True for a release that is older than another beyond doubt. */
export function isOlder(release: string, than: string): boolean {
  const [own, other] = [release, than].map(parseVersion);
  return own !== undefined && other !== undefined && isNewer(other, own);
}

/** The rules that keep a hosted cluster from its next step. */
export function forbidsHosted(site: Site, hosted: HostedState, target: Target): readonly Finding[] {
  return judgeHostedClusterUpgrade(hostedStep(site, hosted, target.after(hosted.release)));
}

/** The rules that keep a pool from a release. */
export function forbidsPool(
  site: Site,
  hosted: HostedState,
  pool: PoolState,
  to: string,
): readonly Finding[] {
  return judgeNodePoolUpgrade(poolStep(site, hosted, pool, to));
}
