import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import { putCoupon as write } from '../../../repositories/coupon-repository.ts';
import type { Api } from '../../api.ts';
import { couponRequest, couponRules } from '../../../orders/coupon-request.ts';
import { couponParams, couponSchema, couponView } from '../../schemas/coupon-schema.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';

/** `PUT /coupons/{code}`: makes a coupon, or replaces it for the orders to come. */
export function putCouponRoute({ allow, config, database }: Api) {
  const route = createRoute({
    method: 'put',
    path: '/api/v1/coupons/{code}',
    operationId: 'putCoupon',
    summary: 'Make or replace a coupon',
    description:
      'What is left out gets its default. Orders that have the coupon keep what was granted to them, and stay counted.',
    tags: ['coupons'],
    security: needsToken,
    middleware: allow('admin'),
    request: {
      params: couponParams,
      body: { required: true, content: { 'application/json': { schema: couponRequest } } },
    },
    responses: {
      200: json(couponSchema, 'The coupon, replaced.'),
      201: json(couponSchema, 'The new coupon.'),
      ...problemResponses(...bodyStatuses),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const rules = couponRules(c.req.valid('param').code, c.req.valid('json'), config.order.timeZone);
      const { coupon, created } = await write(database.db, rules);
      return created ? c.json(couponView(coupon), 201) : c.json(couponView(coupon), 200);
    },
  });
}
