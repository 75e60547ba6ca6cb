import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import { canonicalCouponCode } from '../../../domain/coupon.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { findCoupon } from '../../../repositories/coupon-repository.ts';
import type { Api } from '../../api.ts';
import { couponParams, couponSchema, couponView } from '../../schemas/coupon-schema.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { orderReaders } from '../../../orders/find-visible-order.ts';

/** `GET /coupons/{code}`: one coupon, by its code in whatever case. */
export function getCouponRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/coupons/{code}',
    operationId: 'getCoupon',
    summary: 'Read a coupon',
    description: 'By its code in whatever case, with how often it has been used.',
    tags: ['coupons'],
    security: needsToken,
    middleware: allow(...orderReaders),
    request: { params: couponParams },
    responses: { 200: json(couponSchema, 'The coupon.'), ...problemResponses(400, 404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { code } = c.req.valid('param');
      const coupon = await findCoupon(database.db, canonicalCouponCode(code));
      if (!coupon) throw new Refusal('NOT_FOUND', `There is no coupon "${code}".`);
      return c.json(couponView(coupon), 200);
    },
  });
}
