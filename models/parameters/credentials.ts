/** What runs out when it is not renewed through the API. */
import { HOUR, SECOND } from '../../sim/time.ts';
import { duration, HYPERSHIFT, type Parameter } from './parameter.ts';

const CERTIFICATE_MANAGER =
  'kubernetes/kubernetes staging/src/k8s.io/client-go/util/certificate/certificate_manager.go';

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
  certificateLifetime: duration(
    17_520 * HOUR,
    'How long the client certificate of a kubelet of a hosted cluster is good for. Clusters that are not hosted sign theirs for 30 days.',
    `${HYPERSHIFT} v2/assets/kube-controller-manager/deployment.yaml (--cluster-signing-duration)`,
    SECOND,
  ),
  certificateRenewalFrom: {
    kind: 'ratio',
    default: 0.7,
    min: 0.01,
    doc: 'Share of its life after which a kubelet renews its certificate at the earliest; drawn evenly up to the latest.',
    source: CERTIFICATE_MANAGER,
  },
  certificateRenewalTo: {
    kind: 'ratio',
    default: 0.9,
    min: 0.01,
    doc: 'The same at the latest.',
    source: CERTIFICATE_MANAGER,
  },
} as const satisfies Record<string, Parameter>;
