/** Every model of a fleet on one simulation, in the order in which they hear of each other's signals. */
import { Simulation } from '../sim/simulation.ts';
import { Database } from './etcd/database.ts';
import { Disks } from './etcd/disks.ts';
import { Ensembles } from './etcd/ensembles.ts';
import { MemberData } from './etcd/member-data.ts';
import { EtcdRecovery } from './etcd/recovery.ts';
import { Health } from './health.ts';
import { ApiPath } from './hosted/api-path.ts';
import { Autoscaler } from './hosted/autoscaler/autoscaler.ts';
import { PRIORITY } from './hosted/components.ts';
import { HostedControlPlanes } from './hosted/control-planes.ts';
import { Entry } from './hosted/entry.ts';
import { EtcdConnections } from './hosted/etcd-connections.ts';
import { EtcdProbes } from './hosted/etcd-probes.ts';
import { Konnectivity } from './hosted/konnectivity.ts';
import { LiveMigrations } from './hosted/live-migration.ts';
import { MachineHealthChecks } from './hosted/machine-health-check.ts';
import { Moves } from './hosted/moves.ts';
import { NodePools } from './hosted/node-pools.ts';
import { poolAuthority } from './hosted/pool-authority.ts';
import { Reconciliation } from './hosted/reconciliation.ts';
import { Restores } from './hosted/restore.ts';
import { RestoreLedger } from './hosted/restore-ledger.ts';
import { StuckMembers } from './hosted/stuck-members.ts';
import { WorkerConnections } from './hosted/worker-connections.ts';
import { Workers } from './hosted/workers.ts';
import { Clusters } from './kubernetes/clusters.ts';
import { Contact } from './kubernetes/contact.ts';
import { DisruptionBudgets } from './kubernetes/disruption-budgets.ts';
import { Drains } from './kubernetes/drain.ts';
import { Endpoints } from './kubernetes/endpoints.ts';
import { Heartbeats } from './kubernetes/heartbeats.ts';
import { KubeletCertificates } from './kubernetes/kubelet-certificates.ts';
import { KubeletConnections } from './kubernetes/kubelet-connections.ts';
import { Leadership } from './kubernetes/leadership.ts';
import { Leases } from './kubernetes/leases.ts';
import { ManagementControlPlanes } from './kubernetes/management-control-plane.ts';
import { NodeLifecycle } from './kubernetes/node-lifecycle.ts';
import { Orphans } from './kubernetes/orphans.ts';
import { OutOfService } from './kubernetes/out-of-service.ts';
import { Pauses } from './kubernetes/pauses.ts';
import { Pods } from './kubernetes/pods.ts';
import { Probes } from './kubernetes/probes.ts';
import { Remediation } from './kubernetes/remediation.ts';
import { Rollouts } from './kubernetes/rollouts.ts';
import { Scaling } from './kubernetes/scaling.ts';
import { ServiceAccountTokens } from './kubernetes/service-account-tokens.ts';
import { Sets } from './kubernetes/sets.ts';
import { Limits } from './network/limits.ts';
import { Network } from './network/network.ts';
import { Paths } from './network/paths.ts';
import { SilentPeers } from './network/silent-peers.ts';
import type { ParameterValues } from './parameters.ts';
import { Machines } from './places/machines.ts';
import { Places } from './places/places.ts';
import type { PlacePlan } from './plan/fleet.ts';
import { Filters } from './scheduler/filters.ts';
import type { PlacementTable } from './scheduler/placement.ts';
import { Requested } from './scheduler/requested.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { Scores } from './scheduler/scores.ts';
import { TopologySpread } from './scheduler/topology-spread.ts';
import { Volumes } from './scheduler/volumes.ts';
import { HostedClusterChanges } from './upgrades/hosted/changes.ts';
import { HostedReleases } from './upgrades/hosted/hosted-releases.ts';
import { HostedVersions } from './upgrades/hosted/hosted-versions.ts';
import { renderByOperator } from './upgrades/hosted/operator-renderings.ts';
import { ManagementUpdates } from './upgrades/management/update.ts';
import { NodePoolUpgrades } from './upgrades/node-pool/node-pool-upgrades.ts';
import { OperatorUpgrades } from './upgrades/operator.ts';
import { Upgrades } from './upgrades/upgrades.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly replication: number;
  readonly parameters: ParameterValues;
  readonly places: readonly PlacePlan[];
  /** Hosted control planes never fail whatever happens to their pods. */
  readonly hostedHeldUp?: boolean;
}

