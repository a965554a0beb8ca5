/** Updates of a management cluster as the estimate of the documents has them: operators, then nodes one iteration after the other. */
import { HOUR, MINUTE, type Micros } from '../../sim/time.ts';
import { parameterValues } from '../parameters.ts';
import type { Upgrade } from '../plan/faults.ts';
import { fleetOf, management, ZONES } from '../plan/sample.ts';
import { Replication } from '../run.ts';

const update: Upgrade = {
  kind: 'upgrade',
  at: HOUR,
  label: 'upgrade',
  subject: 'managementCluster',
  names: ['mgmt'],
  to: '4.21.0',
};

/** The inputs of the example: operators take an hour, and all that a node takes is a reboot of five minutes. */
const EXAMPLE = parameterValues({
  node: { boot: 5 * MINUTE },
  managementUpdate: { operators: 60 * MINUTE, operatingSystem: 0, poolSync: 0, drainSync: 0 },
});

/**
 * Minutes that an update of three control-plane and six other nodes takes.
 * @param maxUnavailable of the pool of the other nodes
 */
export function updateMinutes(maxUnavailable: number): number {
  const machineConfigPools = [1, maxUnavailable].map((amount, i) => ({
    name: i === 0 ? 'master' : 'worker',
    maxUnavailable: { amount, relative: false },
    paused: false,
  }));
  const plan = {
    name: 'validation',
    description: '',
    fleet: fleetOf(management(ZONES, 6, { machineConfigPools }), []),
    seed: 1,
    faults: [update],
    parameters: EXAMPLE,
    duration: (12 * HOUR) as Micros,
  };
  const replication = new Replication(plan, 0);
  replication.run(plan.duration);
  const [record] = replication.fleet.world.upgrades.ledger.records;
  return record!.end === 'completed' ? (record!.to! - record!.from) / MINUTE : Number.POSITIVE_INFINITY;
}
