/** Disks under etcd: how long they take to make a write of the log durable (fdatasync), and how often they do not answer. */
import { MICROSECOND, MILLISECOND, SECOND } from '../../sim/time.ts';
import { ASSUMED, duration, type Parameter } from './parameter.ts';

const FAQ = 'Red Hat, hosted control planes FAQ';
const ETCD_FAQ = 'etcd-io/website v3.6 faq.md';

export const disk = {
  cloudSsd: duration(MILLISECOND, 'Typical fsync of a cloud disk on SSD.', ASSUMED, MICROSECOND),
  cloudSsdP99: duration(5 * MILLISECOND, 'Its 99th percentile.', ASSUMED, MICROSECOND),
  localLvm: duration(2 * MILLISECOND, 'Typical fsync of a local volume through LVM.', ASSUMED, MICROSECOND),
  localLvmP99: duration(
    10 * MILLISECOND,
    'Its 99th percentile, up to 14,700 API requests/s.',
    FAQ,
    MICROSECOND,
  ),
  localVolume: duration(
    500 * MICROSECOND,
    'Typical fsync of a whole local disk (local storage operator).',
    ASSUMED,
    MICROSECOND,
  ),
  localVolumeP99: duration(2 * MILLISECOND, 'Its 99th percentile.', FAQ, MICROSECOND),
  sharedIsolated: duration(
    5 * MILLISECOND,
    'Typical fsync in a pool of shared storage that only etcd uses.',
    ASSUMED,
    MICROSECOND,
  ),
  sharedIsolatedP99: duration(10 * MILLISECOND, 'Its 99th percentile.', FAQ, MICROSECOND),
  sharedPool: duration(
    100 * MILLISECOND,
    'Typical fsync in a pool of shared storage that others use as well.',
    ASSUMED,
    MICROSECOND,
  ),
  sharedPoolP99: duration(7500 * MILLISECOND, 'Its 99th percentile.', FAQ, MICROSECOND),
  fsyncLimit: duration(
    10 * MILLISECOND,
    'The 99th percentile of fsync above which a storage class gets a remark.',
    ETCD_FAQ,
    MICROSECOND,
  ),
  commitLimit: duration(
    25 * MILLISECOND,
    'The same of a commit of the database, which takes at least one fsync.',
    ETCD_FAQ,
    MICROSECOND,
  ),
  stallInterval: duration(
    0,
    'Mean time between gray failures of one disk under etcd: for a while it does not answer. 0: never; one in two years is 17520h.',
    ASSUMED,
  ),
  stallShortest: duration(10 * SECOND, 'Shortest gray failure; lengths are uniform.', ASSUMED),
  stallLongest: duration(60 * SECOND, 'Longest gray failure.', ASSUMED),
} as const satisfies Record<string, Parameter>;
