/** A document of lists of records as JSON with one record per line, ending in a newline. */
export function writeLines(document: unknown): string {
  const chunks: string[] = [];
  write(document, 0, chunks);
  return `${chunks.join('')}\n`;
}

/** Document, list of runs, run and list of records are spread over lines; what is below stays on one. */
const SPREAD_LEVELS = 4;

function write(value: unknown, level: number, out: string[]): void {
  if (level >= SPREAD_LEVELS || typeof value !== 'object' || value === null) {
    out.push(JSON.stringify(value));
    return;
  }
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  if (entries.length === 0 || (level === SPREAD_LEVELS - 1 && !list)) {
    out.push(JSON.stringify(value));
    return;
  }
  const indent = '  '.repeat(level + 1);
  entries.forEach(([key, item], i) => {
    out.push(i === 0 ? (list ? '[\n' : '{\n') : ',\n', indent);
    if (!list) out.push(JSON.stringify(key), ': ');
    write(item, level + 1, out);
  });
  out.push(`\n${'  '.repeat(level)}`, list ? ']' : '}');
}
