/** kube-apiservers of one cluster beside each other. */
import { greatest, least, POLICY, type SkewRule } from '../skew-rule.ts';

export const KUBE_APISERVER: readonly SkewRule[] = [
  {
    ...POLICY,
    id: 'kube-apiserver.apart',
    subject: 'kube-apiserver',
    statement: 'The kube-apiservers of one cluster are at most one minor apart.',
    left({ apiServers }) {
      const oldest = least(apiServers);
      return oldest === undefined ? undefined : 1 - (greatest(apiServers)! - oldest);
    },
  },
];