export class World {
  readonly sim: Simulation;
  readonly upgrades: Upgrades;
  readonly parameters: ParameterValues;
  readonly clusters: Clusters;
  readonly pauses: Pauses;
  readonly places: Places;
  readonly machines: Machines;
  readonly network: Network;
  readonly contact: Contact;
  readonly kubelets: KubeletConnections;
  readonly sets: Sets;
  readonly pods: Pods;
  readonly tokens: ServiceAccountTokens;
  readonly certificates: KubeletCertificates;
  readonly endpoints: Endpoints;
  readonly rollouts: Rollouts;
  readonly probes: Probes;
  readonly lifecycle: NodeLifecycle;
  readonly requested: Requested;
  readonly volumes: Volumes;
  readonly orphans: Orphans;
  readonly outOfService: OutOfService;
  readonly budgets: DisruptionBudgets;
  readonly drains: Drains;
  readonly scaling: Scaling;
  readonly nodePools: NodePools;
  readonly spread: TopologySpread;
  readonly remediation: Remediation;
  readonly machineHealthChecks: MachineHealthChecks;
  readonly leadership: Leadership;
  readonly reconciliation: Reconciliation;
  readonly ensembles: Ensembles;
  readonly disks: Disks;
  readonly database: Database;
  readonly management: ManagementControlPlanes;
  readonly managementUpdates: ManagementUpdates;
  readonly operators: OperatorUpgrades;
  readonly konnectivity: Konnectivity;
  readonly entry: Entry;
  readonly hosted: HostedControlPlanes;
  readonly path: ApiPath;
  readonly paths: Paths;
  readonly limits: Limits;
  readonly etcdProbes: EtcdProbes;
  readonly memberData: MemberData;
  readonly etcdRecovery: EtcdRecovery;
  readonly ledger: RestoreLedger;
  readonly restores: Restores;
  readonly moves: Moves;
  readonly workers: Workers;
  readonly migrations: LiveMigrations;
  readonly health: Health;
  readonly scheduler: Scheduler;
  readonly hostedReleases: HostedReleases;
  readonly autoscaler: Autoscaler;
  readonly nodePoolUpgrades: NodePoolUpgrades;
  /** Schedulable nodes per cluster; filled while the fleet is built. */
  readonly placements: PlacementTable[] = [];

