/** What runs side by side, by the examples of the version skew policy of Kubernetes and the matrix of OVN-Kubernetes. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type RunningVersions, SKEW_RULES, skewMargins } from './skew.ts';

const nodes = (...kubelets: number[]) => ({ nodes: kubelets.map((kubelet) => ({ kubelet })) });

function running(apiServers: readonly number[], more: Partial<RunningVersions> = {}): RunningVersions {
  return {
    apiServers,
    controllerManagers: [],
    schedulers: [],
    cloudControllerManagers: [],
    nodes: [],
    ...more,
  };
}

type Case = readonly [name: string, running: RunningVersions, ...rules: readonly string[]];

const CASES: readonly Case[] = [
  ['nothing runs', running([])],
  ['servers of one minor', running([33])],
  ['servers one minor apart', running([33, 32])],
  ['servers two minors apart', running([33, 31, 32]), 'kube-apiserver.apart'],
  ['kubelets down to three behind', running([33], nodes(33, 32, 31, 30))],
  ['a kubelet four behind', running([33], nodes(33, 29)), 'kubelet.older'],
  ['a kubelet ahead', running([33], nodes(34)), 'kubelet.newer'],
  ['a kubelet of the newer server while an older one answers', running([33, 32], nodes(33)), 'kubelet.newer'],
  ['a kubelet three behind the older server', running([33, 32], nodes(29)), 'kubelet.older'],
  ['a kubelet of 1.24 two behind', running([26], nodes(24))],
  ['a kubelet of 1.24 three behind', running([27], nodes(24)), 'kubelet.older'],
  ['a kubelet of 1.25 three behind', running([28], nodes(25))],
  ['controllers one behind', running([33], { controllerManagers: [32], schedulers: [32, 33] })],
  [
    'controllers beside servers that change',
    running([33, 32], { controllerManagers: [32], cloudControllerManagers: [32] }),
  ],
  [
    'a controller manager ahead of the oldest server',
    running([33, 32], { controllerManagers: [33] }),
    'kube-controller-manager.newer',
  ],
  [
    'a controller manager two behind',
    running([33], { controllerManagers: [31] }),
    'kube-controller-manager.older',
  ],
  ['a scheduler ahead', running([32], { schedulers: [33] }), 'kube-scheduler.newer'],
  ['a scheduler two behind', running([33, 32], { schedulers: [31] }), 'kube-scheduler.older'],
  [
    'a cloud controller manager ahead',
    running([32], { cloudControllerManagers: [33] }),
    'cloud-controller-manager.newer',
  ],
  [
    'a cloud controller manager two behind',
    running([33], { cloudControllerManagers: [31] }),
    'cloud-controller-manager.older',
  ],
  ['kube-proxy three behind', running([33], { nodes: [{ kubelet: 30, kubeProxy: 30 }] })],
  ['kube-proxy three ahead of its kubelet', running([33], { nodes: [{ kubelet: 30, kubeProxy: 33 }] })],
  ['kube-proxy ahead', running([33], { nodes: [{ kubelet: 33, kubeProxy: 34 }] }), 'kube-proxy.newer'],
  ['kube-proxy four behind', running([33], { nodes: [{ kubelet: 30, kubeProxy: 29 }] }), 'kube-proxy.older'],
  [
    'kube-proxy far from its kubelet',
    running([34], { nodes: [{ kubelet: 30, kubeProxy: 34 }] }),
    'kubelet.older',
    'kube-proxy.apart-from-kubelet',
  ],
  [
    'agents of the network as new as its control plane',
    running([33], { ovnControlPlane: 33, nodes: [{ kubelet: 31, ovn: 33 }] }),
  ],
  [
    'an older agent before 5.0',
    running([33], { ovnControlPlane: 33, nodes: [{ kubelet: 32, ovn: 32 }] }),
    'ovn-kubernetes.strict',
  ],
  [
    'an agent two minors older from 5.0 on',
    running([36], { ovnControlPlane: 36, nodes: [{ kubelet: 34, ovn: 34 }] }),
  ],
  [
    'an agent three minors older from 5.0 on',
    running([37], { ovnControlPlane: 37, nodes: [{ kubelet: 34, ovn: 34 }] }),
    'ovn-kubernetes.relaxed',
  ],
];

describe('versions side by side', () => {
  test.each(CASES.map(([name, versions, ...rules]) => [name, versions, rules] as const))(
    '%s',
    (_, versions, rules) => {
      const broken = skewMargins(versions).filter(({ left }) => left < 0);
      expect(broken.map(({ rule }) => rule.id)).toEqual(rules);
    },
  );

  it('every rule is broken by some case', () => {
    const broken = new Set(CASES.flatMap(([, , ...rules]) => rules));
    expect(SKEW_RULES.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
  });
});

it('margins say how many minors are left until each rule is broken', () => {
  const versions = running([33, 32], { controllerManagers: [32], ...nodes(31, 30) });
  const margins = Object.fromEntries(skewMargins(versions).map(({ rule, left }) => [rule.id, left]));
  expect(margins).toEqual({
    'kube-apiserver.apart': 0,
    'kube-controller-manager.newer': 0,
    'kube-controller-manager.older': 0,
    'kubelet.newer': 1,
    'kubelet.older': 0,
  });
});

const minors = (max: number) => fc.uniqueArray(fc.integer({ min: 23, max: 38 }), { maxLength: max });
const anything: fc.Arbitrary<RunningVersions> = fc.record({
  apiServers: minors(3),
  controllerManagers: minors(2),
  schedulers: minors(2),
  cloudControllerManagers: minors(2),
  nodes: fc.array(
    fc
      .tuple(fc.integer({ min: 23, max: 38 }), fc.integer({ min: 23, max: 38 }))
      .map(([kubelet, kubeProxy]) => ({ kubelet, kubeProxy })),
    { maxLength: 3 },
  ),
});

it('the policy, server by server and client by client, finds the same', () => {
  const within = (server: number, client: number, older: number) =>
    client <= server && server - client <= older;
  const kubelet = (client: number) => (client < 25 ? 2 : 3);
  fc.assert(
    fc.property(anything, (versions) => {
      const { apiServers, controllerManagers, schedulers, cloudControllerManagers } = versions;
      const controllers = [...controllerManagers, ...schedulers, ...cloudControllerManagers];
      const fine =
        apiServers.every((a) => apiServers.every((b) => Math.abs(a - b) <= 1)) &&
        apiServers.every((server) => controllers.every((client) => within(server, client, 1))) &&
        apiServers.every((server) =>
          versions.nodes.every(
            (node) =>
              within(server, node.kubelet, kubelet(node.kubelet)) &&
              within(server, node.kubeProxy!, kubelet(node.kubeProxy!)),
          ),
        ) &&
        versions.nodes.every((node) => Math.abs(node.kubelet - node.kubeProxy!) <= kubelet(node.kubeProxy!));
      expect(skewMargins(versions).every(({ left }) => left >= 0)).toBe(fine);
    }),
    { numRuns: 1000 },
  );
});
