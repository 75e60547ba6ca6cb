import type { z } from 'zod';
import type { ImportDefaults } from '../domain/import-columns.ts';
import { STANDARD_SHIPPING } from '../domain/shipping.ts';
import { environment } from './environment.ts';
import { toReviewSettings } from './review-settings.ts';

/** The variables of a process that starts sagas or looks after them. */
export const sagaVariables = environment.required({ DATABASE_URL: true });

/** What a process needs that starts sagas or looks after them; times are in milliseconds. */
export type SagaConfig = ReturnType<typeof toSagaConfig>;

/** The settings of such a process, by what they are about. */
export function toSagaConfig(e: z.output<typeof sagaVariables>) {
  return {
    role: e.ROLE,
    probePort: e.PROBE_PORT,
    log: { level: e.LOG_LEVEL, format: e.LOG_FORMAT },
    metrics: { host: e.METRICS_HOST, port: e.METRICS_PORT },
    database: {
      url: e.DATABASE_URL,
      poolMax: e.DATABASE_POOL_MAX,
      readUrl: e.DATABASE_READ_URL,
      readMaxLagMs: e.DATABASE_READ_MAX_LAG,
    },
    redisUrl: e.REDIS_URL,
    temporal: {
      taskQueue: e.TEMPORAL_TASK_QUEUE,
      hasPriorities: e.ORDER_PRIORITIES,
      fairness: e.ORDER_FAIRNESS,
    },
    payloadKeys: e.PAYLOAD_KEYS,
    tracing: toTracing(e),
    worker: {
      maxWorkflowTasks: e.WORKER_MAX_WORKFLOW_TASKS,
      maxLocalActivities: e.WORKER_MAX_LOCAL_ACTIVITIES,
      maxActivities: e.WORKER_MAX_ACTIVITIES,
      workflowCacheSize: e.WORKFLOW_CACHE_SIZE,
      workflowBundle: e.WORKFLOW_BUNDLE,
      hasStackTraces: e.WORKFLOW_STACK_TRACES,
      deployment: e.WORKER_DEPLOYMENT,
      buildId: e.WORKER_BUILD_ID,
      stepsPerSecond: e.STEPS_PER_SECOND,
    },
    events: {
      url: e.EVENTS_URL,
      secret: e.EVENTS_SECRET,
      retentionMs: e.OUTBOX_RETENTION,
      maxAttempts: e.EVENTS_MAX_ATTEMPTS,
      onDeadLetter: e.EVENTS_ON_DEAD_LETTER,
    },
    messages: { types: e.MESSAGES, giveUpAfterMs: e.MESSAGES_GIVE_UP_AFTER, orderUrl: e.MESSAGES_ORDER_URL },
    kafka: toKafkaConfig(e),
    webhooks: toWebhookConfig(e),
    reconcileIntervalMs: e.RECONCILE_INTERVAL,
    paymentReconcileAt: e.PAYMENT_RECONCILE_AT,
    paymentReconcileGraceMs: e.PAYMENT_RECONCILE_GRACE,
    retention: toRetentionConfig(e),
    stuckAfterMs: e.STUCK_AFTER,
    starts: {
      tolerance: e.START_TOLERANCE,
      backlogTolerance: e.START_BACKLOG_TOLERANCE,
      ceiling: e.START_CEILING,
      leastPerSecond: e.START_LEAST_PER_SECOND,
      // Most of the time that somebody waits: the order is accepted before and read afterwards.
      awaitedTargetMs: 0.75 * e.ORDER_WAIT,
      taskTimeoutMs: e.WORKFLOW_TASK_TIMEOUT,
    },
    imports: { inFlight: e.IMPORT_IN_FLIGHT, retentionMs: e.IMPORT_RETENTION, defaults: toImportDefaults(e) },
    order: toOrderConfig(e),
  };
}

/** How long rows are kept; `undefined` keeps them for good. */
function toRetentionConfig(e: z.output<typeof environment>) {
  return {
    ordersMs: e.ORDER_RETENTION,
    auditMs: e.AUDIT_RETENTION,
    idempotencyMs: e.IDEMPOTENCY_RETENTION,
    webhooksMs: e.WEBHOOK_RETENTION,
    mailsMs: e.MAIL_RETENTION,
  };
}

/** How Kafka is reached and what is published and consumed there. */
export type KafkaConfig = NonNullable<ReturnType<typeof toKafkaConfig>>;

