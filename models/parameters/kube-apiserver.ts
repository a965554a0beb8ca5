/** Hosted kube-apiserver: probes and failover. */
import { SECOND } from '../../sim/time.ts';
import { ASSUMED, count, duration, HYPERSHIFT, type Parameter } from './parameter.ts';

export const kubeApiserver = {
  ready: duration(30 * SECOND, 'From started containers to the first successful readiness probe.', ASSUMED),
  shutdownDelay: duration(
    70 * SECOND,
    'How long a kube-apiserver that is told to stop goes on answering, so that nobody sends it anything any more when it ends.',
    `${HYPERSHIFT} v2/kas/config.go (shutdown-delay-duration)`,
  ),
  watchTermination: duration(
    25 * SECOND,
    'How long it then takes to end its watches and exit.',
    `${HYPERSHIFT} v2/kas/config.go (shutdown-watch-termination-grace-period)`,
  ),
  dependentShutdownDelay: duration(
    15 * SECOND,
    'How long OpenShift API and OAuth API servers that are told to stop go on answering.',
    `${HYPERSHIFT} v2/oapi/config.go (shutdown-delay-duration); assumed for OAuth API servers`,
  ),
  readinessPeriod: duration(
    10 * SECOND,
    'Period of the readiness probe.',
    `${HYPERSHIFT} v2/assets/kube-apiserver/deployment.yaml`,
    SECOND,
  ),
  readinessFailures: count(
    18,
    'Failed probes until unready.',
    `${HYPERSHIFT} v2/assets/kube-apiserver/deployment.yaml`,
  ),
  fastReadinessFailures: count(
    3,
    'The same in hosted clusters with fast failover.',
    `${HYPERSHIFT} pull 9279`,
  ),
  fastFailoverFrom: count(
    24,
    'Minor release from which hosted clusters have fast failover, on the scale on which 5.0 is 23.',
    ASSUMED,
  ),
  dependentReadinessFailures: count(
    3,
    'Failed kas-readiness-check probes until OpenShift API, OAuth API and package servers are unready.',
    `${HYPERSHIFT} support/podspec`,
  ),
} as const satisfies Record<string, Parameter>;
