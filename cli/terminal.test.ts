import { expect, test } from 'vitest';
import { columns } from './terminal.ts';

test.each([
  [{ columns: 132 }, { COLUMNS: '80' }, 132],
  [{}, { COLUMNS: '80' }, 80],
  [{}, {}, 100],
  [{}, { COLUMNS: 'wide' }, 100],
])('stream %j with environment %j is %d columns wide', (stream, env, width) => {
  expect(columns(stream, env)).toBe(width);
});
