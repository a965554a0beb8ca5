/** `hcpsim matrix`: a fleet in, what each of its failures does out. */
import { MODEL_VERSION } from '../../models/version.ts';
import { version } from '../../package.json' with { type: 'json' };
import type { FleetFile } from '../../scenarios/fleet-file.ts';
import type { MatrixDocument } from '../../sim/matrix-result.ts';
import { MINUTE, type Micros } from '../../sim/time.ts';
import type { State } from '../commands/matrix.ts';
import { EXIT, type ExitCode, UsageError } from '../exit.ts';
import { loadFleet } from '../load.ts';
import { columns, put, wantsColor } from '../terminal.ts';
import { explore } from './explore.ts';

export interface MatrixCommandOptions {
  readonly depth: 1 | 2;
  readonly state: readonly State[];
  readonly for: Micros;
  readonly watch: Micros;
  readonly seed?: number;
  readonly set?: readonly string[];
  readonly output: string;
}

/** Of a pair, the second failure follows two minutes after the first, and must have time to show. */
const LEAST_FOR_PAIRS = 5;

export async function matrix(files: readonly string[], options: MatrixCommandOptions): Promise<ExitCode> {
  const fleet = loadFleet(files, options);
  if (fleet === undefined) return EXIT.usage;
  const jobs = options.state.map((state) => jobOf(state, fleet, options));
  const { results, interrupted } = await explore({ fleet: fleet.plan, jobs });
  const document: MatrixDocument = {
    schema: 'hcpsim.matrix/v1',
    hcpsim: version,
    model: MODEL_VERSION,
    partial: results.length < jobs.length || results.some((result) => result.partial === true),
    results,
  };
  put(await RENDERERS[options.output]!(document));
  return interrupted ?? EXIT.ok;
}

function jobOf(state: State, { plan, parameters, seed }: FleetFile, options: MatrixCommandOptions) {
  const failureLasts = options.for;
  if (state === 'zone-down' && !plan.places.some(({ kind }) => kind === 'zone'))
    throw new UsageError(`the fleet ${plan.name} has no zone that could be down`);
  if (options.depth === 2 && failureLasts < LEAST_FOR_PAIRS * MINUTE)
    throw new UsageError(`with --depth 2 failures must last ${LEAST_FOR_PAIRS}m at least (--for)`);
  return { seed, depth: options.depth, state, parameters, failureLasts, watch: options.watch };
}

const RENDERERS: Readonly<Record<string, (document: MatrixDocument) => Promise<string>>> = {
  text: async (document) => {
    const { renderMatrixText } = await import('../../reports/matrix/text.ts');
    return renderMatrixText(document, { width: columns(), color: wantsColor(process.stdout) });
  },
  json: async (document) => (await import('../../reports/matrix/json.ts')).renderMatrixJson(document),
  csv: async (document) => (await import('../../reports/matrix/csv.ts')).renderMatrixCsv(document),
  markdown: async (document) =>
    (await import('../../reports/matrix/markdown.ts')).renderMatrixMarkdown(document),
};
