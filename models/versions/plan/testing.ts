/** What tests hold plans against: a fleet that takes steps one by one and is judged before each, and by what runs during it. */
import type { FleetPlan } from '../../plan/fleet.ts';
import {
  type Finding,
  judgeHostedClusterUpgrade,
  judgeManagementClusterUpgrade,
  judgeNodePoolUpgrade,
  judgeOperatorUpgrade,
} from '../judge.ts';
import { kubernetesMinor } from '../releases.ts';
import { skewMargins } from '../skew.ts';
import {
  type HostedState,
  hostedStep,
  managementStep,
  nodesOf,
  poolStep,
  type Site,
  sitesOf,
} from './site.ts';
import type { Step, StepTarget } from './steps.ts';
import { Target } from './target.ts';

export class Walk {
  readonly #sites: readonly Site[];

  constructor(fleet: FleetPlan) {
    this.#sites = sitesOf(fleet);
  }

  /** Takes a step. @returns what it breaks: when it is asked for, and while old and new run side by side. */
  take(step: Step): readonly Finding[] {
    const site = this.#sites.find(({ plan }) => plan.name === step.managementCluster)!;
    const { target, from, to } = step;
    if (this.versionOf(target) !== from && step.action === 'update')
      throw new RangeError(`${target.name} has ${this.versionOf(target)}, not ${from}`);
    switch (target.kind) {
      case 'managementCluster': {
        const broken = judgeManagementClusterUpgrade(managementStep(site, to));
        const moment = sideBySide([from, to], [from], nodesOf(site));
        site.version = to;
        return [...broken, ...moment];
      }
      case 'machineConfigPools': {
        const moment = sideBySide([site.version], [site.version], [from, to]);
        site.pausedAt = step.action === 'pause' ? site.version : '';
        return moment;
      }
      case 'operator': {
        const next = { product: target.product, version: to };
        const hostedClusters = site.hosted.map(({ release, plan }) => ({ release, platform: plan.platform }));
        const broken = judgeOperatorUpgrade({
          from: site.operator,
          to: next,
          management: site.version,
          hostedClusters,
        });
        site.operator = next;
        return broken;
      }
      case 'hostedCluster': {
        const hosted = hostedOf(site, target.name);
        const broken = this.asks(target.name, to);
        const moment = sideBySide(
          [from, to],
          [from],
          hosted.pools.map(({ release }) => release),
        );
        hosted.release = to;
        return [...broken, ...moment];
      }
      case 'nodePool': {
        const hosted = hostedOf(site, target.hostedCluster);
        const broken = this.asksPool(target.hostedCluster, target.name, to);
        const { release } = hosted;
        const moment = sideBySide([release], [release], [from, to]);
        hosted.pools.find(({ plan }) => plan.name === target.name)!.release = to;
        return [...broken, ...moment];
      }
    }
  }

  /** What asking a hosted cluster for a release would break. */
  asks(name: string, to: string): readonly Finding[] {
    const [site, hosted] = this.#hosted(name);
    return judgeHostedClusterUpgrade(hostedStep(site, hosted, to));
  }

  /** What asking a node pool for a release would break. */
  asksPool(name: string, poolName: string, to: string): readonly Finding[] {
    const [site, hosted] = this.#hosted(name);
    const pool = hosted.pools.find(({ plan }) => plan.name === poolName)!;
    return judgeNodePoolUpgrade(poolStep(site, hosted, pool, to));
  }

  versionOf(target: StepTarget): string {
    if (target.kind === 'hostedCluster') return this.#hosted(target.name)[1].release;
    if (target.kind === 'nodePool') {
      const [, hosted] = this.#hosted(target.hostedCluster);
      return hosted.pools.find(({ plan }) => plan.name === target.name)!.release;
    }
    const site = this.#sites.find(({ plan }) => plan.name === target.name)!;
    return target.kind === 'operator' ? site.operator.version : site.version;
  }

  /** Clusters and pools that are older than a release. */
  behind(to: string): readonly StepTarget[] {
    const target = new Target(to);
    const all = this.#sites.flatMap(({ plan: { name }, hosted }): StepTarget[] => [
      { kind: 'managementCluster', name },
      ...hosted.flatMap(({ plan, pools }): StepTarget[] => [
        { kind: 'hostedCluster', name: plan.name },
        ...pools.map((pool) => ({
          kind: 'nodePool' as const,
          name: pool.plan.name,
          hostedCluster: plan.name,
        })),
      ]),
    ]);
    return all.filter((one) => target.isAheadOf(this.versionOf(one)));
  }

  #hosted(name: string): readonly [Site, HostedState] {
    const site = this.#sites.find(({ hosted }) => hosted.some(({ plan }) => plan.name === name))!;
    return [site, hostedOf(site, name)];
  }
}

function hostedOf({ hosted }: Site, name: string): HostedState {
  return hosted.find(({ plan }) => plan.name === name)!;
}

/** Servers before and after, controllers that have not followed yet, kubelets of all nodes. */
function sideBySide(
  servers: readonly string[],
  controllers: readonly string[],
  kubelets: readonly string[],
): readonly Finding[] {
  const minors = (releases: readonly string[]) => releases.flatMap((one) => kubernetesMinor(one) ?? []);
  const followers = minors(controllers);
  const margins = skewMargins({
    apiServers: minors(servers),
    controllerManagers: followers,
    schedulers: followers,
    cloudControllerManagers: followers,
    nodes: minors(kubelets).map((kubelet) => ({ kubelet })),
  });
  const broken = margins.filter(({ left }) => left < 0);
  return broken.map(({ rule, left }) => ({ rule, found: `${-left} minors too far` }));
}
