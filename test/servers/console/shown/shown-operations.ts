import type { Operations } from '../../../../src/client/client.ts';
import { at, ids, type Plain } from './shown-parts.ts';

type Answer<Name extends keyof Operations> = Plain<Operations[Name]['answer']>;

const period = { from: at('00:00:00'), to: '2026-11-25T00:00:00.000Z', next_cursor: null } as const;

export const hours: Answer<'reportHours'> = {
  ...period,
  data: Array.from({ length: 24 }, (_, hour) => {
    const orders = [3, 1, 0, 0, 2, 8, 21, 44, 61, 70, 66, 52, 58, 63, 60, 49, 55, 72, 80, 64, 41, 22, 12, 6][hour] ?? 0;
    return {
      hour: at(`${String(hour).padStart(2, '0')}:00:00`),
      orders,
      confirmed: orders - Math.floor(orders / 9),
      payment_failed: Math.floor(orders / 12),
      cancelled: Math.floor(orders / 30),
      p50: orders === 0 ? null : 0.03 + orders / 4_000,
      p95: orders === 0 ? null : hour === 17 ? 12.4 : 0.2 + orders / 400,
    };
  }),
};

export const steps: Answer<'reportSteps'> = {
  ...period,
  data: [
    { step: 'chargePayment', orders: 88, retried: 40, refused: 44, parked: 4, decided: 2 },
    { step: 'notifyCustomer', orders: 12, retried: 11, refused: 0, parked: 1, decided: 0 },
    { step: 'refundPaymentIfCharged', orders: 3, retried: 3, refused: 0, parked: 0, decided: 0 },
  ],
};

export const times: Answer<'reportProcessingTimes'> = {
  ...period,
  data: [
    { milestone: 'confirmed', orders: 812, p50: 0.034, p90: 0.4, p95: 1.2, p99: 12.4 },
    { milestone: 'shipped', orders: 640, p50: 15_000, p90: 40_000, p95: 61_000, p99: 130_000 },
    { milestone: 'delivered', orders: 0, p50: null, p90: null, p95: null, p99: null },
  ],
};

export const workers: Answer<'listWorkers'> = {
  data: ['orders-worker-7c9f4d-k2x8p', 'orders-worker-7c9f4d-z9q1m'].map((identity, n) => ({
    identity,
    build_id: n === 0 ? '1.4.0-3f2a9c1' : '1.3.9-77be012',
    takes: ['workflows', 'activities'],
    last_asked_at: at('16:00:00'),
  })),
  next_cursor: null,
  task_queue: 'orders',
  orders_to_start: 1,
  backlog_tasks: 14,
  backlog_oldest_seconds: 3,
  current_build_id: '1.4.0-3f2a9c1',
  ramping_build_id: null,
  ramping_percent: 0,
};

export const sinks: Answer<'listEventSinks'> = {
  data: [
    {
      name: 'kafka',
      unpublished: 0,
      oldest_seconds: 0,
      dead_letters: 0,
      failing_since: null,
      attempts: 0,
      last_error: null,
    },
    {
      name: 'webhook:0196a1b2-0000-7000-8000-0000000000e1',
      unpublished: 214,
      oldest_seconds: 3_700,
      dead_letters: 2,
      failing_since: at('14:58:20'),
      attempts: 12,
      last_error: 'answered 500',
    },
  ],
};

const report = {
  id: 'rep-1',
  state: 'DONE',
  from: at('00:00:00'),
  to: at('16:00:00'),
  actor: 'system:schedule',
  payments: 812,
  orders: 808,
  in_flight: 3,
  problem: null,
  created_at: at('16:00:00'),
  ended_at: at('16:00:09'),
} as const;

const endpoint = {
  id: '0196a1b2-0000-7000-8000-0000000000e1',
  url: 'https://shop.example.com/events',
  event_types: ['order.*', 'payment.refunded'],
  description: 'the warehouse',
  enabled: true,
  configured: false,
  state: 'ACTIVE',
  failing_since: null,
  last_error: null,
  disabled_at: null,
  disabled_reason: null,
  previous_secret_until: null,
  created_at: at('08:00:00'),
  updated_at: at('08:00:00'),
} as const;

export const endpoints: Answer<'listWebhookEndpoints'> = {
  data: [
    { ...endpoint, event_types: [...endpoint.event_types] },
    {
      ...endpoint,
      event_types: ['*'],
      description: null,
      enabled: false,
      state: 'DISABLED',
      last_error: 'answered 503',
      disabled_at: at('11:00:00'),
      disabled_reason: 'FAILING',
    },
  ],
  next_cursor: null,
};

export const reports: Answer<'listReconciliations'> = {
  data: [report, { ...report, id: 'rep-2', state: 'FAILED', problem: 'the payment service answered 401' }],
  next_cursor: null,
};

