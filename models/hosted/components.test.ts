import { describe, expect, it } from 'vitest';
import type { HostedClusterPlan } from '../plan/fleet.ts';
import { hostedCluster } from '../testing.ts';
import { COMPONENT_NAMES, componentsOf } from './components.ts';

const OPERANDS = [
  'ovnkube-control-plane',
  'network-node-identity',
  'multus-admission-controller',
  'cloud-network-config-controller',
  'aws-ebs-csi-driver-operator',
  'aws-ebs-csi-driver-controller',
  'csi-snapshot-controller',
];

function totals(more: Partial<HostedClusterPlan>, which: (name: string) => boolean = () => true) {
  const rows = componentsOf(hostedCluster('t', more)).filter((row) => which(row.name));
  const sum = (of: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((total, row) => total + of(row), 0);
  return {
    pods: sum((row) => row.wanted),
    vcpu: sum((row) => row.wanted * row.cpuMillis) / 1000,
    gib: sum((row) => row.wanted * row.memoryMib) / 1024,
  };
}
const wanted = (name: string, more: Partial<HostedClusterPlan> = {}): number | undefined =>
  componentsOf(hostedCluster('t', more)).find((row) => row.name === name)?.wanted;

describe('components of a hosted control plane', () => {
  it('one HighlyAvailable cluster on AWS requests what the rendered manifests add up to', () => {
    // Sum over HyperShift's rendered manifests: 59 pods, 4.77 vCPU, 16.1 GiB before the operands, about 72, 5.25 and 18.2 with them;
    // the sizing guide plans 78 pods, 5 vCPU, 18 GiB.
    const own = totals({ router: true }, (name) => !OPERANDS.includes(name));
    expect(own.pods).toBe(59);
    expect(own.vcpu).toBeCloseTo(4.77, 2);
    expect(own.gib).toBeCloseTo(16.1, 1);
    const all = totals({ router: true });
    expect(all.pods).toBe(72);
    expect(Math.abs(all.vcpu - 5.25)).toBeLessThan(0.05);
    expect(Math.abs(all.gib - 18.2)).toBeLessThan(0.1);
  });

  it('SingleReplica runs everything once', () => {
    const own = totals(
      { router: true, controllerAvailabilityPolicy: 'SingleReplica' },
      (name) => !OPERANDS.includes(name),
    );
    expect(own.pods).toBe(37);
    expect(own.vcpu).toBeCloseTo(2, 1);
    expect(own.gib).toBeCloseTo(7.3, 1);
  });

  it.each([
    ['etcd', 3],
    ['kube-apiserver', 3],
    ['openshift-apiserver', 3],
    ['oauth-openshift', 3],
    ['packageserver', 3],
    ['kube-controller-manager', 2],
    ['ignition-server', 2],
    ['machine-approver', 1],
  ])('HighlyAvailable: %s runs %d times', (name, replicas) => {
    expect(wanted(name)).toBe(replicas);
  });

  it('dedicated request serving: two replicas of what serves requests, etcd keeps three', () => {
    const isolation = { isolation: 'DedicatedRequestServing' } as const;
    expect(wanted('kube-apiserver', isolation)).toBe(2);
    expect(wanted('oauth-openshift', isolation)).toBe(2);
    expect(wanted('etcd', isolation)).toBe(3);
    expect(wanted('openshift-apiserver', isolation)).toBe(3);
  });

  it('platform, policy and options decide who runs at all', () => {
    expect(
      wanted('etcd', { etcd: { management: 'Unmanaged', storageClass: '', volumeMib: 0 } }),
    ).toBeUndefined();
    expect(wanted('router')).toBeUndefined();
    expect(wanted('router', { router: true })).toBe(3);
    expect(wanted('kubevirt-csi-controller')).toBeUndefined();
    expect(wanted('kubevirt-csi-controller', { platform: 'KubeVirt' })).toBe(1);
    expect(wanted('ignition-server-proxy', { platform: 'IBMCloud' })).toBeUndefined();
    expect(wanted('packageserver', { platform: 'IBMCloud' })).toBe(2);
    expect(wanted('redhat-operators-catalog', { olmCatalogPlacement: 'guest' })).toBeUndefined();
    expect(wanted('ovnkube-control-plane')).toBe(2);
    expect(wanted('ovnkube-control-plane', { network: 'Calico' })).toBeUndefined();
    expect(wanted('network-node-identity', { network: 'Calico' })).toBe(3);
    expect(wanted('network-node-identity', { platform: 'IBMCloud' })).toBeUndefined();
    expect(wanted('cloud-network-config-controller', { network: 'OpenShiftSDN' })).toBe(1);
    expect(wanted('cloud-network-config-controller', { network: 'Other' })).toBeUndefined();
    expect(wanted('cluster-autoscaler', { disabledComponents: ['cluster-autoscaler'] })).toBe(0);
  });

  it('every cluster runs each component at most once', () => {
    for (const platform of ['AWS', 'Azure', 'KubeVirt', 'IBMCloud', 'None', 'OpenStack', 'Agent'] as const) {
      const names = componentsOf(hostedCluster('t', { platform })).map((row) => row.name);
      expect(new Set(names).size).toBe(names.length);
      expect(names.every((name) => COMPONENT_NAMES.includes(name))).toBe(true);
    }
  });
});
