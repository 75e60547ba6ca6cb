import type { Operations } from '../../../../src/client/client.ts';
import { workQueues } from '../../../../src/domain/work-queue.ts';
import { at, ids, type Plain } from './shown-parts.ts';

type Answer<Name extends keyof Operations> = Plain<Operations[Name]['answer']>;

const counts: Partial<Record<(typeof workQueues)[number], number>> = {
  NEEDS_ATTENTION: 40,
  STUCK: 1_000,
  RETRYING: 3,
  PAYMENT_FAILED: 12,
  DISPUTED: 1,
  MESSAGE_FAILED: 2,
  DEAD_LETTER: 2,
  UNAPPLIED_EVENT: 1,
};

export const queueCounts: Answer<'listQueues'> = {
  data: workQueues.map((queue) => ({ queue, url: '', count: counts[queue] ?? 0 })),
  next_cursor: null,
};

const parked = {
  order_id: ids.parked,
  order_number: 'ORD-00000042',
  status: 'PENDING',
  saga_state: 'NEEDS_ATTENTION',
  step: 'chargePayment',
  cause: 'NEEDS_ATTENTION',
  since: at('08:05:00'),
  attempts: 12,
  last_error: 'UNREACHABLE: POST /payments answered 503',
  is_stuck: true,
} as const satisfies Answer<'listWaitingOrders'>['data'][number];

export const waiting: Answer<'listWaitingOrders'> = {
  data: Array.from({ length: 12 }, (_, n) => ({
    ...parked,
    order_number: `ORD-000000${42 + n}`,
    ...(n % 4 === 3 && {
      step: 'refundPaymentIfCharged' as const,
      last_error:
        'OUTCOME_UNKNOWN: the payment service did not answer within 10 s, and the look-up by its key found nothing',
    }),
  })),
  next_cursor: 'more',
};

export const retrying: Answer<'listWaitingOrders'> = {
  data: [1, 2, 40].map((attempts, n) => ({
    ...parked,
    order_number: `ORD-0000005${n}`,
    saga_state: 'RUNNING',
    cause: 'RETRYING',
    step: n === 2 ? 'refundPaymentIfCharged' : 'chargePayment',
    attempts,
    is_stuck: n === 2,
  })),
  next_cursor: null,
};

export const queued: Answer<'listQueue'> = {
  data: Array.from({ length: 3 }, (_, n) => ({
    order_id: ids.declined,
    order_number: `ORD-0000004${3 + n}`,
    status: 'PAYMENT_FAILED' as const,
    customer_name: n === 1 ? null : 'Ada Lovelace',
    currency: 'EUR',
    total: '1298.90',
    refund_due: n === 2 ? '20.00' : '0.00',
    since: at('08:00:02'),
    until: n === 0 ? null : at('20:00:00'),
    detail: 'the payment was declined: insufficient funds',
  })),
  next_cursor: null,
};

export const messages: Answer<'listNotifications'> = {
  data: (['ORDER_SHIPPED', 'ORDER_CANCELLED'] as const).map((type) => ({
    key: `${ids.disputed}:notify:${type}`,
    order_id: ids.disputed,
    order_number: 'ORD-00000044',
    type,
    state: 'FAILED',
    attempts: 8,
    last_error: '550 5.2.2 mailbox is full',
    recipient: 'a***@analytical-engines.example.com',
    content: { subject: 'Your order ORD-00000044', text: 'Dear Ada Lovelace, …' },
    created_at: at('09:00:10'),
  })),
  next_cursor: null,
};

