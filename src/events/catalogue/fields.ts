import { z } from 'zod';
import { orderStatuses } from '../../domain/order-status.ts';
import { paymentProviders } from '../../domain/payment-provider.ts';
import { paymentStatuses } from '../../domain/payment-status.ts';
import { sagaStates } from '../../domain/saga.ts';

/** The order and the moment of the examples. */
export const exampleOrder = {
  order_id: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a001',
  order_number: 'ORD-00000042',
  customer_id: 'demo',
  status: 'CONFIRMED',
  version: 2,
  occurred_at: '2026-11-21T09:30:00.000Z',
} as const;

/** An item of the example's order. */
export const EXAMPLE_ITEM = '01999a3e-5f1c-7c11-9f6e-2a40c1b1a0f1';

/** A moment on the wire. */
export function time(description: string) {
  return z.iso.datetime().meta({ description: `${description} RFC 3339, in UTC.` });
}

/** An amount on the wire; only what says so may be negative. */
export function money(description: string) {
  return z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .meta({ description: `${description} A decimal amount with exactly the decimals of its currency.` });
}

/** A code of ISO 4217. */
export const currency = z.string().length(3).meta({ description: 'ISO 4217.' });

/** How many of which line. */
export const itemQuantities = z.array(
  z.object({
    item_id: z.uuid().meta({ description: "The line's id." }),
    quantity: z.int().min(1),
  }),
);

/** What every event of an order tells. */
export const orderFields = {
  order_id: z.uuid(),
  order_number: z.string().meta({ description: 'As people read it.' }),
  customer_id: z.string(),
  status: z.enum(orderStatuses).meta({ description: 'Where the order stood.' }),
  version: z.int().min(1).meta({
    description: 'How often the order has been written. It never falls from one event of an order to the next.',
  }),
  occurred_at: time('When it happened.'),
};

/** What the event of a change tells of it. */
export const changeFields = {
  ...orderFields,
  from: z.enum(orderStatuses).nullable().meta({ description: 'The status before; null for a new order.' }),
  payment_status: z.enum(paymentStatuses),
  saga_state: z.enum(sagaStates),
  actor: z.string().meta({ description: 'Who made the change, such as `support:sam`.' }),
  reason: z.string().nullable().meta({ description: 'Why.' }),
};

/** What the event of a charge or refund tells of the money. */
export const moneyFields = {
  amount: money('What was charged or refunded.'),
  currency,
  payment_id: z.string().nullable().meta({
    description: "The payment service's id of the payment; null where it has none, or has not said it.",
  }),
  provider: z.enum(paymentProviders).meta({
    description: 'EXTERNAL: money that moved outside the payment service, as an operator has recorded.',
  }),
};

/** How goods travel. */
export const trackingFields = {
  carrier: z.string().nullable(),
  tracking: z.string().nullable().meta({ description: 'The tracking number.' }),
};
