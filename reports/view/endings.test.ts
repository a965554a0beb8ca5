import { expect, test } from 'vitest';
import type { Outage } from '../../sim/result.ts';
import { zoneLoss } from '../fixture.ts';
import { endings } from './endings.ts';
import { groupOutages } from './outages.ts';

const endingOf = (outage: Outage): string[] => endings(groupOutages([outage])[0]!);

test('an outage that ceased is not told as ended', () => {
  const [outage] = zoneLoss(1, 1).outages;
  const gone: Outage = {
    ...outage!,
    service: 'tunnel',
    ceased: true,
    endedBy: ['scale t/w to 0', 'machine of node t-w-1 deleted'],
  };
  expect(endingOf(gone)).toContain('not back: no workers after machine of node t-w-1 deleted');
  expect(endingOf(gone).join()).not.toContain('ended');
  expect(endingOf(outage!).join()).toContain('ended by');
});
