/** kube-proxy, where the network has one: OVN-Kubernetes does without. */
import { leftAbove, leftBelow, POLICY, type RunningVersions, type SkewRule } from '../skew-rule.ts';

const FIRST_WITH_THREE = 25;
const older = (proxy: number): number => (proxy < FIRST_WITH_THREE ? 2 : 3);

const proxies = ({ nodes }: RunningVersions): readonly number[] =>
  nodes.flatMap(({ kubeProxy }) => kubeProxy ?? []);

export const KUBE_PROXY: readonly SkewRule[] = [
  {
    ...POLICY,
    id: 'kube-proxy.newer',
    subject: 'kube-proxy',
    statement: 'kube-proxy is never newer than any kube-apiserver of its cluster.',
    left: (running) => leftBelow(running.apiServers, proxies(running)),
  },
  {
    ...POLICY,
    id: 'kube-proxy.older',
    subject: 'kube-proxy',
    statement:
      'kube-proxy is at most three minors older than the newest kube-apiserver; one before 1.25 at most two.',
    left: (running) => leftAbove(running.apiServers, proxies(running), older),
  },
  {
    ...POLICY,
    id: 'kube-proxy.apart-from-kubelet',
    subject: 'kube-proxy',
    statement:
      'kube-proxy is at most three minors older or newer than the kubelet beside it; one before 1.25 at most two.',
    left({ nodes }) {
      let left: number | undefined;
      for (const { kubelet, kubeProxy } of nodes) {
        if (kubeProxy === undefined) continue;
        const own = older(kubeProxy) - Math.abs(kubelet - kubeProxy);
        if (left === undefined || own < left) left = own;
      }
      return left;
    },
  },
];