export const deadLetters: Answer<'listEvents'> = {
  data: ['order.cancelled', 'payment.refunded'].map((type, n) => ({
    event_id: `${1_188 + n}`,
    sink: 'webhook:0196a1b2-0000-7000-8000-0000000000e1',
    receiver: 'The warehouse',
    order_id: ids.disputed,
    order_number: 'ORD-00000044',
    type,
    state: 'DEAD',
    is_held: n > 0,
    attempts: 12,
    created_at: at('09:00:01'),
    last_attempt_at: at('13:00:00'),
    next_attempt_at: null,
    delivered_at: null,
    last_error: n === 0 ? 'The endpoint is broken: missing column “cancelled_reason” in table orders_mirror' : null,
    response_status: n === 0 ? 500 : null,
    duration_ms: 31,
    data: { order_id: ids.disputed, order_number: 'ORD-00000044', status: 'CANCELLED', reason: 'asked for by phone' },
  })),
  next_cursor: null,
};

export const unapplied: Answer<'listInboxEvents'> = {
  data: [
    {
      source: 'kafka:payments.updates',
      id: 'evt_3M4n5P6q7R8s9T0u',
      type: 'payment.refunded',
      order_id: null,
      order_number: null,
      state: 'DEAD',
      reason: 'no order has the payment pay_from_elsewhere',
      attempts: 1,
      deliveries: 2,
      data: { payment_id: 'pay_from_elsewhere', amount: '12.50', currency: 'EUR' },
      received_at: at('11:00:00'),
      handled_at: null,
    },
  ],
  next_cursor: null,
};

export const resolutionPreview: Answer<'resolveSagas'> = {
  dry_run: true,
  matched: 40,
  groups: [
    {
      step: 'chargePayment',
      effect: 'tries the step again; what it did before is not done twice',
      orders: 36,
      currency: 'EUR',
      total: '46760.40',
    },
    {
      step: 'refundPaymentIfCharged',
      effect: 'tries the step again; what it did before is not done twice',
      orders: 4,
      currency: 'EUR',
      total: '5195.60',
    },
  ],
  orders: waiting.data.map(({ order_id, order_number, step, since, last_error }) => ({
    order_id,
    order_number,
    step: step!,
    parked_at: since,
    last_error,
  })),
};

export const resolution: Answer<'getSagaResolution'> = {
  id: 'res-1',
  status: 'RUNNING',
  filter: { before: at('16:00:00') },
  action: 'retry',
  reason: 'the payment service is back',
  actor: 'operator:olga',
  created_at: at('16:00:00'),
  completed_at: null,
  counts: { waiting: 12, decided: 25, unchanged: 2, failed: 1 },
  data: (['WAITING', 'DECIDED', 'UNCHANGED', 'FAILED'] as const).map((state, n) => ({
    order_id: ids.parked,
    order_number: `ORD-0000004${2 + n}`,
    step: 'chargePayment',
    state,
    detail: state === 'FAILED' ? 'the workflow did not answer within 10 s' : null,
    at: at('16:00:03'),
    status: state === 'DECIDED' ? 'CONFIRMED' : 'PENDING',
    saga_state: state === 'DECIDED' ? 'COMPLETED' : 'NEEDS_ATTENTION',
  })),
  next_cursor: null,
};

const { data: _, next_cursor: __, ...running } = resolution;

export const resolutions: Answer<'listSagaResolutions'> = {
  data: [
    running,
    {
      ...running,
      id: 'res-0',
      status: 'COMPLETED',
      filter: { order_ids: [ids.parked, ids.disputed] },
      action: 'resolve',
      reason: 'paid by bank transfer, seen on the statement of the 23rd',
      actor: 'admin:ada',
      created_at: at('14:10:00'),
      completed_at: at('14:10:04'),
      counts: { waiting: 0, decided: 2, unchanged: 0, failed: 0 },
    },
    {
      ...running,
      id: 'res-00',
      status: 'COMPLETED',
      filter: { step: 'notifyCustomer', error: 'mailbox is full', before: at('09:00:00') },
      action: 'skip',
      reason: 'told by telephone',
      created_at: at('09:02:00'),
      completed_at: at('09:02:01'),
      counts: { waiting: 0, decided: 11, unchanged: 1, failed: 2 },
    },
  ],
  next_cursor: null,
};
