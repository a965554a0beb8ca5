/** The phases of an outage: what it waited for at each time, told once for many clusters. */
import type { Outage } from '../../sim/result.ts';
import { MINUTE, type Micros, SECOND } from '../../sim/time.ts';
import { groupBy, keyOf } from './labels.ts';
import { segmentsOf } from './levels.ts';
import type { OutageGroup } from './outages.ts';
import { pattern } from './patterns.ts';
import { type Range, range } from './range.ts';
import { byMagnitude } from './spread.ts';

export interface Phase {
  readonly from: Range;
  readonly length: Range;
  readonly value: number;
  /** What it waited for: the last links of its own chain that were not told before. */
  readonly text: string;
  /** In how many outages of the group. */
  readonly outages: number;
}

export interface Phases {
  /** In order of time; empty when there is one only, which the chain of the outage tells already. */
  readonly phases: readonly Phase[];
  /** How many `most` cut off. */
  readonly hidden: number;
}

/** A phase of one outage. */
interface Stage {
  readonly outage: Outage;
  readonly from: Micros;
  to: Micros;
  readonly value: number;
  readonly links: readonly string[];
}

/** Links told of one phase: what it waits for, and what happened right before. */
const MOST_LINKS = 2;

/** @param most how many phases are kept, those with the most time over all outages */
export function phasesOf({ outages, leader }: OutageGroup, most = 6): Phases {
  const stages = outages.flatMap(stagesOf);
  const alike = groupBy(stages, ({ outage, value, links }) =>
    keyOf(value, pattern(links.at(-1) ?? '', outage)),
  ).flatMap((group) => byMagnitude(group, lengthOf));
  if (alike.length < 2) return { phases: [], hidden: 0 };
  const longestFirst = [...alike].sort((a, b) => timeIn(b) - timeIn(a));
  return {
    phases: longestFirst
      .slice(0, most)
      .map((group) => toPhase(group, leader))
      .sort((a, b) => a.from[0] - b.from[0] || a.from[1] - b.from[1] || b.length[1] - a.length[1]),
    hidden: Math.max(0, alike.length - most),
  };
}

/** What follows without a change of level or of last link is one stage; what is over at once is none. */
function stagesOf(outage: Outage): Stage[] {
  const length = outage.to - outage.from;
  const told = new Set<string>();
  const stages: Stage[] = [];
  let before: string | undefined;
  for (const { from, to, value, causes } of segmentsOf(outage)) {
    const stage = stages.at(-1);
    const last = causes.at(-1);
    if (stage && stage.value === value && before === last) {
      stage.to = to;
      continue;
    }
    if (to - from < SECOND && length > MINUTE) continue;
    const links = stage ? causes.filter((cause) => !told.has(cause) && cause !== last) : [];
    stages.push({ outage, from, to, value, links: [...links, ...(last ? [last] : [])].slice(-MOST_LINKS) });
    for (const cause of causes) told.add(cause);
    before = last;
  }
  return stages;
}

const lengthOf = ({ from, to }: Stage): number => to - from;

const timeIn = (stages: readonly Stage[]): number => stages.reduce((sum, stage) => sum + lengthOf(stage), 0);

function toPhase(stages: readonly Stage[], leader: Outage): Phase {
  const shown = stages.find(({ outage }) => outage === leader) ?? stages[0]!;
  return {
    from: range(stages.map(({ from }) => from)),
    length: range(stages.map((stage) => lengthOf(stage) as Micros)),
    value: shown.value,
    text: shown.links.length > 0 ? shown.links.map(inShort).join(' → ') : 'cause unknown',
    outages: new Set(stages.map(({ outage }) => outage)).size,
  };
}

/** A link without its detail: the chain of the outage has it, or the list of Pending pods. */
const inShort = (link: string): string => link.replace(/ \(.*\)$/, '');
