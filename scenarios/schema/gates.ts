import { z } from 'zod';
import { documentOf, extending } from './document.ts';
import { text } from './values.ts';

/** Statistics over the selected values: the extremes, the mean, percentiles by nearest rank. */
const STAT_PATTERN = /^(min|max|mean|p[1-9][0-9]?)$/;

export const gate = z
  .strictObject({
    name: z.string().min(1).optional().describe('What the gate says. Default: the condition itself.'),
    metric: z.string().min(1).describe('Metric by its id, such as api.uptime.'),
    select: z
      .record(z.string().min(1), z.string().min(1))
      .default({})
      .describe(
        'Labels of the values that count, `*` stands for any letters. Default: all values of the metric.',
      ),
    stat: text(
      'statistic',
      STAT_PATTERN,
      'Statistic over the selected values: min, max, mean or p1 to p99. Default: the worst of them (min where higher is ' +
        'better, max where lower is).',
    ).optional(),
    op: z.enum(['>=', '>', '<=', '<', '==']).describe('How the statistic is compared with the value.'),
    value: z
      .union([z.number(), z.string().min(1)])
      .describe('The bound: a ratio (0.999 or 99.9%), a duration for metrics in seconds (90s), or a count.'),
  })
  .describe('A condition on a metric that a run must meet.');

export const gates = z.array(gate);

const gateSetSpec = z
  .strictObject({ extends: extending.optional(), gates: gates.min(1).describe('The gates of the set.') })
  .describe('Gates that several scenarios share.');

export const gateSetDocument = documentOf('GateSet', gateSetSpec);

export type GateSpec = z.output<typeof gate>;
