/** What runs out when it is not renewed through the API. */
import { SECOND } from '../../sim/time.ts';
import { duration, type Parameter } from './parameter.ts';

export const credentials = {
  tokenLifetime: duration(
    3607 * SECOND,
    'How long the token of a service account that a pod is given is good for.',
    'kubernetes/kubernetes plugin/pkg/admission/serviceaccount/admission.go',
    SECOND,
  ),
  tokenRenewal: {
    kind: 'ratio',
    default: 0.8,
    min: 0.01,
    doc: 'Share of its life after which the kubelet renews a token.',
    source: 'kubernetes/kubernetes pkg/kubelet/token/token_manager.go',
  },
} as const satisfies Record<string, Parameter>;
