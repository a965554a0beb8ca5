import type { MatrixDocument, MatrixResult } from '../../sim/matrix-result.ts';
import { PAIR_DELAY } from '../../sim/matrix-result.ts';
import type { Micros } from '../../sim/time.ts';
import { formatSpan, plural } from '../view/format.ts';

/** How the figures came about, and what it takes to get them again. */
export function method(result: MatrixResult, { hcpsim, model }: MatrixDocument): string {
  const { failureLasts, watched, runs, seed, hostedClusters, depth } = result;
  const watch = formatSpan((watched - failureLasts) as Micros);
  return (
    `${plural(runs, 'future')} of ${plural(hostedClusters, 'hosted cluster')} from ${result.state === 'upgrade' ? 'two snapshots' : 'one snapshot'}: each failure lasts ` +
    `${formatSpan(failureLasts)} and is watched for ${watch} more. A line that stands for several shows the worst of them; n of m ` +
    'are hosted clusters. ' +
    (depth === 2
      ? `The second of two begins ${formatSpan(PAIR_DELAY)} after the first, and both end together. `
      : '') +
    (result.state === 'upgrade'
      ? 'Each is tried while etcd is being replaced and while kube-apiservers are; where that makes a difference, the worse moment is named. '
      : '') +
    'Whole again: every service and every redundancy as before, counted from the end of the failure. ' +
    `Seed ${seed}, hcpsim ${hcpsim}, model ${model}.`
  );
}
