/** A real Node becomes a management node of the plan. */
import type { Allocatable, NodePlan, Taint } from '../../models/plan/fleet.ts';
import { MANAGEMENT_MACHINE } from '../fleet/defaults.ts';
import type { FleetDraft } from '../fleet/draft.ts';
import {
  CONTROL_PLANE_ROLE,
  HOSTNAME,
  MASTER_ROLE,
  OLD_REGION,
  OLD_ZONE,
  REGION,
  ZONE,
} from '../fleet/labels.ts';
import { allocatable, cpuMillis, memoryMib, readQuantity } from '../fleet/machine.ts';
import { usualPool } from '../fleet/machine-config-pools.ts';
import { toCount } from '../read/quantity.ts';
import type { NodeManifest } from './schema.ts';

/** Taints that controllers set and lift with the state of a node; in a run that state is simulated. */
const LIFECYCLE_TAINT = 'node.kubernetes.io/';
const CORDONED = 'node.kubernetes.io/unschedulable';

/** The node as listed; its zone and region join the fleet. A node starts up and ready, whatever the listing says. */
export function nodePlan(manifest: NodeManifest, draft: FleetDraft): NodePlan {
  const { name } = manifest.metadata;
  const labels = currentLabels(manifest.metadata.labels ?? {}, name);
  const zone = labels[ZONE] ?? '';
  if (zone === '') draft.note(`Node ${name} carries no zone label: it stands outside every zone.`);
  else draft.places.addZone(zone, labels[REGION]);
  const taints = manifest.spec?.taints ?? [];
  noteTrouble(manifest, draft);
  const controlPlane = CONTROL_PLANE_ROLE in labels || MASTER_ROLE in labels;
  return {
    name,
    zone,
    rack: '',
    labels,
    taints: taints
      .filter((taint) => !taint.key.startsWith(LIFECYCLE_TAINT))
      .map(({ key, value, effect }): Taint => ({ key, value: value ?? '', effect })),
    allocatable: offered(manifest, draft),
    unschedulable: manifest.spec?.unschedulable === true || taints.some((taint) => taint.key === CORDONED),
    controlPlane,
    machineConfigPool: usualPool({ controlPlane }),
  };
}

/** What the listing says against the node being up and ready is left to the run, which starts with a healthy fleet. */
function noteTrouble(manifest: NodeManifest, draft: FleetDraft): void {
  const ready = manifest.status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'True';
  const taints = (manifest.spec?.taints ?? [])
    .filter(({ key }) => key.startsWith(LIFECYCLE_TAINT) && key !== CORDONED)
    .map(({ key, effect }) => `the taint ${key}:${effect}`);
  const trouble = [...(ready === 'True' ? [] : [`Ready ${ready}`]), ...new Set(taints)];
  if (trouble.length > 0)
    draft.note(`Node ${manifest.metadata.name} is listed with ${trouble.join(', ')}: taken as up and ready.`);
}

/** Labels with the current names of zone and region where only the deprecated ones are set. */
function currentLabels(
  written: Readonly<Record<string, string>>,
  name: string,
): Readonly<Record<string, string>> {
  const zone = written[ZONE] ?? written[OLD_ZONE];
  const region = written[REGION] ?? written[OLD_REGION];
  return {
    [HOSTNAME]: name,
    ...written,
    ...(zone === undefined ? {} : { [ZONE]: zone }),
    ...(region === undefined ? {} : { [REGION]: region }),
  };
}

function offered(manifest: NodeManifest, draft: FleetDraft): Allocatable {
  const { allocatable: given, capacity } = manifest.status ?? {};
  const described = {
    cpu: capacity?.cpu ?? MANAGEMENT_MACHINE.cpu,
    memory: capacity?.memory ?? MANAGEMENT_MACHINE.memory,
    maxPods: MANAGEMENT_MACHINE.maxPods,
  };
  const fallback = allocatable(described, draft.parameters);
  if (given?.cpu == null || given.memory == null) {
    const from = capacity?.cpu == null ? 'the default machine' : 'its capacity';
    draft.note(`Node ${manifest.metadata.name} lists no allocatable CPU and memory: taken from ${from}.`);
  }
  const pods = given?.pods ?? capacity?.pods;
  return {
    cpuMillis: given?.cpu == null ? fallback.cpuMillis : cpuMillis(given.cpu, 'down'),
    memoryMib: given?.memory == null ? fallback.memoryMib : memoryMib(given.memory, 'down'),
    pods: pods == null ? fallback.pods : toCount(readQuantity(pods)),
  };
}
