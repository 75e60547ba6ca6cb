import { notificationTypes } from '../domain/order-notification.ts';
import { orderStatuses } from '../domain/order-status.ts';
import { differenceKinds } from '../domain/payment-report.ts';
import { isCompensation, sagaActions } from '../domain/saga.ts';
import { stallCauses } from '../domain/waiting-order.ts';
import { endpointStates } from '../domain/webhook-endpoint.ts';
import { counter, gauge, histogram, open, type MetricDefinition } from './definition.ts';

/** How an attempt ended: `refused` by a business outcome, such as a declined card. */
const attemptOutcomes = ['done', 'refused', 'awaited', 'failed'] as const;

const services = ['inventory', 'payment', 'customer', 'notification', 'review'] as const;

/** How a call of a service ended: `refused` says no, `rejected` can't make sense of the request. */
const callOutcomes = ['ok', 'refused', 'rejected', 'unauthorized', 'unavailable', 'timeout', 'unknown'] as const;

/** Seconds, from a call inside a data centre to the longest attempt. */
const callBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10];

/** Seconds, from a saga at rest to an order that waited for a service all night. */
const confirmBuckets = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 43_200];

const hourS = 3_600;
const dayS = 24 * hourS;

/** Seconds, from goods that leave at once to backorders. */
const shipBuckets = [
  60,
  600,
  hourS,
  4 * hourS,
  12 * hourS,
  dayS,
  2 * dayS,
  3 * dayS,
  5 * dayS,
  7 * dayS,
  14 * dayS,
  30 * dayS,
];

