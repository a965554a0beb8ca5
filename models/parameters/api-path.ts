/** The way of requests to a hosted API: addresses, proxies, and connections that nobody closes. */
import { MILLISECOND, SECOND } from '../../sim/time.ts';
import { ASSUMED, count, duration, HYPERSHIFT, type Parameter, rate } from './parameter.ts';

const NLB = 'kubernetes/cloud-provider-aws pkg/providers/v1/aws_loadbalancer.go';
const WORKER_PROXY = `${HYPERSHIFT} apiserver-haproxy/assets/haproxy.cfg`;
const HTTP2 = 'kubernetes/kubernetes pull 126287 (golang.org/x/net/http2 health check of client-go)';
const ETCD_CLIENT =
  'kubernetes/kubernetes staging/src/k8s.io/apiserver/pkg/storage/storagebackend/factory/etcd3.go';

export const apiPath = {
  checkPeriod: duration(
    30 * SECOND,
    'How often a load balancer with nodes of its own (dedicated request serving on AWS) checks each of them.',
    NLB,
    SECOND,
  ),
  checkFailures: count(3, 'Failed checks in a row until it sends nothing more to the node.', NLB),
  checkSuccesses: count(3, 'Good checks in a row until it sends to the node again.', NLB),
  addressFailover: duration(
    5 * SECOND,
    'On platforms without a cloud one node announces the address of a load balancer (MetalLB, layer 2): from its loss until another does.',
    ASSUMED,
  ),
  dialTimeout: duration(
    30 * SECOND,
    'How long clients wait for a connection. Where an address moves within that time they get in late, and no request fails.',
    'kubernetes/client-go transport/cache.go',
  ),
  nodePortAddresses: count(
    3,
    'Nodes to which the name of an API published by NodePort leads, of one zone after the other; nobody checks them.',
    ASSUMED,
  ),
  proxyCheckPeriod: duration(
    10 * SECOND,
    'How often the proxy on a worker checks the API, and how long its attempt to connect takes.',
    WORKER_PROXY,
    SECOND,
  ),
  proxyCheckFailures: count(3, 'Failed checks in a row until that proxy refuses connections.', WORKER_PROXY),
  proxyCheckSuccesses: count(3, 'Good checks in a row until it accepts them again.', WORKER_PROXY),
  clientPingAfter: duration(
    30 * SECOND,
    'Silence after which a client of the API asks its server for a sign of life.',
    HTTP2,
  ),
  clientPingTimeout: duration(
    15 * SECOND,
    'How long that answer may take before the connection is given up.',
    HTTP2,
  ),
  retransmissionTimeout: duration(
    200 * MILLISECOND,
    'Until TCP sends anew what was not acknowledged, for the first time; every further time takes twice as long (RFC 6298).',
    'torvalds/linux include/net/tcp.h (TCP_RTO_MIN)',
    MILLISECOND,
  ),
  etcdPingAfter: duration(
    30 * SECOND,
    'Silence after which kube-apiserver asks an etcd member for a sign of life.',
    ETCD_CLIENT,
  ),
  etcdRequestRate: rate(
    1,
    'Requests of kube-apiserver on each of its connections to etcd: the first one that gets no answer tells as much as a ping.',
    ASSUMED,
  ),
  etcdPingTimeout: duration(
    10 * SECOND,
    'How long that answer may take, or any other, before the connection is given up.',
    `${ETCD_CLIENT}; grpc/proposal A18-tcp-user-timeout.md`,
  ),
} as const satisfies Record<string, Parameter>;
