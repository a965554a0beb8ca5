/** The compact form of management clusters: pools and control planes become nodes. */
import {
  controlPlaneNamespace,
  type ManagementClusterPlan,
  type NodePlan,
  type StorageClassPlan,
  type Taint,
} from '../../models/plan/fleet.ts';
import { didYouMean, listed } from '../errors/suggest.ts';
import type { ManagementClusterSpec } from '../schema/management-cluster.ts';
import type { Cursor } from '../source/cursor.ts';
import { CONTROL_PLANE_MACHINE, MANAGEMENT_MACHINE } from './defaults.ts';
import { checkDuplicates, type FleetDraft } from './draft.ts';
import {
  CONTROL_PLANE_ROLE,
  DEDICATED,
  HOSTING,
  MASTER_ROLE,
  REQUEST_SERVING,
  WORKER_ROLE,
} from './labels.ts';
import { bootOf, writtenMachine } from './machine.ts';
import { machineConfigPools, usualPool } from './machine-config-pools.ts';
import { deal, node } from './nodes.ts';
import { operatorPlan } from './operator.ts';

type PoolSpec = ManagementClusterSpec['nodePools'][number];
type NodeSpec = ManagementClusterSpec['nodes'][number];

const MASTER_TAINT: Taint = { key: MASTER_ROLE, value: '', effect: 'NoSchedule' };

/** True when the entry describes no node that could host anything: manifests of nodes join it. */
export function awaitsNodes(spec: ManagementClusterSpec): boolean {
  return spec.nodePools.length === 0 && spec.nodes.length === 0 && spec.controlPlane?.schedulable !== true;
}

/** Zones that the entry mentions become zones of the fleet, unless spec.zones lists them all. */
export function addZones(spec: ManagementClusterSpec, draft: FleetDraft): void {
  if (draft.zonesAreListed) return;
  for (const zone of mentionedZones(spec)) draft.places.addZone(zone, spec.region);
}

function mentionedZones(spec: ManagementClusterSpec): readonly string[] {
  const pools = spec.nodePools.flatMap((pool) => pool.zones ?? []);
  const nodes = spec.nodes.map((node) => node.zone).filter((zone) => zone !== '');
  const all = new Set([...pools, ...nodes, ...(spec.controlPlane?.zones ?? [])]);
  return [...all];
}

/** One management cluster; `joining` are nodes from manifests. */
export function managementCluster(
  spec: ManagementClusterSpec,
  cursor: Cursor,
  draft: FleetDraft,
  joining: readonly NodePlan[] = [],
): ManagementClusterPlan {
  checkDuplicates(
    spec.nodePools.map((pool) => pool.name),
    'node pool',
    (i) => cursor.to('nodePools', i, 'name'),
  );
  checkDuplicates(
    spec.storageClasses.map((one) => one.name),
    'storage class',
    (i) => cursor.to('storageClasses', i, 'name'),
  );
  const bare = awaitsNodes(spec) && joining.length === 0;
  const hasOwnMasters = [...spec.nodes, ...joining].some((node) => node.controlPlane);
  const nodes = [
    ...(hasOwnMasters || (bare && spec.controlPlane === undefined)
      ? []
      : controlPlaneNodes(spec, cursor, draft, joining)),
    ...spec.nodePools.flatMap((pool, i) => poolNodes(spec, pool, cursor.to('nodePools', i), draft)),
    ...spec.nodes.flatMap((node, i) => explicitNode(spec, node, cursor.to('nodes', i), draft)),
    ...joining,
  ];
  return {
    name: spec.name,
    version: spec.version,
    platform: spec.platform,
    nodes,
    storageClasses: spec.storageClasses.map(storageClass),
    defaultStorageClass: defaultStorageClass(spec, cursor),
    remediation: spec.remediation,
    machineConfigPools: machineConfigPools(spec, cursor),
    operator: operatorPlan(spec, cursor, draft),
    operatorReplicas: spec.operatorReplicas,
  };
}

/** What storage of a binding usually is. */
const USUAL = { zone: 'cloud-ssd', node: 'local-lvm', free: 'shared-isolated' } as const;

function storageClass(written: ManagementClusterSpec['storageClasses'][number]): StorageClassPlan {
  return { ...written, performance: written.performance ?? USUAL[written.binding] };
}

function defaultStorageClass(spec: ManagementClusterSpec, cursor: Cursor): string {
  const names = spec.storageClasses.map((one) => one.name);
  const wanted = spec.defaultStorageClass;
  if (wanted !== undefined && !names.includes(wanted)) {
    cursor.to('defaultStorageClass').report('unknown-storage-class', {
      found: `unknown storage class "${wanted}"`,
      expected: `one of ${listed(names)}`,
      hint: didYouMean(wanted, names),
    });
  }
  return wanted ?? names[0]!;
}

/** The zones given, checked; or those of the cluster; or none, with a note. */
function zonesOr(
  written: readonly string[] | undefined,
  otherwise: readonly string[],
  spec: ManagementClusterSpec,
  cursor: Cursor,
  draft: FleetDraft,
): readonly string[] {
  if (written !== undefined) {
    draft.checkZones(written, cursor.to('zones'));
    return written;
  }
  if (otherwise.length > 0) return otherwise;
  draft.note(
    `Management cluster ${spec.name} names no zones: its nodes carry no zone label, and replicas spread over hosts alone.`,
  );
  return [''];
}

