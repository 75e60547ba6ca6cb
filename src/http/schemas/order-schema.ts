import { z } from '@hono/zod-openapi';
import { orderStatuses } from '../../domain/order-status.ts';
import { paymentStatuses } from '../../domain/payment-status.ts';
import { sagaStates } from '../../domain/saga.ts';
import { orderExample } from './order-example.ts';

/** An amount on the wire. */
export const moneySchema = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .openapi('Money', { description: 'A decimal amount with exactly the decimals of its currency.', example: '25.00' });

export const orderStatusSchema = z.enum(orderStatuses).openapi('OrderStatus');
export const paymentStatusSchema = z.enum(paymentStatuses).openapi('PaymentStatus');
export const sagaStateSchema = z.enum(sagaStates).openapi('SagaState');

/** The schema or null; unlike `nullable()` it is documented rightly for schemas that have a name. */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return z.union([schema, z.null()], { error: ({ input }) => (input === undefined ? 'is required' : undefined) });
}

/** A moment on the wire. */
export const timeSchema = z.iso.datetime().openapi({ example: '2026-11-21T09:30:00.000Z' });

/** A line of an order on the wire. */
export const itemSchema = z
  .strictObject({
    id: z.uuid(),
    product_id: z.string(),
    sku: z.string(),
    name: z.string(),
    variant_id: z.string().nullable(),
    unit_price: moneySchema,
    quantity: z.int().min(1),
    shipped_quantity: z.int().min(0),
    returned_quantity: z.int().min(0),
    total: moneySchema.openapi({ description: 'Its price times its quantity, before any discount.' }),
    discount: moneySchema.openapi({ description: "Its share of the order's discount." }),
    split_from: orNull(z.uuid()).openapi({
      description:
        'The line whose quantity was raised when the price was another one; the units that were added are this line. ' +
        "Setting that line's quantity, or removing it, means both.",
    }),
  })
  .openapi('OrderItem');

/** How many of which line. */
export const itemQuantitySchema = z
  .strictObject({ item_id: z.uuid(), quantity: z.int().min(1) })
  .openapi('ItemQuantity');

const addressSchema = z
  .strictObject({
    name: z.string(),
    line1: z.string(),
    line2: z.string().optional(),
    city: z.string(),
    region: z.string().optional(),
    postal_code: z.string().optional(),
    country: z.string(),
    company: z.string().optional(),
    phone: z.string().optional(),
    email: z.string().optional(),
  })
  .openapi('PostalAddress');

/** What a customer has to do before a payment goes on. */
const nextActionSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('redirect'), url: z.string() }),
    z.strictObject({ type: z.literal('use_sdk'), client_secret: z.string() }),
  ])
  .openapi('NextAction', {
    description:
      'What the customer has to do before the payment goes on, as 3-D Secure asks for. `redirect`: send their browser to `url`. ' +
      "`use_sdk`: hand `client_secret` to the payment provider's script on your page.",
    example: { type: 'redirect', url: 'https://bank.example/3ds/42' },
  });

/** A payment method and what is paid with it. */
const methodAmountSchema = z
  .strictObject({ method: z.string().openapi({ example: 'tok_***ok' }), amount: moneySchema })
  .openapi('PaidMethod');

/** An order on the wire. */
export const orderSchema = z
  .strictObject({
    id: z.uuid(),
    order_number: z.string().openapi({ example: 'ORD-00000042' }),
    customer_id: z.string(),
    customer_name: z.string().nullable(),
    customer_email: z.string().nullable(),
    customer_phone: z.string().nullable(),
    reference: z.string().nullable(),
    source: z.string().nullable(),
    locale: z.string().nullable(),
    status: orderStatusSchema,
    payment_status: paymentStatusSchema,
    saga_state: sagaStateSchema,
    currency: z.string().length(3),
    items: z.array(itemSchema),
    subtotal: moneySchema,
    discount: moneySchema,
    tax: moneySchema,
    tax_included: z
      .boolean()
      .openapi({ description: 'Whether the prices hold the tax already: `total` adds none then.' }),
    shipping: moneySchema,
    fees: moneySchema.openapi({ description: 'Gift wrap, handling and the like.', example: '0.00' }),
    total: moneySchema,
    refunded_amount: moneySchema,
    refund_due: moneySchema.openapi({
      description:
        'What was paid outside the payment service and has to go back by hand: a refund waits until an operator has given it back.',
      example: '0.00',
    }),
    payment_method: z.string().openapi({
      description: 'Masked. Of several payment methods the last one, which also pays what amendments add.',
      example: 'tok_***ok',
    }),
    payment_methods: orNull(z.array(methodAmountSchema)).openapi({
      description:
        'The payment methods of an order that is paid with several, masked and in order of use, as they were given last.',
    }),
    payment: z
      .strictObject({
        provider: z.enum(['payment_service', 'external']).openapi({
          description:
            '`external`: taken in from another system, where it was paid or is to be paid; what goes back goes back by hand.',
        }),
      })
      .openapi('OrderPayment'),
    shipping_address: addressSchema,
    billing_address: orNull(addressSchema),
    shipping_method: z.string().nullable(),
    coupon_code: z.string().nullable(),
    notes: z.string().nullable(),
    metadata: z.record(z.string(), z.string()),
    tracking: z.strictObject({ carrier: z.string().nullable(), number: z.string().nullable() }).nullable(),
    reservation_id: z.string().nullable(),
    payment_id: z.string().nullable(),
    cancellation_reason: z.string().nullable(),
    batch_id: z.string().nullable(),
    payment_retry_until: timeSchema.nullable(),
    next_action: orNull(nextActionSchema),
    payment_action_until: timeSchema.nullable().openapi({
      description:
        'Until when the customer may do what `next_action` says; the payment has failed then, and nothing is taken.',
    }),
    amend_until: timeSchema
      .nullable()
      .openapi({ description: 'Until when an order whose goods ran out may be amended before it is cancelled.' }),
    failure: z
      .strictObject({
        code: z.enum(['ORD002', 'ORD003', 'ORD007']),
        message: z.string(),
        details: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
      })
      .nullable()
      .openapi({ description: 'Why the order did not go through.' }),
    version: z.int().min(1),
    created_at: timeSchema,
    updated_at: timeSchema,
    confirmed_at: timeSchema.nullable(),
    processing_at: timeSchema.nullable(),
    shipped_at: timeSchema.nullable(),
    delivered_at: timeSchema.nullable(),
    cancelled_at: timeSchema.nullable(),
    returned_at: timeSchema.nullable(),
    refunded_at: timeSchema.nullable(),
  })
  .openapi('Order', { example: orderExample });
