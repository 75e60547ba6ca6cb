import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { orderStatuses } from '../../../domain/order-status.ts';
import { selectStatuses } from '../../../repositories/reports.ts';
import type { Api } from '../../api.ts';
import { orderStatusSchema } from '../../schemas/order-schema.ts';
import { rangeOf, report, reportQuery, reportSchema } from '../../schemas/report-query.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { staff } from '../../../domain/caller.ts';

const statusesSchema = reportSchema(
  z.strictObject({
    status: orderStatusSchema,
    orders: z.int().min(0),
    share: z.number().min(0).max(1).openapi({ description: 'Of all orders of the range.', example: 0.125 }),
  }),
).openapi('StatusReport');

/** `GET /reports/statuses`: how the orders of a range are spread over the statuses. */
export function reportStatusesRoute({ allow, config, reader, reporting }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/reports/statuses',
    operationId: 'reportStatuses',
    summary: 'Read where orders stand',
    description: 'Every status, also those that no order has.',
    tags: ['reports'],
    security: needsToken,
    middleware: allow(...staff),
    request: { query: reportQuery({}) },
    responses: { 200: json(statusesSchema, 'The report.'), ...problemResponses() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const range = rangeOf(c.req.valid('query'), config.order.timeZone);
      const { rows } = await reporting(() =>
        reader.read(c.get('caller').subject, (db) => selectStatuses(range).execute(db)),
      );
      const counts = new Map(rows.map(({ status, orders }) => [status, orders]));
      const all = rows.reduce((sum, { orders }) => sum + orders, 0);
      const statuses = orderStatuses.map((status) => {
        const orders = counts.get(status) ?? 0;
        return { status, orders, share: all === 0 ? 0 : Math.round((orders / all) * 10_000) / 10_000 };
      });
      return c.json(report(range, statuses), 200);
    },
  });
}
