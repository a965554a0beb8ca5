import type { ParameterValues } from '../../models/parameters.ts';
import type { Allocatable } from '../../models/plan/fleet.ts';
import { parseQuantity, type Quantity, type Rounding, toMib, toMillis } from '../read/quantity.ts';
import type { MachineSpec } from '../schema/machines.ts';

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

/** What a described machine offers to pods: its size less what the system keeps, never below zero. */
export function allocatable(machine: MachineSpec, parameters: ParameterValues): Allocatable {
  const { systemCpuMillis, systemMemoryMib } = parameters.node;
  return {
    cpuMillis: Math.max(0, cpuMillis(machine.cpu, 'down') - systemCpuMillis),
    memoryMib: Math.max(0, memoryMib(machine.memory, 'down') - systemMemoryMib),
    pods: machine.maxPods,
  };
}
