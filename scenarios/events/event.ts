import type { z } from 'zod';
import type { Fault } from '../../models/plan/faults.ts';
import type { FleetPlan, NodePoolPlan } from '../../models/plan/fleet.ts';
import type { Micros } from '../../sim/time.ts';
import type { Cursor } from '../source/cursor.ts';

/** What a kind needs to turn its written form into a fault of the plan. */
export interface EventContext {
  readonly fleet: FleetPlan;
  /** Points to the body of the event. */
  readonly cursor: Cursor;
  readonly at: Micros;
  /** The most machines that are ever wanted of a node pool. */
  most(hostedCluster: string, pool: NodePoolPlan): number;
}

/** One kind of event: how it is written and whom it hits. */
export interface EventKind<S extends z.ZodType = z.ZodType> {
  readonly kind: Fault['kind'];
  readonly schema: S;
  /** @returns the fault with its targets by name, or by their place among those that there are when it happens, or undefined after reporting why there is none. */
  resolve(body: z.output<S>, context: EventContext): Fault | undefined;
}

/** Keeps the type of the schema and the type of the body together. */
export function eventKind<S extends z.ZodType>(kind: EventKind<S>): EventKind<S> {
  return kind;
}
