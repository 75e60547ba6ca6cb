import type { Operations } from '../../../../src/client/client.ts';
import { at, base, change, charge, ids, message, mug, none, step, type Details, type Plain } from './shown-parts.ts';

/** Partly shipped, partly returned, with a refund of the shipping and a note. */
const shipped: Details = {
  ...none,
  order: { ...base, refunded_amount: '16.15', confirmed_at: at('08:00:02'), payment_status: 'PARTIALLY_REFUNDED' },
  history: [
    change,
    { ...change, version: 2, from: 'PENDING', to: 'CONFIRMED', actor: 'system:saga', reason: null, at: at('08:00:02') },
    {
      ...change,
      version: 3,
      from: 'CONFIRMED',
      to: 'CONFIRMED',
      change: 'SHIPMENT',
      actor: 'support:ann',
      reason: 'the mugs are packed',
      at: at('10:30:00'),
    },
  ],
  steps: [
    step,
    {
      ...step,
      step: 'chargePayment',
      attempts: 3,
      last_error: 'UNREACHABLE: answered 503',
      updated_at: at('08:00:12'),
    },
    { ...step, step: 'confirmOrder', started_at: at('08:00:12') },
    { ...step, step: 'notifyCustomer', started_at: at('08:00:13') },
    { ...step, saga: 'return:1', step: 'restockReturn', started_at: at('14:00:00') },
    { ...step, saga: 'return:1', step: 'refundReturn', started_at: at('14:00:01') },
    { ...step, saga: 'refund:1', step: 'refundAmount', started_at: at('15:00:00') },
  ],
  payments: [
    charge,
    { ...charge, kind: 'REFUND', status: 'REFUNDED', amount: '11.25', at: at('14:00:01') },
    { ...charge, kind: 'REFUND', status: 'REFUNDED', amount: '4.90', actor: 'support:ann', at: at('15:00:00') },
  ],
  shipments: [
    {
      id: 's1',
      items: [{ item_id: mug.id, quantity: 4 }],
      carrier: 'DHL',
      tracking_number: '00340434161094042557',
      actor: 'support:ann',
      reason: 'the mugs are packed',
      shipped_at: at('10:30:00'),
    },
  ],
  returns: [
    {
      id: 'r1',
      state: 'REFUNDED',
      items: [{ item_id: mug.id, quantity: 1 }],
      refund_amount: '11.25',
      actor: 'support:ann',
      reason: 'arrived with a crack',
      created_at: at('14:00:00'),
      ended_at: at('14:00:01'),
    },
  ],
  refunds: [
    {
      id: 'f1',
      state: 'REFUNDED',
      amount: '4.90',
      refunded_amount: '4.90',
      notify: true,
      actor: 'support:ann',
      reason: 'the parcel was late',
      created_at: at('15:00:00'),
      ended_at: at('15:00:00'),
    },
  ],
  messages: [
    message,
    { ...message, key: 'm2', type: 'ORDER_SHIPPED', created_at: at('10:30:01'), sent_at: at('10:30:02') },
  ],
  notes: [
    {
      id: 'n1',
      text: 'Called: the teapot is wanted before Christmas.\nPromised the 12th.',
      author: 'support:ann',
      at: at('11:15:00'),
    },
  ],
};

/** What has not been paid for. */
const unpaid: Details['order'] = {
  ...base,
  payment_id: null,
  items: [{ ...mug, shipped_quantity: 0, returned_quantity: 0 }],
};

/** Waits for an operator in its payment. */
const parked: Details = {
  ...none,
  order: {
    ...unpaid,
    id: ids.parked,
    order_number: 'ORD-00000042',
    status: 'PENDING',
    payment_status: 'UNKNOWN',
    saga_state: 'NEEDS_ATTENTION',
    version: 2,
  },
  history: [
    change,
    {
      ...change,
      version: 2,
      from: 'PENDING',
      to: 'PENDING',
      change: 'PARKED',
      step: 'chargePayment',
      actor: 'system:saga',
      reason: 'UNREACHABLE: POST /payments answered 503',
      at: at('08:05:00'),
    },
  ],
  steps: [
    step,
    {
      ...step,
      step: 'chargePayment',
      state: 'FAILED',
      attempts: 12,
      last_error: 'UNREACHABLE: POST /payments answered 503',
      updated_at: at('08:05:00'),
    },
  ],
};

