import { z } from 'zod';
import { oneOrMany } from '../schema/values.ts';
import { eventKind } from './event.ts';
import { byName, choose, choosing, faultOf, lasting } from './targets.ts';

const zoneSchema = z
  .strictObject({
    zone: oneOrMany('Zones by name; `*` stands for any letters.'),
    ...choosing,
    ...lasting,
  })
  .describe('Every machine in a zone loses power: management nodes and workers.');

export const zoneOutage = eventKind({
  kind: 'zoneOutage',
  schema: zoneSchema,
  resolve(body, { fleet, cursor, at }) {
    const zones = fleet.places.filter((place) => place.kind === 'zone');
    const hit = choose(byName(body.zone, zones, cursor.to('zone'), 'zone', 'unknown-zone'), body, cursor);
    const places = hit.map((place) => place.name);
    if (places.length === 0) return undefined;
    return { ...faultOf('zoneOutage', at, body, places, 'zones'), places };
  },
});

const rackSchema = z
  .strictObject({
    rack: oneOrMany('Racks, written ZONE/RACK; `*` stands for any letters.'),
    ...choosing,
    ...lasting,
  })
  .describe('Every machine in a rack loses power.');

export const rackOutage = eventKind({
  kind: 'rackOutage',
  schema: rackSchema,
  resolve(body, { fleet, cursor, at }) {
    const racks = fleet.places.filter((place) => place.kind === 'rack');
    const hit = choose(byName(body.rack, racks, cursor.to('rack'), 'rack', 'unknown-zone'), body, cursor);
    const places = hit.map((place) => place.name);
    if (places.length === 0) return undefined;
    return { ...faultOf('rackOutage', at, body, places, 'racks'), places };
  },
});
