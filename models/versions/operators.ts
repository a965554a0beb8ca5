/**
 * What drives hosted control planes: versions of the multicluster engine (MCE) with the OpenShift versions they go with.
 * Sources: openshift/openshift-docs modules on requirements of hosted control planes (MCE 2.6 to 2.17) and their 4.17 edition
 * (docs.openshift.com hcp-requirements; MCE 2.4, 2.5, and what 2.6 and 2.7 ran on when 4.15 and 4.17 were in support).
 */
import type { OperatorPlan } from '../plan/fleet.ts';
import { parseVersion } from './version.ts';

/** One version of the multicluster engine; OpenShift minors as `4.20`, oldest first. */
export interface MceRelease {
  readonly version: string;
  /** What the management cluster may run. */
  readonly management: readonly string[];
  /** What hosted clusters may be created with. */
  readonly hosted: readonly string[];
  /** What hosted clusters may run while the multicluster engine is updated to this version; undefined: the documents do not say. */
  readonly duringUpdate?: readonly string[];
}

/** Oldest first. The numbering goes from 2.11 to 2.17. Versions that are missing here are missing in the documents. */
export const MCE_RELEASES: readonly MceRelease[] = [
  { version: '2.4', management: ['4.14', '4.15'], hosted: ['4.14'] },
  { version: '2.5', management: ['4.14', '4.15', '4.16'], hosted: ['4.14', '4.15'] },
  {
    version: '2.6',
    management: ['4.14', '4.15', '4.16', '4.17'],
    hosted: ['4.14', '4.16'],
    duringUpdate: ['4.14', '4.16'],
  },
  {
    version: '2.7',
    management: ['4.15', '4.16', '4.17'],
    hosted: ['4.14', '4.16'],
    duringUpdate: ['4.14', '4.16'],
  },
  {
    version: '2.8',
    management: ['4.16', '4.18'],
    hosted: ['4.14', '4.16', '4.18'],
    duringUpdate: ['4.14', '4.16'],
  },
  {
    version: '2.9',
    management: ['4.18', '4.19'],
    hosted: ['4.16', '4.18', '4.19'],
    duringUpdate: ['4.16', '4.18'],
  },
  {
    version: '2.10',
    management: ['4.18', '4.19', '4.20'],
    hosted: ['4.18', '4.19', '4.20'],
    duringUpdate: ['4.18', '4.19'],
  },
  {
    version: '2.11',
    management: ['4.19', '4.20', '4.21'],
    hosted: ['4.19', '4.20', '4.21'],
    duringUpdate: ['4.19', '4.20'],
  },
  {
    version: '2.17',
    management: ['4.20', '4.21', '4.22'],
    hosted: ['4.20', '4.21', '4.22'],
    duringUpdate: ['4.20', '4.21'],
  },
];

/**
 * The operator of a management cluster of which only the version is known: the multicluster engine that came with this version,
 * which is the first whose newest hosted version it is; else the last that runs on it; else a HyperShift operator of the same minor.
 */
export function usualOperator(managementVersion: string): OperatorPlan {
  const version = parseVersion(managementVersion);
  const minor = version === undefined ? managementVersion : `${version.major}.${version.minor}`;
  const running = MCE_RELEASES.filter(({ management }) => management.includes(minor));
  const mce = running.find(({ hosted }) => hosted.at(-1) === minor) ?? running.at(-1);
  return mce === undefined
    ? { product: 'HyperShift', version: minor }
    : { product: 'MCE', version: mce.version };
}

/** The entry of the table; undefined for versions that it does not have. */
export function mceRelease(version: string): MceRelease | undefined {
  const parsed = parseVersion(version);
  return parsed && MCE_RELEASES.find((one) => one.version === `${parsed.major}.${parsed.minor}`);
}
