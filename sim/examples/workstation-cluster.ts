/**
 * A fault-tolerant cluster of workstations: two sub-clusters of N, a switch each, a backbone between the switches, one repairer. The service is
 * premium while N workstations are connected: those of one sub-cluster by its switch, those of both by the backbone as well
 * (B. Haverkort, H. Hermanns, J.-P. Katoen, SRDS 2000; case "cluster" of the PRISM benchmark suite).
 */
import {
  draw,
  exponential,
  type Id,
  type Micros,
  NONE,
  Simulation,
  seconds,
  Timer,
  TimeWeighted,
} from '../index.ts';

type PartId = Id<'part'>;

const HOUR_SECONDS = 3600;
/** An idle repairer inspects each kind of part of which one has failed, 10 times an hour. */
const INSPECTION = exponential({ mean: HOUR_SECONDS / 10 });
const WORKSTATION = { meanLifeHours: 500, meanRepairHours: 1 / 2 } as const;
const SWITCH = { meanLifeHours: 4000, meanRepairHours: 1 / 0.25 } as const;
const BACKBONE = { meanLifeHours: 5000, meanRepairHours: 1 / 0.125 } as const;
const PARTS = [WORKSTATION, WORKSTATION, SWITCH, SWITCH, BACKBONE] as const;

/** One replication from all up until `end`: the share of the time with premium service, and how many repairs were done. */
export function workstationCluster(
  size: number,
  run: { seed: number; replication: number; end: Micros },
): { readonly premium: number; readonly repairs: number } {
  const sim = new Simulation(run);
  const parts = sim.table<PartId>('part', PARTS.length);
  const up = parts.i32('up');
  const all = parts.i32('all');
  const drawn = (purpose: string, part: PartId, hours: number): number =>
    seconds(draw(exponential({ mean: hours * HOUR_SECONDS }), sim.streams.stream(purpose, part)));
  let repairs = 0;
  let atWorkOn: PartId | typeof NONE = NONE;

  const ids = PARTS.map((part) => {
    const id = parts.add();
    all.set(id, part === WORKSTATION ? size : 1);
    up.set(id, all.at(id));
    return id;
  });
  const [left, right, leftSwitch, rightSwitch, backbone] = ids as [PartId, PartId, PartId, PartId, PartId];
  const isPremium = (): number => {
    const [leftOn, rightOn] = [up.at(leftSwitch) === 1, up.at(rightSwitch) === 1];
    const joined = leftOn && rightOn && up.at(backbone) === 1 && up.at(left) + up.at(right) >= size;
    return (leftOn && up.at(left) >= size) || (rightOn && up.at(right) >= size) || joined ? 1 : 0;
  };
  const service = new TimeWeighted({ at: sim.now, value: 1 });

  // Lives, inspections and repairs are memoryless: what is drawn anew at every change is as good as what went on.
  const failure = new Timer(sim, parts, 'failure', 'fail', (part) => change(part, -1));
  const inspection = new Timer(sim, parts, 'inspection', 'control', (part) => {
    atWorkOn = part;
    for (const other of ids) inspection.cancel(other);
    sim.after(repaired, part, drawn('repair', part, PARTS[part]!.meanRepairHours));
  });
  const repaired = sim.event(parts, 'repaired', 'recover', (part) => {
    repairs++;
    atWorkOn = NONE;
    change(part, 1);
  });
  const change = (part: PartId, by: number): void => {
    up.add(part, by);
    if (up.at(part) === 0) failure.cancel(part);
    else failure.after(part, drawn('life', part, PARTS[part]!.meanLifeHours / up.at(part)));
    for (const one of ids)
      if (atWorkOn === NONE && up.at(one) < all.at(one) && !inspection.armed(one))
        inspection.after(one, seconds(draw(INSPECTION, sim.streams.stream('inspection', one))));
    service.set(sim.now, isPremium());
  };

  for (const part of ids) change(part, 0);
  sim.run(run.end);
  return { premium: service.mean(run.end), repairs };
}
