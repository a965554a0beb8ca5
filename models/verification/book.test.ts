import { describe, expect, it } from 'vitest';
import { BOOK } from './book.ts';
import { verified } from './entry.ts';

describe('validation book', () => {
  it.each(BOOK.map((entry) => [entry.id, entry] as const))(
    '%s is reproduced, or says that it is open',
    (_, entry) => {
      const { verdict, simulated, note } = verified(entry);
      expect(verdict, simulated).not.toBe('differs');
      expect(note).not.toBe('');
      if (verdict === 'open') expect(simulated).toBe('-');
    },
  );

  it('names every figure once', () => {
    expect(new Set(BOOK.map((entry) => entry.id)).size).toBe(BOOK.length);
  });
});
