import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { canonicalCouponCode } from '../../../domain/coupon.ts';
import { listCoupons as readPage } from '../../../repositories/coupon-repository.ts';
import type { Api } from '../../api.ts';
import { couponSchema, couponView } from '../../schemas/coupon-schema.ts';
import { pageLimit } from '../../../orders/query-fields.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { couponCode } from '../../../orders/text-schemas.ts';
import { orderReaders } from '../../../orders/find-visible-order.ts';
import { cutPage } from '../../../repositories/cut-page.ts';

const query = z.strictObject({
  limit: pageLimit,
  cursor: couponCode.optional().openapi({ description: '`next_cursor` of the page before.' }),
});

const pageSchema = z
  .strictObject({
    data: z.array(couponSchema),
    next_cursor: z.string().nullable().openapi({ description: 'For the next page; null at the end.' }),
  })
  .openapi('CouponPage');

/** `GET /coupons`: coupons by code, page by page. */
export function listCouponsRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/coupons',
    operationId: 'listCoupons',
    summary: 'List coupons',
    description: 'All of them, inactive ones included, by code. The next page has the `cursor` of this one.',
    tags: ['coupons'],
    security: needsToken,
    middleware: allow(...orderReaders),
    request: { query },
    responses: { 200: json(pageSchema, 'A page of coupons.'), ...problemResponses(400) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { limit, cursor } = c.req.valid('query');
      const after = cursor === undefined ? undefined : canonicalCouponCode(cursor);
      // One more than the page holds, to know whether there is another page.
      const found = await readPage(database.db, limit + 1, after);
      const { page, last } = cutPage(found, limit);
      return c.json({ data: page.map(couponView), next_cursor: last?.code ?? null }, 200);
    },
  });
}
