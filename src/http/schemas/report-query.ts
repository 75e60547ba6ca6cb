import { z } from '@hono/zod-openapi';
import type { ReportRange } from '../../repositories/reports.ts';
import { refuseBackwards } from '../../orders/query-fields.ts';
import { wholeListSchema } from './lists.ts';
import { timeSchema } from './order-schema.ts';
import { readMoment, type TimeZone } from '../../orders/read-moment.ts';
import { moment } from '../../orders/text-schemas.ts';

const DAY_MS = 86_400_000;

/** The longest range of a report: a year and a leap day. */
const MAX_DAYS = 366;

/** The range of a report in days, unless given. */
const USUAL_DAYS = 30;

/** The query of a report: a range of days, and what `more` adds. */
export function reportQuery<More extends z.core.$ZodShape>(more: More) {
  return z
    .strictObject({
      from: moment.meta({
        description: `Orders created at or after; ${USUAL_DAYS} days before \`to\` by default.`,
        example: '2026-11-01',
      }),
      to: moment.meta({
        description: `Orders created before; now by default. At most ${MAX_DAYS} days after \`from\`.`,
        example: '2026-12-01',
      }),
      ...more,
    })
    .superRefine((query, context) => {
      const { from, to } = query as Bounds;
      refuseBackwards({ from, to }, context);
      // Whatever the time zone, a range is as long as it is in UTC, but for an hour.
      const range = rangeOf({ from, to }, 'UTC');
      if (range.to.getTime() - range.from.getTime() <= MAX_DAYS * DAY_MS) return;
      context.addIssue({ code: 'custom', path: ['from'], message: `must be at most ${MAX_DAYS} days before "to"` });
    });
}

/** The range that a report's query asks for; days begin in the time zone. */
export function rangeOf({ from, to }: Bounds, zone: TimeZone): ReportRange {
  const until = to === undefined ? new Date() : readMoment(to, zone);
  return {
    from: from === undefined ? new Date(until.getTime() - USUAL_DAYS * DAY_MS) : readMoment(from, zone),
    to: until,
  };
}

/** The schema of a report: its entries and its range. */
export function reportSchema<Entry extends z.ZodType>(entry: Entry) {
  return wholeListSchema(entry).extend({ from: timeSchema, to: timeSchema });
}

/** A report on the wire. */
export function report<Entry>({ from, to }: ReportRange, data: Entry[]) {
  return { from: from.toISOString(), to: to.toISOString(), data, next_cursor: null };
}

/** The longest range of a report by hours, and the range unless given. */
const RECENT_DAYS = 7;
const USUAL_RECENT_DAYS = 1;

/** The query of a report of what happened lately; `what` says what the range is of. */
export function recentQuery(what: string) {
  return z
    .strictObject({
      from: moment.meta({ description: `${what} at or after; a day before \`to\` by default.`, example: '2026-11-01' }),
      to: moment.meta({
        description: `${what} before; now by default. At most ${RECENT_DAYS} days after \`from\`.`,
        example: '2026-11-02',
      }),
    })
    .superRefine((query, context) => {
      refuseBackwards(query, context);
      const range = recentRange(query, 'UTC');
      if (range.to.getTime() - range.from.getTime() <= RECENT_DAYS * DAY_MS) return;
      context.addIssue({ code: 'custom', path: ['from'], message: `must be at most ${RECENT_DAYS} days before "to"` });
    });
}

/** The range that the query of such a report asks for. */
export function recentRange({ from, to }: Bounds, zone: TimeZone): ReportRange {
  const until = to === undefined ? new Date() : readMoment(to, zone);
  const usual = new Date(until.getTime() - USUAL_RECENT_DAYS * DAY_MS);
  return { from: from === undefined ? usual : readMoment(from, zone), to: until };
}

interface Bounds {
  from?: string | undefined;
  to?: string | undefined;
}
