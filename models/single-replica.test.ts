import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, type Micros, SECOND } from '../sim/time.ts';
import type { NodeFailure } from './plan/faults.ts';
import type { HostedClusterPlan } from './plan/fleet.ts';
import { fleetOf, hostedCluster, management, ran, scenarioOf, ZONES } from './testing.ts';

const FOR = (3 * HOUR) as Micros;
const hostOf = (component: string): NodeFailure => ({
  kind: 'nodeFailure',
  at: HOUR,
  duration: FOR,
  label: `nodeFailure host of ${component}`,
  nodes: [],
  hosting: [{ hostedCluster: 't', component }],
});

function outage(
  more: Partial<HostedClusterPlan>,
  component: string,
  binding: 'zone' | 'node' | 'free' = 'zone',
) {
  const cluster = management(ZONES, 6, {
    storageClasses: [{ name: 'standard', binding, performance: 'cloud-ssd' }],
  });
  const tenant = hostedCluster('t', { controllerAvailabilityPolicy: 'SingleReplica', ...more });
  const done = ran(scenarioOf(fleetOf(cluster, [tenant]), { faults: [hostOf(component)] }));
  const outages = done.outages().filter((o) => o.service === 'api');
  expect(outages).toHaveLength(1);
  return outages[0]!;
}

describe('SingleReplica', () => {
  it('losing the node of the API server takes the API down for detection + toleration + start', () => {
    const down = outage(
      { etcd: { management: 'Unmanaged', storageClass: '', volumeMib: 0 } },
      'kube-apiserver',
    );
    // 40 to 55 s of detection, 300 s of toleration, then scheduling, 5 s of containers, 30 s to ready, 1 s to listed.
    const seconds = (down.to - down.from) / SECOND;
    expect(seconds).toBeGreaterThan(40 + 300 + 36);
    expect(seconds).toBeLessThan(55 + 300 + 36 + 10);
    expect(down.causes).toEqual([
      'nodeFailure host of kube-apiserver',
      expect.stringMatching(/^node h-\d lost$/),
      'endpoint of kube-apiserver-0 stale',
    ]);
    const phases = down.segments.map((segment) => segment.causes.at(-1));
    expect(phases).toEqual([
      'endpoint of kube-apiserver-0 stale',
      'kube-apiserver-0 on a lost node',
      'kube-apiserver-0 Pending',
      'kube-apiserver-0 being created',
      'kube-apiserver-0 starting',
      'kube-apiserver-0 not listed as an endpoint',
    ]);
    expect(down.endedBy.at(-1)).toBe('endpoint of kube-apiserver-0 listed');
  });

  it.each(['zone', 'node', 'free'] as const)(
    'losing the node of etcd on a %s-bound volume takes the API down until the node is back: the pod object does not go',
    (binding) => {
      const down = outage({}, 'etcd', binding);
      expect(down.to).toBeGreaterThan(HOUR + FOR);
      expect(down.to).toBeLessThan(HOUR + FOR + 5 * MINUTE);
      expect(down.causes).toContain('etcd of t lost its quorum');
      expect(down.endedBy).toContainEqual(expect.stringMatching(/^node h-\d booted$/));
    },
  );
});
