import type { z } from 'zod';
import type { InboundEvent } from '../../domain/inbound-event.ts';
import type { OutsideRefund } from '../../domain/outside-refund.ts';
import { parseMoney } from '../../domain/money.ts';
import { inboundSchemas, type InboundType } from './inbound-events.ts';

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
  return readers[type](data);
}

const readers: Readonly<Record<InboundType, (data: unknown) => ReadEvent>> = {
  'payment.processed': reader(inboundSchemas['payment.processed'], toCapture),
  'payment.captured': reader(inboundSchemas['payment.captured'], toCapture),
  'payment.authorized': reader(inboundSchemas['payment.authorized'], (data) => ({
    kind: 'authorization',
    authorized: { orderId: data.order_id, idempotencyKey: data.idempotency_key },
  })),
  'payment.failed': reader(inboundSchemas['payment.failed'], toDecline),
  'payment.declined': reader(inboundSchemas['payment.declined'], toDecline),
  'payment.refunded': reader(inboundSchemas['payment.refunded'], (data) => ({
    kind: 'refund',
    refund: toRefund(data),
  })),
  'payment.refund_failed': reader(inboundSchemas['payment.refund_failed'], (data) => ({
    kind: 'failed refund',
    refund: toRefund(data),
  })),
  'payment.disputed': reader(inboundSchemas['payment.disputed'], toDispute),
  'inventory.reserved': reader(inboundSchemas['inventory.reserved'], (data) => toReservation('reserved', data)),
  'inventory.failed': reader(inboundSchemas['inventory.failed'], (data) => toReservation('failed', data)),
  'shipment.delivered': reader(inboundSchemas['shipment.delivered'], toDelivery),
};

/** Reads by a schema and turns it into the domain's event; an amount with more decimals than its currency has is a fault. */
function reader<Schema extends z.ZodType>(schema: Schema, toEvent: (data: z.output<Schema>) => InboundEvent) {
  return (given: unknown): ReadEvent => {
    const parsed = schema.safeParse(given);
    if (!parsed.success) return { faults: parsed.error.issues.map(toFault) };
    try {
      return { event: toEvent(parsed.data), data: parsed.data };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { faults: [{ pointer: '/amount', message: error.message }] };
    }
  };
}

function toFault({ path, message }: z.core.$ZodIssue): InboundFault {
  return { pointer: ['', ...path.map(String)].join('/'), message };
}

type Data<Type extends InboundType> = z.output<(typeof inboundSchemas)[Type]>;

function toCapture(data: Data<'payment.processed'>): InboundEvent {
  const charge = {
    orderId: data.order_id,
    outcome: 'captured',
    declineCode: null,
    paymentId: data.payment_id,
    idempotencyKey: data.idempotency_key ?? undefined,
    amountMinor: parseMoney(data.amount, data.currency),
    currency: data.currency,
  } as const;
  return { kind: 'charge', charge };
}

function toDecline(data: Data<'payment.failed'>): InboundEvent {
  const { amount, currency: code } = data;
  const charge = {
    orderId: data.order_id,
    outcome: 'declined',
    declineCode: data.failure_code ?? data.decline_code ?? null,
    paymentId: data.payment_id ?? undefined,
    idempotencyKey: data.idempotency_key ?? undefined,
    amountMinor: typeof amount === 'string' && typeof code === 'string' ? parseMoney(amount, code) : undefined,
    currency: code ?? undefined,
  } as const;
  return { kind: 'charge', charge };
}

function toRefund(data: Data<'payment.refunded'>): OutsideRefund {
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

function toDispute(data: Data<'payment.disputed'>): InboundEvent {
  const dispute = {
    orderId: data.order_id,
    disputeId: data.dispute_id,
    state: ({ opened: 'OPEN', won: 'WON', lost: 'LOST' } as const)[data.status],
    amountMinor: parseMoney(data.amount, data.currency),
    currency: data.currency,
    reason: data.reason ?? null,
    respondBy: data.respond_by ?? null,
  };
  return { kind: 'dispute', dispute };
}

function toReservation(
  outcome: 'reserved' | 'failed',
  data: Data<'inventory.reserved'> & Partial<Data<'inventory.failed'>>,
): InboundEvent {
  const { order_id: orderId, reservation_id: reservationId = null, reason = null } = data;
  return { kind: 'reservation', reservation: { orderId, outcome, reservationId, reason } };
}

function toDelivery(data: Data<'shipment.delivered'>): InboundEvent {
  const { order_id: orderId, shipment_id: shipmentId = null, tracking_number: trackingNumber = null } = data;
  return {
    kind: 'delivery',
    delivery: { orderId, shipmentId, trackingNumber, deliveredAt: data.delivered_at ?? null },
  };
}
