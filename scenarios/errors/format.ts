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
  const start = { line: problem.line, column: problem.column };
  const text = codeFrameColumns(source, { start }, { linesAbove: 2, linesBelow: 1 });
  return text.replaceAll(/^/gm, '  ');
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
