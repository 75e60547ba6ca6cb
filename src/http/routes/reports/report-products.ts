import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { formatMoney } from '../../../domain/money.ts';
import { selectProducts } from '../../../repositories/reports.ts';
import type { Api } from '../../api.ts';
import { moneySchema } from '../../schemas/order-schema.ts';
import { entries } from '../../../orders/query-fields.ts';
import { rangeOf, report, reportQuery, reportSchema } from '../../schemas/report-query.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { staff } from '../../../domain/caller.ts';

const productsSchema = reportSchema(
  z.strictObject({
    product_id: z.string(),
    sku: z.string(),
    name: z.string(),
    orders: z.int().min(1),
    quantity: z.int().min(1),
    revenue: z.array(
      z.strictObject({
        currency: z.string().length(3),
        amount: moneySchema,
        net_amount: moneySchema.openapi({
          description: "The amount less the lines' share of their orders' discounts.",
        }),
      }),
    ),
  }),
).openapi('ProductReport');

/** `GET /reports/products`: the best sellers. */
export function reportProductsRoute({ allow, config, reader, reporting }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/reports/products',
    operationId: 'reportProducts',
    summary: 'Read which products sell best',
    description:
      'By pieces sold and not returned. Orders that are CONFIRMED, PROCESSING, SHIPPED or DELIVERED count, at the prices of their lines.',
    tags: ['reports'],
    security: needsToken,
    middleware: allow(...staff),
    request: { query: reportQuery({ limit: entries({ most: 200, usual: 20 }) }) },
    responses: { 200: json(productsSchema, 'The report.'), ...problemResponses() },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { limit, ...bounds } = c.req.valid('query');
      const range = rangeOf(bounds, config.order.timeZone);
      const { rows } = await reporting(() =>
        reader.read(c.get('caller').subject, (db) => selectProducts(range, limit).execute(db)),
      );
      const products = rows.map(({ productId, sku, name, orders, quantity, revenue }) => ({
        product_id: productId,
        sku,
        name,
        orders,
        quantity,
        revenue: revenue.map(({ currency, minor, netMinor }) => ({
          currency,
          amount: formatMoney(BigInt(minor), currency),
          net_amount: formatMoney(BigInt(netMinor), currency),
        })),
      }));
      return c.json(report(range, products), 200);
    },
  });
}
