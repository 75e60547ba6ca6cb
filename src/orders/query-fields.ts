import { z } from 'zod';

/** How many entries to answer with. */
export function entries({ most, usual }: { most: number; usual: number }) {
  return z
    .preprocess((text) => (/^\d{1,4}$/.test(String(text)) ? Number(text) : text), z.int().min(1).max(most))
    .default(usual)
    .meta({
      type: 'integer',
      minimum: 1,
      maximum: most,
      default: usual,
      description: 'How many entries the answer has at most.',
    });
}

/** How many entries a page of a list holds at most. */
export const pageLimit = entries({ most: 200, usual: 50 });

/** A filter that is `true` or `false`. */
export function flag(description: string) {
  return z
    .preprocess((text) => ({ true: true, false: false })[String(text)] ?? text, z.boolean('must be true or false'))
    .optional()
    .meta({ type: 'boolean', description });
}

/** For `superRefine`: a range of time does not end before it begins. */
export function refuseBackwards({ from, to }: { from?: string; to?: string }, context: z.RefinementCtx): void {
  if (from === undefined || to === undefined || Date.parse(from) <= Date.parse(to)) return;
  context.addIssue({ code: 'custom', path: ['to'], message: 'must not be before "from"' });
}
