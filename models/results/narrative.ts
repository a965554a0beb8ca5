/** Facts in words: what a cause chain says. One line per kind of fact. */
import type { CauseId, Fact } from '../../sim/facts.ts';
import type { BuiltFleet } from '../build/fleet.ts';
import type { Injector } from '../faults/injector.ts';
import type { AgentId, CampaignId, ClusterId, NodeId, PoolId, ReleaseId, SetId, UpgradeId } from '../ids.ts';
import { ZONE_STATE } from '../kubernetes/node-zones.ts';
import { tellReason } from '../reasons/reason.ts';
import { subjectCluster, subjectService } from '../services.ts';
import type { Campaigns } from '../upgrades/campaign/campaigns.ts';
import type { UpgradeRecord } from '../upgrades/ledger.ts';
import { subjectText } from '../upgrades/subjects.ts';
import type { PendingRecorder } from './pending-recorder.ts';

/** Facts that a chain does not name: what stands beside them says it already. */
const SILENT: ReadonlySet<string> = new Set([
  'pod-bound',
  'zone-state',
  'service',
  'exposure',
  'votes-split',
]);

/** Facts whose subject is a set and whose value an ordinal. */
const OF_PODS: ReadonlySet<string> = new Set([
  'pod-bound',
  'pod-unschedulable',
  'pod-ready',
  'pod-deleted',
  'pod-evicted',
  'eviction-refused',
  'migration-begins',
  'migration-failed',
  'virtual-machine-moved',
  'endpoint-listed',
  'endpoint-dropped',
  'liveness-failed',
  'etcd-connections-given-up',
  'reason',
]);

/** An agent by the worker it runs on, or as the pod that it is. */
export function agentName({ world }: BuiltFleet, agent: AgentId): string {
  const worker = world.workers.workerOf(agent);
  return worker === undefined ? world.konnectivity.tunnels.name(agent) : world.machines.names[worker]!;
}

/** What of a fact goes into words. */
type Told = Pick<Fact, 'subject' | 'value' | 'at'>;
type Telling = (fact: Told) => string;

export class Narrative {
  readonly #tellings: Readonly<Record<string, Telling>>;
  readonly #fleet: BuiltFleet;
  readonly #chains = new Map<CauseId, readonly string[]>();
  readonly #texts = new Map<string, string>();

