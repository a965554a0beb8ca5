/** The events of a scenario become faults of its plan. */
import type { Fault } from '../../models/plan/faults.ts';
import type { FleetPlan } from '../../models/plan/fleet.ts';
import { listed } from '../errors/suggest.ts';
import type { EventSpec, ScenarioSpec } from '../schema/scenario.ts';
import { readDuration } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import type { EventContext } from './event.ts';
import { EVENT_KIND_NAMES, eventKindOf } from './index.ts';
import { mostMachines } from './most-machines.ts';
import { type PlacedMove, reportIdleMoves } from './move-hosted-cluster.ts';

/**
 * The faults of all events that hit somebody, the others reported.
 * @param place points to the spec of the scenario.
 * @param mended paths from the root of the document, dotted, where what is written was replaced by something harmless
 */
export function faultsOf(
  spec: ScenarioSpec,
  fleet: FleetPlan,
  place: Cursor,
  mended: ReadonlySet<string>,
): readonly Fault[] {
  const end = readDuration(spec.duration);
  const knownEnd = !mended.has('spec.duration');
  const moves: PlacedMove[] = [];
  const most = mostMachines(spec.events);
  const faults = spec.events.flatMap((event, i) => {
    const cursor = place.to('events', i);
    if (knownEnd && readDuration(event.at) >= end) {
      cursor
        .to('at')
        .report('event-after-end', { found: `at ${event.at}`, expected: `before the end, ${spec.duration}` });
    }
    const own = `spec.events.${i}`;
    const whole = ![...mended].some((path) => path === own || path.startsWith(`${own}.`));
    const fault = faultOf(event, fleet, cursor, whole, most);
    if (fault?.kind === 'moveHostedCluster' && whole)
      moves.push({ move: fault, cursor: cursor.to('moveHostedCluster') });
    return fault ?? [];
  });
  reportIdleMoves(moves, fleet);
  return faults;
}

/** @param whole it is written as its schema says: whoever matches nothing then was not named wrongly, and reported for that */

function faultOf(
  event: EventSpec,
  fleet: FleetPlan,
  cursor: Cursor,
  whole: boolean,
  most: EventContext['most'],
): Fault | undefined {
  const given = EVENT_KIND_NAMES.filter((kind) => event[kind] !== undefined);
  const [kind] = given;
  if (kind === undefined || given.length > 1) {
    // What stands there may be of a kind that nobody knows, which was reported already.
    const known = given.length > 1 || cursor.node?.type !== 'map' || cursor.node.entries.size < 2;
    const found = given.length > 1 ? `events ${listed(given)} in one` : 'an event of no kind';
    if (known) cursor.report('event-kind', { found, expected: `at and one of ${listed(EVENT_KIND_NAMES)}` });
    return undefined;
  }
  const body = cursor.to(kind);
  const before = cursor.problems.reports;
  const fault = eventKindOf(kind).resolve(event[kind], {
    fleet,
    cursor: body,
    at: readDuration(event.at),
    most,
  });
  if (fault === undefined && whole && cursor.problems.reports === before) {
    body.reportKey('selector-matches-nothing', {
      found: `${kind} hits nothing: its keys together match no target`,
      expected: 'at least one target',
    });
  }
  return fault;
}
