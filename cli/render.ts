/** The output formats, each with what renders it; loaded when asked for. */
import type { ResultDocument } from '../sim/result.ts';
import { columns, wantsColor } from './terminal.ts';

type Renderer = (document: ResultDocument) => Promise<string>;

export const FORMATS: Readonly<Record<string, Renderer>> = {
  text: async (document) => {
    const { renderText } = await import('../reports/text.ts');
    return renderText(document, { width: columns(), color: wantsColor(process.stdout) });
  },
  json: async (document) => (await import('../reports/json.ts')).renderJson(document),
  ndjson: async (document) => (await import('../reports/ndjson.ts')).renderNdjson(document),
  csv: async (document) => (await import('../reports/csv.ts')).renderCsv(document),
};
