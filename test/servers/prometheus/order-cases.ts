import { type CasesByAlert, first, grows, stays } from './alert-case.ts';

const created = 'orders_created_total{job="orders-api", source="api"}';
const payments = (outcome: string) => `payments_total{job="orders-worker", outcome="${outcome}"}`;
const compensations = (outcome: string) =>
  `saga_compensations_total{step="refundPaymentIfCharged", outcome="${outcome}"}`;
const on = (name: string, instance: string) => `${name}{job="orders-api", instance="${instance}"}`;

/** The cases of orders that don't go on, and of what is owed. */
export const orderCases: CasesByAlert = {
  PaymentFailuresHigh: {
    fires: [
      {
        when: '5 % are declined',
        series: { [created]: grows(100), [payments('captured')]: grows(95), [payments('declined')]: grows(5) },
        at: '15m',
        says: [{ summary: '5% of the payments fail' }],
      },
      {
        when: 'the payment service is away',
        series: { [created]: grows(30), [payments('captured')]: stays(1000), [payments('unavailable')]: grows(30) },
        at: '15m',
        says: [{ summary: '100% of the payments fail' }],
      },
      {
        when: 'the outcome of every tenth is unknown',
        series: { [created]: grows(10), [payments('captured')]: grows(9), [payments('unknown')]: grows(1) },
        at: '20m',
        says: [{ summary: '10% of the payments fail' }],
      },
    ],
    quiet: [
      {
        when: '1 % are declined',
        series: { [created]: grows(100), [payments('captured')]: grows(99), [payments('declined')]: grows(1) },
        at: '30m',
      },
      {
        when: 'the only payment is declined',
        series: {
          [created]: first(0, 5, stays(1)),
          [payments('captured')]: stays(0),
          [payments('declined')]: first(0, 5, stays(1)),
        },
        at: '10m',
      },
      {
        when: 'one of thirty is declined',
        series: {
          [created]: grows(3),
          [payments('captured')]: grows(2.9),
          [payments('declined')]: first(0, 15, stays(1)),
        },
        at: '20m',
      },
      {
        when: 'one order of a quiet hour is charged again and again',
        series: {
          [created]: first(0, 5, stays(1)),
          [payments('captured')]: stays(0),
          [payments('unavailable')]: grows(30),
        },
        at: '20m',
      },
      {
        when: 'many are refunded',
        series: { [created]: grows(50), [payments('captured')]: grows(50), [payments('refunded')]: grows(50) },
        at: '30m',
      },
      {
        when: 'nobody pays',
        series: { [created]: stays(0), [payments('captured')]: stays(0), [payments('declined')]: stays(0) },
        at: '30m',
      },
    ],
  },
  OrdersNeedAttention: {
    fires: [
      {
        when: 'two orders have waited for a quarter of an hour, seen by two APIs',
        series: { [on('orders_needs_attention', 'a')]: stays(2), [on('orders_needs_attention', 'b')]: stays(2) },
        at: '16m',
        says: [{ summary: '2 orders wait for a decision of an operator' }],
      },
    ],
    quiet: [
      {
        when: 'one is decided within 14 minutes',
        series: { [on('orders_needs_attention', 'a')]: first(1, 14, stays(0)) },
        at: '16m',
      },
      { when: 'none waits', series: { [on('orders_needs_attention', 'a')]: stays(0) }, at: '30m' },
    ],
  },
  OrdersStuck: {
    fires: [
      {
        when: 'orders are stuck in two steps',
        series: { 'orders_stuck{step="chargePayment"}': stays(3), 'orders_stuck{step="none"}': stays(1) },
        at: '3m',
        says: [
          { summary: '3 orders are stuck in chargePayment', labels: { step: 'chargePayment' } },
          { summary: '1 orders are stuck in none', labels: { step: 'none' } },
        ],
      },
    ],
    quiet: [
      { when: 'none is stuck', series: { 'orders_stuck{step="chargePayment"}': stays(0) }, at: '30m' },
      {
        when: 'orders retry, but not for long',
        series: { 'orders_retrying{step="chargePayment"}': stays(9), 'orders_stuck{step="chargePayment"}': stays(0) },
        at: '30m',
      },
    ],
  },
  PayloadKeyMissing: {
    fires: [
      {
        when: 'two orders wait for a key',
        series: { 'orders_stalled{cause="KEY_MISSING"}': stays(2), 'orders_stalled{cause="PAUSED"}': stays(5) },
        at: '2m',
        says: [{ summary: '2 orders wait for a key that PAYLOAD_KEYS lacks' }],
      },
    ],
    quiet: [
      {
        when: 'orders wait for something else',
        series: { 'orders_stalled{cause="KEY_MISSING"}': stays(0), 'orders_stalled{cause="TASK_FAILING"}': stays(5) },
        at: '30m',
      },
    ],
  },
  OrdersWaitingToStart: {
    fires: [
      {
        when: 'the oldest has waited for more than a minute',
        series: {
          [on('orders_waiting_to_start', 'a')]: stays(40),
          [on('orders_oldest_waiting_seconds', 'a')]: '0+15x240',
        },
        at: '6m',
        says: [{ summary: 'An accepted order has waited 6m 0s for its workflow to start' }],
      },
    ],
    quiet: [
      {
        when: 'many wait, each for a few seconds',
        series: {
          [on('orders_waiting_to_start', 'a')]: stays(500),
          [on('orders_oldest_waiting_seconds', 'a')]: stays(20),
        },
        at: '30m',
      },
      {
        when: 'none waits',
        series: {
          [on('orders_waiting_to_start', 'a')]: stays(0),
          [on('orders_oldest_waiting_seconds', 'a')]: stays(0),
        },
        at: '30m',
      },
    ],
  },
  CompensationsFailing: {
    fires: [
      {
        when: 'a refund fails again and again',
        series: { [compensations('done')]: stays(0), [compensations('failed')]: grows(2) },
        at: '5m',
        says: [
          {
            summary:
              'The compensation refundPaymentIfCharged fails: money is kept or stock is held for orders that are given up',
            labels: { step: 'refundPaymentIfCharged' },
          },
        ],
      },
    ],
    quiet: [
      {
        when: 'compensations succeed',
        series: { [compensations('done')]: grows(20), [compensations('failed')]: stays(0) },
        at: '30m',
      },
      {
        when: 'one attempt fails',
        series: { [compensations('done')]: grows(1), [compensations('failed')]: first(0, 5, stays(1)) },
        at: '10m',
      },
    ],
  },
  OutboxDelayed: {
    fires: [
      {
        when: 'the oldest event has waited for more than five minutes',
        series: { 'outbox_oldest_seconds{sink="webhook"}': '0+15x240', 'outbox_oldest_seconds{sink="sse"}': stays(0) },
        at: '10m',
        says: [{ summary: 'The oldest event for webhook has waited for 10m 0s', labels: { sink: 'webhook' } }],
      },
    ],
    quiet: [
      { when: 'events wait for seconds', series: { 'outbox_oldest_seconds{sink="webhook"}': stays(30) }, at: '30m' },
    ],
  },
  PaymentsDiffer: {
    fires: [
      {
        when: 'a report finds a difference of one kind',
        series: {
          'payments_differences{kind="AMOUNT"}': first(0, 5, stays(1)),
          'payments_differences{kind="STATUS"}': stays(0),
        },
        at: '12m',
        says: [{ summary: "1 payments differ between the payment service's list and our books", labels: {} }],
      },
    ],
    quiet: [{ when: 'there is none', series: { 'payments_differences{kind="AMOUNT"}': stays(0) }, at: '30m' }],
  },
  OutboxDeadLetters: {
    fires: [
      {
        when: 'one event is given up',
        series: { 'outbox_dead_letters{sink="webhook"}': first(0, 5, stays(1)) },
        at: '7m',
        says: [{ summary: 'webhook has refused 1 events for good', labels: { sink: 'webhook' } }],
      },
    ],
    quiet: [{ when: 'there is none', series: { 'outbox_dead_letters{sink="webhook"}': stays(0) }, at: '30m' }],
  },
  WebhookEndpointFailing: {
    fires: [
      {
        when: 'an endpoint accepts nothing for more than an hour',
        series: { 'webhook_endpoints{state="FAILING"}': first(0, 5, stays(1)) },
        at: '70m',
        says: [{ summary: '1 webhook endpoints accept nothing, and their events wait', labels: {} }],
      },
    ],
    quiet: [
      {
        when: 'a receiver was away for half an hour',
        series: { 'webhook_endpoints{state="FAILING"}': first(1, 30, stays(0)) },
        at: '80m',
      },
      {
        when: 'an administrator has disabled one',
        series: { 'webhook_endpoints{state="DISABLED"}': stays(1) },
        at: '80m',
      },
    ],
  },
  InboxDeadLetters: {
    fires: [
      {
        when: 'one event contradicts what is on record',
        series: { inbox_dead_letters: first(0, 5, stays(1)) },
        at: '7m',
        says: [{ summary: '1 events of other services wait for a decision', labels: {} }],
      },
    ],
    quiet: [{ when: 'there is none', series: { inbox_dead_letters: stays(0) }, at: '30m' }],
  },
  ReconcilerNotRunning: {
    fires: [
      {
        when: 'the last pass was long ago',
        series: { reconciler_last_pass_timestamp_seconds: stays(60), orders_needs_attention: stays(0) },
        at: '17m',
        says: [{ summary: 'Nobody looks for orders whose workflow was terminated or lost' }],
      },
      {
        when: 'there has never been one',
        series: { orders_needs_attention: stays(0) },
        at: '6m',
        says: [{ summary: 'Nobody looks for orders whose workflow was terminated or lost' }],
      },
    ],
    quiet: [
      {
        when: 'it passes every minute',
        series: { reconciler_last_pass_timestamp_seconds: '0+15x240', orders_needs_attention: stays(0) },
        at: '30m',
      },
      { when: 'all figures are missing, which is told by another alert', series: {}, at: '30m' },
    ],
  },
  OrderFiguresMissing: {
    fires: [
      {
        when: 'the processes answer, but without them',
        series: { 'up{job="orders-api"}': stays(1), orders_needs_attention: first(0, 5, 'stale') },
        at: '12m',
        says: [{ summary: 'No process reports the figures over all orders' }],
      },
    ],
    quiet: [{ when: 'one of two APIs has them', series: { [on('orders_needs_attention', 'a')]: stays(0) }, at: '30m' }],
  },
};