/** Declined; another payment method may be offered. */
const declined: Details = {
  ...none,
  order: {
    ...unpaid,
    id: ids.declined,
    order_number: 'ORD-00000043',
    status: 'PAYMENT_FAILED',
    payment_status: 'FAILED',
    saga_state: 'RUNNING',
    customer_name: null,
    customer_email: null,
    customer_phone: null,
    reference: null,
    notes: null,
    payment_retry_until: at('20:00:00'),
    failure: { code: 'ORD003', message: 'the payment was declined: insufficient funds', details: [] },
    version: 3,
  },
  history: [
    change,
    {
      ...change,
      version: 2,
      from: 'PENDING',
      to: 'PAYMENT_FAILED',
      actor: 'system:saga',
      reason: 'insufficient funds',
      at: at('08:00:02'),
    },
  ],
  steps: [step, { ...step, step: 'chargePayment', state: 'REFUSED', last_error: 'insufficient funds' }],
  payments: [{ ...charge, status: 'DECLINED', payment_id: null, decline_code: 'insufficient_funds' }],
};

/** Cancelled and compensated, with a dispute that is open and a message that failed. */
const disputed: Details = {
  ...none,
  order: {
    ...base,
    id: ids.disputed,
    order_number: 'ORD-00000044',
    status: 'CANCELLED',
    payment_status: 'REFUNDED',
    saga_state: 'NEEDS_ATTENTION',
    refunded_amount: base.total,
    cancellation_reason: 'asked for by phone',
    cancelled_at: at('09:00:01'),
    confirmed_at: at('08:00:02'),
  },
  history: [
    change,
    { ...change, version: 2, from: 'PENDING', to: 'CONFIRMED', actor: 'system:saga', reason: null, at: at('08:00:02') },
    {
      ...change,
      version: 3,
      from: 'CONFIRMED',
      to: 'CANCELLED',
      actor: 'support:ann',
      reason: 'asked for by phone',
      at: at('09:00:01'),
    },
    {
      ...change,
      version: 4,
      from: 'CANCELLED',
      to: 'CANCELLED',
      change: 'DISPUTE',
      actor: 'service:payments',
      reason: 'opened: product not received',
      at: at('12:00:00'),
    },
  ],
  steps: [
    step,
    { ...step, step: 'chargePayment' },
    { ...step, step: 'confirmOrder' },
    {
      ...step,
      step: 'refundPaymentIfCharged',
      kind: 'undo',
      attempts: 2,
      last_error: 'OUTCOME_UNKNOWN: timed out',
      started_at: at('09:00:01'),
      updated_at: at('09:00:09'),
    },
    {
      ...step,
      step: 'releaseInventoryIfReserved',
      kind: 'undo',
      started_at: at('09:00:09'),
      updated_at: at('09:00:09'),
    },
  ],
  payments: [charge, { ...charge, kind: 'REFUND', status: 'REFUNDED', at: at('09:00:09') }],
  messages: [
    message,
    {
      ...message,
      key: 'm3',
      type: 'ORDER_CANCELLED',
      state: 'FAILED',
      attempts: 8,
      last_error: '550 mailbox is full',
      created_at: at('09:00:10'),
      sent_at: null,
    },
  ],
  disputes: [
    {
      id: 'dp_1',
      state: 'OPEN',
      amount: '1298.90',
      currency: 'EUR',
      reason: 'product not received',
      respond_by: '2026-12-08T12:00:00.000Z',
    },
  ],
};

/** The orders that are shown, by id. */
export const shownOrders: Readonly<Record<string, Details>> = {
  [ids.shipped]: shipped,
  [ids.parked]: parked,
  [ids.declined]: declined,
  [ids.disputed]: disputed,
};

/** The same as a list. */
export const orderList: Plain<Operations['listOrders']['answer']> = {
  data: Object.values(shownOrders).map(({ order }) => order),
  next_cursor: 'more',
};
