/** The scenarios that come with the package. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { EXIT, type ExitCode } from './exit.ts';
import { put } from './terminal.ts';

/** Beside the bundle in the package, beside this folder in the source tree. */
const LIBRARY = new URL('../scenarios/library/', import.meta.url);

export interface LibraryEntry {
  readonly name: string;
  readonly path: string;
  /** One line on what it shows; empty when the file does not say. */
  readonly shows: string;
}

/** The scenarios of the library, by name of their files. */
export function library(): LibraryEntry[] {
  const files = readdirSync(LIBRARY).filter((file) => file.endsWith('.yaml'));
  files.sort((a, b) => (a < b ? -1 : 1));
  return files.flatMap((file) => {
    const url = new URL(file, LIBRARY);
    return scenariosIn(readFileSync(url, 'utf8')).map((scenario) => ({
      ...scenario,
      path: fileURLToPath(url),
    }));
  });
}

function scenariosIn(text: string): Pick<LibraryEntry, 'name' | 'shows'>[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.get('kind') !== 'Scenario') return [];
    const description =
      document.getIn(['spec', 'description']) ?? document.getIn(['metadata', 'description']);
    const [shows = ''] = String(description ?? '')
      .trim()
      .split('\n');
    return [{ name: String(document.getIn(['metadata', 'name'])), shows }];
  });
}

export function list(): ExitCode {
  const entries = library();
  const width = Math.max(0, ...entries.map(({ name }) => name.length));
  for (const { name, shows, path } of entries)
    put(`${name.padEnd(width)}  ${shows}\n${' '.repeat(width)}  ${path}\n`);
  return EXIT.ok;
}
