/** What management nodes and workers have in common. */
import { z } from 'zod';
import { cores, memory, positiveDuration, whole } from './values.ts';

export const zones = (description: string) => z.array(z.string().min(1)).min(1).describe(description);

export const machine = z
  .strictObject({
    cpu: cores('Cores of the machine, `16` or `15500m`; at most 100000.'),
    memory: memory('Memory of the machine, `64Gi`; at most 1Pi.'),
    maxPods: whole(1, 'Pods that its kubelet admits. Default 250.').default(250),
    boot: positiveDuration(
      'From power to a kubelet that heartbeats. Default by platform: node.boot, node.bootBareMetal, node.bootVirtual.',
    ).optional(),
  })
  .describe(
    'One machine: its size, and how long it boots. Pods can use it less what the system keeps (parameters node.systemCpuMillis, node.systemMemoryMib).',
  );

export const effect = z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']);

export type MachineSpec = z.output<typeof machine>;
