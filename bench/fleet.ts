/** The ladder of fleets: how placing and simulating them grows with the number of hosted clusters. */
import { execFileSync } from 'node:child_process';
import type { FleetRung } from './fleet-rung.ts';

export interface FleetBenchOptions {
  readonly hostedClusters?: readonly number[] | undefined;
  /** Arguments that make this program, run again with a number, print one rung as JSON: each has a process and a peak of its own. */
  readonly rung: readonly string[];
  readonly print?: (line: string) => void;
}

export function benchFleet(options: FleetBenchOptions): FleetRung[] {
  const { hostedClusters = [10, 100, 300, 1_000], print = console.log } = options;
  print('hosted   nodes   place s    run s      events    events/s   ms/hosted   peak MB');
  return hostedClusters.map((count) => {
    const output = execFileSync(process.execPath, [...options.rung, String(count)], { encoding: 'utf8' });
    const rung: FleetRung = JSON.parse(output);
    print(rungText(rung));
    return rung;
  });
}

function rungText(rung: FleetRung): string {
  return [
    String(rung.hostedClusters).padStart(6),
    String(rung.nodes).padStart(8),
    rung.placeSeconds.toFixed(2).padStart(10),
    rung.runSeconds.toFixed(2).padStart(9),
    String(rung.events).padStart(12),
    Math.round(rung.eventsPerSecond).toString().padStart(12),
    (rung.nanosecondsPerHostedCluster / 1e6).toFixed(2).padStart(12),
    rung.peakMegabytes.toFixed(0).padStart(10),
  ].join('');
}
