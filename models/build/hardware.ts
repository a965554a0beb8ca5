/** How long machines take for what they do, by what they are. All microseconds. */
import type { ParameterValues } from '../parameters.ts';
import type { Hardware } from '../plan/platforms.ts';

/** From power to a kubelet that heartbeats, of a machine that is there: after an outage, after a reboot. */
export function bootTime({ node }: ParameterValues, hardware: Hardware): number {
  return { instance: node.boot, bareMetal: node.bootBareMetal, virtualMachine: node.bootVirtual }[hardware];
}

/** From the creation of a new machine until it asks for its ignition configuration, its first boot included. */
export function provisionTime({ nodePool }: ParameterValues, hardware: Hardware): number {
  return {
    instance: nodePool.provision,
    bareMetal: nodePool.provisionBareMetal,
    virtualMachine: nodePool.provisionVirtual,
  }[hardware];
}

/**
 * From the deletion of a machine's infrastructure until its provider says that it is gone. The one of KubeVirt says so as soon as it has deleted
 * the VirtualMachine, whose pod ends by itself (kubernetes-sigs/cluster-api-provider-kubevirt controllers/kubevirtmachine_controller.go).
 */
export function terminationTime({ nodePool }: ParameterValues, hardware: Hardware): number {
  return { instance: nodePool.terminate, bareMetal: nodePool.terminateBareMetal, virtualMachine: 0 }[
    hardware
  ];
}

/** How long autoRepair looks on at a machine that is not Ready. */
export function unhealthyTimeout({ machineHealthCheck }: ParameterValues, hardware: Hardware): number {
  const { timeout, timeoutBareMetal } = machineHealthCheck;
  return hardware === 'bareMetal' ? timeoutBareMetal : timeout;
}
