import type { z } from 'zod';
import type { inboundSchemas, InboundType } from './inbound-events.ts';

const ORDER = '01999a3e-5f1c-7c11-9f6e-2a40c1b1a001';
const PAYMENT = '019aa3f2-6c2b-7f4e-9a21-5a2a7c8b3e44';

const processed = {
  order_id: ORDER,
  payment_id: PAYMENT,
  idempotency_key: `${ORDER}:charge:1`,
  amount: '25.00',
  currency: 'EUR',
};

/** An example of each event that other services send. */
export const inboundExamples: { readonly [Type in InboundType]: z.input<(typeof inboundSchemas)[Type]> } = {
  'payment.processed': { ...processed, processed_at: '2026-11-21T09:30:02.000Z' },
  'payment.captured': processed,
  'payment.authorized': { order_id: ORDER, payment_id: PAYMENT, idempotency_key: `${ORDER}:charge:1` },
  'payment.failed': {
    order_id: ORDER,
    failure_code: 'INSUFFICIENT_FUNDS',
    failure_reason: 'there is too little money',
  },
  'payment.declined': { ...processed, decline_code: 'INSUFFICIENT_FUNDS' },
  'payment.refunded': {
    order_id: ORDER,
    refund_id: 're_0199c1d2',
    payment_id: PAYMENT,
    amount: '12.50',
    currency: 'EUR',
    reason: 'goodwill',
  },
  'payment.refund_failed': {
    order_id: ORDER,
    refund_id: 're_0199c1d2',
    payment_id: PAYMENT,
    idempotency_key: `${ORDER}:refund:amount:1`,
    amount: '12.50',
    currency: 'EUR',
    reason: 'expired_or_canceled_card',
  },
  'payment.disputed': {
    order_id: ORDER,
    dispute_id: 'dp_0199c1d2',
    payment_id: PAYMENT,
    status: 'opened',
    amount: '25.00',
    currency: 'EUR',
    reason: 'product not received',
    respond_by: '2026-12-05T00:00:00Z',
  },
  'inventory.reserved': { order_id: ORDER, reservation_id: 'res_0199c1d2' },
  'inventory.failed': { order_id: ORDER, reason: 'out of stock' },
  'shipment.delivered': {
    order_id: ORDER,
    tracking_number: 'JD014600004',
    carrier: 'DHL',
    delivered_at: '2026-11-24T14:12:00Z',
  },
};
