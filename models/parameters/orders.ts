/**
 * Parameters that must stand in an order with each other: out of it the models would describe a system that no control plane
 * accepts, or in which healthy nodes are taken for lost.
 */
import type { ParameterOverrides, ParameterValues } from '../parameters.ts';

export interface ParameterOrder {
  /** `group.name` of the parameter that must be the longer one. */
  readonly longer: string;
  readonly shorter: string;
  /** True when the two may be equal. */
  readonly equal: boolean;
}

/** Source: kubernetes/client-go tools/leaderelection/leaderelection.go, NewLeaderElector. */
function leaseOrders(holder: string): readonly ParameterOrder[] {
  const [duration, renew, retry] = ['Duration', 'Renew', 'Retry'].map((part) => `lease.${holder}${part}`);
  return [
    { longer: duration!, shorter: renew!, equal: false },
    { longer: renew!, shorter: retry!, equal: false },
  ];
}

/** A grace period that ends before the next heartbeat is due would find every node lost. */
const GRACE_ORDERS = ['gracePeriod', 'gracePeriodBefore132', 'gracePeriodIbmCloud'].map(
  (grace): ParameterOrder => ({ longer: `node.${grace}`, shorter: 'node.heartbeatPeriod', equal: true }),
);

/** A pause that grows from its cap down would be none. */
const BACKOFF_ORDER: ParameterOrder = {
  longer: 'konnectivity.syncIntervalCap',
  shorter: 'konnectivity.syncInterval',
  equal: true,
};
const AUTOSCALER_ORDER: ParameterOrder = {
  longer: 'autoscaler.maxBackoff',
  shorter: 'autoscaler.initialBackoff',
  equal: true,
};
/** A 99th percentile is no shorter than what is typical, a longest no shorter than a shortest. */
const DISK_ORDERS: readonly ParameterOrder[] = [
  ...['cloudSsd', 'localLvm', 'localVolume', 'sharedIsolated', 'sharedPool'].map((kind) => ({
    longer: `disk.${kind}P99`,
    shorter: `disk.${kind}`,
    equal: true,
  })),
  { longer: 'disk.stallLongest', shorter: 'disk.stallShortest', equal: true },
];

/** As above for a container that is restarted. */
const RESTART_ORDER: ParameterOrder = {
  longer: 'pod.restartBackoffMax',
  shorter: 'pod.restartBackoff',
  equal: true,
};

/** Hardware that is new boots at least once before it asks for its ignition configuration. */
const BARE_METAL_ORDER: ParameterOrder = {
  longer: 'nodePool.provisionBareMetal',
  shorter: 'node.bootBareMetal',
  equal: true,
};

const ORDERS: readonly ParameterOrder[] = [
  ...GRACE_ORDERS,
  BACKOFF_ORDER,
  AUTOSCALER_ORDER,
  ...['controllerManager', 'scheduler', 'component', 'operator'].flatMap(leaseOrders),
  ...DISK_ORDERS,
  RESTART_ORDER,
  BARE_METAL_ORDER,
];

/** The orders that these values break. */
export function brokenOrders(values: ParameterValues): ParameterOrder[] {
  return ORDERS.filter(({ longer, shorter, equal }) => {
    const [long, short] = [parameterAt(values, longer)!, parameterAt(values, shorter)!];
    return long < short || (!equal && long === short);
  });
}

/** The value of a parameter by `group.name`; undefined where it is not overridden. */
export function parameterAt(values: ParameterOverrides, key: string): number | undefined {
  const [group, name] = key.split('.');
  return (values as Readonly<Record<string, Readonly<Record<string, number>> | undefined>>)[group!]?.[name!];
}
