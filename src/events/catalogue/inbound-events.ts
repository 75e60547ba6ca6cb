import { z } from 'zod';
import { maskCardNumbers } from '../../domain/card-number.ts';
import { currencies } from '../../domain/currency.ts';
import { LINE } from '../../domain/text-rules.ts';

/** The services that send events, by the names of their channels. */
export const inboundChannels = ['payments', 'inventory', 'shipping'] as const;

export type InboundChannel = (typeof inboundChannels)[number];

const name = (max: number) =>
  z
    .string()
    .min(1, { abort: true })
    .max(max)
    .regex(LINE, 'must be one line that is not blank, without control, invisible or direction characters')
    .refine((text) => text.isWellFormed(), 'must be valid Unicode');
const decimal = z.string().regex(/^(0|[1-9][0-9]{0,15})(\.[0-9]{1,4})?$/, 'must be a decimal amount such as "12.50"');
const positive = decimal.refine((text) => /[1-9]/.test(text), 'must be more than 0');
const currency = z.enum(currencies, 'must be an ISO 4217 currency code such as EUR');
const time = z.iso.datetime({ offset: true });
/** What people read and nobody decides by. */
const remark = z
  .string()
  .max(1_000)
  .transform((text) => maskCardNumbers(text.replaceAll(/\p{C}/gu, ' ')));

const orderId = name(255).describe('The order, by its id.');
const chargeKey = name(255).describe(
  'The key under which the charge was asked for; the open charge of the order unless given.',
);
const authorizationKey = name(255).describe('The key under which it was asked for.');

const processed = z
  .object({
    order_id: orderId,
    payment_id: name(255),
    idempotency_key: chargeKey.nullish(),
    amount: decimal,
    currency,
    transaction_id: name(255).nullish(),
    processed_at: time.nullish(),
  })
  .describe('A charge went through.');

const failed = z
  .object({
    order_id: orderId,
    payment_id: name(255).nullish(),
    idempotency_key: chargeKey.nullish(),
    amount: decimal.nullish(),
    currency: currency.nullish(),
    failure_code: name(255).nullish(),
    failure_reason: remark.nullish(),
    decline_code: name(255).nullish(),
  })
  .describe('A charge was declined.');

const authorized = z
  .object({ order_id: orderId, payment_id: name(255).nullish(), idempotency_key: authorizationKey })
  .describe('Money is held for a charge, and not taken yet.');

/** The older names came with the key of the charge, and with its amount. */
const captured = z
  .object({ ...processed.shape, idempotency_key: chargeKey })
  .describe('The same as payment.processed.');
const declined = z
  .object({ ...failed.shape, payment_id: name(255), idempotency_key: chargeKey, amount: decimal, currency })
  .describe('The same as payment.failed.');

const refunded = z
  .object({
    order_id: orderId,
    refund_id: name(200).describe('As the payment service calls the refund; the same however often it is told of.'),
    payment_id: name(255).nullish(),
    idempotency_key: name(255)
      .describe('The idempotency key of the refund; left out when it was requested without one.')
      .nullish(),
    amount: positive,
    currency,
    reason: remark.nullish(),
  })
  .describe('A payment was refunded, by this system or at the payment service.');

const refundFailed = z
  .object({ ...refunded.shape, reason: remark.describe('Why it failed.').nullish() })
  .describe('A refund has not reached the customer: its amount is back with the shop.');

const disputed = z
  .object({
    order_id: orderId,
    dispute_id: name(200),
    payment_id: name(255).nullish(),
    status: z.enum(['opened', 'won', 'lost']).default('opened').describe('`won`: for the shop.'),
    amount: positive,
    currency,
    reason: remark.nullish(),
    respond_by: time.nullish().describe('Until when evidence is taken.'),
  })
  .describe("The customer's bank wants a payment back, or has decided about it.");

const reserved = z
  .object({ order_id: orderId, reservation_id: name(255).nullish() })
  .describe('The goods of an order are reserved.');

const notReserved = z
  .object({ order_id: orderId, reservation_id: name(255).nullish(), reason: remark.nullish() })
  .describe('The goods of an order can not be reserved.');

const delivered = z
  .object({
    order_id: orderId,
    shipment_id: name(255).nullish().describe('The shipment, as `GET /orders/{id}/shipments` lists it.'),
    tracking_number: name(255).nullish().describe('Finds the shipment as well.'),
    carrier: name(255).nullish(),
    delivered_at: time.nullish(),
  })
  .describe('A shipment has arrived; the whole order unless one is named.');

/** The contents of each event of another service, by its type. `payment.captured` and `payment.declined` are older names. */
export const inboundSchemas = {
  'payment.processed': processed,
  'payment.captured': captured,
  'payment.authorized': authorized,
  'payment.failed': failed,
  'payment.declined': declined,
  'payment.refunded': refunded,
  'payment.refund_failed': refundFailed,
  'payment.disputed': disputed,
  'inventory.reserved': reserved,
  'inventory.failed': notReserved,
  'shipment.delivered': delivered,
} as const;

export type InboundType = keyof typeof inboundSchemas;

/** The types of each channel. */
export const inboundTypes: Readonly<Record<InboundChannel, readonly InboundType[]>> = {
  payments: [
    'payment.processed',
    'payment.captured',
    'payment.authorized',
    'payment.failed',
    'payment.declined',
    'payment.refunded',
    'payment.refund_failed',
    'payment.disputed',
  ],
  inventory: ['inventory.reserved', 'inventory.failed'],
  shipping: ['shipment.delivered'],
};

/** Whether `type` is an event that means something here. */
export function isInboundType(type: unknown): type is InboundType {
  return typeof type === 'string' && Object.hasOwn(inboundSchemas, type);
}
