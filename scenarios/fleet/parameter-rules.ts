/**
 * Parameters that must stand in an order with each other: out of it the models would describe a system that no control plane
 * accepts, or in which healthy nodes are taken for lost.
 */
import { type ParameterOverrides, type ParameterValues, parameterValues } from '../../models/parameters.ts';
import { formatSpan } from '../../sim/duration.ts';
import type { Micros } from '../../sim/time.ts';
import type { Cursor } from '../source/cursor.ts';

interface Rule {
  readonly longer: string;
  readonly shorter: string;
  /** True when the two may be equal. */
  readonly equal: boolean;
}

/** Source: kubernetes/client-go tools/leaderelection/leaderelection.go, NewLeaderElector. */
function leaseRules(holder: string): readonly Rule[] {
  const [duration, renew, retry] = ['Duration', 'Renew', 'Retry'].map((part) => `lease.${holder}${part}`);
  return [
    { longer: duration!, shorter: renew!, equal: false },
    { longer: renew!, shorter: retry!, equal: false },
  ];
}

/** A grace period that ends before the next heartbeat is due would find every node lost. */
const GRACE_RULES = ['gracePeriod', 'gracePeriodBefore132', 'gracePeriodIbmCloud'].map(
  (grace): Rule => ({ longer: `node.${grace}`, shorter: 'node.heartbeatPeriod', equal: true }),
);

const RULES: readonly Rule[] = [
  ...GRACE_RULES,
  ...['controllerManager', 'scheduler', 'operator'].flatMap(leaseRules),
];

/** Parameters as one document overrides them, and the place where it does. */
export interface WrittenParameters {
  readonly values: ParameterOverrides;
  readonly cursor: Cursor;
}

/**
 * The defaults with overrides laid over them, later ones winning; each order that is broken is reported where the latest of
 * its two parameters is written. A parameter that breaks several is reported once, with all of them.
 */
export function orderedParameters(written: readonly WrittenParameters[]): ParameterValues {
  const values = parameterValues(...written.map((one) => one.values));
  const broken = new Map<string, { readonly place: Cursor; readonly rules: Rule[] }>();
  for (const rule of RULES) {
    const [long, short] = [valueAt(values, rule.longer)!, valueAt(values, rule.shorter)!];
    if (long > short || (rule.equal && long === short)) continue;
    const [key, place] = placeOf(rule, written) ?? [];
    if (key === undefined || place === undefined) continue;
    const same = broken.get(key)?.rules ?? [];
    broken.set(key, { place, rules: [...same, rule] });
  }
  for (const { place, rules } of broken.values()) report(place, rules, values);
  return values;
}

/** Where one of the two is written; undefined when that text was no duration and has its own problem already. */
function placeOf(rule: Rule, written: readonly WrittenParameters[]): readonly [string, Cursor] | undefined {
  for (const { values, cursor } of written.toReversed()) {
    for (const key of [rule.longer, rule.shorter]) {
      const place = cursor.to(...key.split('.'));
      if (place.node === undefined) continue;
      return valueAt(values, key) === undefined ? undefined : [key, place];
    }
  }
  return undefined;
}

function report(place: Cursor, rules: readonly Rule[], values: ParameterValues): void {
  const shown = (key: string) => `${key} ${formatSpan(valueAt(values, key) as Micros)}`;
  place.report('out-of-range', {
    found: rules.map(({ longer, shorter }) => `${shown(longer)} beside ${shown(shorter)}`).join(', '),
    expected: rules
      .map(
        ({ longer, shorter, equal }) =>
          `${longer} ${equal ? 'at least as long as' : 'longer than'} ${shorter}`,
      )
      .join(', '),
  });
}

function valueAt(values: ParameterOverrides, key: string): number | undefined {
  const [group, name] = key.split('.');
  return (values as Readonly<Record<string, Readonly<Record<string, number>> | undefined>>)[group!]?.[name!];
}