/** Seconds, from a read of a millisecond to the longest time that a client may ask to wait. */
const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Every metric of the product by its name; what belongs to the whole system and not to one process is `shared`. */
export const metricDefinitions = {
  orders_created_total: counter('Orders that this process has accepted.', { source: ['api', 'import'] }),
  orders_transitions_total: counter('Changes of status that this process has written.', { to: orderStatuses }),
  orders_value_total: counter('Totals of the orders that were confirmed, in units of the currency, such as 12.50.', {
    currency: open,
  }),
  orders_confirm_seconds: histogram('From the acceptance of an order to CONFIRMED.', {}, confirmBuckets),
  orders_ship_seconds: histogram('From CONFIRMED to SHIPPED.', {}, shipBuckets),
  orders_current: gauge('Orders by status.', { status: orderStatuses }, 'shared'),
  orders_needs_attention: gauge('Orders that wait for a decision; 2000 stands for that many or more.', {}, 'shared'),
  orders_retrying: gauge(
    'Orders whose step has failed and is tried again, 2000 of all steps at most.',
    { step: sagaActions },
    'shared',
  ),
  orders_stuck: gauge(
    'Orders that have waited in a step for longer than STUCK_AFTER, are paused, or whose tasks fail; `none`: in no step. 1000 of all steps at most.',
    { step: [...sagaActions, 'none'] },
    'shared',
  ),
  orders_stalled: gauge(
    'Orders that wait for something of which only Temporal knows, by why they do; KEY_MISSING: for a key that PAYLOAD_KEYS lacks.',
    { cause: stallCauses },
    'shared',
  ),
  orders_waiting_to_start: gauge(
    'Accepted orders whose workflow has not started; 2000 stands for that many or more.',
    {},
    'shared',
  ),
  orders_oldest_waiting_seconds: gauge('Age of the oldest order whose workflow has not started.', {}, 'shared'),
  orders_figures_age_seconds: gauge(
    'Age of the figures that all processes share; grows while the database is away.',
    {},
  ),
  saga_step_seconds: histogram(
    'One attempt of a step or compensation.',
    { step: sagaActions, outcome: attemptOutcomes },
    callBuckets,
  ),
  saga_compensations_total: counter('Attempts of compensations.', {
    step: sagaActions.filter(isCompensation),
    outcome: attemptOutcomes,
  }),
  saga_parked_total: counter('Steps that this process has parked for an operator.', { step: sagaActions }),
  payments_total: counter(
    'Charges and refunds on record, and attempts to charge whose outcome is unknown or that did not reach the service.',
    { outcome: ['captured', 'declined', 'refunded', 'unknown', 'unavailable'] },
  ),
  payments_differences: gauge(
    "Differences between the payment service's list and our books that the latest report has found.",
    { kind: differenceKinds },
    'shared',
  ),
  service_request_seconds: histogram(
    'One call of a service.',
    { service: services, operation: open, outcome: callOutcomes },
    callBuckets,
  ),
  outbox_unpublished: gauge('Events that a sink does not have and that are no dead letters.', { sink: open }, 'shared'),
  outbox_oldest_seconds: gauge(
    'Age of the oldest event that a sink does not have; those that wait behind a dead letter are not among them.',
    { sink: open },
    'shared',
  ),
  outbox_dead_letters: gauge('Events that a sink has refused for good.', { sink: open }, 'shared'),
  inbox_open: gauge(
    'Events of other services that are not applied yet; 2000 stands for that many or more.',
    {},
    'shared',
  ),
  inbox_dead_letters: gauge(
    'Events of other services that wait for a decision; 2000 stands for that many or more.',
    {},
    'shared',
  ),
  messages_pending: gauge(
    'Messages to customers that are to be sent, or sent again; 2000 stands for that many or more.',
    {},
    'shared',
  ),
  messages_failed: gauge(
    'Messages to customers that could not be sent and wait for a decision; 2000 stands for that many or more.',
    {},
    'shared',
  ),
  messages_total: counter('Attempts of this process to send messages to customers, without confirmations of orders.', {
    type: notificationTypes,
    outcome: ['sent', 'retried', 'failed', 'skipped'],
  }),
  events_published_total: counter('Events that this process has delivered.', { sink: open }),
  events_failed_total: counter('Deliveries of events that failed, and are tried again.', { sink: open }),
  webhook_endpoints: gauge('Webhook endpoints by how they stand.', { state: endpointStates }, 'shared'),
  webhook_deliveries_total: counter('Attempts of this process to deliver to webhook endpoints.', {
    outcome: ['delivered', 'failed'],
  }),
  webhook_delivery_seconds: histogram(
    'One attempt to deliver to a webhook endpoint.',
    { outcome: ['delivered', 'failed'] },
    callBuckets,
  ),
  mails_total: counter(
    'Mails of this process; `failed`: tried again later, `refused`: by the mail server for good, `duplicate`: sent before, `skipped`: without an address.',
    { outcome: ['sent', 'duplicate', 'skipped', 'failed', 'refused'] },
  ),
  mail_queue_messages: gauge('Messages in the queues of RabbitMQ, as the notifier sees them; `dead`: given up.', {
    queue: ['waiting', 'retrying', 'dead'],
  }),
  reconciler_last_pass_timestamp_seconds: gauge('When the last pass of the reconciler ended well.', {}, 'shared'),
  reconciler_passes_total: counter('Passes of the reconciler that this process has made.', {
    outcome: ['ok', 'failed'],
  }),
  saga_starts_in_flight: gauge('Sagas under way that this process has started.', {}),
  saga_starts_limit: gauge('How many sagas this process may have under way.', {}),
  saga_starts_waiting: gauge('Orders that wait in this process until their saga may start.', {}),
  database_pool_connections: gauge('Connections of this process; `waiting`: callers that wait for one.', {
    state: ['idle', 'busy', 'waiting'],
  }),
  database_pool_max: gauge('The most connections that this process opens: DATABASE_POOL_MAX.', {}),
  database_statements_total: counter('SQL statements sent to the database.', {}),
  database_connection_errors_total: counter('Statements of this process that got no connection to the database.', {
    reason: ['refused', 'too_many', 'timeout', 'other'],
  }),
  http_request_duration_seconds: histogram(
    'Time to answer a request, by route and status.',
    { method: open, route: open, status: open },
    requestBuckets,
  ),
  grpc_request_duration_seconds: histogram(
    'Time to answer a call of gRPC, by method and status; of a stream, until it is open.',
    { method: open, code: open },
    requestBuckets,
  ),
  http_requests_in_flight: gauge('Requests that are being answered.', {}),
  order_cache_reads_total: counter(
    'Reads of an order or its status with REDIS_URL; `unavailable`: Redis did not answer, and PostgreSQL did.',
    { outcome: ['hit', 'miss', 'unavailable'] },
  ),
  order_saga_build_info: gauge('1, with the version and the role of the process.', { version: open, role: open }),
} as const satisfies Readonly<Record<string, MetricDefinition>>;

type Definitions = typeof metricDefinitions;

/** The name of a metric. */
export type MetricName = keyof Definitions;

/** The names of the metrics of one type. */
export type MetricOf<Type extends MetricDefinition['type']> = {
  [Name in MetricName]: Definitions[Name]['type'] extends Type ? Name : never;
}[MetricName];

/** The labels of a metric with a value each. */
export type LabelsOf<Name extends MetricName> = {
  readonly [Label in keyof Definitions[Name]['labels']]: ValueOf<Definitions[Name]['labels'][Label]>;
};

type ValueOf<Values> = Values extends readonly (infer Value extends string)[] ? Value : string;
