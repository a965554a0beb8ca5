/**
 * Kubernetes resource quantities, read exactly: decimal (`16`, `0.5`, `500m`, `2k`, `1e3`) and binary (`2Gi`, `65328868Ki`).
 * Source: kubernetes/apimachinery pkg/api/resource/quantity.go (grammar; values finer than a nano are rounded up there too).
 */

/** An exact amount in billionths (n, the finest suffix) of the unit: cores, bytes or pieces. */
export type Quantity = bigint & { readonly __unit: 'nano' };

const NANO = 1_000_000_000n;
const MILLI = 1_000_000n;
const MEBIBYTE = NANO * 1024n * 1024n;

const DECIMAL_EXPONENTS: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY_EXPONENTS: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** What a quantity looks like in a file, never negative: no resource of the fleet can be. */
export const QUANTITY_PATTERN =
  '^\\+?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,2})?$';
const WHOLE = new RegExp(QUANTITY_PATTERN);

/** @returns the amount, or undefined when the text (or number) is not a quantity. */
export function parseQuantity(written: string | number): Quantity | undefined {
  const text = String(written);
  const match = WHOLE.exec(text);
  if (match === null) return undefined;
  const [whole = '', fraction = ''] = match[1]!.split('.');
  const suffix = match[3] ?? '';
  const digits = BigInt(`${whole}${fraction}` || '0');
  const binary = BINARY_EXPONENTS[suffix];
  const tens = 9 - fraction.length + (binary === undefined ? decimalExponent(suffix) : 0);
  const scaled = digits << BigInt(binary ?? 0);
  const amount = tens >= 0 ? scaled * 10n ** BigInt(tens) : divideUp(scaled, 10n ** BigInt(-tens));
  return amount as Quantity;
}

function decimalExponent(suffix: string): number {
  const exponent = /^[eE]([+-]?[0-9]+)$/.exec(suffix);
  return exponent === null ? DECIMAL_EXPONENTS[suffix]! : Number(exponent[1]);
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

/** Which way a remainder goes: what is offered is rounded down, what is asked for up. */
export type Rounding = 'down' | 'up';

/** Cores to millicores. */
export function toMillis(quantity: Quantity, rounding: Rounding): number {
  return Number(rounding === 'up' ? divideUp(quantity, MILLI) : quantity / MILLI);
}

/** Bytes to mebibytes. */
export function toMib(quantity: Quantity, rounding: Rounding): number {
  return Number(rounding === 'up' ? divideUp(quantity, MEBIBYTE) : quantity / MEBIBYTE);
}

/** Pieces, rounded down. */
export function toCount(quantity: Quantity): number {
  return Number(quantity / NANO);
}
