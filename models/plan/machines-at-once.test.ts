import { expect, it } from 'vitest';
import type { Micros } from '../../sim/time.ts';
import { scaled } from '../faults/testing.ts';
import { upgrade } from '../upgrades/node-pool/testing.ts';
import type { StagePlan } from './campaign.ts';
import type { Fault, Upgrade } from './faults.ts';
import type { NodePoolPlan } from './fleet.ts';
import { machinesAtOnce } from './machines-at-once.ts';
import { fleetOf, hostedCluster, management, pool, ZONES } from './sample.ts';

const fleetWith = (of: Partial<NodePoolPlan>) =>
  fleetOf(management(ZONES, 3), [hostedCluster('t', { nodePools: [pool(3, of)] })]);
const most = (of: Partial<NodePoolPlan>, faults: readonly Fault[]): number | undefined =>
  machinesAtOnce({ fleet: fleetWith(of), faults }).get('t/workers');
const ofCluster = ({ to, change }: Pick<Upgrade, 'to' | 'change'>): Upgrade => {
  const { to: _, ...rest } = upgrade({ subject: 'hostedCluster', names: ['t'] });
  return { ...rest, ...(to === undefined ? {} : { to }), ...(change === undefined ? {} : { change }) };
};
const share = (amount: number) => ({ maxSurge: { amount, relative: true } });

it.each([
  ['that nobody touches', {}, [], undefined],
  ['that is scaled', {}, [scaled(7, 1)], 7],
  ['that is scaled down', {}, [scaled(1, 1)], 3],
  ['that is upgraded', {}, [upgrade()], 4],
  ['that is both', share(0.25), [scaled(7, 1), upgrade()], 9],
  ['that scales by itself', { autoScaling: { min: 1, max: 8 } }, [upgrade()], 9],
  ['with OnDelete', { strategy: 'OnDelete' }, [upgrade()], 3],
  ['of a hosted cluster that is changed', {}, [ofCluster({ change: 'pullSecret' })], 4],
  ['of a hosted cluster that is upgraded', {}, [ofCluster({ to: '4.20.3' })], undefined],
  ['in place', { upgradeType: 'InPlace' }, [upgrade()], 3],
] as [string, Partial<NodePoolPlan>, Fault[], number | undefined][])(
  'a pool %s',
  (_, of, faults, expected) => {
    expect(most(of, faults)).toBe(expected);
  },
);

it('a pool that a campaign upgrades', () => {
  const stage: StagePlan = {
    name: 'pools',
    kind: 'nodePool',
    to: '4.20.3',
    force: false,
    waves: [['t/workers']],
    concurrency: 1,
    soak: 0 as Micros,
    maxFailures: 0,
    stopWhen: [],
    badReleases: 0,
    rollback: 'none',
  };
  const of = (kind: StagePlan['kind']): number | undefined => {
    const campaigns = [{ name: 'c', at: 0 as Micros, stages: [{ ...stage, kind }] }];
    return machinesAtOnce({ fleet: fleetWith({}), faults: [], campaigns }).get('t/workers');
  };
  expect([of('nodePool'), of('hostedCluster')]).toEqual([4, undefined]);
});