export const reconciliation: Answer<'getReconciliation'> = {
  ...report,
  differences_by_kind: { AMOUNT: 1, MISSING_WITH_US: 1 },
  differences: [
    {
      kind: 'AMOUNT',
      order_id: ids.shipped,
      order_number: 'ORD-00000041',
      payment_id: 'pay_0196a1b2c3d4',
      idempotency_key: `${ids.shipped}:charge:1`,
      ours: '1298.90 EUR',
      theirs: '1299.90 EUR',
      what_to_do: 'Find out which amount the customer agreed to, and refund the difference at the payment service.',
    },
    {
      kind: 'MISSING_WITH_US',
      order_id: null,
      order_number: null,
      payment_id: 'pay_from_elsewhere',
      idempotency_key: null,
      ours: null,
      theirs: 'CAPTURED 12.50 EUR',
      what_to_do: 'No order of ours has this payment: refund it, or find out which system took it.',
    },
  ],
};

const entry = {
  id: 9,
  at: at('15:00:00'),
  actor: 'ann',
  roles: ['support'],
  operation: 'refundPayment',
  order_id: ids.shipped,
  order_number: 'ORD-00000041',
  path: `/api/v1/orders/${ids.shipped}/refunds`,
  request_id: 'req-1',
  reason: 'the parcel was late',
  status: 202,
  completed_at: at('15:00:00'),
} as const satisfies Answer<'listAudit'>['data'][number];

export const audit: Answer<'listAudit'> = {
  data: [
    { ...entry, roles: ['support'] },
    { ...entry, id: 8, roles: ['support'], operation: 'getOrder', reason: null, status: 200 },
    {
      ...entry,
      id: 7,
      actor: 'olga',
      roles: ['operator', 'admin'],
      operation: 'resolveSagas',
      order_id: null,
      order_number: null,
      reason: 'the payment service is back, see the provider’s status page of this afternoon',
      status: 202,
    },
    { ...entry, id: 6, actor: 'shop', roles: ['service'], operation: 'cancelOrder', reason: null, status: null },
  ],
  next_cursor: 'more',
};

const job = {
  id: 'imp-1',
  kind: 'csv',
  mode: 'new',
  status: 'RUNNING',
  file_name: 'orders-2026-11-24-of-the-german-shop-with-a-long-name.csv',
  rows: 2_300,
  total: 1_100,
  pending: 400,
  confirmed: 690,
  failed: 7,
  repeated: 3,
  cancelled: 0,
  placed: 697,
  error_count: 9,
  errors_url: '/api/v1/imports/imp-1/errors',
  recognised: 'shopify',
  columns: {
    reference: ['Name'],
    sku: ['Lineitem sku'],
    quantity: ['Lineitem quantity'],
    unit_price: ['Lineitem price'],
    shipping_address: ['Shipping Name', 'Shipping Street', 'Shipping City', 'Shipping Zip', 'Shipping Country'],
  },
  conventions: { decimal: '.', dates: 'YMD', time_zone: 'Europe/Berlin' },
  created_by: 'service:shop',
  created_at: at('15:55:00'),
  completed_at: null,
  acknowledged_at: null,
  acknowledged_by: null,
} as const;

export const imports: Answer<'listImports'> = {
  data: [
    { ...job, columns: { ...job.columns } as unknown as Record<string, string[]> },
    {
      ...job,
      id: 'imp-2',
      kind: 'batch',
      file_name: null,
      recognised: null,
      columns: {},
      status: 'COMPLETED',
      pending: 0,
      failed: 0,
      total: 12,
      rows: 12,
      confirmed: 12,
      error_count: 0,
      completed_at: at('15:00:00'),
    },
  ],
  next_cursor: null,
};

export const dryRun: Answer<'createImport'> = {
  dry_run: true,
  mode: 'history',
  recognised: 'shopify',
  columns: { order_reference: ['Name'], sku: ['Lineitem sku'], quantity: ['Lineitem quantity'] },
  assumed: { country: 'DE' },
  unused_columns: ['Tags', 'Risk Level', 'Device ID'],
  conventions: { decimal: '.', dates: null, time_zone: 'UTC' },
  rows: 4_812,
  orders: 2_004,
  refused: 12,
  known: 3,
  states: [
    { state: 'SHIPPED', payment_state: 'PAID', orders: 1_980 },
    { state: 'OPEN', payment_state: 'PAID', orders: 24 },
  ],
  sums: [
    {
      currency: 'EUR',
      orders: 1_992,
      unpriced: 2,
      goods: '184220.10',
      discount: '1200.00',
      tax: '29412.88',
      shipping: '4980.00',
      fees: '0.00',
      total: '217412.98',
      refunded: '890.20',
    },
  ],
  problems: [{ message: 'sku: is not in the catalogue', orders: 12 }],
  faults: [{ line: 17, column: 'Lineitem sku', order_reference: '#1001', message: 'is not in the catalogue' }],
  differing: 0,
  differences: [],
  missing_customers: [],
  missing_products: [{ sku: 'MUG-RED', name: 'Mug, red', price: '12.50', currency: 'EUR' }],
} as const;

export const importErrors = [
  'Name,Lineitem sku,Lineitem quantity,Lineitem price,error_line,error_code,error_message,error_order_id',
  `#1001,MUG-RED,2,12.50,17,VALIDATION,"there is no product MUG-RED; did you mean MUG-BLUE?",`,
  `#1002,MUG-BLUE,1,12.50,23,ORD003,"the payment was declined: insufficient funds",${ids.declined}`,
].join('\n');
