import { z } from 'zod';
import type { UpgradeChange } from '../../models/plan/faults.ts';
import { kindOfSubject, subjectKeys, subjectsOf } from '../upgrade-subjects.ts';
import { isOfItsProduct, isWhatFits, wishKeys } from '../upgrade-wishes.ts';
import { eventKind } from './event.ts';
import { choose, choosing, faultOf } from './targets.ts';

const schema = z
  .strictObject({ ...subjectKeys, ...wishKeys, ...choosing })
  .describe(
    'Somebody asks for another release of hosted clusters, node pools, management clusters or their operators, for another ' +
      'configuration of hosted clusters or node pools, or for machine config pools to pause or go on: exactly one of these. How soon it is there, and whether at ' +
      'all, is up to the rules of what is upgraded.',
  );

const CHANGES: Readonly<Record<UpgradeChange, string>> = {
  pullSecret: 'with another pullSecret',
  additionalTrustBundle: 'with another additionalTrustBundle',
  imageContentSources: 'with other imageContentSources',
  'configuration.proxy': 'with another configuration.proxy',
  'configuration.image': 'with another configuration.image',
  config: 'with another config',
  tuning: 'with another tuning',
  platform: 'with another platform',
  pause: 'paused',
  resume: 'resumed',
};

export const upgrade = eventKind({
  kind: 'upgrade',
  schema,
  resolve(body, { fleet, cursor, at }) {
    const kind = kindOfSubject(body, cursor, 'events at the same time');
    const fits = isWhatFits(kind, body, cursor);
    if (kind === undefined || !fits) return undefined;
    const all = subjectsOf(kind, body, fleet, cursor);
    const chosen = choose(all.subjects, body, cursor);
    if (chosen.length === 0 || !isOfItsProduct({ ...all, subjects: chosen }, body, fleet, cursor))
      return undefined;
    const names = chosen.map(({ name }) => name);
    const told = kind === 'operator' ? names.map((name) => `the operator of ${name}`) : names;
    const { to, change, force } = body;
    const head = faultOf('upgrade', at, {}, told, all.noun);
    return {
      ...head,
      label: `${head.label} ${change === undefined ? `to ${to}` : CHANGES[change]}`,
      subject: kind,
      names,
      ...(to === undefined ? {} : { to }),
      ...(change === undefined ? {} : { change }),
      ...(force ? { force: true } : {}),
    };
  },
});
