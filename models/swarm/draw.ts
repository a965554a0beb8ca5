/**
 * From one seed: a fleet, parameters, faults, and the moments at which to look. Each has a stream of its own, so that a new kind of
 * fault leaves the fleets as they were.
 */
import { Streams } from '../../sim/streams.ts';
import { DAY, HOUR, type Micros } from '../../sim/time.ts';
import type { Fault } from '../plan/faults.ts';
import type { ScenarioPlan } from '../plan/scenario.ts';
import { drawCampaigns } from './draw/campaigns.ts';
import { Dice } from './draw/dice.ts';
import { drawFaults, SPAN } from './draw/faults.ts';
import { drawFleet } from './draw/fleet.ts';
import { drawParameters } from './draw/parameters.ts';
import { withPlatforms } from './draw/platforms.ts';
import { withRollouts } from './draw/rollouts.ts';

/** How long a fleet has to become whole again after the last fault. */
const CONVALESCENCE = (2 * DAY) as Micros;
/** Looks at a run besides those just after something begins or ends. */
const LOOKS = 24;

/** A scenario as the swarm plays it. */
export interface Case extends ScenarioPlan {
  /** When to look, in order, the end of the scenario last. */
  readonly moments: readonly Micros[];
}

const endOf = (fault: Fault): number => fault.at + (fault.duration ?? 0);

/** @param chosen numbers of the faults to play, of those that the seed draws; all of them when left out */
export function drawCase(seed: number, chosen?: readonly number[]): Case {
  const streams = new Streams(seed, 0);
  const dice = (purpose: string): Dice => new Dice(streams.once('swarm', purpose));
  const plain = withPlatforms(drawFleet(dice('fleet')), dice('platforms'));
  const fleet = withRollouts(plain, dice('rollouts'));
  const drawn = drawFaults(dice('faults'), fleet);
  const faults = drawn.filter((_, i) => chosen?.includes(i) ?? true);
  const campaigns = drawCampaigns(dice('campaigns'), fleet, SPAN);
  const over = Math.max(...drawn.map(endOf), ...campaigns.map(({ at }) => at));
  const duration = (over + CONVALESCENCE) as Micros;
  const moments = [
    ...drawn.flatMap((fault) => [fault.at + 1, endOf(fault) + 1]),
    ...Array.from({ length: LOOKS }, (_, i) => Math.round(((i + 1) * (over + HOUR)) / LOOKS)),
    duration,
  ].sort((a, b) => a - b);
  return {
    name: `swarm-${seed}`,
    description: '',
    fleet,
    duration,
    seed,
    faults,
    campaigns,
    parameters: drawParameters(dice('parameters')),
    moments: [...new Set(moments)] as Micros[],
  };
}
