import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { staff } from '../../../domain/caller.ts';
import { selectHours } from '../../../repositories/recent-figures.ts';
import type { Api } from '../../api.ts';
import { timeSchema } from '../../schemas/order-schema.ts';
import { recentQuery, recentRange, report, reportSchema } from '../../schemas/report-query.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';

const seconds = z.number().min(0).nullable().openapi({ description: 'Seconds; null without orders.', example: 1.25 });

const hoursSchema = reportSchema(
  z.strictObject({
    hour: timeSchema.openapi({ description: 'When the hour begins.' }),
    orders: z.int().min(0).openapi({ description: 'Orders placed in it.' }),
    confirmed: z.int().min(0).openapi({ description: 'Those of them that were confirmed.' }),
    payment_failed: z.int().min(0).openapi({ description: 'Those whose payment has failed.' }),
    cancelled: z.int().min(0).openapi({ description: 'Those that are cancelled.' }),
    p50: seconds,
    p95: seconds,
  }),
).openapi('HoursReport');

/** `GET /reports/hours`: orders hour by hour, and how long it took until they were confirmed. */
export function reportHoursRoute({ allow, config, reader, reporting }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/reports/hours',
    operationId: 'reportHours',
    summary: 'Read how orders come, hour by hour',
    description:
      'Every hour of the range, also those without orders: how many, what became of them, and the time until they were confirmed.',
    tags: ['reports'],
    security: needsToken,
    middleware: allow(...staff),
    request: { query: recentQuery('Orders created') },
    responses: { 200: json(hoursSchema, 'The report.'), ...problemResponses() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const range = recentRange(c.req.valid('query'), config.order.timeZone);
      const { rows } = await reporting(() =>
        reader.read(c.get('caller').subject, (db) => selectHours(range).execute(db)),
      );
      const hours = rows.map(({ hour, orders, confirmed, paymentFailed, cancelled, p50, p95 }) => ({
        hour: hour.toISOString(),
        orders,
        confirmed,
        payment_failed: paymentFailed,
        cancelled,
        p50: inMilliseconds(p50),
        p95: inMilliseconds(p95),
      }));
      return c.json(report(range, hours), 200);
    },
  });
}

/** Seconds with three decimals. */
function inMilliseconds(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1_000) / 1_000;
}
