/** What rules on versions that run side by side are. */
import type { RuleText } from './rule.ts';

/** What runs at one moment in one Kubernetes cluster: Kubernetes minors (33 for 1.33), each once, in any order. Nothing that runs: empty. */
export interface RunningVersions {
  readonly apiServers: readonly number[];
  readonly controllerManagers: readonly number[];
  readonly schedulers: readonly number[];
  readonly cloudControllerManagers: readonly number[];
  /** Each combination that some node has, once. */
  readonly nodes: readonly NodeVersions[];
  /** Minor of the OVN-Kubernetes control plane by the Kubernetes of its release; undefined with another network. */
  readonly ovnControlPlane?: number;
}

export interface NodeVersions {
  readonly kubelet: number;
  /** undefined: the network does without it, as OVN-Kubernetes does. */
  readonly kubeProxy?: number;
  /** Agent of OVN-Kubernetes on the node, by the Kubernetes of its release. */
  readonly ovn?: number;
}

/** A bound on a distance in minors. */
export interface SkewRule extends RuleText {
  /** Minors left until the bound; below 0 it is broken; undefined when one of the two sides does not run. */
  left(running: RunningVersions): number | undefined;
}

const SKEW_POLICY = 'kubernetes/website content/en/releases/version-skew-policy.md @01bc097';

/** Nobody stops what the version skew policy of Kubernetes forbids. */
export const POLICY = { where: 'policy', source: SKEW_POLICY } as const;

/** Least of some minors; undefined of none. */
export function least(minors: readonly number[]): number | undefined {
  let found = minors[0];
  for (const minor of minors) if (minor < found!) found = minor;
  return found;
}

/** Greatest of some minors; undefined of none. */
export function greatest(minors: readonly number[]): number | undefined {
  let found = minors[0];
  for (const minor of minors) if (minor > found!) found = minor;
  return found;
}

/** Minors left to a client of kube-apiserver that must not be newer than any server which a load balancer may give it. */
export function leftBelow(servers: readonly number[], clients: readonly number[]): number | undefined {
  const server = least(servers);
  const client = greatest(clients);
  return server === undefined || client === undefined ? undefined : server - client;
}

/** Minors left to clients that may be so many minors older than the newest server. */
export function leftAbove(
  servers: readonly number[],
  clients: readonly number[],
  older: (client: number) => number,
): number | undefined {
  const server = greatest(servers);
  if (server === undefined) return undefined;
  let left: number | undefined;
  for (const client of clients) {
    const own = older(client) - (server - client);
    if (left === undefined || own < left) left = own;
  }
  return left;
}
