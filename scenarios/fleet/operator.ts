import type { OperatorPlan } from '../../models/plan/fleet.ts';
import { mceRelease, usualOperator } from '../../models/versions/operators.ts';
import type { ManagementClusterSpec } from '../schema/management-cluster.ts';
import type { Cursor } from '../source/cursor.ts';
import type { FleetDraft } from './draft.ts';

/** What drives the hosted control planes of a cluster. @param cursor points to its entry. */
export function operatorPlan(
  { name, operator, version }: ManagementClusterSpec,
  cursor: Cursor,
  draft: FleetDraft,
): OperatorPlan {
  if (operator === undefined) return usualOperator(version);
  const place = cursor.to('operator');
  if (operator.mce !== undefined && operator.version !== undefined) {
    place.to('version').reportKey('conflicting-keys', {
      found: 'mce and version of one operator',
      expected: 'one of the two: the multicluster engine brings its own operator',
    });
  }
  if (operator.mce !== undefined) {
    if (mceRelease(operator.mce) === undefined)
      draft.note(
        `Management cluster ${name}: the documents name no supported versions for multicluster engine ${operator.mce}.`,
      );
    return { product: 'MCE', version: operator.mce };
  }
  if (operator.version !== undefined) return { product: 'HyperShift', version: operator.version };
  // What is written and cannot be read has been reported.
  if (place.to('mce').node === undefined && place.to('version').node === undefined)
    place.report('missing-key', { found: 'an operator without a version', expected: 'mce or version' });
  return usualOperator(version);
}
