/** Drains of management nodes. */
import { SECOND } from '../../sim/time.ts';
import { duration, type Parameter } from './parameter.ts';

export const drain = {
  retry: duration(
    5 * SECOND,
    'How often kubectl drain tries a refused eviction again.',
    'kubernetes/kubernetes staging/src/k8s.io/kubectl/pkg/drain/drain.go',
    SECOND,
  ),
} as const satisfies Record<string, Parameter>;
