/** One Scenario document becomes one plan. */
import { parameterValues } from '../models/parameters.ts';
import type { FleetPlan } from '../models/plan/fleet.ts';
import type { ScenarioPlan } from '../models/plan/scenario.ts';
import { campaignsOf } from './campaigns/campaigns.ts';
import { refusalNotes } from './campaigns/foreseen.ts';
import { allReferred, extended } from './documents.ts';
import { faultsOf } from './events/resolve.ts';
import { type FleetSource, inlineSource } from './fleet-source.ts';
import { checkGateTargets } from './gate-targets.ts';
import { type Gate, readGate } from './gates.ts';
import { checkRunnable, fleetOf, withFleetBase } from './scenario-fleet.ts';
import { checkAndMend } from './schema/check.ts';
import { type GateSpec, gateSetDocument } from './schema/gates.ts';
import { readParameters } from './schema/parameters.ts';
import { type ScenarioSpec, scenarioDocument } from './schema/scenario.ts';
import { readDuration } from './schema/values.ts';
import { fromRoot, type Override, override } from './set.ts';
import { Cursor } from './source/cursor.ts';
import { find, type Located } from './source/located.ts';
import type { SourceStore } from './source/store.ts';

export interface LoadedScenario {
  readonly plan: ScenarioPlan;
  readonly gates: readonly Gate[];
  /** Path of the file as it was given. */
  readonly file: string;
  readonly replications: number;
  /** How another scenario writes the same fleet. */
  readonly fleetSource: FleetSource;
}

/** What every scenario of an invocation is loaded with. */
export interface Settings {
  readonly overrides: readonly Override[];
  readonly seed: number | undefined;
}

/**
 * Loads a scenario, reporting every mistake in it and in what it names.
 * @param gateSets GateSet documents of the same file: they apply to each of its scenarios.
 */
export function loadScenario(
  root: Located,
  file: string,
  gateSets: readonly Located[],
  store: SourceStore,
  settings: Settings,
): LoadedScenario | undefined {
  const merged = extended(root, 'Scenario', store);
  if (merged === undefined) return undefined;
  const { scenario, forFleet } = overridden(withFleetBase(merged, store), settings.overrides, store);
  const cursor = new Cursor(scenario, scenario.at, store.problems);
  const checked = checkAndMend(scenarioDocument, cursor);
  const gatesOfSets = [...gateSets, ...namedGateSets(cursor, store)];
  const shared = gatesOfSets.flatMap((set) => readGateSet(set, store));
  if (checked === undefined) return undefined;
  const { metadata, spec } = checked.value;
  const place = cursor.to('spec');
  const over = readParameters(spec.parameters);
  const written = { values: over, cursor: place.to('parameters') };
  const fleet = fleetOf(metadata.name, spec, place.to('fleet'), file, forFleet, written, store);
  const gates = spec.gates.flatMap((gate, i) => ownGate(gate, fleet?.plan, spec, place.to('gates', i)) ?? []);
  if (fleet === undefined) return undefined;
  checkRunnable(fleet.plan, place.to('fleet'));
  const faults = faultsOf(spec, fleet.plan, place, checked.mended);
  const campaigns = campaignsOf(spec, fleet.plan, place, !checked.mended.has('spec.duration'), faults);
  const notes = refusalNotes({ fleet: fleet.plan, faults, campaigns });
  const plan: ScenarioPlan = {
    name: metadata.name,
    description: spec.description ?? metadata.description ?? '',
    fleet: notes.length === 0 ? fleet.plan : { ...fleet.plan, notes: [...fleet.plan.notes, ...notes] },
    duration: readDuration(spec.duration),
    seed: settings.seed ?? spec.seed,
    faults,
    ...(campaigns.length === 0 ? {} : { campaigns }),
    parameters: parameterValues(fleet.parameters, over),
    controlPlaneLoss: spec.controlPlaneLoss,
  };
  const fleetSource = inlineSource(fleet.spec, place.to('parameters').node);
  return { plan, gates: [...gates, ...shared], file, replications: spec.replications, fleetSource };
}

/** Overrides below a fleet that is only referred to belong to the fleet's own document. */
function overridden(
  root: Located,
  overrides: readonly Override[],
  store: SourceStore,
): { readonly scenario: Located; readonly forFleet: readonly Override[] } {
  const forFleet: Override[] = [];
  let scenario = root;
  for (const one of overrides) {
    const [top, key, ...rest] = fromRoot(one.path);
    const refers = find(scenario, ['spec', 'fleet'])?.type === 'scalar';
    if (top === 'spec' && key === 'fleet' && rest.length > 0 && refers) forFleet.push({ ...one, path: rest });
    else scenario = override(scenario, scenarioDocument, one, store.problems);
  }
  return { scenario, forFleet };
}

/** A gate of the scenario itself: unlike those of sets, it must fit this very fleet and these campaigns. */
function ownGate(
  spec: GateSpec,
  fleet: FleetPlan | undefined,
  { campaigns }: ScenarioSpec,
  cursor: Cursor,
): Gate | undefined {
  const gate = readGate(spec, cursor);
  if (gate !== undefined && fleet !== undefined) checkGateTargets(gate, fleet, campaigns, cursor);
  return gate;
}

function namedGateSets(cursor: Cursor, store: SourceStore): readonly Located[] {
  const list = cursor.to('spec', 'gateSets');
  if (list.node?.type !== 'list') return [];
  return list.node.items.flatMap((_, i) => allReferred('GateSet', list.to(i), store) ?? []);
}

/** The gates of a GateSet document, extended and checked. */
export function readGateSet(root: Located, store: SourceStore): readonly Gate[] {
  const merged = extended(root, 'GateSet', store);
  if (merged === undefined) return [];
  const cursor = new Cursor(merged, merged.at, store.problems);
  const gates = checkAndMend(gateSetDocument, cursor)?.value.spec.gates ?? [];
  return gates.flatMap((gate, i) => readGate(gate, cursor.to('spec', 'gates', i)) ?? []);
}
