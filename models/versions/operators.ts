/** What drives hosted control planes: which OpenShift versions each operator hosts, and which it runs on. */
import type { OperatorPlan } from '../plan/fleet.ts';
import type { Platform } from '../plan/platforms.ts';
import { minorOf } from './version.ts';

/** A range of OpenShift minors, both ends included. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

/** One version of the multicluster engine (MCE). */
export interface MceRelease {
  readonly version: string;
  /** What the management cluster may run. */
  readonly management: Range;
  /** What hosted clusters may be created with. */
  readonly hosted: Range;
  /** What hosted clusters may run while the engine is updated to this version from the one before; undefined: the documents do not say. */
  readonly duringUpdate?: Range;
  readonly source: string;
}

const EDITION_4_18 = 'openshift/openshift-docs modules/hcp-support-matrix.adoc @004a9b2a';
const EDITION_4_22 =
  'openshift/openshift-docs modules/hcp-support-matrix.adoc (edition of MCE 2.17; leaves out minors out of support by then)';

const range = (from: string, to: string): Range => ({ from, to });

/** Oldest first. The numbering goes on from 2.11 with 2.17. Versions that are missing here are missing in the documents. */
export const MCE_RELEASES: readonly MceRelease[] = [
  {
    version: '2.4',
    management: range('4.14', '4.15'),
    hosted: range('4.14', '4.14'),
    source: EDITION_4_18,
  },
  {
    version: '2.5',
    management: range('4.14', '4.16'),
    hosted: range('4.14', '4.15'),
    duringUpdate: range('4.14', '4.14'),
    source: EDITION_4_18,
  },
  {
    version: '2.6',
    management: range('4.14', '4.17'),
    hosted: range('4.14', '4.16'),
    duringUpdate: range('4.14', '4.15'),
    source: EDITION_4_18,
  },
  {
    version: '2.7',
    management: range('4.15', '4.17'),
    hosted: range('4.14', '4.17'),
    duringUpdate: range('4.14', '4.16'),
    source: EDITION_4_18,
  },
  {
    version: '2.8',
    management: range('4.16', '4.18'),
    hosted: range('4.14', '4.18'),
    duringUpdate: range('4.14', '4.17'),
    source: EDITION_4_18,
  },
  {
    version: '2.9',
    management: range('4.18', '4.19'),
    hosted: range('4.16', '4.19'),
    duringUpdate: range('4.16', '4.18'),
    source: EDITION_4_22,
  },
  {
    version: '2.10',
    management: range('4.18', '4.20'),
    hosted: range('4.18', '4.20'),
    duringUpdate: range('4.18', '4.19'),
    source: EDITION_4_22,
  },
  {
    version: '2.11',
    management: range('4.19', '4.21'),
    hosted: range('4.19', '4.21'),
    duringUpdate: range('4.19', '4.20'),
    source: EDITION_4_22,
  },
  {
    version: '2.17',
    management: range('4.20', '4.22'),
    hosted: range('4.20', '4.22'),
    duringUpdate: range('4.20', '4.21'),
    source: EDITION_4_22,
  },
];

/** True for a release within a range, by its minor; undefined for one without a version. */
export function isWithin(release: string, { from, to }: Range): boolean | undefined {
  const minor = minorOf(release);
  return minor === undefined ? undefined : minor >= minorOf(from)! && minor <= minorOf(to)!;
}

/** The entry of the table; undefined for versions that it does not have. A patch of the engine supports what its minor does. */
export function mceRelease(version: string): MceRelease | undefined {
  const [major, minor] = version.split('.');
  return MCE_RELEASES.find((one) => one.version === `${major}.${minor}`);
}

/**
 * The operator of a management cluster of which only the version is known: the multicluster engine that came with it, which is the
 * one whose newest hosted version it is; else the last that runs on it; else a HyperShift operator of the same minor.
 */
export function usualOperator(managementVersion: string): OperatorPlan {
  const minor = minorOf(managementVersion);
  const came = MCE_RELEASES.find(({ hosted }) => minorOf(hosted.to) === minor);
  const mce = came ?? MCE_RELEASES.findLast(({ management }) => isWithin(managementVersion, management));
  return mce === undefined
    ? { product: 'HyperShift', version: managementVersion }
    : { product: 'MCE', version: mce.version };
}

/** Minors of OpenShift, on one scale, that an operator takes as the release of a hosted cluster. */
export interface Window {
  readonly min: number;
  readonly latest: number;
}

/** Operators up to this one take the two minors before their own (openshift/hypershift support/supportedversion/version.go @0952c618). */
const LAST_WITH_TWO_BEFORE = 16;
/** Later ones take everything from 4.14 on (the same file @1c44da62, operator 4.20, to @3ee96155, operator 5.1). */
const MIN = 14;
/** IBM Cloud: from 4.9 with operators up to 4.20 (@1c44da62); later as elsewhere. */
const IBM_CLOUD = { min: 9, upTo: 20 } as const;

/** What an operator takes; undefined when its version is not in the table. A multicluster engine brings the operator of its newest hosted minor. */
export function windowOf({ product, version }: OperatorPlan, platform: Platform): Window | undefined {
  const latest = minorOf(product === 'MCE' ? (mceRelease(version)?.hosted.to ?? '') : version);
  if (latest === undefined) return undefined;
  if (platform === 'IBMCloud' && latest <= IBM_CLOUD.upTo) return { min: IBM_CLOUD.min, latest };
  return { min: latest <= LAST_WITH_TWO_BEFORE ? latest - 2 : MIN, latest };
}

/** What an operator says about the skew of node pools. */
export interface PoolSkewRules {
  /** Minors that a pool may be behind its hosted cluster. */
  readonly behind: number;
  /** True when the operator looks: condition SupportedVersionSkew. Before that it is only documented. */
  readonly checked: boolean;
}

/**
 * The first operator that has the condition: the documents have the skew from 4.21 on (openshift/openshift-docs pull 107225, modules/hcp-np-version-skew.adoc;
 * openshift/hypershift pull 5931), and its code is not in @1c44da62, the operator of 4.20 (support/supportedversion/version.go ValidateVersionSkew).
 */
const FIRST_WITH_SKEW_CHECK = 21;

/**
 * Before the check the documents said N-2 (openshift/hypershift docs getting-started/onboarding/lifecycle.md); with it the code and
 * docs/content/reference/versioning-support.md say N-3. An operator whose version is not known is taken for a new one.
 */
export function poolSkewRules(operator: OperatorPlan): PoolSkewRules {
  const latest = windowOf(operator, 'AWS')?.latest;
  const checked = latest === undefined || latest >= FIRST_WITH_SKEW_CHECK;
  return { behind: checked ? 3 : 2, checked };
}
