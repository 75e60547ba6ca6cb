import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { formatMoney } from '../../../domain/money.ts';
import { reportGroups, selectSales } from '../../../repositories/reports.ts';
import type { Api } from '../../api.ts';
import { moneySchema, orderStatusSchema } from '../../schemas/order-schema.ts';
import { rangeOf, report, reportQuery, reportSchema } from '../../schemas/report-query.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { staff } from '../../../domain/caller.ts';

const salesSchema = reportSchema(
  z.strictObject({
    period: z.iso.date().openapi({
      description: 'The first day of the period, in the time zone of the shop (`SHOP_TIME_ZONE`).',
      example: '2026-11-21',
    }),
    currency: z.string().length(3),
    status: orderStatusSchema,
    orders: z.int().min(1),
    total: moneySchema,
    refunded: moneySchema,
    net: moneySchema.openapi({ description: 'The total less what was refunded.' }),
  }),
).openapi('SalesReport');

/** `GET /reports/sales`: orders and what they came to, by period, currency and status. */
export function reportSalesRoute({ allow, config, reader, reporting }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/reports/sales',
    operationId: 'reportSales',
    summary: 'Read what was sold',
    description: 'By period, currency and the status that the orders have now. A period without orders is left out.',
    tags: ['reports'],
    security: needsToken,
    middleware: allow(...staff),
    request: {
      query: reportQuery({
        group: z.enum(reportGroups).default('day').openapi({ description: 'How long a time each entry sums up.' }),
      }),
    },
    responses: { 200: json(salesSchema, 'The report.'), ...problemResponses() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { group, ...bounds } = c.req.valid('query');
      const range = rangeOf(bounds, config.order.timeZone);
      const { rows } = await reporting(() =>
        reader.read(c.get('caller').subject, (db) => selectSales(range, group, config.order.timeZone).execute(db)),
      );
      const sales = rows.map(({ period, currency, status, orders, totalMinor, refundedMinor }) => ({
        period,
        currency,
        status,
        orders,
        total: formatMoney(BigInt(totalMinor), currency),
        refunded: formatMoney(BigInt(refundedMinor), currency),
        net: formatMoney(BigInt(totalMinor) - BigInt(refundedMinor), currency),
      }));
      return c.json(report(range, sales), 200);
    },
  });
}
