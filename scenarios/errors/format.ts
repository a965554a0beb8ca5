import { codeFrameColumns } from '@babel/code-frame';
import pc from 'picocolors';
import type { Problem } from './problem.ts';

/** Texts of files by the name under which problems mention them. */
export type Sources = ReadonlyMap<string, string>;

/**
 * All problems as text for a person: place, code, what was found and expected, the lines around it, a hint.
 * @param sources the texts that were read; a problem in a file without text is shown without a frame.
 */
export function formatProblems(
  problems: readonly Problem[],
  sources: Sources,
  options: { readonly color: boolean } = { color: false },
): string {
  const colors = pc.createColors(options.color);
  const blocks = problems.map((problem) => {
    const lines = [
      `${colors.bold(`${problem.file}:${problem.line}:${problem.column}`)} ${colors.red(problem.code)}: ${problem.found}`,
      `  expected: ${problem.expected}`,
    ];
    if (problem.hint !== '') lines.push(`  ${colors.green('hint')}: ${problem.hint}`);
    const source = sources.get(problem.file);
    if (source !== undefined && source !== '') lines.push(frame(source, problem));
    return lines.join('\n');
  });
  const files = new Set(problems.map((problem) => problem.file)).size;
  const total = `${count(problems.length, 'problem')} in ${count(files, 'file')}`;
  return problems.length === 0 ? '' : `${blocks.join('\n\n')}\n\n${total}\n`;
}

function frame(source: string, problem: Problem): string {
  const { text: shown, column } = clipped(source, problem);
  const start = { line: problem.line, column };
  const text = codeFrameColumns(shown, { start }, { linesAbove: 2, linesBelow: 1 });
  return text.replaceAll(/^/gm, '  ');
}

/** Columns of a line that a frame shows, and how many of them stand before the place that it points to. */
const WIDTH = 100;
const BEFORE = 60;

/** The line of the place cut down to the columns around it, all others to their beginning, the cuts marked; the column counts from the cut. */
function clipped(
  source: string,
  { line, column }: Problem,
): { readonly text: string; readonly column: number } {
  const start = column <= WIDTH - 10 ? 0 : column - BEFORE;
  const cut = (text: string, index: number) => {
    const from = index === line - 1 ? start : 0;
    const head = from > 0 && text.length > 0 ? '…' : '';
    const tail = text.length > from + WIDTH ? '…' : '';
    return `${head}${text.slice(from + head.length, from + WIDTH)}${tail}`;
  };
  return { text: source.split('\n').map(cut).join('\n'), column: column - start };
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
