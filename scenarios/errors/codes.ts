/**
 * Every mistake that a user's file can hold: a stable code and what it means. Scripts may match on the codes, so they are
 * never renamed; `hcpsim explain CODE` prints the text.
 */
export const PROBLEM_CODES = {
  'file-missing':
    'No file of that name exists. Paths inside a file are relative to the file that names them.',
  'file-directory': 'The path is a directory. Name the files one by one, or let the shell expand a pattern.',
  'file-unreadable': 'The file exists but the operating system refuses to read it; its reason is told.',
  'file-empty':
    'The file holds nothing: it is empty, only comments, or the list of objects that were looked for and not found.',
  'file-binary': 'The file is not UTF-8 text: an archive, an image, or text in another encoding.',
  'yaml-syntax': 'The text is not YAML (JSON is YAML too). Every syntax error of the file is listed.',
  'duplicate-key': 'A map names one key twice; which of the two counts would depend on the reader.',
  'unknown-alias': 'An alias (`*name`) stands where no anchor (`&name`) of that name is complete yet.',
  'alias-limit': 'Aliases multiply the document beyond any sensible size, as in a "billion laughs" file.',
  'nested-too-deep': 'Maps and lists lie in each other deeper than any sensible file needs.',
  'not-a-document': 'A document must be a map with apiVersion, kind and spec, not a list or a single value.',
  'unknown-api-version': 'The apiVersion is not one that this kind can have.',
  'unknown-kind': 'The kind is neither one of hcpsim nor one that hcpsim reads from real clusters.',
  'wrong-kind': 'The file is fine in itself, but its documents are of another kind than what belongs here.',
  'not-simulated': 'The format knows this, but this version of hcpsim does not simulate it.',
  'reference-cycle': 'A chain of `extends` comes back to where it started.',
  'ambiguous-reference': 'What is referred to is not a single thing: the file holds several candidates.',
  'conflicting-keys': 'Keys that exclude each other are given together.',
  'unknown-key': 'No such key exists here. Unknown keys are never ignored: most are typing mistakes.',
  'missing-key': 'A key that has no default is not given.',
  'wrong-type': 'The value is of another type than the key takes: text, number, true or false, list or map.',
  'invalid-value': 'The value is not one of those that the key takes.',
  'out-of-range':
    'The number, duration, quantity or length of the list is below or above what is allowed, or out of order with another.',
  'bare-duration':
    'A duration needs a unit: 90 could be seconds, minutes or days. Write 90s, 1h30m, 2d or PT5M.',
  'bad-duration':
    'The text is not a duration. Durations look like 90s, 1h30m, 2d, 1w or PT5M, and are never negative.',
  'zero-duration':
    'Something that lasts no time at all has no effect; the duration must be longer than zero.',
  'bad-quantity': 'The text is not a Kubernetes quantity such as 500m, 16, 2Gi or 65328868Ki.',
  'bad-percentage': 'The text is not a percentage from 0% to 100%.',
  'bad-name':
    'Names follow the rules of Kubernetes: lower-case letters, digits, `-` and `.`, at most 63 characters.',
  'duplicate-name': 'Two things of one kind carry the same name, so nothing could tell them apart.',
  'unknown-zone':
    'The zone or rack is not part of the fleet. Zones are those of management clusters and of spec.zones.',
  'unknown-management-cluster': 'No management cluster of the fleet has that name.',
  'ambiguous-management-cluster':
    'The fleet has several management clusters; say which of them hosts the cluster.',
  'unknown-storage-class': 'The storage class is not one of the management cluster.',
  'unknown-hosted-cluster':
    'No hosted cluster of the fleet has that name (with count: 3, x means x-0, x-1 and x-2).',
  'unknown-component': 'No component of a hosted control plane has that name.',
  'unknown-release':
    'No release of OpenShift of that minor is known to the rules on versions, so nobody could say what it runs beside, or what comes before it. ' +
    'Manifests of real clusters may have it all the same.',
  'unknown-fleet': 'The fleet is neither a file nor the name of a Fleet document in the same file.',
  'selector-matches-nothing':
    'A selector picks nobody. An event without a victim would prove nothing, so it is refused.',
  'without-effect':
    'What is written can never do anything: something that ends before it begins, a side that is cut from itself, a drain of nodes without pods. An event that does nothing would prove nothing, so it is refused.',
  'too-few-targets': 'Fewer targets match than mode: fixed asks for.',
  'missing-target': 'The event names nobody: give a name, a selector or what is hosted.',
  'not-restorable':
    'The etcd of the hosted cluster cannot be restored in place: on AWS only a new cluster is made from a snapshot, and an etcd that is not managed is none of the fleet.',
  'not-movable':
    'The hosted cluster cannot be moved: without a fixed DNS name of its API its workers would never find it again, machines of KubeVirt stay where they are, and the other management cluster must have its storage class and be in its region.',
  'event-kind': 'An event is one thing: exactly one event kind beside `at`.',
  'event-after-end':
    'The event, or the end of what a campaign soaks, would come at or after the end of the scenario and could never show.',
  'control-plane-replicas':
    'A management control plane has 1, 3 or 5 nodes: its etcd needs an odd number of members.',
  'replicas-and-autoscaling': 'A NodePool has either a fixed number of replicas or autoScaling, never both.',
  'nodepool-without-cluster': 'The NodePool belongs to a hosted cluster that is not part of the fleet.',
  'no-management-nodes': 'Hosted clusters need management nodes to run on; the fleet has none.',
  'no-hosted-clusters': 'Without hosted clusters there is nothing that a failure could take down.',
  'no-dedicated-nodes': 'The isolation mode needs nodes of its own, and the fleet has not enough of them.',
  'unknown-metric': 'No metric of that id exists. `hcpsim explain` lists them.',
  'bad-gate-value':
    'The bound does not fit the unit of the metric: ratios 0 to 1 or 99.9%, seconds as 90s, counts as 3.',
  'bad-cron': 'The text is not a cron expression of five fields, or not one that this run can follow.',
  'no-window':
    'The windows and freezes of a campaign leave no moment of the run at which an upgrade could begin.',
  'bad-set': 'An override is written path=value.',
  'unknown-set-path': 'The path of an override leads nowhere in the document.',
} as const satisfies Record<string, string>;

export type ProblemCode = keyof typeof PROBLEM_CODES;
