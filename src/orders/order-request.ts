import { z } from 'zod';
import { countries, requiresPostalCode } from '../domain/country.ts';
import { currencies, isCurrency } from '../domain/currency.ts';
import { parseMoney } from '../domain/money.ts';
import type { PlacingRules } from '../domain/order-rules.ts';
import { STANDARD_SHIPPING } from '../domain/shipping.ts';
import { LINE, MAX_ITEM_QUANTITIES, MAX_ORDER_REFERENCE, MAX_QUANTITY, MAX_SKU } from '../domain/text-rules.ts';
import { eitherPayment, paymentFields, requireOnePayment } from './payment-methods.ts';
import { couponCode, emailAddress, languageTag, line, lines, phoneNumber } from './text-schemas.ts';

/** Checks a request for an order, however it comes in, and finds every fault that the request alone shows. */
export function orderRequestSchema({ maxItems, shippingRates }: Pick<PlacingRules, 'maxItems' | 'shippingRates'>) {
  return z
    .strictObject({ ...contentsOf({ maxItems, shippingRates }), ...paymentFields })
    .superRefine((body, context) => refuseUnreadablePrices(body, maxItems, context), { when: () => true })
    .superRefine((body, context) => requireOnePayment(body, context), { when: () => true })
    .meta({ id: 'OrderRequest', oneOf: eitherPayment, example });
}

/** Checks a request for a quote: that for an order, which needs no payment methods. */
export function quoteRequestSchema({ maxItems, shippingRates }: Pick<PlacingRules, 'maxItems' | 'shippingRates'>) {
  return z
    .strictObject({ ...contentsOf({ maxItems, shippingRates }), ...paymentFields })
    .superRefine((body, context) => refuseUnreadablePrices(body, maxItems, context), { when: () => true })
    .superRefine((body, context) => requireOnePayment(body, context, true), { when: () => true })
    .meta({ id: 'QuoteRequest', example });
}

/** A request for an order, its form checked. */
export type OrderRequest = z.output<ReturnType<typeof orderRequestSchema>>;

/** A request for a quote, its form checked. */
export type QuoteRequest = z.output<ReturnType<typeof quoteRequestSchema>>;

/** What an order holds beside how it is paid. */
function contentsOf({ maxItems, shippingRates }: Pick<PlacingRules, 'maxItems' | 'shippingRates'>) {
  const shippingMethods = Object.keys(shippingRates);
  return {
    customer_id: customerId.optional().meta({ description: "Required unless the token is a customer's own." }),
    customer_name: customerName.optional(),
    customer_email: emailAddress.optional().meta({ description: 'Where messages about the order go.' }),
    customer_phone: phoneNumber.optional(),
    reference: reference.optional(),
    source: line(100).optional().meta({ description: 'Where the order comes from.', example: 'web' }),
    locale: languageTag.optional().meta({ description: 'The language of messages to the customer (BCP 47).' }),
    currency: currencySchema,
    items: z.array(itemRequest).min(1).max(maxItems),
    shipping_address: addressRequest,
    billing_address: billingAddress.optional(),
    shipping_method: z
      .enum(shippingMethods, mustBeOneOf(shippingMethods))
      .optional()
      .meta({ description: `\`${STANDARD_SHIPPING}\` unless given.` }),
    coupon_code: couponCode.optional().meta({ description: 'Refused when the coupon does not apply.' }),
    notes: notes.optional(),
    metadata: metadata.optional(),
  };
}

/** The fault of a shipping method that is not offered. */
export function mustBeOneOf(shippingMethods: readonly string[]): string {
  return `must be one of ${shippingMethods.join(', ')}`;
}

/** A customer's id, as the customer service gave it. */
const customerId = line(255).meta({ example: 'demo' });

/** Who ordered. */
export const customerName = line(200).meta({ example: 'Alice Archer' });

/** The shop's own number of an order. */
export const reference = line(MAX_ORDER_REFERENCE).meta({
  description: "The shop's own number of the order.",
  example: '#1042',
});

/** What the customer tells about an order. */
export const notes = lines(2_000);

/** An active ISO 4217 code. */
export const currencySchema = z
  .enum(currencies, 'must be an ISO 4217 currency code such as EUR')
  .meta({ id: 'Currency', example: 'EUR' });

const quantity = z.int().min(1).max(MAX_QUANTITY);

/** How many of a line there shall be. */
export const quantityRequest = z.strictObject({ quantity }).meta({ id: 'QuantityRequest', example: { quantity: 3 } });

/** Which lines of an order, and how many of each; each line once. */
export const itemQuantitiesRequest = z
  .array(z.strictObject({ item_id: z.uuid(), quantity }).meta({ id: 'ItemQuantityRequest' }))
  .min(1)
  .max(MAX_ITEM_QUANTITIES)
  .superRefine((items, context) => {
    const named = new Set<string>();
    items.forEach(({ item_id: id }, index) => {
      if (named.has(id)) {
        context.addIssue({ code: 'custom', path: [index, 'item_id'], message: 'names a line that was named before' });
      }
      named.add(id);
    });
  });

