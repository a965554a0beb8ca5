import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import type { ClusterId, PodId, SetId } from '../ids.ts';
import { parameterValues } from '../parameters.ts';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import { Replication } from '../run.ts';
import type { Service } from '../services.ts';
import { fleetOf, hostedCluster, management, scenarioOf, ZONES } from '../testing.ts';

const P = parameterValues();
const { shutdownDelay, readinessPeriod, fastReadinessFailures } = P.kubeApiserver;
const { endpointPropagation } = P.pod;

/** A hosted cluster of whose kube-apiserver the first pods are deleted after an hour. */
function deleted(count: number, more: Partial<HostedClusterPlan> = {}) {
  const plan = scenarioOf(fleetOf(management(ZONES, 6), [hostedCluster('t', more)]));
  const replication = new Replication(plan, 0);
  const { world } = replication.fleet;
  const cluster = replication.fleet.hostedClusters.get('t') as ClusterId;
  replication.run(HOUR as Micros);
  const pods = world.pods.ofSet.list(world.sets.names.indexOf('kube-apiserver') as SetId).slice(0, count);
  for (const pod of pods) world.pods.delete(pod as PodId);
  const value = (service: Service, after: number): number => {
    replication.run((HOUR + after) as Micros);
    return world.health.value(cluster, service);
  };
  return { world, pods, value };
}

describe('pods that are being deleted', () => {
  it('get no requests while another pod of the Service is ready', () => {
    const { world, pods, value } = deleted(2);
    expect(pods.every((pod) => world.endpoints.listed(pod))).toBe(true);
    expect(value('api', 2 * endpointPropagation)).toBe(1);
    expect(pods.some((pod) => world.endpoints.listed(pod))).toBe(false);
    expect(pods.every((pod) => world.pods.isRunning(pod))).toBe(true);
  });

  it('get them all when none is, for as long as they answer', () => {
    const { world, pods, value } = deleted(3);
    for (const after of [2 * endpointPropagation, shutdownDelay / 2, shutdownDelay - SECOND]) {
      expect(value('api', after)).toBe(1);
      expect(value('controllers', after)).toBe(1);
      expect(value('tunnel', after)).toBe(1);
      expect(pods.every((pod) => world.endpoints.listed(pod))).toBe(true);
    }
    expect(value('api', shutdownDelay + SECOND)).toBe(0);
    expect(value('api', 5 * MINUTE)).toBe(1);
  });

  it('get none any more from when the next one is ready: the only API server is replaced without an outage', () => {
    const { world, pods, value } = deleted(1, { controllerAvailabilityPolicy: 'SingleReplica' });
    const ready = P.pod.start + P.kubeApiserver.ready + endpointPropagation;
    let after = 0;
    for (; world.endpoints.listed(pods[0]!); after += SECOND) expect(value('api', after)).toBe(1);
    expect(after).toBeGreaterThan(ready);
    expect(after).toBeLessThan(shutdownDelay);
    for (; after < 5 * MINUTE; after += SECOND) expect(value('api', after)).toBe(1);
  });

  it('get none once their readiness probe has failed, which that of a kube-apiserver does as soon as it is told to stop', () => {
    const { value } = deleted(3, { release: '5.1.0' });
    const failures = fastReadinessFailures * readinessPeriod;
    expect(value('api', failures - readinessPeriod)).toBe(1);
    expect(value('api', failures + endpointPropagation)).toBe(0);
  });
});
