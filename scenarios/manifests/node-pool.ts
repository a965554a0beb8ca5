/** A real NodePool becomes a pool of workers of the plan. */
import type { AccessMode, Allocatable, NodePoolPlan } from '../../models/plan/fleet.ts';
import { WORKER_MACHINE } from '../fleet/defaults.ts';
import type { FleetDraft } from '../fleet/draft.ts';
import { allocatable } from '../fleet/machine.ts';
import { readDuration } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { machineOf } from './instances.ts';
import { pausedFromTheBeginning } from './paused.ts';
import { releaseVersion } from './release.ts';
import type { HostedClusterManifest, NodePoolManifest } from './schema.ts';

/** The pool, its zone joining the fleet. Replicas unset are 0 and autoScaling starts at its minimum, as in the API. */
export function nodePoolPlan(
  manifest: NodePoolManifest,
  owner: HostedClusterManifest,
  cursor: Cursor,
  draft: FleetDraft,
): NodePoolPlan {
  const { spec, metadata } = manifest;
  checkScaling(manifest, cursor);
  noteIgnored(manifest, draft);
  const zones = zonesOf(manifest, owner);
  for (const zone of zones) draft.places.addZone(zone);
  const image = spec.release?.image ?? '';
  return {
    name: metadata.name,
    replicas: replicas(manifest),
    upgradeType: spec.management?.upgradeType ?? 'Replace',
    release: releaseVersion(image) ?? image,
    zones,
    machine: machine(manifest, draft),
    autoRepair: spec.management?.autoRepair ?? false,
    paused: pausedFromTheBeginning('NodePool', manifest, spec.pausedUntil, draft),
    nodeDrainTimeout: readDuration(spec.nodeDrainTimeout ?? '0s'),
    nodeSelector: spec.platform?.kubevirt?.nodeSelector ?? {},
    rootVolume: { accessMode: accessMode(manifest) },
  };
}

function replicas({ spec }: NodePoolManifest): number {
  return spec.replicas ?? (spec.autoScaling == null ? 0 : (spec.autoScaling.min ?? 1));
}

function checkScaling({ spec, metadata }: NodePoolManifest, cursor: Cursor): void {
  if (spec.replicas == null || spec.autoScaling == null) return;
  cursor.to('spec', 'autoScaling').reportKey('replicas-and-autoscaling', {
    found: `NodePool ${metadata.name} with replicas and autoScaling`,
    expected: 'one of replicas and autoScaling',
  });
}

function noteIgnored(manifest: NodePoolManifest, draft: FleetDraft): void {
  const { spec, metadata } = manifest;
  if (spec.replicas != null || spec.autoScaling == null) return;
  const most = spec.autoScaling.max == null ? '' : ` of at most ${spec.autoScaling.max}`;
  draft.note(
    `NodePool ${metadata.name} scales by itself, which is not simulated: taken at its minimum, ${replicas(manifest)}${most}.`,
  );
}

/** Without access modes the storage decides; one node at a time is what every storage can do. */
function accessMode({ spec }: NodePoolManifest): AccessMode {
  const modes = spec.platform?.kubevirt?.rootVolume?.persistent?.accessModes ?? [];
  return modes.includes('ReadWriteMany') ? 'ReadWriteMany' : 'ReadWriteOnce';
}

/** Azure numbers zones within a location: zone 1 of eastus is eastus-1. */
function zonesOf(manifest: NodePoolManifest, owner: HostedClusterManifest): readonly string[] {
  const { azure, gcp, openstack } = manifest.spec.platform ?? {};
  const numbered = azure?.availabilityZone ?? '';
  const location = owner.spec.platform.azure?.location ?? '';
  if (numbered !== '') return [location === '' ? numbered : `${location}-${numbered}`];
  const named = gcp?.zone ?? openstack?.availabilityZone ?? '';
  return named === '' ? [] : [named];
}

function machine(manifest: NodePoolManifest, draft: FleetDraft): Allocatable {
  const { aws, azure, kubevirt } = manifest.spec.platform ?? {};
  if (kubevirt?.compute != null) {
    const { cores, memory } = kubevirt.compute;
    const virtual = { cpu: cores ?? 2, memory: memory ?? '8Gi', maxPods: WORKER_MACHINE.maxPods };
    return allocatable(virtual, draft.parameters);
  }
  const type = aws?.instanceType ?? azure?.vmSize ?? '';
  const known = machineOf(type);
  if (known === undefined && replicas(manifest) > 0) {
    const size = `${WORKER_MACHINE.cpu} CPU, ${WORKER_MACHINE.memory}`;
    const why = type === '' ? 'names no machine size' : `has machines of unknown size (${type})`;
    draft.note(`NodePool ${manifest.metadata.name} ${why}: ${size} assumed.`);
  }
  return allocatable(known ?? WORKER_MACHINE, draft.parameters);
}
