/**
 * Sizes of cloud machines by their names, for the families whose names tell: AWS m, c, r and Azure D, E, F.
 * Sources: AWS EC2 instance type specifications (2, 4, 8 GiB per vCPU for c, m, r; large has 2 vCPU, Nxlarge 4N);
 * Azure virtual machine sizes (D 4, E 8, F 2 GiB per vCPU, the number in the name being the vCPU).
 */
import type { MachineSpec } from '../schema/machines.ts';

const AWS_GIB_PER_CPU: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };
const AZURE_GIB_PER_CPU: Readonly<Record<string, number>> = { F: 2, D: 4, E: 8 };

/** @returns the machine, or undefined for a name that does not tell its size (metal, burstable, older generations). */
export function machineOf(type: string): MachineSpec | undefined {
  return aws(type) ?? azure(type);
}

function aws(type: string): MachineSpec | undefined {
  const match = /^([cmr])([5-9])[a-z-]*\.(?:([0-9]*)x)?large$/.exec(type);
  if (match === null) return undefined;
  const cpu = match[3] === undefined ? 2 : 4 * Number(match[3] === '' ? 1 : match[3]);
  return sized(cpu, AWS_GIB_PER_CPU[match[1]!]!);
}

function azure(type: string): MachineSpec | undefined {
  const match = /^Standard_([DEF])([0-9]+)(?:-[0-9]+)?[a-z]*_v[0-9]+$/.exec(type);
  return match === null ? undefined : sized(Number(match[2]), AZURE_GIB_PER_CPU[match[1]!]!);
}

function sized(cpu: number, gibPerCpu: number): MachineSpec {
  return { cpu, memory: `${cpu * gibPerCpu}Gi`, maxPods: 250 };
}
