/** A real NodePool becomes a pool of workers of the plan. */
import type { AccessMode, Allocatable, AutoScalingPlan, NodePoolPlan } from '../../models/plan/fleet.ts';
import { checkedBounds } from '../fleet/auto-scaling.ts';
import { WORKER_MACHINE } from '../fleet/defaults.ts';
import type { FleetDraft } from '../fleet/draft.ts';
import { allocatable } from '../fleet/machine.ts';
import { readDuration } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { machineOf } from './instances.ts';
import { pausedFromTheBeginning } from './paused.ts';
import { releaseVersion } from './release.ts';
import type { HostedClusterManifest, NodePoolManifest } from './schema.ts';
import { poolRollout } from './upgrades.ts';

/** The pool, its zone joining the fleet. Replicas unset are 0 and autoScaling starts at its minimum, as in the API. */
export function nodePoolPlan(
  manifest: NodePoolManifest,
  owner: HostedClusterManifest,
  cursor: Cursor,
  draft: FleetDraft,
): NodePoolPlan {
  const { spec, metadata } = manifest;
  const autoScaling = bounds(manifest, owner, cursor, draft);
  const zones = zonesOf(manifest, owner);
  for (const zone of zones) draft.places.addZone(zone);
  const image = spec.release?.image ?? '';
  return {
    name: metadata.name,
    replicas: autoScaling?.min ?? spec.replicas ?? 0,
    ...(autoScaling === undefined ? {} : { autoScaling }),
    upgradeType: spec.management?.upgradeType ?? 'Replace',
    ...poolRollout(manifest),
    release: releaseVersion(image) ?? poolVersion(manifest, owner) ?? image,
    arch: spec.arch ?? 'amd64',
    zones,
    machine: machine(manifest, draft),
    autoRepair: spec.management?.autoRepair ?? false,
    paused: pausedFromTheBeginning('NodePool', manifest, spec.pausedUntil, draft),
    nodeDrainTimeout: readDuration(spec.nodeDrainTimeout ?? '0s'),
    nodeSelector: spec.platform?.kubevirt?.nodeSelector ?? {},
    rootVolume: { accessMode: accessMode(manifest) },
  };
}

/** Version of an image that does not tell it: what the pool says it runs, or its cluster says of the same image. */
function poolVersion({ spec, status }: NodePoolManifest, owner: HostedClusterManifest): string | undefined {
  const history = owner.status?.version?.history ?? [];
  const same = history.find(({ image }) => image != null && image !== '' && image === spec.release?.image);
  return same?.version || status?.version || undefined;
}

/** What runs on a pool no manifest says, so it begins at its minimum. */
function bounds(
  { spec, metadata }: NodePoolManifest,
  owner: HostedClusterManifest,
  cursor: Cursor,
  draft: FleetDraft,
): AutoScalingPlan | undefined {
  if (spec.autoScaling == null) return undefined;
  const place = cursor.to('spec', 'autoScaling');
  const { min, max } = spec.autoScaling;
  if (spec.replicas != null) {
    place.reportKey('replicas-and-autoscaling', {
      found: `NodePool ${metadata.name} with replicas and autoScaling`,
      expected: 'one of replicas and autoScaling',
    });
    return undefined;
  }
  if (max == null) {
    place.report('missing-key', { found: 'autoScaling without max', expected: 'max, 1 or more' });
    return undefined;
  }
  const written = checkedBounds({ min: min ?? 1, max }, owner.spec.platform.type, place);
  const capacityKnown = machineOf(machineType(spec)) !== undefined;
  const lowest = written.min === 0 && !capacityKnown ? { min: 1, max } : written;
  const why = lowest === written ? '' : ' (its capacity is not known, so it does not scale to zero)';
  draft.note(
    `NodePool ${metadata.name} scales by itself up to ${max} and begins at its minimum, ${lowest.min}${why}: manifests do not say what runs on it.`,
  );
  return lowest;
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
  const { kubevirt } = manifest.spec.platform ?? {};
  if (kubevirt?.compute != null) {
    const { cores, memory } = kubevirt.compute;
    const virtual = { cpu: cores ?? 2, memory: memory ?? '8Gi', maxPods: WORKER_MACHINE.maxPods };
    return allocatable(virtual, draft.parameters);
  }
  const type = machineType(manifest.spec);
  const known = machineOf(type);
  if (known === undefined && hasMachines(manifest)) {
    const size = `${WORKER_MACHINE.cpu} CPU, ${WORKER_MACHINE.memory}`;
    const why = type === '' ? 'names no machine size' : `has machines of unknown size (${type})`;
    draft.note(`NodePool ${manifest.metadata.name} ${why}: ${size} assumed.`);
  }
  return allocatable(known ?? WORKER_MACHINE, draft.parameters);
}

function machineType({ platform }: NodePoolManifest['spec']): string {
  return platform?.aws?.instanceType ?? platform?.azure?.vmSize ?? '';
}

const hasMachines = ({ spec }: NodePoolManifest): boolean =>
  (spec.replicas ?? 0) > 0 || spec.autoScaling != null;
