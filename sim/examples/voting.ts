/** Majorities of units that fail once and are never repaired: how long it takes until so many of each group have failed. */
import { draw, exponential, type Id, Membership, Simulation, seconds, toSeconds } from '../index.ts';

type GroupId = Id<'group'>;
type UnitId = Id<'unit'>;

export interface VotingOptions {
  /** Failures per second of each unit of a group. */
  readonly ratesPerSecond: readonly number[];
  /** The group is lost with so many failures. */
  readonly lostWith: number;
}

/** Seconds until each of so many groups, alike and independent, is lost. */
export function votingLosses(
  { ratesPerSecond, lostWith }: VotingOptions,
  groups: number,
  seed: number,
): number[] {
  const sim = new Simulation({ seed });
  const table = sim.table<GroupId>('group', groups);
  const units = sim.table<UnitId>('unit', groups * ratesPerSecond.length);
  const failed = table.i32('failed');
  const of = new Membership('units of group', table, units);
  const losses: number[] = [];
  const failure = sim.event(units, 'failure', 'fail', (unit) => {
    const group = of.parent(unit);
    if (failed.add(group, 1) === lostWith) losses.push(toSeconds(sim.now));
  });
  const lives = ratesPerSecond.map((rate) => exponential({ mean: 1 / rate }));
  for (let i = 0; i < groups; i++) {
    const group = table.add();
    lives.forEach((life, rank) => {
      const unit = units.add();
      of.join(group, unit);
      sim.after(failure, unit, seconds(draw(life, sim.streams.stream('life', rank))));
    });
  }
  sim.run(seconds(1e9));
  return losses;
}
