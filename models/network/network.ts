/**
 * What of the network matters to a fleet: which locations cannot reach each other, and how long a round trip takes between those that
 * can. Whole and fast unless a fault says otherwise; then a list of cuts and delays between two sides each.
 */
import type { Id } from '../../sim/entities.ts';
import type { Simulation } from '../../sim/simulation.ts';
import type { ClusterId, NodeId } from '../ids.ts';
import type { ParameterValues } from '../parameters.ts';
import type { Machines } from '../places/machines.ts';
import { Signal } from '../signal.ts';

/** The control plane of a management cluster that somebody else runs, and clients: they have no machine in the fleet. */
type Elsewhere = Id<'elsewhere'>;
/** Where a process runs, as the network sees it. */
export type Location = NodeId | Elsewhere;

/** Where clients of hosted APIs are: in no place of the fleet, so with the rest when something is cut off from that. */
export const OUTSIDE = -2 as Location;
const FIRST_ELSEWHERE = -3;

export function elsewhere(cluster: ClusterId): Location {
  return (FIRST_ELSEWHERE - cluster) as Elsewhere;
}
/** The part of a side that holds a location, by its name; undefined when none does. */
export type Side = (location: Location) => string | undefined;

/** What is wrong between two sides: no packet passes, or a round trip takes so long. */
export interface Impairment {
  readonly one: Side;
  readonly other: Side;
  /** Microseconds; Infinity cuts. */
  readonly roundTrip: number;
}

/** Within a part that is on both sides nothing is wrong: all zones from all zones means each from every other. */
function crosses({ one, other }: Impairment, a: Location, b: Location): boolean {
  const apart = (x: string | undefined, y: string | undefined): boolean =>
    x !== undefined && y !== undefined && x !== y;
  return apart(one(a), other(b)) || apart(one(b), other(a));
}

export class Network {
  #impairments: readonly Impairment[] = [];
  /** Those before the change that is being told, if one is. */
  #before: readonly Impairment[] = [];
  #cuts = 0;

  /** Something between two sides began or ceased to be wrong. Whom it matters to is told in one order, by `world.ts`. */
  readonly changed = new Signal<[]>();

  constructor(
    sim: Simulation,
    readonly machines: Machines,
    readonly parameters: ParameterValues,
  ) {
    sim.keep({
      save: () => this.#impairments,
      restore: (saved: readonly Impairment[]) => this.#set(saved),
    });
  }

  /** True while some locations cannot reach each other. */
  get isCut(): boolean {
    return this.#cuts > 0;
  }

  /** True while something is wrong between any two locations. */
  get isImpaired(): boolean {
    return this.#impairments.length > 0;
  }

  impair(impairment: Impairment): void {
    this.#change([...this.#impairments, impairment]);
  }
  /** Takes back one of the impairments of that very object. */
  mend(impairment: Impairment): void {
    const i = this.#impairments.indexOf(impairment);
    this.#change(this.#impairments.filter((_, j) => j !== i));
  }
  #change(impairments: readonly Impairment[]): void {
    const before = this.#impairments;
    this.#set(impairments);
    this.#before = before;
    this.changed.emit();
    this.#before = impairments;
  }

  /** Requests from one to the other are answered before they time out. */
  reaches(a: Location, b: Location): boolean {
    return this.#cuts === 0 || this.roundTrip(a, b) < this.parameters.network.requestTimeout;
  }
  /** While a change is told: whether they reached each other until now. At any other time whether they do. */
  reached(a: Location, b: Location): boolean {
    return (
      this.#before.length === 0 || this.#trip(a, b, this.#before) < this.parameters.network.requestTimeout
    );
  }

  /** Microseconds of a round trip between two locations; Infinity when they cannot reach each other. */
  roundTrip(a: Location, b: Location): number {
    return this.#trip(a, b, this.#impairments);
  }
  #trip(a: Location, b: Location, impairments: readonly Impairment[]): number {
    let longest = this.#usual(a, b);
    if (a === b) return longest;
    for (const impairment of impairments) {
      if (crosses(impairment, a, b)) longest = Math.max(longest, impairment.roundTrip);
    }
    return longest;
  }

  /** Machines in one zone are close to each other, workers may stand anywhere. */
  #usual(a: Location, b: Location): number {
    const { withinZone, betweenZones, toWorkers } = this.parameters.network;
    if (a === b) return 0;
    if (a < 0 || b < 0) return betweenZones;
    const { machines } = this;
    if (machines.cluster.at(a as NodeId) !== machines.cluster.at(b as NodeId)) return toWorkers;
    return machines.zone.at(a as NodeId) === machines.zone.at(b as NodeId) ? withinZone : betweenZones;
  }

  #set(impairments: readonly Impairment[]): void {
    this.#impairments = impairments;
    this.#before = impairments;
    const { requestTimeout } = this.parameters.network;
    this.#cuts = impairments.filter(({ roundTrip }) => roundTrip >= requestTimeout).length;
  }
}
