import { describe, expect, test } from 'vitest';
import { HOUR, type Micros } from '../../sim/time.ts';
import type { StagePlan } from '../plan/campaign.ts';
import type { Upgrade } from '../plan/faults.ts';
import type { FleetPlan, HostedClusterPlan } from '../plan/fleet.ts';
import { fleetOf, hostedCluster, management, pool, ran, scenarioOf, ZONES } from '../testing.ts';
import { foreseenRefusals } from './foreseen.ts';

const stage = (names: readonly string[], to: string, more: Partial<StagePlan> = {}): StagePlan => ({
  name: 's',
  kind: names.some((name) => name.includes('/')) ? 'nodePool' : 'hostedCluster',
  to,
  force: false,
  waves: [names],
  concurrency: names.length,
  soak: 0 as Micros,
  maxFailures: 9,
  stopWhen: [],
  badReleases: 0,
  rollback: 'none',
  ...more,
});
const operatorTo = (to: string): StagePlan => stage(['mgmt'], to, { kind: 'operator' });

const fleet = (
  clusters: Readonly<Record<string, Partial<HostedClusterPlan>>>,
  operator = '2.10',
): FleetPlan =>
  fleetOf(
    management(ZONES, 9, { version: '4.20.1', operator: { product: 'MCE', version: operator } }),
    Object.entries(clusters).map(([name, plan]) =>
      hostedCluster(name, { release: '4.19.8', nodePools: [pool(1, { release: '4.19.8' })], ...plan }),
    ),
  );

/** What is foreseen, after a run has shown that it comes to be: by stage, who and by which rule. */
function foreseen(plan: FleetPlan, stages: readonly StagePlan[], faults: readonly Upgrade[] = []) {
  const campaigns = [{ name: 'c', at: HOUR as Micros, stages }];
  const found = foreseenRefusals({ fleet: plan, faults, campaigns });
  const { ledger, releases } = ran({
    ...scenarioOf(plan, { faults, duration: (12 * HOUR) as Micros }),
    campaigns,
  }).fleet.world.upgrades;
  const refused = ledger.records.filter(({ end }) => end === 'refused');
  for (const { stage: of, names } of found) {
    const alike = refused.filter(({ kind, after }) => kind === of.kind && releases.name(after) === of.to);
    expect(alike.length).toBeGreaterThanOrEqual(names.length);
  }
  return found.map(({ stage: of, names, why }) => [stages.indexOf(of), names, /\(([^()]*)\)$/.exec(why)![1]]);
}

describe('a campaign that reaches hosted clusters which refuse', () => {
  test('a preview of features, and OpenShiftSDN, whatever came before', () => {
    const plan = fleet({ a: {}, b: { techPreview: true }, c: { network: 'OpenShiftSDN' } });
    expect(foreseen(plan, [stage(['a', 'b', 'c'], '4.19.9'), stage(['a', 'b', 'c'], '4.20.3')])).toEqual([
      [1, ['b'], 'hosted-cluster.tech-preview'],
      [1, ['c'], 'hosted-cluster.openshift-sdn'],
    ]);
  });

  test('one that is not upgradeable, unless it is forced', () => {
    const plan = fleet({ a: { upgradeable: false } });
    expect(foreseen(plan, [stage(['a'], '4.20.3')])).toEqual([[0, ['a'], 'hosted-cluster.not-upgradeable']]);
    expect(foreseen(plan, [stage(['a'], '4.20.3', { force: true })])).toEqual([]);
  });

  test('a release beyond the operator, unless that is updated before', () => {
    const plan = fleet({ a: {} }, '2.9');
    const late = [stage(['a'], '4.20.3'), operatorTo('2.10')];
    expect(foreseen(plan, late)).toEqual([[0, ['a'], 'hosted-cluster.above-operator']]);
    expect(foreseen(plan, late.toReversed())).toEqual([]);
    const event: Upgrade = {
      kind: 'upgrade',
      at: 0 as Micros,
      label: 'operator',
      subject: 'operator',
      names: ['mgmt'],
      to: '2.10',
    };
    expect(foreseen(plan, late, [event])).toEqual([]);
  });

  test('node pools before their hosted cluster, or after one that refuses', () => {
    const plan = fleet({ a: {}, b: { techPreview: true } });
    const [clusters, pools] = [stage(['a', 'b'], '4.20.3'), stage(['a/workers', 'b/workers'], '4.20.3')];
    expect(foreseen(plan, [clusters, pools])).toEqual([
      [0, ['b'], 'hosted-cluster.tech-preview'],
      [1, ['b/workers'], 'node-pool.above-hosted-cluster'],
    ]);
    expect(foreseen(plan, [pools, clusters])[0]).toEqual([
      0,
      ['a/workers', 'b/workers'],
      'node-pool.above-hosted-cluster',
    ]);
  });

  test('what has the release already is refused nothing', () => {
    expect(foreseen(fleet({ a: { techPreview: true } }), [stage(['a'], '4.19.8')])).toEqual([]);
  });
});
