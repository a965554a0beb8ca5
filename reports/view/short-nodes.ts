/** Node names by their host part, where that stays unique: `ip-10-0-142-27` for `ip-10-0-142-27.us-east-2.compute.internal`. */
import type { Outage, PendingPod, RunResult } from '../../sim/result.ts';
import { mapStrings } from './strings.ts';

/** How chains speak of a node: `node x lost`, `nodeFailure x`. */
const NODE = /\bnode(?:Failure)? ([^\s→]+)/g;
/** A name as it may stand in a sentence. */
const DOTTED = /[A-Za-z0-9][\w-]*(?:\.[\w-]+)+/g;

/** The run with short node names in chains and refusals. Injected events keep the names that their file has. */
export function withShortNodes(run: RunResult): RunResult {
  const short = shortNames(run);
  if (short.size === 0) return run;
  const known = new Map<string, string>();
  const shorten = (text: string): string => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const after = text.replace(DOTTED, (name) => short.get(name) ?? name);
    known.set(text, after);
    return after;
  };
  const chains = ({ causes, endedBy, segments, ...rest }: Outage): Outage => ({
    ...rest,
    ...mapStrings({ causes, endedBy, segments }, shorten),
  });
  const refusals = (pod: PendingPod): PendingPod => ({
    ...pod,
    nodes: pod.nodes.map(({ node, reason }) => ({ node: shorten(node), reason })),
  });
  return { ...run, outages: run.outages.map(chains), pending: run.pending.map(refusals) };
}

/** Full name to host part; a host part that two names share is left out. */
function shortNames({ outages, pending }: RunResult): Map<string, string> {
  const names = new Set(pending.flatMap(({ nodes }) => nodes.map(({ node }) => node)));
  const texts = outages.flatMap(({ causes, endedBy, segments }) =>
    [causes, endedBy, ...segments.map((s) => s.causes)].flat(),
  );
  for (const text of new Set(texts)) for (const [, name] of text.matchAll(NODE)) names.add(name!);
  const byHost = new Map<string, string[]>();
  for (const name of names) {
    const host = name.split('.', 1)[0]!;
    byHost.set(host, [...(byHost.get(host) ?? []), name]);
  }
  return new Map(
    [...byHost].flatMap(([host, [name, ...others]]) =>
      others.length === 0 && name !== host ? [[name!, host] as const] : [],
    ),
  );
}
