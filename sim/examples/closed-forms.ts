/** What queueing and reliability texts solve exactly, for models on the engine to be held against. */
import type { KOfNOptions } from './k-of-n.ts';
import type { MmcOptions } from './mmc.ts';

/**
 * Mean wait in an M/M/c queue, seconds, by Erlang's C formula (A. K. Erlang, 1917): with a = arrivals / services offered to c servers,
 * P(wait) = B / (1 - (a / c) (1 - B)), where B is Erlang's loss formula by its recursion B(0) = 1, B(k) = a B(k-1) / (k + a B(k-1)),
 * and the mean wait is P(wait) / (c services - arrivals).
 */
export function erlangMeanWait({ servers, arrivalsPerSecond, servicesPerSecond }: MmcOptions): number {
  const offered = arrivalsPerSecond / servicesPerSecond;
  let loss = 1;
  for (let k = 1; k <= servers; k++) loss = (offered * loss) / (k + offered * loss);
  const waits = loss / (1 - (offered / servers) * (1 - loss));
  return waits / (servers * servicesPerSecond - arrivalsPerSecond);
}

/** Probabilities of 0, 1, ... n failed units: a birth-death chain, in which each state has the weight of the rates that lead up to it. */
function failedUnits({ units, meanTimeToFailureSeconds, meanTimeToRepairSeconds, singleCrew }: KOfNOptions) {
  const ratio = meanTimeToRepairSeconds / meanTimeToFailureSeconds;
  const weights = [1];
  for (let failed = 1; failed <= units; failed++) {
    const repairing = singleCrew ? 1 : failed;
    weights.push((weights.at(-1)! * (units - failed + 1) * ratio) / repairing);
  }
  const total = weights.reduce((sum, weight) => sum + weight);
  return weights.map((weight) => weight / total);
}

/** Long-run share of the time for which a k-of-n system is up. */
export function kOfNExactAvailability(options: KOfNOptions): number {
  const probabilities = failedUnits(options).slice(0, options.units - options.needed + 1);
  return probabilities.reduce((sum, probability) => sum + probability);
}
