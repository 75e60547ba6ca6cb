import { z } from 'zod';
import { canonicalCouponCode, couponKinds, type CouponRules } from '../domain/coupon.ts';
import { isCurrency } from '../domain/currency.ts';
import { parseMoney } from '../domain/money.ts';
import { parseRate } from '../domain/rate.ts';
import { invalidRequest } from '../domain/refusal.ts';
import { readMoment, readMomentEnd, type TimeZone } from './read-moment.ts';
import { moment } from './text-schemas.ts';
import { currencySchema } from './order-request.ts';

/** Fits into a column of four bytes; no campaign has more. */
const MAX_USES = 2_000_000_000;

const fields = z.strictObject({
  kind: z.enum(couponKinds),
  value: z
    .string('must be a string such as "10"')
    .regex(/^(0|[1-9][0-9]{0,15})(\.[0-9]{1,4})?$/, { error: 'must be a decimal number such as "10"', abort: true })
    .meta({ description: 'A percentage with up to 3 decimals, or an amount of `currency`.', example: '10' }),
  currency: currencySchema.nullish().meta({
    description: 'The only currency of orders that it is for; any unless given. A fixed amount needs one.',
  }),
  minimum_subtotal: z
    .string('must be a string such as "50.00"')
    .regex(/^(0|[1-9][0-9]{0,10})(\.[0-9]{1,4})?$/, { error: 'must be a decimal amount such as "50.00"', abort: true })
    .nullish()
    .meta({ description: "What the items must come to at least, in the order's currency.", example: '50.00' }),
  valid_from: moment.nullable().meta({ description: 'A day begins in the time zone of the shop (`SHOP_TIME_ZONE`).' }),
  valid_until: moment
    .nullable()
    .meta({ description: 'Not valid from then on; a day is valid to its end, in the time zone of the shop.' }),
  once_per_customer: z.boolean().default(true),
  max_uses: z.int().min(1).max(MAX_USES).nullish().meta({ description: 'By all customers together.' }),
  active: z.boolean().default(true),
});

/** A coupon without its code; every contradiction in it is found. */
export const couponRequest = fields
  .superRefine(refuseContradictions)
  .meta({ id: 'CouponRequest', example: { kind: 'percent', value: '10', minimum_subtotal: '50.00' } });

type CouponRequest = z.output<typeof fields>;

/** The coupon with this code as the domain has it. Throws VALIDATION when it ends before it begins. */
export function couponRules(code: string, body: CouponRequest, zone: TimeZone): CouponRules {
  const validFrom = body.valid_from ? readMoment(body.valid_from, zone) : null;
  const validUntil = body.valid_until ? readMomentEnd(body.valid_until, zone) : null;
  if (validFrom && validUntil && validFrom >= validUntil) {
    throw invalidRequest([{ pointer: '/valid_until', message: 'must be after "valid_from"' }]);
  }
  return {
    code: canonicalCouponCode(code),
    kind: body.kind,
    value: body.value,
    currency: body.currency ?? null,
    minSubtotal: body.minimum_subtotal ?? null,
    validFrom,
    validUntil,
    oncePerCustomer: body.once_per_customer,
    maxUses: body.max_uses ?? null,
    active: body.active,
  };
}

function refuseContradictions(body: CouponRequest, context: z.core.$RefinementCtx): void {
  const fault = (field: keyof CouponRequest, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  if (body.kind === 'fixed' && !body.currency) fault('currency', 'is required with a fixed amount');
  const worth = body.kind === 'percent' ? parseRate(body.value) : amountOf(body.value, body.currency);
  if (worth instanceof RangeError) fault('value', worth.message);
  if (worth === undefined) fault('value', 'must be a percentage of at most 100 with up to 3 decimals');
  if (worth === 0) fault('value', 'must be more than 0');
  const minimum = amountOf(body.minimum_subtotal ?? '0', body.currency);
  if (minimum instanceof RangeError) fault('minimum_subtotal', minimum.message);
}

/** An amount in minor units, or why it is none; without a currency any decimal number is an amount. */
function amountOf(text: string, code: string | null | undefined): number | RangeError {
  if (!code || !isCurrency(code)) return Number(text);
  try {
    return parseMoney(text, code);
  } catch (error) {
    if (error instanceof RangeError) return error;
    throw error;
  }
}
