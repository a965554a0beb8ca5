/** OVN-Kubernetes: its control plane beside its agents on the nodes. Until 4.22 the network operator is strict, from 5.0 on relaxed. */
import { kubernetesMinor } from '../releases.ts';
import type { Rule } from '../rule.ts';
import { least, type RunningVersions, type SkewRule } from '../skew-rule.ts';

const STRICT = 'openshift/openshift-docs modules/nw-ovn-kubernetes-version-skew.adoc @9bcd4a19';
const RELAXED = 'openshift/openshift-docs modules/nw-ovn-kubernetes-version-skew-matrix.adoc @8848c0cb';

/** Kubernetes of 5.0, the first release with the relaxed policy. */
const FIRST_RELAXED = kubernetesMinor('5.0')!;

/** From 5.0 on agents on workers may be older than the control plane of the network. Of an image that tells no version nobody says so. */
export function agentsMayStayBehind(to: string): boolean {
  const minor = kubernetesMinor(to);
  return minor !== undefined && minor >= FIRST_RELAXED;
}

/** The control plane of the network is about to go to another release. */
export interface NetworkUpgrade {
  readonly to: string;
  /** Releases of the agents of all nodes, each once; of none, the cluster has no nodes. */
  readonly agents: readonly string[];
}

export const OVN_CONTROL_PLANE_WAITS: Rule<NetworkUpgrade> = {
  id: 'ovn-kubernetes.control-plane-waits',
  subject: 'OVN-Kubernetes',
  where: 'reconcile',
  remedy:
    'Nodes that cannot be reached come back, or their machines are deleted; a cluster without workers gets one.',
  statement:
    'Before 5.0 the network operator updates the control plane of OVN-Kubernetes only after every agent: a node that cannot be reached, or a ' +
    'cluster without nodes, holds up the upgrade.',
  source: STRICT,
  check({ to, agents }) {
    if (agentsMayStayBehind(to)) return undefined;
    if (agents.length === 0) return 'no node has an agent';
    const late = agents.find((agent) => agent !== to);
    return late === undefined ? undefined : `an agent of ${late} is not of ${to}`;
  },
};

const agents = ({ nodes }: RunningVersions): readonly number[] => nodes.flatMap(({ ovn }) => ovn ?? []);

function distance(running: RunningVersions): number | undefined {
  const oldest = least(agents(running));
  const { ovnControlPlane } = running;
  return oldest === undefined || ovnControlPlane === undefined ? undefined : ovnControlPlane - oldest;
}

export const OVN: readonly SkewRule[] = [
  {
    id: 'ovn-kubernetes.strict',
    subject: 'OVN-Kubernetes',
    where: 'policy',
    statement: 'Before 5.0 no agent of OVN-Kubernetes is older than its control plane.',
    source: STRICT,
    left(running) {
      const ahead = distance(running);
      return ahead === undefined || running.ovnControlPlane! >= FIRST_RELAXED ? undefined : -ahead;
    },
  },
  {
    id: 'ovn-kubernetes.relaxed',
    subject: 'OVN-Kubernetes',
    where: 'policy',
    statement:
      'From 5.0 on an agent of OVN-Kubernetes is at most two minors older than its control plane, for any time: one is supported, two are ' +
      'supported with more risk to the network of the node.',
    source: RELAXED,
    left(running) {
      const ahead = distance(running);
      return ahead === undefined || running.ovnControlPlane! < FIRST_RELAXED ? undefined : 2 - ahead;
    },
  },
];
