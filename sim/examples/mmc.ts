/**
 * The M/M/c queue: customers arrive as a Poisson process, wait in one line for one of c servers, and are served for an exponential
 * time. A first model to read: two tables, two events, one membership, and the waiting time as a fact that an observer folds.
 */
import {
  draw,
  exponential,
  type Id,
  Membership,
  type Micros,
  Simulation,
  seconds,
  Tally,
  toSeconds,
} from '../index.ts';

type CustomerId = Id<'customer'>;
type StationId = Id<'station'>;

export interface MmcOptions {
  readonly servers: number;
  /** Mean number of customers that arrive per second. */
  readonly arrivalsPerSecond: number;
  /** Mean number of customers that one busy server serves per second. */
  readonly servicesPerSecond: number;
}

/** One replication. Customers whose service begins in the first `warmUp` microseconds are not counted. */
export function mmcMeanWait(
  options: MmcOptions,
  run: { seed: number; replication: number; warmUp: Micros; end: Micros },
): number {
  const sim = new Simulation(run);
  const betweenArrivals = exponential({ mean: 1 / options.arrivalsPerSecond });
  const service = exponential({ mean: 1 / options.servicesPerSecond });

  const customers = sim.table<CustomerId>('customer');
  const arrivedAt = customers.f64('arrivedAt');
  const stations = sim.table<StationId>('station');
  const busy = stations.i32('busy');
  const line = new Membership('line', stations, customers);
  const served = sim.factKind('service begins');
  const station = stations.add();
  const arrivals = sim.streams.stream('arrival', station);
  const services = sim.streams.stream('service', station);

  const begin = (customer: CustomerId): void => {
    line.leave(customer);
    busy.add(station, 1);
    sim.emit(served, customer, toSeconds((sim.now - arrivedAt.at(customer)) as Micros));
    sim.after(departure, customer, seconds(draw(service, services)));
  };
  const departure = sim.event(customers, 'departure', 'recover', (customer) => {
    customers.remove(customer);
    busy.add(station, -1);
    if (line.count(station) > 0) begin(line.first(station));
  });
  const arrival = sim.event(stations, 'arrival', 'control', () => {
    const customer = customers.add();
    arrivedAt.set(customer, sim.now);
    line.join(station, customer);
    if (busy.at(station) < options.servers) begin(customer);
    sim.after(arrival, station, seconds(draw(betweenArrivals, arrivals)));
  });

  const waits = new Tally();
  sim.observe(served, (_customer, wait, _fact, at) => {
    if (at >= run.warmUp) waits.add(wait);
  });
  sim.after(arrival, station, seconds(draw(betweenArrivals, arrivals)));
  sim.run(run.end);
  return waits.mean;
}
