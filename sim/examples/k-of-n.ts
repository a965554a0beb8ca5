/**
 * A k-of-n system: n units that fail and are repaired; the system is up while at least k are. Either each unit is repaired at once,
 * or one crew repairs them one after the other in the order in which they failed.
 */
import {
  draw,
  exponential,
  type Id,
  Membership,
  type Micros,
  Simulation,
  seconds,
  TimeWeighted,
} from '../index.ts';

type UnitId = Id<'unit'>;
type CrewId = Id<'crew'>;

export interface KOfNOptions {
  readonly units: number;
  /** Units that must be up for the system to be up. */
  readonly needed: number;
  readonly meanTimeToFailureSeconds: number;
  readonly meanTimeToRepairSeconds: number;
  /** One crew for all units; otherwise every failed unit is repaired at once. */
  readonly singleCrew: boolean;
}

/** One replication: the share of the time from `warmUp` to `end` that the system was up. */
export function kOfNAvailability(
  options: KOfNOptions,
  run: { seed: number; replication: number; warmUp: Micros; end: Micros },
): number {
  const sim = new Simulation(run);
  const life = exponential({ mean: options.meanTimeToFailureSeconds });
  const repair = exponential({ mean: options.meanTimeToRepairSeconds });

  const units = sim.table<UnitId>('unit', options.units);
  const crews = sim.table<CrewId>('crew');
  const waiting = new Membership('waiting', crews, units);
  const crew = crews.add();
  const unitsUp = sim.factKind('units up');
  let up = options.units;

  const drawn = (purpose: 'life' | 'repair', unit: UnitId): Micros =>
    seconds(draw(purpose === 'life' ? life : repair, sim.streams.stream(purpose, unit)));
  const change = (unit: UnitId, by: number): void => {
    up += by;
    sim.emit(unitsUp, unit, up);
  };
  const failure = sim.event(units, 'failure', 'fail', (unit) => {
    change(unit, -1);
    waiting.join(crew, unit);
    if (!options.singleCrew || waiting.first(crew) === unit) sim.after(repaired, unit, drawn('repair', unit));
  });
  const repaired = sim.event(units, 'repaired', 'recover', (unit) => {
    change(unit, 1);
    waiting.leave(unit);
    sim.after(failure, unit, drawn('life', unit));
    if (options.singleCrew && waiting.count(crew) > 0) {
      const next = waiting.first(crew);
      sim.after(repaired, next, drawn('repair', next));
    }
  });

  for (let i = 0; i < options.units; i++) {
    const unit = units.add();
    sim.after(failure, unit, drawn('life', unit));
  }
  sim.run(run.warmUp);
  const isUp = (): number => (up >= options.needed ? 1 : 0);
  const service = new TimeWeighted({ at: sim.now, value: isUp() });
  sim.observe(unitsUp, (_unit, _up, _fact, at) => service.set(at, isUp()));
  sim.run(run.end);
  return service.mean(run.end);
}
