import type { Upgrade } from '../plan/faults.ts';
import { subjectOf } from '../upgrades/subjects.ts';
import type { Effect } from './effect.ts';

/** Another release is asked for; how soon it is there, and whether at all, is up to what is upgraded. Nothing takes that back. */
export const upgrade: Effect<Upgrade> = {
  begin(fleet, { subject, names, to, force = false, change }) {
    const { upgrades } = fleet.world;
    const release = to === undefined ? undefined : upgrades.releases.of(to);
    const options = change === undefined ? { force } : { force, change };
    return {
      ids: names.map((name) => upgrades.ask(subject, subjectOf(fleet, subject, name), release, options)),
    };
  },
  end() {},
};
