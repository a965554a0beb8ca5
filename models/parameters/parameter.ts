/** What a parameter is, the sources that many share, and short ways to write one. */

export type ParameterKind = 'duration' | 'count' | 'rate' | 'ratio';

export interface Parameter {
  /** duration: microseconds; rate: per second; ratio: 0 to 1. */
  readonly kind: ParameterKind;
  readonly default: number;
  readonly min: number;
  readonly doc: string;
  readonly source: string;
}

export const ASSUMED = 'assumed';
export const NODE_LIFECYCLE =
  'kubernetes/kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go';
export const KCM_FLAGS = 'kubernetes/website kube-controller-manager command-line reference';
export const HYPERSHIFT = 'openshift/hypershift';

export const duration = (value: number, doc: string, source: string, min = 0): Parameter => ({
  kind: 'duration',
  default: value,
  min,
  doc,
  source,
});
export const count = (value: number, doc: string, source: string, min = 1): Parameter => ({
  kind: 'count',
  default: value,
  min,
  doc,
  source,
});
export const ratio = (value: number, doc: string, source: string): Parameter => ({
  kind: 'ratio',
  default: value,
  min: 0,
  doc,
  source,
});
export const rate = (value: number, doc: string, source: string, min = 0): Parameter => ({
  kind: 'rate',
  default: value,
  min,
  doc,
  source,
});
