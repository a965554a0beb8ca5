/** Tries the figures of the validation book and prints them. */
import { verify } from '../models/verification/book.ts';
import { MODEL_VERSION } from '../models/version.ts';
import { version } from '../package.json' with { type: 'json' };
import { renderBookJson, renderBookText } from '../reports/verification.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { columns, put, wantsColor } from './terminal.ts';

export function printBook(output: 'text' | 'json'): ExitCode {
  const entries = verify();
  const width = columns();
  const text = renderBookText(entries, {
    ...(width === undefined ? {} : { width }),
    color: wantsColor(process.stdout),
  });
  put(output === 'json' ? renderBookJson(entries, version, MODEL_VERSION) : text);
  return entries.some((entry) => entry.verdict === 'differs') ? EXIT.gateFailed : EXIT.ok;
}
