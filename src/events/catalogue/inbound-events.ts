import { z } from 'zod';
import { maskCardNumbers } from '../../domain/card-number.ts';
import { currencies } from '../../domain/currency.ts';
import type { InboundEvent } from '../../domain/inbound-event.ts';
import { parseMoney } from '../../domain/money.ts';
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
      .describe('The key under which the refund was asked for; left out if nobody asked for it by one.')
      .nullish(),
    amount: positive,
    currency,
    reason: remark.nullish(),
  })
  .describe('A payment was refunded, by this system or at the payment service.');

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
  'payment.failed': failed,
  'payment.declined': declined,
  'payment.refunded': refunded,
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
    'payment.failed',
    'payment.declined',
    'payment.refunded',
    'payment.disputed',
  ],
  inventory: ['inventory.reserved', 'inventory.failed'],
  shipping: ['shipment.delivered'],
};

/** Whether `type` is an event that means something here. */
export function isInboundType(type: unknown): type is InboundType {
  return typeof type === 'string' && Object.hasOwn(inboundSchemas, type);
}

/** What is wrong with an event's contents, with a JSON pointer into its `data`. */
export interface InboundFault {
  readonly pointer: string;
  readonly message: string;
}

/** An event that has been read: as the domain has it, and its fields alone, which are kept. */
export type ReadEvent =
  | { readonly event: InboundEvent; readonly data: unknown }
  | { readonly faults: readonly InboundFault[] };

/** Reads an event's contents; fields that mean nothing here are left out. */
export function readInboundEvent(type: InboundType, data: unknown): ReadEvent {
  const parsed = inboundSchemas[type].safeParse(data);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => ({
      pointer: ['', ...path.map(String)].join('/'),
      message,
    }));
    return { faults };
  }
  try {
    return { event: toEvent(type, parsed.data), data: parsed.data };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { faults: [{ pointer: '/amount', message: error.message }] };
  }
}

function toEvent(type: InboundType, data: unknown): InboundEvent {
  switch (type) {
    case 'payment.processed':
    case 'payment.captured':
      return { kind: 'charge', charge: toCapture(processed.parse(data)) };
    case 'payment.failed':
    case 'payment.declined':
      return { kind: 'charge', charge: toDecline(failed.parse(data)) };
    case 'payment.refunded':
      return { kind: 'refund', refund: toRefund(refunded.parse(data)) };
    case 'payment.disputed':
      return { kind: 'dispute', dispute: toDispute(disputed.parse(data)) };
    case 'inventory.reserved':
    case 'inventory.failed': {
      const { order_id, reservation_id = null, reason = null } = notReserved.parse(data);
      const outcome = type === 'inventory.reserved' ? 'reserved' : 'failed';
      return {
        kind: 'reservation',
        reservation: { orderId: order_id, outcome, reservationId: reservation_id, reason },
      };
    }
    case 'shipment.delivered': {
      const { order_id, shipment_id = null, tracking_number = null, delivered_at = null } = delivered.parse(data);
      const parcel = { shipmentId: shipment_id, trackingNumber: tracking_number, deliveredAt: delivered_at };
      return { kind: 'delivery', delivery: { orderId: order_id, ...parcel } };
    }
    default:
      return type satisfies never;
  }
}

function toCapture(data: z.output<typeof processed>) {
  return {
    orderId: data.order_id,
    outcome: 'captured',
    declineCode: null,
    paymentId: data.payment_id,
    idempotencyKey: data.idempotency_key ?? undefined,
    amountMinor: parseMoney(data.amount, data.currency),
    currency: data.currency,
  } as const;
}

function toDecline(data: z.output<typeof failed>) {
  const { amount, currency: code } = data;
  return {
    orderId: data.order_id,
    outcome: 'declined',
    declineCode: data.failure_code ?? data.decline_code ?? null,
    paymentId: data.payment_id ?? undefined,
    idempotencyKey: data.idempotency_key ?? undefined,
    amountMinor: typeof amount === 'string' && typeof code === 'string' ? parseMoney(amount, code) : undefined,
    currency: code ?? undefined,
  } as const;
}

function toRefund(data: z.output<typeof refunded>) {
  return {
    orderId: data.order_id,
    refundId: data.refund_id,
    idempotencyKey: data.idempotency_key ?? null,
    paymentId: data.payment_id ?? null,
    amountMinor: parseMoney(data.amount, data.currency),
    currency: data.currency,
    reason: data.reason ?? null,
  };
}

function toDispute(data: z.output<typeof disputed>) {
  return {
    orderId: data.order_id,
    disputeId: data.dispute_id,
    state: ({ opened: 'OPEN', won: 'WON', lost: 'LOST' } as const)[data.status],
    amountMinor: parseMoney(data.amount, data.currency),
    currency: data.currency,
    reason: data.reason ?? null,
    respondBy: data.respond_by ?? null,
  };
}