/** How Kafka is used; `undefined`: not at all. */
function toKafkaConfig(e: z.output<typeof environment>) {
  if (e.KAFKA_BROKERS === undefined) return undefined;
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = e;
  const hasLogin = mechanism !== undefined && username !== undefined && password !== undefined;
  return {
    brokers: e.KAFKA_BROKERS,
    clientId: e.KAFKA_CLIENT_ID,
    tls: e.KAFKA_TLS
      ? { caFile: e.KAFKA_TLS_CA_FILE, certFile: e.KAFKA_TLS_CERT_FILE, keyFile: e.KAFKA_TLS_KEY_FILE }
      : undefined,
    login: hasLogin ? { mechanism, username, password } : undefined,
    topics: { orders: e.KAFKA_ORDERS_TOPIC, payments: e.KAFKA_PAYMENTS_TOPIC },
    newTopics: e.KAFKA_CREATE_TOPICS
      ? {
          partitions: e.KAFKA_TOPIC_PARTITIONS,
          replication: e.KAFKA_TOPIC_REPLICATION,
          retentionMs: e.KAFKA_TOPIC_RETENTION,
        }
      : undefined,
    consumer: {
      group: e.KAFKA_CONSUMER_GROUP,
      topics: {
        payments: e.KAFKA_PAYMENT_UPDATES_TOPIC ?? undefined,
        inventory: e.KAFKA_INVENTORY_UPDATES_TOPIC ?? undefined,
        shipping: e.KAFKA_SHIPPING_UPDATES_TOPIC ?? undefined,
      },
    },
  };
}

/** How events are sent to webhook endpoints. */
function toWebhookConfig(e: z.output<typeof environment>) {
  return {
    allowPrivate: e.WEBHOOK_ALLOW_PRIVATE,
    requireHttps: e.WEBHOOK_REQUIRE_HTTPS,
    secretOverlapMs: e.WEBHOOK_SECRET_OVERLAP,
    disableAfterMs: e.WEBHOOK_DISABLE_AFTER,
    deadAfterMs: e.WEBHOOK_DEAD_AFTER,
    deliveryRetentionMs: e.WEBHOOK_DELIVERY_RETENTION,
    concurrency: e.WEBHOOK_CONCURRENCY,
    endpointConcurrency: e.WEBHOOK_ENDPOINT_CONCURRENCY,
  };
}

/** Where traces go, and how many; `undefined`: nowhere. */
function toTracing(e: z.output<typeof environment>) {
  if (e.OTEL_EXPORTER_OTLP_ENDPOINT === undefined) return undefined;
  return {
    endpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT,
    serviceName: e.OTEL_SERVICE_NAME,
    sampler: e.OTEL_TRACES_SAMPLER,
    ratio: e.OTEL_TRACES_SAMPLER_ARG,
  };
}

function toImportDefaults(e: z.output<typeof environment>): ImportDefaults {
  return {
    currency: e.IMPORT_CURRENCY,
    country: e.IMPORT_COUNTRY,
    customerId: e.IMPORT_CUSTOMER,
    paymentMethod: e.IMPORT_PAYMENT_METHOD,
  };
}

function toOrderConfig(e: z.output<typeof environment>) {
  const shippingRates: Readonly<Record<string, string>> = { [STANDARD_SHIPPING]: '0', ...e.SHIPPING_RATES };
  return {
    waitMs: e.ORDER_WAIT,
    maxItems: e.ORDER_MAX_ITEMS,
    minTotal: e.ORDER_MIN_TOTAL,
    taxRates: e.TAX_RATES,
    shippingRates,
    reservationTtlMs: e.RESERVATION_TTL,
    paymentRetryWindowMs: e.PAYMENT_RETRY_WINDOW,
    paymentActionWindowMs: e.PAYMENT_ACTION_WINDOW,
    declineLimits: {
      perOrder: e.PAYMENT_DECLINES_PER_ORDER,
      perCustomer: e.PAYMENT_DECLINES_PER_CUSTOMER,
      windowMs: e.PAYMENT_DECLINE_WINDOW,
    },
    review: toReviewSettings(e),
    amendWindowMs: e.AMEND_WINDOW,
    returnWindowMs: e.RETURN_WINDOW,
    timeZone: e.SHOP_TIME_ZONE,
    stepPatienceMs: e.STEP_PATIENCE,
    answerLookupMs: e.SERVICE_ANSWER_LOOKUP,
    paymentCapture: e.PAYMENT_CAPTURE ?? (e.PAYMENT_PROVIDER === 'stripe' ? 'confirm' : undefined),
  };
}
