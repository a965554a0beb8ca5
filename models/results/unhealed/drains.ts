/** Drains that something stops for as long as nobody does anything about it. */
import type { NodeId } from '../../ids.ts';
import { type Leftover, lacksOfHost, type Reason } from './leftover.ts';

/**
 * Drains that a disruption budget stops, or a virtual machine that cannot be migrated: who drains asks again and again, and waits
 * (kubernetes/website disruptions.md; kubevirt/kubevirt docs, LiveMigratable).
 */
export const blockedDrains: Reason = ({ fleet }) => {
  const { machines, drains, budgets, pods, sets } = fleet.world;
  const leftovers: Leftover[] = [];
  for (let node = 0 as NodeId; node < machines.table.length; node++) {
    if (!drains.draining(node)) continue;
    const left = pods.ofNode.list(node);
    const kept = left.find((pod) => budgets.disruptionsAllowed(pods.set.at(pod)) === 0);
    const fixed = left.find((pod) => budgets.guard(pod) === 'stays');
    if (kept === undefined && fixed === undefined) continue;
    const cluster = machines.cluster.at(node);
    leftovers.push({
      what: `drain of node ${machines.names[node]}`,
      ...(kept === undefined
        ? {
            why: `the virtual machine ${pods.identity(fixed!)} cannot be migrated, and is not stopped`,
            remedy:
              'stop the virtual machine, or replace the worker; one with a ReadWriteMany root volume migrates',
          }
        : {
            why: `the disruption budget of ${sets.names[pods.set.at(kept)]} allows no eviction`,
            remedy: 'loosen the budget or delete the pod; a drain timeout ends such drains by itself',
          }),
      ...lacksOfHost(fleet, cluster),
    });
  }
  return leftovers;
};
