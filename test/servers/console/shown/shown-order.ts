import type { Operations } from '../../../../src/client/client.ts';
import type { OrderDetails } from '../../../../src/console/order/read-details.ts';

/** An answer as it comes: the contract's types say more of amounts than that they are text. */
export type Plain<T> = T extends string & { [k: string]: unknown }
  ? string
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T;

type Details = Plain<OrderDetails>;
type Order = Details['order'];

/** A moment of the day that the pictures are of. */
export const at = (time: string) => `2026-11-24T${time}.000Z`;

const noTimes = {
  confirmed_at: null,
  processing_at: null,
  shipped_at: null,
  delivered_at: null,
  cancelled_at: null,
  returned_at: null,
  refunded_at: null,
};

export const ids = {
  shipped: '01960000-0000-7000-8000-000000000001',
  parked: '01960000-0000-7000-8000-000000000002',
  declined: '01960000-0000-7000-8000-000000000003',
  disputed: '01960000-0000-7000-8000-000000000004',
} as const;

const mug = {
  id: '01960000-0000-7000-8000-0000000000a1',
  product_id: 'p-mug',
  sku: 'MUG-BLUE',
  name: 'Mug, hand-thrown, blue glaze',
  variant_id: 'blue',
  unit_price: '12.50',
  quantity: 4,
  shipped_quantity: 4,
  returned_quantity: 1,
  total: '50.00',
  discount: '5.00',
  split_from: null,
};

const pot = {
  ...mug,
  id: '01960000-0000-7000-8000-0000000000a2',
  product_id: 'p-pot',
  sku: 'TEAPOT-1L-WITH-A-LONG-NUMBER-OF-THE-MAKER',
  name: 'Teapot, one litre',
  variant_id: null,
  unit_price: '1249.00',
  quantity: 1,
  shipped_quantity: 0,
  returned_quantity: 0,
  total: '1249.00',
  discount: '0.00',
};

const base: Order = {
  id: ids.shipped,
  order_number: 'ORD-00000041',
  customer_id: 'customer-4711',
  customer_name: 'Ada Lovelace',
  customer_email: 'ada.lovelace@analytical-engines.example.com',
  customer_phone: '+44 20 7946 0018',
  reference: 'WEB-2026-1188',
  source: 'web',
  locale: 'en-GB',
  status: 'CONFIRMED',
  payment_status: 'CAPTURED',
  saga_state: 'COMPLETED',
  currency: 'EUR',
  items: [mug, pot],
  subtotal: '1299.00',
  discount: '5.00',
  tax: '245.86',
  tax_included: true,
  shipping: '4.90',
  fees: '0.00',
  total: '1298.90',
  refunded_amount: '0.00',
  refund_due: '0.00',
  payment_method: 'tok_ok',
  payment_methods: null,
  payment: { provider: 'payment_service' },
  shipping_address: {
    name: 'Ada Lovelace',
    company: 'Analytical Engines Ltd',
    line1: '12 St James’s Square',
    line2: 'Second floor, ring twice',
    city: 'London',
    postal_code: 'SW1Y 4JH',
    country: 'GB',
  },
  billing_address: null,
  shipping_method: 'standard',
  coupon_code: 'TEATIME',
  notes: 'Please leave it with the porter.',
  metadata: { campaign: 'autumn' },
  tracking: null,
  reservation_id: 'res_0196a1',
  payment_id: 'pay_0196a1b2c3d4',
  cancellation_reason: null,
  batch_id: null,
  payment_retry_until: null,
  next_action: null,
  payment_action_until: null,
  amend_until: null,
  failure: null,
  version: 7,
  created_at: at('08:00:00'),
  updated_at: at('15:00:00'),
  ...noTimes,
};

const none: Omit<Details, 'order'> = {
  history: [],
  steps: [],
  payments: [],
  shipments: [],
  returns: [],
  refunds: [],
  messages: [],
  notes: [],
  disputes: [],
  reviews: [],
};

const change = {
  version: 1,
  from: null,
  to: 'PENDING',
  change: 'STATUS',
  step: null,
  actor: 'customer:customer-4711',
  reason: 'order placed',
  at: at('08:00:00'),
} as const satisfies Details['history'][number];

const step = {
  saga: 'create',
  step: 'reserveInventory',
  kind: 'do',
  state: 'DONE',
  attempts: 1,
  last_error: null,
  actor: 'system:saga',
  started_at: at('08:00:00'),
  updated_at: at('08:00:00'),
} as const satisfies Details['steps'][number];

const charge = {
  kind: 'CHARGE',
  status: 'CAPTURED',
  payment_id: base.payment_id,
  amount: base.total,
  currency: 'EUR',
  payment_method: 'tok_…ok',
  decline_code: null,
  provider: 'PAYMENT_SERVICE',
  reference: null,
  reason: null,
  actor: null,
  fee: null,
  at: at('08:00:01'),
} as const satisfies Details['payments'][number];

const message = {
  key: 'm1',
  type: 'ORDER_CONFIRMED',
  state: 'SENT',
  attempts: 1,
  last_error: null,
  recipient: 'a***@analytical-engines.example.com',
  requested_by: null,
  created_at: at('08:00:02'),
  next_attempt_at: null,
  sent_at: at('08:00:03'),
} as const satisfies Details['messages'][number];

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

/** Waits for an operator in its payment. */
const parked: Details = {
  ...none,
  order: {
    ...base,
    id: ids.parked,
    order_number: 'ORD-00000042',
    status: 'PENDING',
    payment_status: 'UNKNOWN',
    saga_state: 'NEEDS_ATTENTION',
    payment_id: null,
    version: 2,
    items: [{ ...mug, shipped_quantity: 0, returned_quantity: 0 }],
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
    ...base,
    id: ids.declined,
    order_number: 'ORD-00000043',
    status: 'PAYMENT_FAILED',
    payment_status: 'FAILED',
    saga_state: 'RUNNING',
    payment_id: null,
    customer_name: null,
    customer_email: null,
    customer_phone: null,
    reference: null,
    notes: null,
    payment_retry_until: at('20:00:00'),
    failure: { code: 'ORD003', message: 'the payment was declined: insufficient funds', details: [] },
    version: 3,
    items: [{ ...mug, shipped_quantity: 0, returned_quantity: 0 }],
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
