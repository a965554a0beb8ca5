/** Moving a hosted cluster to another management cluster, as a recovery from a disaster. */
import { MINUTE } from '../../sim/time.ts';
import { ASSUMED, duration, type Parameter } from './parameter.ts';

const EXTERNAL_DNS = 'kubernetes-sigs/external-dns docs/flags.md, --interval';

export const move = {
  step: duration(
    MINUTE,
    'What whoever moves a hosted cluster needs for one step of the procedure, besides what the step itself takes.',
    ASSUMED,
  ),
  entry: duration(
    2 * MINUTE,
    'From the objects on the new management cluster until its load balancer has an address for the API.',
    ASSUMED,
  ),
  dnsInterval: duration(
    MINUTE,
    'How often external-dns compares records with what they should be; an address is written at its next look.',
    EXTERNAL_DNS,
  ),
  dnsTtl: duration(
    5 * MINUTE,
    'How long resolvers go on giving out the old address of an API after its record was changed.',
    ASSUMED,
  ),
} as const satisfies Record<string, Parameter>;
