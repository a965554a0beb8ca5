/** Parts in series that fail at a known age and are repaired; no part ages while the system is down. */
import { type Id, type Micros, Simulation, Timer } from '../index.ts';

type PartId = Id<'part'>;

export interface SeriesOptions {
  /** The age at which each part fails; it is new after its repair. Microseconds. */
  readonly lives: readonly Micros[];
  readonly repair: Micros;
}

/** How often the system is down until `end`, and for how long in all, microseconds. */
export function seriesOutages(
  { lives, repair }: SeriesOptions,
  end: Micros,
): { readonly failures: number; readonly down: number } {
  const sim = new Simulation({ seed: 1 });
  const parts = sim.table<PartId>('part', lives.length);
  const left = parts.f64('left');
  let failures = 0;
  let down = 0;
  const failure = new Timer(sim, parts, 'failure', 'fail', (part) => {
    failures++;
    left.set(part, lives[part]!);
    for (const other of all) {
      if (!failure.armed(other)) continue;
      left.set(other, failure.due(other) - sim.now);
      failure.cancel(other);
    }
    down += Math.min(repair, end - sim.now);
    sim.after(repaired, part, repair);
  });
  const repaired = sim.event(parts, 'repaired', 'recover', () => {
    for (const part of all) failure.after(part, left.at(part));
  });
  const all = lives.map((life) => {
    const part = parts.add();
    left.set(part, life);
    return part;
  });
  for (const part of all) failure.after(part, left.at(part));
  sim.run(end);
  return { failures, down };
}
