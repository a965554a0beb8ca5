/** Orders in which parameters must stand, checked where a user wrote them. */
import { brokenOrders, type ParameterOrder, parameterAt } from '../../models/parameters/orders.ts';
import { type ParameterOverrides, type ParameterValues, parameterValues } from '../../models/parameters.ts';
import { formatSpan } from '../../sim/duration.ts';
import type { Micros } from '../../sim/time.ts';
import type { Cursor } from '../source/cursor.ts';

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
  const broken = new Map<string, { readonly place: Cursor; readonly orders: ParameterOrder[] }>();
  for (const order of brokenOrders(values)) {
    const [key, place] = placeOf(order, written) ?? [];
    if (key === undefined || place === undefined) continue;
    const same = broken.get(key)?.orders ?? [];
    broken.set(key, { place, orders: [...same, order] });
  }
  for (const { place, orders } of broken.values()) report(place, orders, values);
  return values;
}

/** Where one of the two is written; undefined when that text was no duration and has its own problem already. */
function placeOf(
  order: ParameterOrder,
  written: readonly WrittenParameters[],
): readonly [string, Cursor] | undefined {
  for (const { values, cursor } of written.toReversed()) {
    for (const key of [order.longer, order.shorter]) {
      const place = cursor.to(...key.split('.'));
      if (place.node === undefined) continue;
      return parameterAt(values, key) === undefined ? undefined : [key, place];
    }
  }
  return undefined;
}

function report(place: Cursor, orders: readonly ParameterOrder[], values: ParameterValues): void {
  const shown = (key: string) => `${key} ${formatSpan(parameterAt(values, key) as Micros)}`;
  place.report('out-of-range', {
    found: orders.map(({ longer, shorter }) => `${shown(longer)} beside ${shown(shorter)}`).join(', '),
    expected: orders
      .map(
        ({ longer, shorter, equal }) =>
          `${longer} ${equal ? 'at least as long as' : 'longer than'} ${shorter}`,
      )
      .join(', '),
  });
}
