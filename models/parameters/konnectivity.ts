/** Konnectivity agents and servers. */
import { SECOND } from '../../sim/time.ts';
import { duration, HYPERSHIFT, type Parameter } from './parameter.ts';

export const konnectivity = {
  syncInterval: duration(
    5 * SECOND,
    'How often an agent that misses a server dials.',
    `${HYPERSHIFT} v2/assets/konnectivity-agent/deployment.yaml`,
    SECOND,
  ),
  keepaliveTime: duration(
    30 * SECOND,
    'Silence after which a peer is asked for a sign of life.',
    `${HYPERSHIFT} v2/assets/konnectivity-agent/deployment.yaml`,
  ),
  keepaliveTimeout: duration(
    20 * SECOND,
    'How long that answer may take.',
    'google.golang.org/grpc/keepalive',
  ),
} as const satisfies Record<string, Parameter>;
