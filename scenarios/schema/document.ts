import { z } from 'zod';
import { name } from './values.ts';

/** The apiVersion of every kind of hcpsim. */
export const API_VERSION = 'hcpsim/v1alpha1';

/** metadata of a document. */
const metadata = z
  .strictObject({
    name: name('Name of the document: how results and other documents speak of it.'),
    description: z.string().optional().describe('What it is about, for a reader; printed with results.'),
    labels: z.record(z.string(), z.string()).optional().describe('Free labels; not used by hcpsim.'),
    annotations: z
      .record(z.string(), z.string())
      .optional()
      .describe('Free annotations; not used by hcpsim.'),
  })
  .describe('Who this document is.');

export const extending = z
  .array(z.string().min(1))
  .min(1)
  .max(1)
  .describe(
    'One file with a document of the same kind that this one is laid over: maps merge key by key, lists are replaced. ' +
      'Relative to this file.',
  );

/** A whole document of a kind. */
export function documentOf<K extends string, S extends z.ZodType>(kind: K, spec: S) {
  return z.strictObject({
    apiVersion: z.literal(API_VERSION).describe('Version of the format.'),
    kind: z.literal(kind).describe('Kind of the document.'),
    metadata,
    extends: extending.optional(),
    spec,
  });
}
