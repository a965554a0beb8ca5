/** Kubelets beside kube-apiserver. */
import { leftAbove, leftBelow, POLICY, type RunningVersions, type SkewRule } from '../skew-rule.ts';

/** Kubelets before 1.25 may be two minors older than kube-apiserver, later ones three. */
const FIRST_WITH_THREE = 25;

/** Minors that a kubelet of a Kubernetes minor may be older than kube-apiserver. */
function kubeletLimit(kubelet: number): number {
  return kubelet < FIRST_WITH_THREE ? 2 : 3;
}

const kubelets = ({ nodes }: RunningVersions): readonly number[] => nodes.map(({ kubelet }) => kubelet);

export const KUBELET: readonly SkewRule[] = [
  {
    ...POLICY,
    id: 'kubelet.newer',
    subject: 'kubelet',
    statement: 'A kubelet is never newer than any kube-apiserver of its cluster.',
    left: (running) => leftBelow(running.apiServers, kubelets(running)),
  },
  {
    ...POLICY,
    id: 'kubelet.older',
    subject: 'kubelet',
    statement:
      'A kubelet is at most three minors older than the newest kube-apiserver; one before 1.25 at most two.',
    left: (running) => leftAbove(running.apiServers, kubelets(running), kubeletLimit),
  },
];
