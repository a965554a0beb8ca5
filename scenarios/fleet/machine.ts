import type { ParameterValues } from '../../models/parameters.ts';
import type { Allocatable } from '../../models/plan/fleet.ts';
import { parseQuantity, type Quantity, type Rounding, toMib, toMillis } from '../read/quantity.ts';
import type { MachineSpec } from '../schema/machines.ts';
import { readDuration } from '../schema/values.ts';
import type { Cursor } from '../source/cursor.ts';
import { describe } from '../source/located.ts';

/** A quantity that the schema let through. */
export function readQuantity(written: string | number): Quantity {
  const value = parseQuantity(written);
  if (value === undefined) throw new Error(`not a quantity after validation: ${written}`);
  return value;
}

export function cpuMillis(written: string | number, rounding: Rounding): number {
  return toMillis(readQuantity(written), rounding);
}

export function memoryMib(written: string | number, rounding: Rounding): number {
  return toMib(readQuantity(written), rounding);
}

/**
 * What a machine written in a fleet offers to pods.
 * @param cursor where the machine is written: a size of which the system leaves nothing is reported there.
 */
export function writtenMachine(
  machine: MachineSpec,
  parameters: ParameterValues,
  cursor: Cursor,
): Allocatable {
  const offered = allocatable(machine, parameters);
  const { systemCpuMillis, systemMemoryMib } = parameters.node;
  const kept = { cpu: `${systemCpuMillis}m`, memory: `${systemMemoryMib}Mi` };
  const left = { cpu: offered.cpuMillis, memory: offered.memoryMib };
  for (const key of ['cpu', 'memory'] as const) {
    const place = cursor.to(key);
    if (left[key] > 0 || place.node === undefined) continue;
    const parameter = key === 'cpu' ? 'node.systemCpuMillis' : 'node.systemMemoryMib';
    place.report('out-of-range', {
      found: describe(place.node),
      expected: `more than the ${kept[key]} that the system keeps for itself (parameter ${parameter})`,
    });
  }
  return offered;
}

/** How long a machine boots, microseconds; undefined where its platform says. */
export function bootOf({ boot }: MachineSpec): number | undefined {
  return boot === undefined ? undefined : readDuration(boot);
}

/** What a described machine offers to pods: its size less what the system keeps, never below zero. */
export function allocatable(machine: MachineSpec, parameters: ParameterValues): Allocatable {
  const { systemCpuMillis, systemMemoryMib } = parameters.node;
  return {
    cpuMillis: Math.max(0, cpuMillis(machine.cpu, 'down') - systemCpuMillis),
    memoryMib: Math.max(0, memoryMib(machine.memory, 'down') - systemMemoryMib),
    pods: machine.maxPods,
  };
}
