/** Faults that nothing in the scenario ends. */
import type { FaultId } from '../../ids.ts';
import type { Fault, FaultKind } from '../../plan/faults.ts';
import type { Aftermath, Reason } from './leftover.ts';

/** What ends a fault of each kind; kinds that take machines are told machine by machine. */
const REMEDIES: Readonly<Partial<Record<FaultKind, string>>> = {
  managementControlPlaneOutage: 'bring the control plane of the management cluster back',
  networkPartition: 'mend the network',
  networkLatency: 'mend the network',
  slowDisk: 'replace the disks, or the members that stand on them',
  nodeDrain: 'uncordon the nodes once the work on them is done',
  pause: 'take the pause back',
};

/** Faults that have begun and that nothing ends. */
export const endless = ({ fleet, injector }: Aftermath): FaultId[] =>
  injector.faults.flatMap((fault, id) => {
    const begun = fault.at < fleet.world.sim.now;
    return begun && injector.duration(fault) === undefined ? [id as FaultId] : [];
  });

/** Kinds of which each machine is told by itself (`machines.ts`). */
export const takesMachines = ({ kind }: Fault): boolean =>
  kind === 'nodeFailure' || kind === 'zoneOutage' || kind === 'rackOutage' || kind === 'workerFailure';

/** Scaling is a wish, and no damage. */
const isWish = ({ kind }: Fault): boolean => kind === 'scale';
/** Told by what is lost when the run ends: a member may have been replaced meanwhile. */
const takesData = (fault: Fault): boolean => fault.kind === 'etcdMemberFailure' && fault.failure === 'data';

/** Faults that are told as such: not by what they left behind. */
export const endlessFaults: Reason = (aftermath) => {
  const { injector } = aftermath;
  return endless(aftermath)
    .map((id) => ({ fault: injector.faults[id]!, label: injector.label(id) }))
    .filter(({ fault }) => !takesMachines(fault) && !takesData(fault) && !isWish(fault))
    .map(({ fault: { kind }, label }) => ({
      what: label,
      why: 'nothing in the scenario ends it',
      remedy: REMEDIES[kind] ?? 'end its cause',
      labels: {},
      covers: () => true,
    }));
};
