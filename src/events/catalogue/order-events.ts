import { z } from 'zod';
import { change } from './change-event.ts';
import { currency, EXAMPLE_ITEM, exampleOrder, itemQuantities, money, time, trackingFields } from './fields.ts';

export const orderCreated = change(
  'An order was accepted. It is on record, and nothing is reserved or charged yet.',
  {
    total: money('What the customer pays.'),
    currency,
    item_count: z.int().min(1).meta({ description: 'How many lines the order has.' }),
    created_at: time('When the order was accepted.'),
  },
  {
    status: 'PENDING',
    from: null,
    payment_status: 'PENDING',
    saga_state: 'RUNNING',
    version: 1,
    actor: 'customer:demo',
    total: '25.00',
    currency: 'EUR',
    item_count: 1,
    created_at: exampleOrder.occurred_at,
  },
);

export const orderPending = change(
  'Another payment method was offered for an order whose payment had failed; it is tried now.',
  {},
  { status: 'PENDING', from: 'PAYMENT_FAILED', payment_status: 'PENDING', saga_state: 'RUNNING', version: 3 },
);

export const orderConfirmed = change(
  'The goods are reserved and paid for, and the order will be fulfilled.',
  {
    payment_id: z.string().nullable().meta({
      description: "The payment service's id of the payment; null when the payment service has none.",
    }),
    confirmed_at: time('When it was confirmed.'),
  },
  { payment_id: '019aa3f2-6c2b-7f4e-9a21-5a2a7c8b3e44', confirmed_at: exampleOrder.occurred_at },
);

export const orderPaymentFailed = change(
  'The payment was declined. Until its time runs out another payment method may be offered.',
  {},
  {
    status: 'PAYMENT_FAILED',
    payment_status: 'FAILED',
    saga_state: 'RUNNING',
    reason: 'payment declined: INSUFFICIENT_FUNDS',
  },
);

export const orderProcessing = change(
  'The goods are being picked.',
  {},
  { status: 'PROCESSING', from: 'CONFIRMED', version: 3, actor: 'support:sam' },
);

export const orderPartlyShipped = change(
  'A part of the goods has left.',
  { ...trackingFields, items: itemQuantities },
  {
    from: 'CONFIRMED',
    version: 3,
    actor: 'support:sam',
    carrier: 'DHL',
    tracking: 'JD014600003',
    items: [{ item_id: EXAMPLE_ITEM, quantity: 1 }],
  },
);

export const orderShipped = change('All of the goods have left.', trackingFields, {
  status: 'SHIPPED',
  from: 'PROCESSING',
  version: 4,
  actor: 'support:sam',
  carrier: 'DHL',
  tracking: 'JD014600004',
});

export const orderShipmentCorrected = change(
  'Carrier or tracking number of a shipment were corrected.',
  { ...trackingFields, shipment_id: z.uuid() },
  {
    status: 'SHIPPED',
    from: 'SHIPPED',
    version: 5,
    actor: 'support:sam',
    reason: 'a digit was wrong',
    carrier: 'DHL',
    tracking: 'JD014600005',
    shipment_id: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a0f2',
  },
);

export const orderDelivered = change(
  'The customer has the goods.',
  {},
  { status: 'DELIVERED', from: 'SHIPPED', version: 5, actor: 'support:sam' },
);

export const orderCancelled = change(
  'The order was cancelled: what was reserved is released and what was charged is refunded.',
  { reason: z.string().meta({ description: 'Why.' }) },
  {
    status: 'CANCELLED',
    from: 'CONFIRMED',
    payment_status: 'REFUNDED',
    saga_state: 'COMPENSATED',
    version: 3,
    actor: 'customer:demo',
    reason: 'ordered by mistake',
  },
);

export const orderEdited = change(
  "The order's address or notes were changed.",
  {},
  { from: 'CONFIRMED', version: 3, actor: 'customer:demo' },
);

export const orderAmended = change(
  "The order's lines were changed, or an address on which its tax depends, and the difference is charged or refunded.",
  {
    total: money('What the customer pays now.'),
    difference: money('The total less the one before, negative when it fell.'),
    currency,
  },
  { from: 'CONFIRMED', version: 3, actor: 'customer:demo', total: '12.50', difference: '-12.50', currency: 'EUR' },
);

export const orderOutOfStock = change(
  'Goods ran out after the order was paid for and before it was confirmed: until its time runs out it can be amended or cancelled.',
  {
    amend_until: time('Until when.'),
    details: z
      .array(z.record(z.string(), z.union([z.string(), z.number()])))
      .meta({ description: 'What is missing: sku, requested, available.' }),
  },
  {
    status: 'PENDING',
    from: 'PENDING',
    saga_state: 'RUNNING',
    reason: 'out of stock before the order was confirmed: it can be amended or cancelled',
    amend_until: '2026-11-22T09:30:00.000Z',
    details: [{ sku: 'TEA-001', requested: 2, available: 1 }],
  },
);

export const orderReturned = change(
  'All of the goods are back in stock.',
  {},
  { status: 'RETURNED', from: 'DELIVERED', saga_state: 'RUNNING', version: 7, reason: 'too small' },
);

export const orderRefunded = change(
  'All of the goods came back and everything was refunded.',
  {},
  {
    status: 'REFUNDED',
    from: 'RETURNED',
    payment_status: 'REFUNDED',
    version: 8,
    reason: 'everything came back and was refunded',
  },
);

export const orderNeedsAttention = change(
  'Something about the order waits until somebody decides.',
  {
    step: z.string().nullable().meta({ description: 'The step that waits; null when it is none.' }),
    problem: z.string().meta({ description: 'What is wrong.' }),
    what_to_do: z.string().meta({ description: 'What to do about it.' }),
  },
  {
    status: 'CONFIRMED',
    from: 'CONFIRMED',
    saga_state: 'NEEDS_ATTENTION',
    version: 3,
    reason: 'the payment service answered 500',
    step: 'refundPaymentIfCharged',
    problem: 'the payment service answered 500',
    what_to_do: 'Decide by POST /api/v1/orders/{id}/saga/refundPaymentIfCharged with an "action" and a "reason".',
  },
);

export const orderUpdated = change(
  'Something else about the order changed, such as `payment_status` or `saga_state`.',
  {
    change: z.string().optional().meta({ description: "A decision about the order's saga, or an incident." }),
    step: z.string().optional().meta({ description: 'The step that it is about.' }),
  },
  { status: 'PENDING', from: 'PENDING', payment_status: 'QUEUED', saga_state: 'RUNNING' },
);