function controlPlaneNodes(
  spec: ManagementClusterSpec,
  cursor: Cursor,
  draft: FleetDraft,
  joining: readonly NodePlan[],
): readonly NodePlan[] {
  const place = cursor.to('controlPlane');
  const {
    replicas = 3,
    schedulable = false,
    machine = CONTROL_PLANE_MACHINE,
    zones,
  } = spec.controlPlane ?? {};
  if (replicas !== 1 && replicas !== 3 && replicas !== 5) {
    place.to('replicas').report('control-plane-replicas', { found: `${replicas}`, expected: '1, 3 or 5' });
  }
  const around = [...new Set([...mentionedZones(spec), ...joining.map((node) => node.zone)])].filter(
    (z) => z !== '',
  );
  const dealt = zonesOr(zones, around, spec, place, draft);
  const roles = { [CONTROL_PLANE_ROLE]: '', [MASTER_ROLE]: '' };
  const labels = schedulable ? { ...roles, [WORKER_ROLE]: '', [HOSTING]: 'true' } : roles;
  return deal(replicas, `${spec.name}-control-plane`, dealt, [], place, draft, {
    labels,
    taints: schedulable ? [] : [MASTER_TAINT],
    allocatable: writtenMachine(machine, draft.parameters, place.to('machine')),
    boot: bootOf(machine),
    controlPlane: true,
    machineConfigPool: usualPool({ controlPlane: true }),
    region: spec.region,
  });
}

function poolNodes(
  spec: ManagementClusterSpec,
  pool: PoolSpec,
  cursor: Cursor,
  draft: FleetDraft,
): readonly NodePlan[] {
  const zones = zonesOr(pool.zones, [], spec, cursor, draft);
  checkDuplicates(pool.racks ?? [], 'rack', (i) => cursor.to('racks', i));
  const dedicated = dedication(pool, cursor, draft);
  const serving = pool.requestServing ? { [REQUEST_SERVING]: 'true' } : {};
  const own = { ...dedicated, ...serving };
  const taints = Object.entries(own).map(([key, value]): Taint => ({ key, value, effect: 'NoSchedule' }));
  const { machine = MANAGEMENT_MACHINE } = pool;
  return deal(pool.replicas, `${spec.name}-${pool.name}`, zones, pool.racks ?? [], cursor.to('name'), draft, {
    labels: { [WORKER_ROLE]: '', [HOSTING]: 'true', ...own, ...pool.labels },
    taints: [...pool.taints, ...taints],
    allocatable: writtenMachine(machine, draft.parameters, cursor.to('machine')),
    boot: bootOf(machine),
    controlPlane: false,
    machineConfigPool: pool.machineConfigPool ?? usualPool({ controlPlane: false }),
    region: spec.region,
  });
}

/** Label of the nodes of one hosted cluster: the namespace of its control plane. */
function dedication(pool: PoolSpec, cursor: Cursor, draft: FleetDraft): Readonly<Record<string, string>> {
  if (pool.dedicatedTo === undefined) return {};
  const cluster = draft.hostedClusters.find((one) => one.name === pool.dedicatedTo);
  if (cluster !== undefined) return { [DEDICATED]: controlPlaneNamespace(cluster) };
  const names = draft.hostedClusters.map((one) => one.name);
  cursor.to('dedicatedTo').report('unknown-hosted-cluster', {
    found: `no hosted cluster "${pool.dedicatedTo}"`,
    expected: names.length === 0 ? 'a hosted cluster; the fleet has none' : `one of ${listed(names)}`,
    hint: didYouMean(pool.dedicatedTo, names),
  });
  return {};
}

function explicitNode(
  spec: ManagementClusterSpec,
  written: NodeSpec,
  cursor: Cursor,
  draft: FleetDraft,
): readonly NodePlan[] {
  if (written.zone !== '' && !draft.places.hasZone(written.zone)) {
    const known = draft.places.zoneNames();
    cursor.to('zone').report('unknown-zone', {
      found: `unknown zone "${written.zone}"`,
      expected: `one of ${listed(known)}`,
      hint: didYouMean(written.zone, known),
    });
  }
  const roles = written.controlPlane
    ? { [CONTROL_PLANE_ROLE]: '', [MASTER_ROLE]: '' }
    : { [WORKER_ROLE]: '', [HOSTING]: 'true' };
  const { machine = written.controlPlane ? CONTROL_PLANE_MACHINE : MANAGEMENT_MACHINE } = written;
  const plan = node(
    written.name,
    written.zone,
    written.rack,
    {
      labels: { ...roles, ...written.labels },
      taints: written.controlPlane ? [MASTER_TAINT, ...written.taints] : written.taints,
      allocatable: writtenMachine(machine, draft.parameters, cursor.to('machine')),
      boot: bootOf(machine),
      controlPlane: written.controlPlane,
      machineConfigPool: written.machineConfigPool ?? usualPool(written),
      region: spec.region,
    },
    draft,
  );
  const placed = { ...plan, unschedulable: written.unschedulable };
  return draft.claimNode(placed, cursor.to('name')) ? [placed] : [];
}
