import { z } from 'zod';
import { EVENT_KIND_NAMES, EVENT_KINDS, type EventKindName } from '../events/index.ts';
import { campaigns } from './campaign.ts';
import { documentOf, extending } from './document.ts';
import { fleetSpec } from './fleet.ts';
import { gates } from './gates.ts';
import { parameters } from './parameters.ts';
import { duration, positiveDuration, whole } from './values.ts';

const kinds = Object.fromEntries(
  EVENT_KIND_NAMES.map((kind) => [kind, EVENT_KINDS[kind].schema.optional()]),
) as { [K in EventKindName]: z.ZodOptional<(typeof EVENT_KINDS)[K]['schema']> };

const event = z
  .strictObject({ at: duration('When it happens, since the start of the run; before its end.'), ...kinds })
  .describe('Something that happens to the fleet: `at` and exactly one kind of event.');

export type EventSpec = z.output<typeof event>;

/** The largest seed: seeds are 32-bit so that every tool can carry them. */
const MAX_SEED = 4_294_967_295;

const scenarioSpec = z
  .strictObject({
    extends: extending.optional(),
    description: z.string().optional().describe('What the scenario asks, for a reader.'),
    fleet: z
      .union([z.string().min(1), fleetSpec])
      .describe(
        'The fleet: a file (relative to this one), the name of a Fleet document in this file, or a Fleet spec.',
      ),
    duration: positiveDuration('How long the run lasts in simulated time.'),
    seed: whole(0, 'Seed of every random draw. Default 1.', MAX_SEED).default(1),
    replications: whole(1, 'How many independent runs. Default 1.').default(1),
    controlPlaneLoss: z
      .boolean()
      .default(false)
      .describe(
        'True to measure what outages of hosted control planes cost the workloads (workloads.lostToControlPlane): every replication is run a ' +
          'second time, with the same draws and the hosted control planes held up. Takes twice the time. Default false.',
      ),
    parameters: parameters.optional(),
    events: z.array(event).default([]).describe('What happens. Default nothing.'),
    startOfRun: z
      .string()
      .default('Mon 00:00')
      .describe(
        'When the run begins, for the windows of campaigns: a day of the week and a time, or a date, 2026-03-02T00:00Z; UTC. Default Mon 00:00.',
      ),
    campaigns: campaigns.default([]).describe('Plans by which the fleet is upgraded. Default none.'),
    gates: gates.default([]).describe('Conditions on the results. Default none.'),
    gateSets: z
      .array(z.string().min(1))
      .default([])
      .describe('Files with GateSet documents. Relative to this file.'),
  })
  .describe('A fleet, what happens to it, and what must hold.');

export const scenarioDocument = documentOf('Scenario', scenarioSpec);

export type ScenarioSpec = z.output<typeof scenarioSpec>;
