/**
 * Upgrades of campaigns that will be refused, as far as that is known before a run: by a rule that no earlier step of the same scenario can change. A
 * hosted cluster has the release of the beginning or any that it is asked for before, its operator any of its versions; what is refused in each of
 * these states is foreseen, and all else is left to the run.
 */
import type { CampaignPlan, StagePlan } from '../plan/campaign.ts';
import type { Upgrade } from '../plan/faults.ts';
import type { HostedClusterPlan, NodePoolPlan, OperatorPlan } from '../plan/fleet.ts';
import { poolKey } from '../plan/machines-at-once.ts';
import type { ScenarioPlan } from '../plan/scenario.ts';
import { type Finding, judgeHostedClusterUpgrade, judgeNodePoolUpgrade, stops, textOf } from './judge.ts';

type Scenario = Pick<ScenarioPlan, 'fleet' | 'faults' | 'campaigns'>;
/** Somebody asks for a release of subjects of one kind. */
type Request = Pick<StagePlan, 'kind' | 'to'> & Pick<Upgrade, 'names' | 'force'>;

/** Subjects of one stage that are refused for the same reason. */
export interface Foreseen {
  readonly campaign: string;
  readonly stage: StagePlan;
  readonly names: readonly string[];
  /** The rule that is broken, cited. */
  readonly why: string;
}

/** All of them, in the order of campaigns and stages. */
export function foreseenRefusals(scenario: Scenario): readonly Foreseen[] {
  return (scenario.campaigns ?? []).flatMap((campaign) =>
    campaign.stages.flatMap((stage, i) => {
      const states = new States(scenario, campaign, i);
      const byReason = new Map<string, string[]>();
      for (const name of stage.waves.flat()) {
        const why = states.refusal(stage, name);
        if (why !== undefined) byReason.set(why, [...(byReason.get(why) ?? []), name]);
      }
      return [...byReason].map(([why, names]) => ({ campaign: campaign.name, stage, names, why }));
    }),
  );
}

/** What may have become of a fleet when a stage begins. */
class States {
  readonly #scenario: Scenario;
  /** Whatever may be asked for before: other campaigns and events at any time, and the stages before this one. */
  readonly #before: readonly Request[];
  readonly #moved: ReadonlySet<string>;

  constructor(scenario: Scenario, campaign: CampaignPlan, stage: number) {
    this.#scenario = scenario;
    const { faults, campaigns = [] } = scenario;
    const stages = campaigns.flatMap((one) => (one === campaign ? one.stages.slice(0, stage) : one.stages));
    this.#before = [
      ...faults
        .filter((fault): fault is Upgrade => fault.kind === 'upgrade')
        .map(({ subject, ...fault }) => ({ ...fault, kind: subject })),
      ...stages.map((one) => ({ ...one, names: one.waves.flat() })),
    ];
    this.#moved = new Set(
      faults.flatMap((fault) => (fault.kind === 'moveHostedCluster' ? fault.hostedClusters : [])),
    );
  }

  /** Why a subject of a stage is refused, whatever came before; undefined where that is not known. */
  refusal({ kind, to, force }: StagePlan, name: string): string | undefined {
    if (to === undefined || (kind !== 'hostedCluster' && kind !== 'nodePool')) return undefined;
    const [owner, poolName] = name.split('/') as [string, string?];
    const cluster = this.#scenario.fleet.hostedClusters.find((one) => one.name === owner)!;
    if (this.#moved.has(owner)) return undefined;
    const all =
      poolName === undefined
        ? this.#ofCluster(cluster, to, force)
        : this.#ofPool(cluster, cluster.nodePools.find((pool) => pool.name === poolName)!, to);
    const found = all.map((one) => one.find((finding) => stops([finding])));
    const [first] = found;
    return first !== undefined && found.every((one) => one !== undefined) ? textOf(first) : undefined;
  }

  #ofCluster(cluster: HostedClusterPlan, to: string, force: boolean): readonly (readonly Finding[])[] {
    const policy = force ? { ...cluster, forceUpgradeTo: to } : cluster;
    const pools = cluster.nodePools.map(({ release }) => release);
    return this.#operators(cluster).flatMap((operator) =>
      this.#releases('hostedCluster', cluster.name, cluster.release)
        .filter((from) => from !== to)
        .map((from) =>
          judgeHostedClusterUpgrade({ from, to, platform: cluster.platform, policy, operator, pools }),
        ),
    );
  }

  #ofPool(cluster: HostedClusterPlan, pool: NodePoolPlan, to: string): readonly (readonly Finding[])[] {
    const { name, platform, payload } = cluster;
    const { arch } = pool;
    // A release that the hosted cluster itself is always refused is never one that it has.
    const reached = this.#releases('hostedCluster', name, cluster.release).filter(
      (release) => release === cluster.release || !this.#neverHas(cluster, release),
    );
    return this.#operators(cluster).flatMap((operator) =>
      reached.flatMap((hostedCluster) =>
        this.#releases('nodePool', poolKey(name, pool.name), pool.release)
          .filter((from) => from !== to)
          .map((from) =>
            judgeNodePoolUpgrade({ from, to, arch, hostedCluster, payload, platform, operator }),
          ),
      ),
    );
  }
  #neverHas(cluster: HostedClusterPlan, release: string): boolean {
    const forced = this.#isForced(cluster.name, release);
    const all = this.#ofCluster(cluster, release, forced);
    return all.length > 0 && all.every(stops);
  }
  #isForced(cluster: string, release: string): boolean {
    return this.#before.some(
      ({ kind, names, to, force }) =>
        kind === 'hostedCluster' && force === true && to === release && names.includes(cluster),
    );
  }

  /** The releases that a subject may have by then. */
  #releases(kind: Request['kind'], name: string, first: string): readonly string[] {
    const asked = this.#before.filter((one) => one.kind === kind && one.names.includes(name));
    return [...new Set([first, ...asked.flatMap(({ to }) => to ?? [])])];
  }
  #operators({ managementCluster }: HostedClusterPlan): readonly OperatorPlan[] {
    const host = this.#scenario.fleet.managementClusters.find(({ name }) => name === managementCluster);
    if (host === undefined) return [];
    const { product, version } = host.operator;
    return this.#releases('operator', managementCluster, version).map((one) => ({ product, version: one }));
  }
}
