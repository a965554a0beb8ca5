/** What somebody probably meant whose text does not follow its grammar. */
import { didYouMean } from '../errors/suggest.ts';
import type { ReadAs } from './values.ts';

/** The texts that are Kubernetes quantities, of whatever. */
export const QUANTITIES: ReadonlySet<ReadAs> = new Set(['quantity', 'cores', 'memory']);

/** A corrected spelling, where one is obvious. */
export function corrected(as: ReadAs, source: string): string {
  if (as === 'statistic') return meantStatistic(source);
  if (QUANTITIES.has(as)) {
    const short = /^([0-9.]+) ?([KMGT])(i?)[Bb]$/.exec(source);
    if (short !== null) return `write ${short[1]}${short[2]}i`;
  }
  if (as === 'duration') {
    const meant = meantDuration(source);
    if (meant !== '') return meant;
    const spelled = /^([0-9.]+) ?(s|m|h|d|w)[a-z]+$/i.exec(source);
    if (spelled !== null) return `write ${spelled[1]}${spelled[2]!.toLowerCase()}`;
  }
  if (as === 'percentage') return meantPercentage(source);
  if (as === 'version') return meantVersion(source);
  if (as === 'name') {
    const lower = source
      .toLowerCase()
      .replaceAll(/[^a-z0-9.-]+/g, '-')
      .replaceAll(/^[-.]+|[-.]+$/g, '');
    if (lower !== '' && lower !== source) return `write ${lower.slice(0, 63)}`;
  }
  return '';
}

/** `v4.20.3`, `4,20`, `4.20.x`, `OCP 4.20`: what stands there as numbers. */
function meantVersion(source: string): string {
  const numbers = /^\D*([0-9]+)\s*[.,]\s*([0-9]+)(?:\s*[.,]\s*([0-9]+))?(?:[.,]?[a-z*]+)?$/i.exec(
    source.trim(),
  );
  if (numbers === null) return '';
  const [, major, minor, patch] = numbers;
  return `write "${[major, minor, patch].filter((part) => part !== undefined).join('.')}"`;
}

/** `20`, `0.2`, `20 %`: a share, or so many percent. */
function meantPercentage(source: string): string {
  const [, digits, sign] = /^([0-9]*\.?[0-9]+) *(%?)$/.exec(source.trim()) ?? [];
  if (digits === undefined) return '';
  const number = Number(digits);
  const percent = sign === '' && number > 0 && number < 1 ? Number((number * 100).toPrecision(12)) : number;
  return percent > 100 ? 'there is nothing above 100%' : `write ${percent}%`;
}

const PARTS = /([0-9]+(?:\.[0-9]+)?)(us|ms|s|m|h|d|w)/g;
const UNITS = ['w', 'd', 'h', 'm', 's', 'ms', 'us'];

/** Blanks, capitals and units out of order can be put right; of a unit given twice only its author knows what it should be. */
function meantDuration(source: string): string {
  const plain = source.replaceAll(/\s/g, '').toLowerCase();
  const parts = [...plain.matchAll(PARTS)].map(([all, , unit]) => ({ all, unit: unit! }));
  if (parts.length === 0 || parts.map(({ all }) => all).join('') !== plain) return '';
  if (new Set(parts.map(({ unit }) => unit)).size < parts.length)
    return 'each unit once, the largest first, such as 1h30m';
  const ordered = parts.toSorted((one, other) => UNITS.indexOf(one.unit) - UNITS.indexOf(other.unit));
  return `write ${ordered.map(({ all }) => all).join('')}`;
}

function meantStatistic(source: string): string {
  const word = source.trim().toLowerCase();
  const percentile = /^(?:p|pct|percentile)?[ -]?([0-9]+)(?:\.[0-9]+)?(?:%|st|nd|rd|th)?$/.exec(word);
  if (percentile !== null) {
    const rank = Number(percentile[1]);
    if (rank >= 100) return rank === 100 ? 'the 100th percentile is max' : '';
    return rank === 0 ? 'the lowest value is min' : `write p${rank}: percentiles are whole`;
  }
  if (word === 'median') return 'the median is p50';
  if (word === 'average' || word === 'avg') return 'write mean';
  return didYouMean(word, ['min', 'max', 'mean']);
}
