import { z } from '@hono/zod-openapi';
import { canonicalCouponCode, couponKinds, type CouponRules } from '../../domain/coupon.ts';
import { isCurrency } from '../../domain/currency.ts';
import { parseMoney } from '../../domain/money.ts';
import { parseRate } from '../../domain/rate.ts';
import { moment } from './query-fields.ts';
import { currencySchema } from '../../orders/order-request.ts';

/** Fits a column of four bytes, and is more than any campaign has. */
const MAX_USES = 2_000_000_000;

const fields = z.strictObject({
  kind: z.enum(couponKinds),
  value: z
    .string('must be a string such as "10"')
    .regex(/^(0|[1-9][0-9]{0,15})(\.[0-9]{1,4})?$/, { error: 'must be a decimal number such as "10"', abort: true })
    .openapi({ description: 'A percentage with up to 3 decimals, or an amount of `currency`.', example: '10' }),
  currency: currencySchema.nullish().openapi({
    description: 'The only currency of orders that it is for; any unless given. A fixed amount needs one.',
  }),
  minimum_subtotal: z
    .string('must be a string such as "50.00"')
    .regex(/^(0|[1-9][0-9]{0,10})(\.[0-9]{1,4})?$/, { error: 'must be a decimal amount such as "50.00"', abort: true })
    .nullish()
    .openapi({ description: "What the items must come to at least, in the order's currency.", example: '50.00' }),
  valid_from: moment.nullable(),
  valid_until: moment.nullable().openapi({ description: 'From then on it is not valid any more.' }),
  once_per_customer: z.boolean().default(true),
  max_uses: z.int().min(1).max(MAX_USES).nullish().openapi({ description: 'By all customers together.' }),
  active: z.boolean().default(true),
});

/** What `PUT /coupons/{code}` takes: all that a coupon is. */
export const couponBody = fields
  .superRefine(refuseContradictions)
  .openapi('CouponRequest', { example: { kind: 'percent', value: '10', minimum_subtotal: '50.00' } });

type CouponBody = z.output<typeof fields>;

/** The coupon with this code as the domain has it. */
export function couponRules(code: string, body: CouponBody): CouponRules {
  return {
    code: canonicalCouponCode(code),
    kind: body.kind,
    value: body.value,
    currency: body.currency ?? null,
    minSubtotal: body.minimum_subtotal ?? null,
    validFrom: dateOf(body.valid_from),
    validUntil: dateOf(body.valid_until),
    oncePerCustomer: body.once_per_customer,
    maxUses: body.max_uses ?? null,
    active: body.active,
  };
}

function dateOf(text: string | null | undefined): Date | null {
  return text === undefined || text === null ? null : new Date(text);
}

function refuseContradictions(body: CouponBody, context: z.core.$RefinementCtx): void {
  const fault = (field: keyof CouponBody, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  if (body.kind === 'fixed' && !body.currency) fault('currency', 'is required with a fixed amount');
  const worth = body.kind === 'percent' ? parseRate(body.value) : amountOf(body.value, body.currency);
  if (worth instanceof RangeError) fault('value', worth.message);
  if (worth === undefined) fault('value', 'must be a percentage of at most 100 with up to 3 decimals');
  if (worth === 0) fault('value', 'must be more than 0');
  const minimum = amountOf(body.minimum_subtotal ?? '0', body.currency);
  if (minimum instanceof RangeError) fault('minimum_subtotal', minimum.message);
  const [from, until] = [dateOf(body.valid_from), dateOf(body.valid_until)];
  if (from && until && from >= until) fault('valid_until', 'must be after "valid_from"');
}

/** An amount in minor units, or why it is none; any amount will do while there is no currency to hold it against. */
function amountOf(text: string, code: string | null | undefined): number | RangeError {
  if (!code || !isCurrency(code)) return Number(text);
  try {
    return parseMoney(text, code);
  } catch (error) {
    if (error instanceof RangeError) return error;
    throw error;
  }
}
