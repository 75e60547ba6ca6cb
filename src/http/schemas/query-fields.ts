import { z } from '@hono/zod-openapi';

/** A moment as RFC 3339, or a day, which means its beginning in UTC; within what both JavaScript and PostgreSQL can tell. */
export const moment = z
  .union(
    [z.iso.datetime({ offset: true }), z.iso.date()],
    'must be a date or an RFC 3339 time such as 2026-11-21T09:30:00Z',
  )
  .refine((text) => isTellable(text), 'must be between the years 1 and 9999')
  .optional();

/** How many entries to answer with. */
export function entries({ most, usual }: { most: number; usual: number }) {
  return z
    .preprocess((text) => (/^\d{1,4}$/.test(String(text)) ? Number(text) : text), z.int().min(1).max(most))
    .default(usual)
    .openapi({ type: 'integer', minimum: 1, maximum: most, default: usual });
}

/** How many entries a page of a list holds at most. */
export const pageLimit = entries({ most: 200, usual: 50 });

/** Whether both JavaScript and PostgreSQL can tell a moment. */
export function isTellable(text: string): boolean {
  const year = new Date(text).getUTCFullYear();
  return year >= 1 && year <= 9_999;
}

/** For `superRefine`: a range of time does not end before it begins. */
export function refuseBackwards({ from, to }: { from?: string; to?: string }, context: z.RefinementCtx): void {
  if (from === undefined || to === undefined || Date.parse(from) <= Date.parse(to)) return;
  context.addIssue({ code: 'custom', path: ['to'], message: 'must not be before "from"' });
}
