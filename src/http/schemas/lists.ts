import { z } from '@hono/zod-openapi';

/** The schema of a whole list; it has one page, so `next_cursor` is always null. */
export function wholeListSchema<Schema extends z.ZodType>(entry: Schema) {
  return z.strictObject({ data: z.array(entry), next_cursor: z.null() });
}

/** A whole list on the wire. */
export function wholeList<Entry>(data: Entry[]): { data: Entry[]; next_cursor: null } {
  return { data, next_cursor: null };
}
