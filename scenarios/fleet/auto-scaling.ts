/** Rules of autoScaling that the API enforces (openshift/hypershift api/hypershift/v1beta1/nodepool_types.go). */
import type { AutoScalingPlan } from '../../models/plan/fleet.ts';
import type { Platform } from '../../models/plan/platforms.ts';
import type { Cursor } from '../source/cursor.ts';

/** Platforms whose pools may scale to zero and back. */
const FROM_ZERO: readonly Platform[] = ['AWS', 'Azure'];

/** Bounds as written; reports those that no API server would take. @param cursor points to autoScaling. */
export function checkedBounds(
  { min, max }: AutoScalingPlan,
  platform: Platform,
  cursor: Cursor,
): AutoScalingPlan {
  if (max < Math.max(1, min))
    cursor.to('max').report('out-of-range', {
      found: `max ${max}`,
      expected: `${Math.max(1, min)} or more, since min is ${min}`,
    });
  if (min === 0 && !FROM_ZERO.includes(platform))
    cursor.to('min').report('invalid-value', {
      found: `min 0 on ${platform}`,
      expected: '1 or more',
      hint: `only pools on ${FROM_ZERO.join(' and ')} scale to zero by themselves; the event scale takes others there`,
    });
  return { min, max };
}
