import { z } from 'zod';
import type { Fault } from '../../models/plan/faults.ts';
import { positiveDuration, readDuration } from '../schema/values.ts';
import { type EventContext, eventKind } from './event.ts';
import { betweenSides, sidesOf } from './network-sides.ts';
import { faultOf } from './targets.ts';

const partitionSchema = z
  .strictObject(betweenSides)
  .describe(
    'No packet passes between two sides of the fleet: a zone and the rest, workers and their control plane, nodes and their ' +
      'management control plane. Machines run on, and each side does what it can by itself.',
  );

/** What happens between two sides, with both spelled out; undefined after reporting why there are none. */
function between<K extends Fault['kind']>(
  kind: K,
  body: z.output<typeof partitionSchema>,
  { fleet, cursor, at }: EventContext,
) {
  const sides = sidesOf(body, fleet, cursor);
  if (sides === undefined) return undefined;
  const { named, ...written } = sides;
  return { ...faultOf(kind, at, body, named, 'parts of the fleet'), ...written };
}

export const networkPartition = eventKind({
  kind: 'networkPartition',
  schema: partitionSchema,
  resolve: (body, context) => between('networkPartition', body, context),
});

const latencySchema = z
  .strictObject({
    ...betweenSides,
    roundTrip: positiveDuration(
      'How long a round trip between the two sides takes, where it usually takes less.',
    ),
  })
  .describe(
    'A round trip between two sides of the fleet takes long. The limits of the vendor, 200ms between a control plane and its workers ' +
      'and 50ms between etcd members, are reported where they are broken.',
  );

export const networkLatency = eventKind({
  kind: 'networkLatency',
  schema: latencySchema,
  resolve(body, context) {
    const fault = between('networkLatency', body, context);
    return fault && { ...fault, roundTrip: readDuration(body.roundTrip) };
  },
});
