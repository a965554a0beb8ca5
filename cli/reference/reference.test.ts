import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EVENT_KIND_NAMES } from '../../scenarios/events/index.ts';
import { referencePages } from './reference.ts';

const pages = Object.entries(referencePages());

it.each(pages)('docs/%s is what the definitions say (npm run docs)', (name, text) => {
  if (process.env.UPDATE_DOCS === '1') {
    mkdirSync('docs', { recursive: true });
    writeFileSync(`docs/${name}`, text);
  }
  expect(readFileSync(`docs/${name}`, 'utf8')).toBe(text);
});

it('every event kind has its keys on the page', () => {
  const text = referencePages()['events.md']!;
  for (const name of EVENT_KIND_NAMES) expect(text).toMatch(new RegExp(`## ${name}\\n\\n.+\\n\\n\\| key`));
});