  constructor(options: WorldOptions) {
    const sim = new Simulation(options);
    const parameters = options.parameters;
    this.sim = sim;
    this.parameters = parameters;
    this.upgrades = new Upgrades(sim);
    this.clusters = new Clusters(sim, options.hostedHeldUp);
    this.pauses = new Pauses(this.clusters);
    this.places = new Places(sim, options.places);
    this.machines = new Machines(sim, this.clusters, this.places.table);
    this.network = new Network(sim, this.machines, parameters);
    this.contact = new Contact(sim, this.clusters, this.machines, this.network);
    const heartbeats = new Heartbeats(sim, this.machines, parameters);
    this.kubelets = new KubeletConnections(
      sim,
      this.clusters,
      this.machines,
      this.network,
      this.contact,
      heartbeats,
      parameters,
    );
    this.sets = new Sets(sim, this.clusters);
    this.pods = new Pods(sim, this.clusters, this.machines, this.contact, this.sets, parameters);
    this.tokens = new ServiceAccountTokens(sim, this.clusters, this.contact, this.pods, parameters);
    this.certificates = new KubeletCertificates(sim, this.clusters, this.contact, parameters);
    this.endpoints = new Endpoints(sim, this.clusters, this.machines, this.contact, this.pods, parameters);
    this.rollouts = new Rollouts(sim, this.pods, this.endpoints);
    this.probes = new Probes(sim, this.pods, this.endpoints);
    this.lifecycle = new NodeLifecycle(
      sim,
      this.clusters,
      this.machines,
      this.contact,
      heartbeats,
      this.pods,
      this.endpoints,
      parameters,
    );
    this.orphans = new Orphans(sim, this.clusters, this.machines, this.pods, this.lifecycle, parameters);
    this.budgets = new DisruptionBudgets(sim, this.clusters, this.pods, this.endpoints);
    this.drains = new Drains(sim, this.machines, this.contact, this.pods, this.budgets, parameters);
    this.outOfService = new OutOfService(
      sim,
      this.clusters,
      this.machines,
      this.pods,
      this.lifecycle,
      parameters,
    );
    this.scaling = new Scaling(sim, this.clusters, this.pods);
    this.nodePools = new NodePools(
      sim,
      this.clusters,
      this.machines,
      this.lifecycle,
      this.orphans,
      this.drains,
      parameters,
    );
    this.remediation = new Remediation(
      sim,
      this.clusters,
      this.machines,
      this.pods,
      this.lifecycle,
      this.pauses,
      parameters,
    );
    this.machineHealthChecks = new MachineHealthChecks(
      sim,
      this.clusters,
      this.machines,
      this.lifecycle,
      this.nodePools,
      this.pauses,
      parameters,
    );
    this.requested = new Requested(this.machines, this.pods);
    this.volumes = new Volumes(sim, this.pods, this.machines);
    this.spread = new TopologySpread(this.sets, this.machines, this.lifecycle);
    this.leadership = new Leadership(this.clusters, new Leases(sim, this.clusters), parameters);
    this.reconciliation = new Reconciliation(this.clusters, this.leadership, this.pauses);
    this.ensembles = new Ensembles(sim, (cluster) => this.clusters.key(cluster), parameters);
    this.disks = new Disks(sim, this.ensembles, parameters);
    this.database = new Database(sim, this.ensembles, parameters);
    this.management = new ManagementControlPlanes(
      sim,
      this.clusters,
      this.machines,
      this.ensembles,
      this.leadership,
      parameters,
    );
    this.konnectivity = new Konnectivity(sim, this.clusters, parameters);
    this.entry = new Entry(sim, this.clusters, this.machines, this.network, parameters);
    const connections = new EtcdConnections(sim, this.pods, parameters);
    this.hosted = new HostedControlPlanes(
      this.clusters,
      this.pods,
      this.endpoints,
      this.probes,
      this.ensembles,
      this.leadership,
      this.konnectivity,
      this.machineHealthChecks,
      parameters,
    );
    const stuck = new StuckMembers(sim, this.disks, parameters);
    this.path = new ApiPath(this.hosted, this.entry, connections, stuck, this.network, parameters);
    new WorkerConnections(sim, this.machines, this.kubelets, this.path, this.hosted, parameters);
    this.paths = new Paths(this.network, this, parameters);
    this.network.changed.subscribe(() => this.entry.reviewNetwork());
    new SilentPeers(this.network, this.paths, this.hosted, this.management, this.kubelets, connections);
    this.limits = new Limits(
      sim,
      this.clusters,
      this.machines,
      this.ensembles,
      this.network,
      this.paths,
      parameters,
    );
    this.etcdProbes = new EtcdProbes(sim, this.pods, this.hosted, this.disks, parameters);
    this.memberData = new MemberData(sim, this.pods, this.volumes, this.ensembles, this.hosted);
    this.memberData.renewed.subscribe((member) => this.disks.renew(member));
    this.etcdRecovery = new EtcdRecovery(
      sim,
      this.clusters,
      this.pods,
      this.rollouts,
      this.ensembles,
      this.leadership,
      this.hosted,
      this.reconciliation,
      this.pauses,
      this.memberData,
      this.etcdProbes,
      parameters,
    );
    this.ledger = new RestoreLedger(sim, this.clusters, this.ensembles, this.hosted);
    this.restores = new Restores(
      sim,
      this.clusters,
      this.pods,
      this.volumes,
      this.ensembles,
      this.hosted,
      this.pauses,
      this.memberData,
      this.database,
      this.ledger,
      parameters,
    );
    this.moves = new Moves(
      sim,
      this.clusters,
      this.pods,
      this.leadership,
      this.hosted,
      this.path,
      this.pauses,
      this.memberData,
      this.database,
      this.ledger,
      parameters,
    );
    this.workers = new Workers(
      this.machines,
      this.contact,
      this.pods,
      this.konnectivity,
      this.lifecycle,
      this.nodePools,
    );
    this.migrations = new LiveMigrations(sim, this.pods, this.contact, this.drains, this.workers, parameters);
    this.scheduler = new Scheduler(
      sim,
      this.clusters,
      this.pods,
      new Filters(
        this.pods,
        this.machines,
        this.lifecycle,
        this.requested,
        this.volumes,
        this.drains,
        this.spread,
      ),
      new Scores(this.pods, this.machines, this.requested, this.spread),
      this.placements,
      parameters,
      this.lifecycle,
      Object.values(PRIORITY),
    );
    this.drains.uncordoned.subscribe((node) => this.scheduler.wakeFor(node));
    this.orphans.deleted.subscribe((node) => this.drains.forget(node));
    this.orphans.deleted.subscribe((node) => this.scheduler.nodeDeleted(node));
    this.operators = new OperatorUpgrades(this);
    this.managementUpdates = new ManagementUpdates(this, (cluster) => this.operators.version(cluster));
    this.hostedReleases = new HostedReleases({
      ...this,
      sim,
      ledger: this.upgrades.ledger,
      releases: this.upgrades.releases,
    });
    this.operators.changed.subscribe((cluster) => this.hostedReleases.operatorChanged(cluster));
    renderByOperator(this);
    this.upgrades.versions.register(
      new HostedVersions(
        this.pods,
        this.machines,
        this.lifecycle,
        this.hostedReleases,
        this.upgrades.releases,
      ),
    );
    this.autoscaler = new Autoscaler(this);
    this.nodePoolUpgrades = new NodePoolUpgrades(this);
    this.upgrades.register('hostedCluster', new HostedClusterChanges(this));
    this.health = new Health(
      sim,
      this.clusters,
      this.pods,
      this.endpoints,
      this.ensembles,
      this.leadership,
      this.hosted,
      this.path,
      this.konnectivity.tunnels,
      this.scaling,
      {
        database: this.database,
        refusals: this.scheduler,
        tokens: this.tokens,
        workers: this.workers,
        managementEtcd: (cluster) => this.management.ensemble(cluster),
      },
    );
    this.workers.refusals = this.scheduler;
    this.tokens.changed.subscribe((cluster) => this.health.touch(cluster));
    this.#scale();
  }

  /** Who is asked before machines and replicas come and go, and who hears of it. */
  #scale(): void {
    const { scaling, nodePools, health, hosted, budgets, pauses } = this;
    scaling.changed.subscribe((set) => {
      budgets.loosened.emit(set);
      health.touch(this.sets.serves.at(set));
    });
    nodePools.authority = poolAuthority(this);
    nodePools.created.subscribe((node) => health.touch(this.machines.cluster.at(node)));
    nodePools.deleted.subscribe((node) => health.touch(this.machines.cluster.at(node)));
    nodePools.created.subscribe((node) => this.certificates.discard(node));
    nodePools.deleted.subscribe((node) => this.certificates.discard(node));
    hosted.touched.subscribe((cluster) => nodePools.reconsider(cluster));
    this.path.changed.subscribe((cluster) => nodePools.reconsider(cluster));
    pauses.resumed.subscribe((cluster) => nodePools.reconsider(cluster));
  }
}
