/** What a percentage looks like in a file: `99.9%`, from 0% to 100%. */
export const PERCENTAGE_PATTERN = '^(100(\\.0+)?|[0-9]{1,2}(\\.[0-9]+)?)%$';
const WHOLE = new RegExp(PERCENTAGE_PATTERN);

/** @returns the share, 0 to 1, rounded as a decimal would be (`99.9%` is 0.999), or undefined for any other text. */
export function parsePercentage(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  const [whole = '', fraction = ''] = text.slice(0, -1).split('.');
  // Reading the shifted decimal keeps 99.9% the same double as 0.999; dividing 99.9 by 100 may not.
  return Number(`${whole}${fraction}e-${fraction.length + 2}`);
}
