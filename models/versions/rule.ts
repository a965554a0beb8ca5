/** What a rule on versions is. */

/** Whose version, or whose object, a rule is about. */
export type Subject =
  | 'HostedCluster'
  | 'NodePool'
  | 'managementCluster'
  | 'operator'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'cloud-controller-manager'
  | 'kubelet'
  | 'kube-proxy'
  | 'OVN-Kubernetes';

/**
 * What happens where a rule is broken:
 * - `reconcile`: an operator refuses and does nothing more for the object;
 * - `condition`: a condition of the object says so, all else goes on;
 * - `cli`: the command line refuses, the API does not;
 * - `policy`: it is documented, and nobody stops it.
 */
export type Where = 'reconcile' | 'condition' | 'cli' | 'policy';

export interface RuleText {
  /** A name to cite: `hosted-cluster.downgrade`. */
  readonly id: string;
  readonly subject: Subject;
  readonly where: Where;
  /** The rule in a sentence. */
  readonly statement: string;
  /** Public source: repository, path and commit, or documentation module. */
  readonly source: string;
  /** Of a rule that forbids a step: what frees the way, in a sentence that somebody can act on. */
  readonly remedy?: string;
}

/** A rule on facts of one kind. */
export interface Rule<Facts> extends RuleText {
  readonly remedy: string;
  /** @returns what breaks the rule, in a sentence; undefined when nothing does, or when a version that it needs is not known. */
  check(facts: Facts): string | undefined;
}

/** A rule that is broken. */
export interface Finding {
  readonly rule: RuleText;
  /** What breaks it. */
  readonly found: string;
}

/** All that is broken, in the order of the rules. */
export function findings<Facts>(rules: readonly Rule<Facts>[], facts: Facts): readonly Finding[] {
  const broken: Finding[] = [];
  for (const rule of rules) {
    const found = rule.check(facts);
    if (found !== undefined) broken.push({ rule, found });
  }
  return broken;
}

/** True when the object is not reconciled any more. */
export function stops(found: readonly Finding[]): boolean {
  return found.some(({ rule }) => rule.where === 'reconcile');
}

/** A finding as refusals and remarks cite it. */
export function textOf({ found, rule }: Finding): string {
  return `${found} (${rule.id})`;
}

/** What becomes of a step: why it is refused, if it is, and what is broken and stops nothing. */
export interface Verdict {
  readonly refusal: string | undefined;
  /** What frees the way, where it is refused. */
  readonly remedy?: string;
  readonly remarks: readonly string[];
}

/** @param refuses whether a rule that is broken stops the step where it is looked at */
export function verdictOf(found: readonly Finding[], refuses: (rule: RuleText) => boolean): Verdict {
  const refusing = found.find(({ rule }) => refuses(rule));
  return {
    refusal: refusing && textOf(refusing),
    ...(refusing?.rule.remedy === undefined ? {} : { remedy: refusing.rule.remedy }),
    remarks: found.filter(({ rule }) => !refuses(rule)).map(textOf),
  };
}
