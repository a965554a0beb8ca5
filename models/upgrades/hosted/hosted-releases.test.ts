import { expect, test } from 'vitest';
import type { Micros } from '../../../sim/time.ts';
import type { Upgrade } from '../../plan/faults.ts';
import { fleetOf, hostedCluster, management, metric, ran, scenarioOf, ZONES } from '../../testing.ts';

const HOUR = 3_600_000_000;
const to = (release: string, at = HOUR): Upgrade => ({
  kind: 'upgrade',
  at: at as Micros,
  label: `upgrade tenant to ${release}`,
  hostedClusters: ['tenant'],
  nodePools: [],
  managementClusters: [],
  operators: [],
  to: release,
});

test('debug', () => {
  const fleet = fleetOf(management(ZONES, 9), [hostedCluster('tenant')]);
  const run = ran(scenarioOf(fleet, { faults: [to('4.20.1')] }));
  for (const r of run.fleet.world.upgrades.ledger.records) console.log(JSON.stringify({ ...r, phases: r.phases.map((p) => [p.name, ((p.from as number) - HOUR) / 1e6, p.to === undefined ? '-' : ((p.to as number) - HOUR) / 1e6]) }, null, 1));
  console.log(metric(run, 'api.uptime', 'tenant'), metric(run, 'api.availability', 'tenant'));
  for (const o of run.outages()) console.log(o.service, o.from, o.to, o.lowest, o.causes.join(' > ').slice(0, 200));
});
