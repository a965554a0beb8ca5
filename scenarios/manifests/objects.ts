/** Sorts the documents of manifest files into the objects that a fleet is made of. */

import type { Problems } from '../errors/problem.ts';
import { didYouMean, listed } from '../errors/suggest.ts';
import { check } from '../schema/check.ts';
import { Cursor } from '../source/cursor.ts';
import { describe, type Located, textAt } from '../source/located.ts';
import {
  type HostedClusterManifest,
  hostedCluster,
  type InfrastructureManifest,
  infrastructure,
  type NodeManifest,
  type NodePoolManifest,
  node,
  nodePool,
} from './schema.ts';

/** An object with the place where it stands. */
export interface Found<T> {
  readonly object: T;
  readonly cursor: Cursor;
}

/** The usable objects of one file. */
export interface ManifestFile {
  readonly file: string;
  readonly hostedClusters: readonly Found<HostedClusterManifest>[];
  readonly nodePools: readonly Found<NodePoolManifest>[];
  readonly nodes: readonly Found<NodeManifest>[];
  readonly infrastructures: readonly Found<InfrastructureManifest>[];
  /** Kinds that were passed over, with how often. */
  readonly skipped: ReadonlyMap<string, number>;
  /** Lists without items: what `oc get` prints when nothing matches. */
  readonly emptyLists: readonly Cursor[];
  /** False when an object could not be read: what refers to it must not be blamed. */
  readonly complete: boolean;
}

const HYPERSHIFT = ['hypershift.openshift.io/v1beta1', 'hypershift.openshift.io/v1alpha1'];

/** Kinds of real clusters that are read, with their API versions. */
const KINDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['HostedCluster', HYPERSHIFT],
  ['NodePool', HYPERSHIFT],
  ['Node', ['v1']],
  ['Infrastructure', ['config.openshift.io/v1']],
  ['List', ['v1']],
]);

export const MANIFEST_KINDS: readonly string[] = [...KINDS.keys()];

/** True for a kind that manifests use: what `oc get` prints, lists of one kind included. */
export function isManifestKind(kind: string): boolean {
  return KINDS.has(kind) || KINDS.has(kind.replace(/List$/, ''));
}

/** Reads the objects of a file; lists are opened, other kinds counted. */
export function readObjects(file: string, documents: readonly Located[], problems: Problems): ManifestFile {
  const hostedClusters: Found<HostedClusterManifest>[] = [];
  const nodePools: Found<NodePoolManifest>[] = [];
  const nodes: Found<NodeManifest>[] = [];
  const infrastructures: Found<InfrastructureManifest>[] = [];
  const skipped = new Map<string, number>();
  const emptyLists: Cursor[] = [];
  const before = problems.reports;
  const cursors = documents.flatMap((root) => opened(new Cursor(root, root.at, problems), emptyLists));
  let complete = problems.reports === before;
  for (const cursor of cursors) {
    const kind = textAt(cursor.node, 'kind') ?? '';
    const versions = KINDS.get(kind);
    if (versions === undefined) {
      skipped.set(kind, (skipped.get(kind) ?? 0) + 1);
      continue;
    }
    const good =
      knownVersion(cursor, kind, versions) &&
      (kind === 'HostedCluster'
        ? take(check(hostedCluster, cursor), cursor, hostedClusters)
        : kind === 'NodePool'
          ? take(check(nodePool, cursor), cursor, nodePools)
          : kind === 'Node'
            ? take(check(node, cursor), cursor, nodes)
            : take(check(infrastructure, cursor), cursor, infrastructures));
    complete &&= good;
  }
  return { file, hostedClusters, nodePools, nodes, infrastructures, skipped, emptyLists, complete };
}

function take<T>(object: T | undefined, cursor: Cursor, into: Found<T>[]): boolean {
  if (object !== undefined) into.push({ object, cursor });
  return object !== undefined;
}

/** The document itself, or the items of a list, however deep. */
function opened(cursor: Cursor, emptyLists: Cursor[]): readonly Cursor[] {
  const { node } = cursor;
  const kind = textAt(node, 'kind');
  if (kind === undefined) {
    const key = node?.type === 'map' ? cursor.to('kind') : cursor;
    key.report('not-a-document', {
      found: `${describe(node)} without kind`,
      expected: 'an object with apiVersion and kind',
    });
    return [];
  }
  if (!kind.endsWith('List')) return [cursor];
  const items = cursor.to('items');
  if (items.node?.type !== 'list') {
    items.report(items.node === undefined ? 'missing-key' : 'wrong-type', {
      found: items.node === undefined ? 'no "items"' : describe(items.node),
      expected: 'items: a list of objects',
    });
    return [];
  }
  if (items.node.items.length === 0) emptyLists.push(items);
  return items.node.items.flatMap((_, index) => opened(items.to(index), emptyLists));
}

function knownVersion(cursor: Cursor, kind: string, versions: readonly string[]): boolean {
  const version = textAt(cursor.node, 'apiVersion');
  if (version !== undefined && versions.includes(version)) return true;
  const place = cursor.to('apiVersion');
  place.report(version === undefined ? 'missing-key' : 'unknown-api-version', {
    found: version === undefined ? `${kind} without apiVersion` : `${kind} of ${version}`,
    expected: listed(versions),
    hint: version === undefined ? '' : didYouMean(version, versions),
  });
  return false;
}

/** True when a file holds anything that a fleet is made of (or something broken, already reported). */
export function isUsable(file: ManifestFile): boolean {
  const { hostedClusters, nodePools, nodes, infrastructures } = file;
  return (
    [hostedClusters, nodePools, nodes, infrastructures].some((found) => found.length > 0) || !file.complete
  );
}

/**
 * Reports a file in which nothing is of use where it is asked for.
 * @param code what it is to hold other kinds; a list without items holds nothing at all.
 */
export function reportUseless(
  { file, skipped }: ManifestFile,
  cursor: Cursor,
  code: 'wrong-kind' | 'unknown-kind',
  expected: string,
): void {
  const holds = skipped.size === 0 ? 'a List without items' : listed(skipped.keys());
  cursor.report(skipped.size === 0 ? 'file-empty' : code, { found: `${file} holds ${holds}`, expected });
}
