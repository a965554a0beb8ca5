/** Runs the benches: `main.js [hold] [queues] [fleet] [year] [campaign] [--rungs 10,100] [--json]`, all of them by default. */
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchCampaign } from './campaign.ts';
import { campaignRung } from './campaign-rung.ts';
import { benchFleet } from './fleet.ts';
import { fleetRung } from './fleet-rung.ts';
import { benchHold } from './hold.ts';
import { holdPeer } from './hold-peer.ts';
import { benchQueues } from './queues.ts';
import { benchYear } from './year.ts';
import { yearRung } from './year-rung.ts';

const BENCHES = ['hold', 'queues', 'fleet', 'year', 'campaign'];
const PROGRAM = process.argv[1]!;

function machine(): object {
  const { node, v8 } = process.versions;
  return { node, v8, cpu: cpus()[0]?.model, cores: cpus().length, memoryGigabytes: totalmem() / 2 ** 30 };
}

async function benches(
  names: readonly string[],
  hostedClusters: readonly number[] | undefined,
  json: boolean,
): Promise<void> {
  // With --json the document has stdout for itself.
  const print = (line: string): void => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  const title = (name: string): void => print(`\n${name}\n`);
  const wanted = (name: string): boolean => names.length === 0 || names.includes(name);
  const document: Record<string, unknown> = { machine: machine() };
  print(JSON.stringify(document.machine));
  if (wanted('hold')) {
    title('Hold model through the public surface of the engine');
    document.hold = await benchHold({ engine: [PROGRAM, 'hold-peer'], print });
  }
  if (wanted('queues')) {
    title('Hold model on the bare queues: million holds per second');
    document.queues = benchQueues({ print });
  }
  if (wanted('fleet')) {
    title('Zone loss over 24 h: highly available hosted clusters with 10 workers each');
    document.fleet = benchFleet({ rung: [PROGRAM, 'fleet-rung'], hostedClusters, print });
  }
  if (wanted('year')) {
    title('A year of failures drawn from a seed: highly available hosted clusters with 10 workers each');
    document.year = benchYear({ rung: [PROGRAM, 'year-rung'], hostedClusters, print });
  }
  if (wanted('campaign')) {
    title('A campaign: every control plane and node pool to the next minor, 12 pools of 3 workers each');
    document.campaign = benchCampaign({ rung: [PROGRAM, 'campaign-rung'], hostedClusters, print });
  }
  if (json) process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}

const [part, ...rest] = process.argv.slice(2);
// What `hold`, `fleet`, `year` and `campaign` start again in processes of their own.
if (part === 'hold-peer') await holdPeer(rest[0]!, Number(rest[1]));
else if (part === 'fleet-rung') process.stdout.write(JSON.stringify(fleetRung(Number(rest[0]))));
else if (part === 'campaign-rung') process.stdout.write(JSON.stringify(campaignRung(Number(rest[0]))));
else if (part === 'year-rung') process.stdout.write(JSON.stringify(yearRung(Number(rest[0]))));
else {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, rungs: { type: 'string' } },
  });
  const unknown = positionals.find((name) => !BENCHES.includes(name));
  if (unknown === undefined) await benches(positionals, values.rungs?.split(',').map(Number), values.json);
  else {
    process.stderr.write(`${unknown}: no such bench; there are ${BENCHES.join(', ')}\n`);
    process.exitCode = 2;
  }
}
