import { expect, it } from 'vitest';
import { HOUR, type Micros, SECOND } from '../../sim/time.ts';
import type { Fault } from '../plan/faults.ts';
import { fleetOf, hostedCluster, management, ran, scenarioOf, ZONES } from '../testing.ts';

it('a tunnel whose last worker is deleted is not back: it ceased', () => {
  const base = { at: HOUR, duration: HOUR };
  const faults: Fault[] = [
    { ...base, kind: 'konnectivityFailure', label: 'servers down', side: 'server', targets: servers() },
    {
      ...base,
      at: (HOUR + SECOND) as Micros,
      kind: 'scale',
      label: 'scaled to 0',
      pools: [{ hostedCluster: 't', nodePool: 'workers' }],
      workloads: [],
      replicas: 0,
    },
  ];
  const fleet = fleetOf(management(ZONES, 6), [hostedCluster('t', { release: '5.0.1' })]);
  const run = ran(scenarioOf(fleet, { faults, duration: (4 * HOUR) as Micros }));
  const tunnel = run.outages().filter(({ service }) => service === 'tunnel');
  const ceased = tunnel.filter((outage) => outage.ceased);
  expect(ceased).toHaveLength(1);
  expect(ceased[0]!.endedBy.at(-1)).toMatch(/^infrastructure of node t-workers-\d being deleted$/);
  expect(ceased[0]!.open).toBe(false);
  for (const outage of tunnel.filter((one) => one.to > ceased[0]!.to)) expect(outage.ceased).toBeUndefined();
});

function servers() {
  return [0, 1, 2].map((ordinal) => ({ hostedCluster: 't', ordinal }));
}
