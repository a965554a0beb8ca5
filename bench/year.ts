/** The ladder of years: how simulating a year of failures grows with the number of hosted clusters. */
import { execFileSync } from 'node:child_process';
import type { YearRung } from './year-rung.ts';

export interface YearBenchOptions {
  readonly hostedClusters?: readonly number[] | undefined;
  /** Arguments that make this program, run again with a number, print one rung as JSON: each has a process and a peak of its own. */
  readonly rung: readonly string[];
  readonly print?: (line: string) => void;
}

export function benchYear(options: YearBenchOptions): YearRung[] {
  const { hostedClusters = [10, 100, 1_000, 10_000], print = console.log } = options;
  print('hosted   nodes  failures   place s    run s  results s   user s      events    events/s   peak MB');
  return hostedClusters.map((count) => {
    const output = execFileSync(process.execPath, [...options.rung, String(count)], { encoding: 'utf8' });
    const rung: YearRung = JSON.parse(output);
    print(rungText(rung));
    return rung;
  });
}

function rungText(rung: YearRung): string {
  return [
    String(rung.hostedClusters).padStart(6),
    String(rung.nodes).padStart(8),
    String(rung.failures).padStart(10),
    rung.placeSeconds.toFixed(2).padStart(10),
    rung.runSeconds.toFixed(2).padStart(9),
    rung.resultSeconds.toFixed(2).padStart(11),
    rung.userSeconds.toFixed(2).padStart(9),
    String(rung.events).padStart(12),
    Math.round(rung.eventsPerSecond).toString().padStart(12),
    rung.peakMegabytes.toFixed(0).padStart(10),
  ].join('');
}
