import { z } from '@hono/zod-openapi';
import { couponKinds, type Coupon } from '../../domain/coupon.ts';
import { timeSchema } from './order-schema.ts';
import { couponCode } from '../../orders/text-schemas.ts';

/** The path parameter of every route below one coupon. */
export const couponParams = z.object({
  code: couponCode.meta({ param: { name: 'code', in: 'path' }, description: 'In whatever case.' }),
});

/** A coupon on the wire. */
export const couponSchema = z
  .strictObject({
    code: z.string().openapi({ description: 'In upper case.', example: 'SAVE10' }),
    kind: z.enum(couponKinds),
    value: z.string(),
    currency: z.string().length(3).nullable(),
    minimum_subtotal: z.string().nullable(),
    valid_from: timeSchema.nullable(),
    valid_until: timeSchema.nullable(),
    once_per_customer: z.boolean(),
    max_uses: z.int().nullable(),
    active: z.boolean(),
    uses: z.int().openapi({ description: 'Orders that have it and are not cancelled.' }),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .openapi('Coupon');

/** A coupon as clients see it. */
export function couponView(coupon: Coupon): z.output<typeof couponSchema> {
  return {
    code: coupon.code,
    kind: coupon.kind,
    value: coupon.value,
    currency: coupon.currency,
    minimum_subtotal: coupon.minSubtotal,
    valid_from: coupon.validFrom && coupon.validFrom.toISOString(),
    valid_until: coupon.validUntil && coupon.validUntil.toISOString(),
    once_per_customer: coupon.oncePerCustomer,
    max_uses: coupon.maxUses,
    active: coupon.active,
    uses: coupon.uses,
    created_at: coupon.createdAt.toISOString(),
    updated_at: coupon.updatedAt.toISOString(),
  };
}
