/** Konnectivity agents and servers. */
import { SECOND } from '../../sim/time.ts';
import { count, duration, HYPERSHIFT, type Parameter } from './parameter.ts';

export const konnectivity = {
  syncInterval: duration(
    5 * SECOND,
    'How often an agent that misses a server dials.',
    `${HYPERSHIFT} v2/assets/konnectivity-agent/deployment.yaml`,
    SECOND,
  ),
  syncIntervalCap: duration(
    30 * SECOND,
    'The longest pause of an agent between dials that fail: each is half as long again as the one before.',
    `${HYPERSHIFT} v2/assets/konnectivity-agent/deployment.yaml`,
    SECOND,
  ),
  connectTimeout: duration(
    20 * SECOND,
    'How long an agent waits for a server that does not answer at all.',
    'google.golang.org/grpc dialoptions.go minConnectTimeout',
  ),
  redialFrom: count(
    23,
    'Minor release from which agents that lost a server look for it again (sync-forever), on the scale on which 5.0 is 23. Before it ' +
      'they do so only when they have lost all: live clusters showed that, although the source of the agent reads otherwise. ' +
      '0: every release redials, as the source reads; 1000: none does.',
    `${HYPERSHIFT} pulls 9260, 9430, 9432`,
    0,
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