/** A line to be ordered. */
export const itemRequest = z
  .strictObject({
    sku: line(MAX_SKU).optional().meta({ example: 'TEA-001' }),
    product_id: line(MAX_SKU).optional(),
    variant_id: line(MAX_SKU).optional().meta({ description: 'The variant of the product, as the shop names it.' }),
    quantity,
    unit_price: z
      .string('must be a string such as "12.50"')
      .regex(/^(0|[1-9][0-9]{0,15})(\.[0-9]{1,4})?$/, 'must be a decimal amount such as "12.50"')
      .optional()
      .meta({ example: '12.50', description: "The catalogue's price unless given." }),
  })
  .refine(({ sku, product_id }) => (sku === undefined) !== (product_id === undefined), {
    error: 'must have either "sku" or "product_id"',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .meta({ id: 'OrderItemRequest', oneOf: [{ required: ['sku'] }, { required: ['product_id'] }] });

/** A postal address. */
export const addressRequest = z
  .strictObject({
    name: line(200),
    line1: line(200),
    line2: line(200).optional(),
    city: line(100),
    region: line(100).optional(),
    postal_code: line(32).optional().meta({ description: 'Required where the country has postal codes.' }),
    country: z.enum(countries, 'must be an ISO 3166-1 alpha-2 code such as GB'),
    company: line(200).optional(),
    phone: phoneNumber.optional(),
    email: emailAddress.optional(),
  })
  .refine(({ country, postal_code: code }) => code !== undefined || !requiresPostalCode(country), {
    path: ['postal_code'],
    error: 'is required in this country',
  })
  .meta({
    id: 'Address',
    example: { name: 'Alice Archer', line1: '1 High Street', city: 'London', postal_code: 'N1 9GU', country: 'GB' },
  });

/** An empty object means the same as no address: bill to the shipping address. */
const billingAddress = z
  .unknown()
  .transform((value) => (isEmptyObject(value) ? undefined : value))
  .pipe(addressRequest.optional())
  .meta({
    type: 'object',
    anyOf: [{ $ref: '#/components/schemas/Address' }, { maxProperties: 0 }],
    description: 'Leave it out, or empty, to bill where it is shipped to.',
  });

const MAX_METADATA = 50;

const metadataDocs = {
  maxProperties: MAX_METADATA,
  propertyNames: { minLength: 1, maxLength: 100, pattern: LINE.source },
};

const metadata = z.preprocess(refuseEntries, z.record(line(100), lines(1_000))).meta(metadataDocs);

/** The one name that an entry of a JSON object can't have everywhere: assigned to, it changes the object itself. */
const PROTO = '__proto__';

/** Counts the entries before any of them is looked at, as lists do: a body that is made to be slow is full of them. */
function refuseEntries(entries: unknown, context: z.core.$RefinementCtx): unknown {
  if (typeof entries === 'object' && entries !== null && Object.keys(entries).length > MAX_METADATA) {
    context.addIssue({ code: 'custom', message: `must have at most ${MAX_METADATA} entries`, input: entries });
  }
  // The schema of a record leaves it out without a word.
  if (typeof entries === 'object' && entries !== null && Object.hasOwn(entries, PROTO)) {
    context.addIssue({ code: 'custom', path: [PROTO], message: 'must have another name', input: entries });
  }
  return entries;
}

/** Runs whatever else is wrong, so it trusts nothing that it looks at, and looks at nothing that is too much. */
function refuseUnreadablePrices(body: unknown, maxItems: number, context: z.core.$RefinementCtx): void {
  const { currency: code, items } = Object(body) as { currency?: unknown; items?: unknown };
  if (typeof code !== 'string' || !isCurrency(code) || !Array.isArray(items) || items.length > maxItems) return;
  items.forEach((given: unknown, index) => {
    const { unit_price: price } = Object(given) as { unit_price?: unknown };
    if (typeof price !== 'string' || !/^\d{1,20}(\.\d{1,20})?$/.test(price)) return;
    try {
      parseMoney(price, code);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      context.addIssue({ code: 'custom', path: ['items', index, 'unit_price'], message: error.message });
    }
  });
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

const example = {
  customer_id: 'demo',
  currency: 'EUR',
  items: [{ sku: 'TEA-001', quantity: 2 }],
  payment_method: 'tok_ok',
  shipping_address: {
    name: 'Alice Archer',
    line1: '1 High Street',
    city: 'London',
    postal_code: 'N1 9GU',
    country: 'GB',
  },
} satisfies Record<string, unknown>;
