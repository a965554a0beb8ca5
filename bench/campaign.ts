/** The ladder of campaigns: how upgrading a whole fleet grows with the number of hosted clusters. */
import { execFileSync } from 'node:child_process';
import type { CampaignRung } from './campaign-rung.ts';

export interface CampaignBenchOptions {
  readonly hostedClusters?: readonly number[] | undefined;
  /** Arguments that make this program, run again with a number, print one rung as JSON: each has a process and a peak of its own. */
  readonly rung: readonly string[];
  readonly print?: (line: string) => void;
}

export function benchCampaign(options: CampaignBenchOptions): CampaignRung[] {
  const { hostedClusters = [10, 110, 440], print = console.log } = options;
  print(
    'hosted   pools  workers  upgrades  simulated h   place s    run s   user s      events    events/s   peak MB',
  );
  return hostedClusters.map((count) => {
    const output = execFileSync(process.execPath, [...options.rung, String(count)], { encoding: 'utf8' });
    const rung: CampaignRung = JSON.parse(output);
    print(rungText(rung));
    return rung;
  });
}

function rungText(rung: CampaignRung): string {
  return [
    String(rung.hostedClusters).padStart(6),
    String(rung.nodePools).padStart(8),
    String(rung.workers).padStart(9),
    `${rung.completed}/${rung.upgrades}`.padStart(12),
    rung.campaignHours.toFixed(1).padStart(11),
    rung.placeSeconds.toFixed(2).padStart(10),
    rung.runSeconds.toFixed(2).padStart(9),
    rung.userSeconds.toFixed(2).padStart(9),
    String(rung.events).padStart(12),
    Math.round(rung.events / rung.runSeconds)
      .toString()
      .padStart(12),
    rung.peakMegabytes.toFixed(0).padStart(10),
  ].join('');
}
