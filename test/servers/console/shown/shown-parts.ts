import type { OrderDetails } from '../../../../src/console/order/order-details.ts';

/** An answer as it comes: the contract's types say more of amounts than that they are text. */
export type Plain<T> = T extends string & { [k: string]: unknown }
  ? string
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T;

/** An order with all its parts, as the API answers. */
export type Details = Plain<OrderDetails>;
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

/** Ids of the orders. */
export const ids = {
  shipped: '01960000-0000-7000-8000-000000000001',
  parked: '01960000-0000-7000-8000-000000000002',
  declined: '01960000-0000-7000-8000-000000000003',
  disputed: '01960000-0000-7000-8000-000000000004',
} as const;

/** A line that is shipped, and one of which has come back. */
export const mug = {
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

/** A line that is still to ship. */
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

/** What the orders have in common. */
export const base: Order = {
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

/** No parts. */
export const none: Omit<Details, 'order'> = {
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
  stall: null,
};

/** The first change of an order. */
export const change = {
  version: 1,
  from: null,
  to: 'PENDING',
  change: 'STATUS',
  step: null,
  actor: 'customer:customer-4711',
  reason: 'order placed',
  at: at('08:00:00'),
} as const satisfies Details['history'][number];

/** A step that succeeded at once. */
export const step = {
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

/** A charge that succeeded. */
export const charge = {
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

/** A message that was sent. */
export const message = {
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