  constructor(fleet: BuiltFleet, injector: Injector, campaigns: Campaigns, pending: PendingRecorder) {
    this.#fleet = fleet;
    const { world } = fleet;
    // Numbers of facts are given out again after a snapshot is restored.
    world.sim.keep({ save: () => null, restore: () => this.#chains.clear() });
    const node = (fact: Told): string => `node ${world.machines.names[fact.subject as NodeId]}`;
    const cluster = (fact: Told): string => world.clusters.names[fact.subject as ClusterId]!;
    const etcd = (fact: Told): string => `etcd of ${cluster(fact)}`;
    const api = (fact: Told): string => `the API of ${cluster(fact)}`;
    const pod = (fact: Told): string => `${world.sets.names[fact.subject as SetId]}-${fact.value}`;
    const pool = (fact: Told): string => {
      const { names, ofCluster } = world.nodePools;
      const owner = world.clusters.names[ofCluster.parent(fact.subject as PoolId)]!;
      return `node pool ${owner}/${names[fact.subject]}`;
    };
    const member = (fact: Told): string =>
      `etcd-${fact.value} of ${world.clusters.names[fact.subject as ClusterId]}`;
    const lease = (fact: Told): string => `lease of ${world.leadership.leases.names[fact.subject]}`;
    const agent = (fact: Told): string => agentName(fleet, fact.subject as AgentId);
    const record = (fact: Told): UpgradeRecord => world.upgrades.ledger.record(fact.subject as UpgradeId);
    const upgrade = (fact: Told): string => `upgrade of ${subjectText(fleet, record(fact))}`;
    const fault = (fact: Told): string => injector.label(fact.subject);
    const refused = (fact: Told): string => {
      const message = pending.messageAt(fact.subject as SetId, fact.value, fact.at);
      return message === undefined ? '' : ` (${message})`;
    };
    this.#tellings = {
      'fault-begins': fault,
      'fault-ends': (fact) => `${fault(fact)} is over`,
      'node-lost': (fact) => `${node(fact)} lost`,
      'node-booted': (fact) => `${node(fact)} booted`,
      'members-far-apart': (fact) => `members of ${etcd(fact)} ${fact.value} ms apart`,
      'workers-far-away': (fact) =>
        `workers of ${world.clusters.names[fact.subject as ClusterId]} ${fact.value} ms away`,
      'node-cut-off': (fact) => `${node(fact)} cut off from its API`,
      'node-in-contact': (fact) => `${node(fact)} in contact with its API again`,
      'node-unready': (fact) => `${node(fact)} found Unknown`,
      'silence-counted-anew': (fact) => `a new controller manager counts the silence of ${node(fact)} anew`,
      'agent-found-server': (fact) => `agent of ${agent(fact)} found server ${fact.value}`,
      'agent-given-up': (fact) => `servers gave up the agent of ${agent(fact)}`,
      'remediation-started': (fact) => `${node(fact)} handed to remediation`,
      'node-remediated': (fact) => `${node(fact)} out of service, its pods deleted`,
      'machine-replaced': (fact) => `health check has the machine of ${node(fact)} replaced`,
      'node-out-of-service': (fact) => `${node(fact)} tainted out-of-service`,
      'node-deleted': (fact) => `${node(fact)} deleted`,
      'machine-created': (fact) => `machine of ${node(fact)} created`,
      'machine-terminates': (fact) => `infrastructure of ${node(fact)} being deleted`,
      'machine-deleted': (fact) => `machine of ${node(fact)} deleted`,
      'pool-scaled-up': (fact) => `autoscaler wants ${fact.value} machines in ${pool(fact)}`,
      'node-unneeded': (fact) => `${node(fact)} unneeded for long`,
      'scale-down-failed': (fact) => `${node(fact)} stays: its pods did not leave`,
      'machine-not-joined': (fact) => `machine of ${node(fact)} did not join in time`,
      'drain-begins': (fact) => `${node(fact)} being drained`,
      'node-drained': (fact) => `${node(fact)} drained`,
      'drain-ended': (fact) => `the drain of ${node(fact)} is ended before it was done`,
      'drain-timeout': (fact) => `${node(fact)} not drained in time`,
      'eviction-refused': (fact) => `eviction of pod ${pod(fact)} refused by its disruption budget`,
      'migration-begins': (fact) => `live migration of ${pod(fact)}`,
      'migration-failed': (fact) => `live migration of ${pod(fact)} failed`,
      'virtual-machine-moved': (fact) => `virtual machine of ${pod(fact)} moved`,
      'tokens-lapsed': (fact) => `tokens of pods of ${cluster(fact)} ran out`,
      'certificate-expired': (fact) => `client certificate of the kubelet of ${node(fact)} ran out`,
      'node-ready': (fact) => `${node(fact)} Ready again`,
      'node-tainted': (fact) => `${node(fact)} tainted unreachable:NoExecute`,
      'zone-state': (fact) => `zone state ${Object.keys(ZONE_STATE)[fact.value]}`,
      'pod-bound': (fact) => `pod ${pod(fact)} bound`,
      'pod-unschedulable': (fact) => `pod ${pod(fact)} fits on no node${refused(fact)}`,
      'pod-ready': (fact) => `pod ${pod(fact)} ready`,
      'pod-deleted': (fact) => `pod ${pod(fact)} deleted`,
      'pod-evicted': (fact) => `pod ${pod(fact)} evicted`,
      'endpoint-listed': (fact) => `endpoint of ${pod(fact)} listed`,
      'endpoint-dropped': (fact) => `endpoint of ${pod(fact)} dropped`,
      'leader-unheard': (fact) => `${etcd(fact)} hears its leader no more`,
      'votes-split': (fact) => `votes for a leader split ${fact.value} times in ${etcd(fact)}`,
      'api-unreachable': (fact) => `workers do not reach ${api(fact)}`,
      'kubelet-connection-dead': (fact) => `${node(fact)} keeps a connection to a dead kube-apiserver`,
      'kubelet-reconnected': (fact) => `${node(fact)} gets through to its API again`,
      'address-lost': (fact) => `the node that announces ${api(fact)} is lost`,
      'addressed-node-lost': (fact) =>
        `clients still address node ${world.machines.names[fact.value as NodeId]} for ${api(fact)}`,
      'target-lost': (fact) =>
        `load balancer of ${cluster(fact)} still sends requests to node ${world.machines.names[fact.value as NodeId]}`,
      'address-moved': (fact) => `node ${world.machines.names[fact.value as NodeId]} announces ${api(fact)}`,
      'etcd-connections-given-up': (fact) => `${pod(fact)} gives up its dead connections to etcd`,
      'leader-lost': (fact) => `${etcd(fact)} lost its leader`,
      'leader-elected': (fact) => `${etcd(fact)} elected a leader, term ${fact.value}`,
      'quorum-lost': (fact) => `${etcd(fact)} lost its quorum`,
      'disk-gray-failure': (fact) => `gray failure of the disk of ${member(fact)}`,
      'disk-stalled': (fact) => `${member(fact)} waits for its disk`,
      'disk-answers': (fact) => `disk of ${member(fact)} answers`,
      'disk-over-limit': (fact) => `disks of ${etcd(fact)} need ${fact.value} ms for an fsync`,
      'no-space': (fact) => `${etcd(fact)} is full and takes no writes`,
      'database-cleaned': (fact) => `${etcd(fact)} was compacted, defragmented and disarmed`,
      defragmented: (fact) => `${etcd(fact)} defragmented`,
      'requests-time-out': (fact) => `requests through ${member(fact)} time out`,
      'liveness-failed': (fact) => `${pod(fact)} killed for its liveness probe`,
      'member-data-lost': (fact) => `etcd-${fact.value} of ${cluster(fact)} has lost its data`,
      'member-found-no-cluster': (fact) => `etcd-${fact.value} of ${cluster(fact)} found no cluster to join`,
      'member-rejoined': (fact) => `etcd-${fact.value} of ${cluster(fact)} rejoined with a new volume`,
      'recovery-started': (fact) => `recovery Job of ${etcd(fact)} created`,
      'member-replaced': (fact) => `recovery Job replaces etcd-${fact.value} of ${cluster(fact)}`,
      'recovery-failed': (fact) => `recovery Job of ${etcd(fact)} failed`,
      'restore-step': (fact) => `restore of ${cluster(fact)}: ${world.restores.tellStep(fact.value)}`,
      'restore-impossible': (fact) => `restore of ${cluster(fact)}: no member has data to copy`,
      'move-step': (fact) => `move of ${cluster(fact)}: ${world.moves.tellStep(fact.value)}`,
      'move-impossible': (fact) => `move of ${cluster(fact)}: no member has data to copy`,
      'name-leads-elsewhere': (fact) => `DNS name of ${api(fact)} still leads to where it was`,
      'name-leads-here': (fact) => `DNS name of ${api(fact)} leads to where it is`,
      'api-moved': (fact) => `move of ${cluster(fact)}: clients reach its API`,
      'api-restored': (fact) => `restore of ${cluster(fact)}: API back`,
      'campaign-wave': (fact) => {
        const wave = campaigns.record(fact.subject as CampaignId).waves[fact.value]!;
        const { name } = campaigns.stage(fact.subject as CampaignId, wave);
        return `campaign ${campaigns.plans[fact.subject]!.name}: wave ${wave.wave + 1} of ${name}`;
      },
      'campaign-stops': (fact) => `campaign ${campaigns.plans[fact.subject]!.name} stops`,
      'node-reboots': (fact) =>
        `${node(fact)} reboots into ${world.upgrades.releases.name(fact.value as ReleaseId)}`,
      'upgrade-asked': (fact) => `${upgrade(fact)} to ${world.upgrades.releases.name(record(fact).after)}`,
      'upgrade-waits': (fact) => `${upgrade(fact)} waits: ${record(fact).waits[fact.value]!.why}`,
      'upgrade-ends': (fact) => `${upgrade(fact)} ${record(fact).end}`,
      reason: (fact) => tellReason(world.sets.names[fact.subject as SetId]!, fact.value),
      'lease-holder-cut-off': (fact) => `holder of the ${lease(fact)} cut off`,
      'lease-lost': (fact) => `${lease(fact)} lost its holder`,
      'lease-acquired': (fact) => `${lease(fact)} taken over`,
      exposure: (fact) => (fact.value === 1 ? 'one failure from an outage' : 'redundant again'),
      service: (fact) =>
        `${subjectService(fact.subject)} of ${world.clusters.names[subjectCluster(fact.subject) as ClusterId]} is ${fact.value}`,
    };
  }

  /** A fact in words. Kinds without words speak by their name. */
  tell(kind: string, fact: Told): string {
    return this.#tellings[kind]?.(fact) ?? kind;
  }

  /** A fact in words that stand alone: with the hosted cluster whose pod it speaks of. */
  tellAlone(kind: string, fact: Told): string {
    const { sets, clusters } = this.#fleet.world;
    const text = this.tell(kind, fact);
    if (!OF_PODS.has(kind)) return text;
    return `${clusters.names[sets.serves.at(fact.subject as SetId)]}: ${text}`;
  }

  /** The chain that led to a fact, root cause first, without its silent links. Facts of one chain share the text. */
  chain(id: CauseId): readonly string[] {
    const known = this.#chains.get(id);
    if (known) return known;
    const facts = this.#fleet.world.sim.facts.chain(id).filter((fact) => !SILENT.has(fact.kind.name));
    const told = facts.map((fact) => this.#once(this.tell(fact.kind.name, fact)));
    this.#chains.set(id, told);
    return told;
  }

  /** Every text once: chains of a long run say the same things by the hundred thousand. */
  #once(text: string): string {
    const known = this.#texts.get(text);
    if (known === undefined) this.#texts.set(text, text);
    return known ?? text;
  }
}
