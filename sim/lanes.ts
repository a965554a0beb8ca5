/**
 * Order among events of one instant: what comes back comes back before what fails, controllers react to both,
 * and whoever only looks sees the settled state. Within a lane, first scheduled is first run.
 */
export const LANES = ['recover', 'fail', 'control', 'observe'] as const;
export type Lane = (typeof LANES)[number];

/** Sequence numbers stay below this, so lane and sequence fit one exact double. */
export const LANE_SPAN = 2 ** 48;

/** The part of an event's order that its lane contributes. */
export function laneBase(lane: Lane): number {
  return LANES.indexOf(lane) * LANE_SPAN;
}
