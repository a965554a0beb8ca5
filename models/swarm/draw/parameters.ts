/** Parameters within their ranges: most at their defaults, some far from them. */
import { HOUR } from '../../../sim/time.ts';
import { ticksBySpeed } from '../../etcd/ticks.ts';
import { brokenOrders } from '../../parameters/orders.ts';
import type { Parameter } from '../../parameters/parameter.ts';
import {
  PARAMETERS,
  type ParameterOverrides,
  type ParameterValues,
  parameterValues,
} from '../../parameters.ts';
import type { Dice } from './dice.ts';

/** How often a parameter is not at its default. */
const MOVED = 0.08;
const FACTORS = [0.1, 0.5, 2, 10];

/** Certificates that last for hours: with any longer life no run of the swarm sees one run out. */
const SHORT_LIVES = [4 * HOUR, 12 * HOUR];

/** Draws until the parameters agree with each other. */
export function drawParameters(dice: Dice): ParameterValues {
  for (;;) {
    const values = parameterValues(drawOverrides(dice));
    if (brokenOrders(values).length === 0 && AGREE.every((agree) => agree(values))) return values;
  }
}

function drawOverrides(dice: Dice): ParameterOverrides {
  const groups = Object.entries(PARAMETERS as Record<string, Record<string, Parameter>>);
  const overrides = Object.fromEntries(
    groups.map(([group, members]) => {
      const moved = Object.entries(members).filter(() => dice.chance(MOVED));
      return [
        group,
        Object.fromEntries(moved.map(([name, parameter]) => [name, drawValue(dice, parameter)])),
      ];
    }),
  );
  if (!dice.chance(MOVED)) return overrides;
  return {
    ...overrides,
    credentials: { ...overrides.credentials, certificateLifetime: dice.pick(SHORT_LIVES) },
  };
}

function drawValue(dice: Dice, { kind, default: usual, min }: Parameter): number {
  if (kind === 'ratio') return Math.max(min, dice.pick([0, 0.3, 0.7, 1]));
  const value = Math.max(min, usual * dice.pick(FACTORS));
  return kind === 'rate' ? value : Math.round(value);
}

/** Members that hear each other later than they lose patience never agree on a leader; nobody runs such an etcd. */
function electionsEnd({ etcd }: ParameterValues): boolean {
  return ticksBySpeed({ etcd }).every(({ electionTimeout }) => etcd.roundTrip * 5 <= electionTimeout);
}

/** A member that takes longer to start than its startup probe allows is killed at every start. */
function startsEnd({ etcd }: ParameterValues): boolean {
  return etcd.ready < etcd.startupPeriod * etcd.startupFailures;
}

/**
 * Machines that take longer to come than their start-up timeout allows are replaced for ever: it counts until their infrastructure is ready,
 * and then again until they have a node.
 */
function machinesCome({ machineHealthCheck: { startupTimeout }, nodePool }: ParameterValues): boolean {
  const { provision, provisionBareMetal, provisionVirtual, join } = nodePool;
  return startupTimeout >= Math.max(provision, provisionBareMetal, provisionVirtual) && startupTimeout > join;
}

const AGREE = [electionsEnd, startsEnd, machinesCome];
