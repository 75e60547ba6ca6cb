import ms from 'ms';
import { z } from 'zod';
import { countries } from '../domain/country.ts';
import { currencies } from '../domain/currency.ts';
import { deadLetterPolicies } from '../domain/event-delivery.ts';
import { paymentCaptures } from '../domain/payment-capture.ts';
import { reviewDecisions, reviewFallbacks } from '../domain/order-review.ts';
import { samplerNames } from '../tracing/sampler-names.ts';
import { consoleVariables } from './console-settings.ts';
import { brokers, saslMechanisms, topic, topicOrNone } from './kafka-settings.ts';
import { mailVariables } from './mail-settings.ts';
import { messageTypes, orderUrl } from './message-settings.ts';
import { serviceVariables } from './service-settings.ts';
import { stripeVariables } from './stripe-settings.ts';
import {
  amount,
  count,
  countOrNone,
  databaseUrl,
  duration,
  factor,
  keyRing,
  origins,
  port,
  portOrNone,
  readableFile,
  redisUrl,
  share,
  retention,
  shippingRates,
  signingSecret,
  taxRates,
  url,
  timeOfDayOrOff,
  timeZone,
  waiting,
} from './setting-types.ts';

/**
 * Every variable that the product reads, with its type and default; `.env.example` explains each. All are optional here: each
 * process picks those that it reads and requires those that it can't do without.
 */
export const environment = z.object({
  ROLE: z.enum(['all', 'api', 'worker']).default('all'),
  PROBE_PORT: port.optional(),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
  LOG_SAMPLE: share.default(0.1),
  ALLOW_KNOWN_SECRETS: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),

  METRICS_HOST: z.string().default('0.0.0.0'),
  METRICS_PORT: portOrNone.default(9464),

  API_HOST: z.string().default('0.0.0.0'),
  API_PORT: port.default(3000),
  RATE_LIMIT: countOrNone.default(100),
  WEBHOOK_RATE_LIMIT: countOrNone.default(6_000),
  BODY_TIMEOUT: waiting(1).default(10_000),
  STOP_DELAY: waiting().default(0),
  CORS_ORIGINS: origins.default([]),
  GRPC_PORT: port.optional(),
  GRPC_TLS_CERT: z.string().min(1).optional(),
  GRPC_TLS_KEY: z.string().min(1).optional(),

  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  OTEL_SERVICE_NAME: z.string().min(1).default('order-saga'),
  OTEL_TRACES_SAMPLER: z.enum(samplerNames).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),

  DATABASE_URL: databaseUrl.optional(),
  MIGRATION_DATABASE_URL: databaseUrl.optional(),
  ANALYTICS_DATABASE_URL: databaseUrl.optional(),
  ANALYTICS_KEY: z.string().min(32, 'must be at least 32 characters long').optional(),
  // A batch of events is delivered beside the transaction that holds it.
  DATABASE_POOL_MAX: count.min(2).default(16),
  DATABASE_READ_URL: databaseUrl.optional(),
  DATABASE_READ_MAX_LAG: duration.default(5_000),
  REDIS_URL: redisUrl.optional(),
  ORDER_RETENTION: retention(ms('30d')).optional(),
  AUDIT_RETENTION: retention(ms('30d')).optional(),
  IDEMPOTENCY_RETENTION: retention(ms('1d')).optional(),
  WEBHOOK_RETENTION: retention(ms('1d')).optional(),

  TEMPORAL_TASK_QUEUE: z.string().min(1).default('orders'),
  PAYLOAD_KEYS: keyRing.optional(),
  CODEC_HOST: z.string().default('0.0.0.0'),
  CODEC_PORT: port.default(8081),
  CODEC_ORIGINS: origins.default([]),
  CODEC_WITHOUT_TOKEN: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
  WORKER_MAX_WORKFLOW_TASKS: count.default(200),
  WORKER_MAX_LOCAL_ACTIVITIES: count.default(200),
  WORKER_MAX_ACTIVITIES: count.default(100),
  WORKFLOW_CACHE_SIZE: countOrNone.default(1_000),
  WORKFLOW_BUNDLE: z.string().optional(),
  WORKFLOW_STACK_TRACES: z.stringbool({ truthy: ['on'], falsy: ['off'] }).default(false),
  WORKER_DEPLOYMENT: z.string().min(1).default('order-saga'),
  WORKER_BUILD_ID: z.string().min(1).optional(),
  ORDER_PRIORITIES: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
  ORDER_FAIRNESS: z.enum(['customer', 'service']).optional(),
  STEPS_PER_SECOND: countOrNone.default(0),

  ...stripeVariables,
  ...serviceVariables,
  PAYMENT_WEBHOOK_SECRET: signingSecret.optional(),
  INVENTORY_WEBHOOK_SECRET: signingSecret.optional(),
  SHIPPING_WEBHOOK_SECRET: signingSecret.optional(),
  INBOX_PATIENCE: duration.default(ms('1d')),

  MESSAGES: messageTypes.prefault('all'),
  MESSAGES_GIVE_UP_AFTER: duration.default(ms('3d')),
  MESSAGES_ORDER_URL: orderUrl.optional(),

  EVENTS_URL: url.optional(),
  EVENTS_SECRET: signingSecret.optional(),
  OUTBOX_RETENTION: duration.default(ms('7d')),
  EVENTS_MAX_ATTEMPTS: count.default(12),
  EVENTS_ON_DEAD_LETTER: z.enum(deadLetterPolicies).default('hold'),
  WEBHOOK_ALLOW_PRIVATE: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
  WEBHOOK_REQUIRE_HTTPS: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
  WEBHOOK_SECRET_OVERLAP: duration.default(ms('24h')),
  WEBHOOK_DISABLE_AFTER: duration.default(ms('5d')),
  WEBHOOK_DEAD_AFTER: duration.default(ms('5d')),
  WEBHOOK_DELIVERY_RETENTION: duration.default(ms('7d')),
  WEBHOOK_CONCURRENCY: count.default(256),
  WEBHOOK_ENDPOINT_CONCURRENCY: count.default(8),

  KAFKA_BROKERS: brokers.optional(),
  KAFKA_CLIENT_ID: z.string().regex(/^\S+$/, 'must have no spaces').default('order-saga'),
  KAFKA_TLS: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
  KAFKA_TLS_CA_FILE: readableFile.optional(),
  KAFKA_TLS_CERT_FILE: readableFile.optional(),
  KAFKA_TLS_KEY_FILE: readableFile.optional(),
  KAFKA_SASL_MECHANISM: z.enum(saslMechanisms).optional(),
  KAFKA_SASL_USERNAME: z.string().optional(),
  KAFKA_SASL_PASSWORD: z.string().optional(),
  KAFKA_ORDERS_TOPIC: topic.default('orders.events'),
  KAFKA_PAYMENTS_TOPIC: topic.default('payments.events'),
  KAFKA_CREATE_TOPICS: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(true),
  KAFKA_TOPIC_PARTITIONS: count.default(12),
  KAFKA_TOPIC_REPLICATION: count.optional(),
  KAFKA_TOPIC_RETENTION: duration.optional(),
  KAFKA_CONSUMER_GROUP: z.string().regex(/^\S+$/, 'must have no spaces').default('order-saga'),
  KAFKA_PAYMENT_UPDATES_TOPIC: topicOrNone.default('payments.updates'),
  KAFKA_INVENTORY_UPDATES_TOPIC: topicOrNone.default('inventory.updates'),
  KAFKA_SHIPPING_UPDATES_TOPIC: topicOrNone.default('shipping.updates'),

  ...mailVariables,

  JWT_SECRET: z.string().min(32, 'must be at least 32 characters').optional(),
  JWKS_URL: url.optional(),
  JWT_ISSUER: z.string().default('order-saga'),
  JWT_AUDIENCE: z.string().default('orders'),

  ...consoleVariables,

  ORDER_WAIT: waiting().default(2_000),
  ORDER_MAX_ITEMS: count.default(50),
  ORDER_MIN_TOTAL: amount.default('10.00'),
  TAX_RATES: taxRates.default({}),
  SHIPPING_RATES: shippingRates.default({ standard: '0', express: '9.90', pickup: '0' }),
  RESERVATION_TTL: duration.default(ms('30m')),
  PAYMENT_RETRY_WINDOW: duration.default(ms('15m')),
  PAYMENT_ACTION_WINDOW: duration.default(ms('15m')),
  PAYMENT_DECLINES_PER_ORDER: countOrNone.default(10),
  PAYMENT_DECLINES_PER_CUSTOMER: countOrNone.default(20),
  PAYMENT_DECLINE_WINDOW: duration.default(ms('1h')),
  REVIEW_MAX_TOTAL: amount.optional(),
  REVIEW_MAX_CUSTOMER_TOTAL: amount.optional(),
  REVIEW_COUNTRY_MISMATCH: z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(false),
  REVIEW_MAX_ORDERS_PER_PAYMENT_METHOD: count.optional(),
  REVIEW_MAX_ORDERS_PER_ADDRESS: count.optional(),
  REVIEW_MAX_PAYMENT_METHODS_PER_CUSTOMER: count.optional(),
  REVIEW_MAX_ADDRESSES_PER_CUSTOMER: count.optional(),
  REVIEW_ON_BREACH: z.enum(['review', 'reject']).default('review'),
  REVIEW_WINDOW: duration.default(ms('24h')),
  REVIEW_ON_TIMEOUT: z.enum(reviewDecisions).default('reject'),
  REVIEW_PATIENCE: duration.default(ms('5m')),
  REVIEW_ON_FAILURE: z.enum(reviewFallbacks).default('wait'),
  REVIEW_MAX_AMENDMENT: amount.optional(),
  AMEND_WINDOW: duration.default(ms('15m')),
  SHOP_TIME_ZONE: timeZone.default('UTC'),
  RETURN_WINDOW: duration.default(ms('30d')),
  RECONCILE_INTERVAL: waiting(1_000).default(60_000),
  PAYMENT_RECONCILE_AT: timeOfDayOrOff.default({ hour: 3, minute: 30 }),
  PAYMENT_RECONCILE_GRACE: duration.default(ms('1h')),
  START_TOLERANCE: factor.default(1.2),
  START_BACKLOG_TOLERANCE: factor.default(4),
  START_CEILING: count.default(4_096),
  START_LEAST_PER_SECOND: count.default(1),
  WORKFLOW_TASK_TIMEOUT: waiting(ms('1s'), ms('1m')).default(ms('2s')),
  STEP_PATIENCE: duration.default(ms('1h')),
  SERVICE_ANSWER_LOOKUP: duration.default(60_000),
  PAYMENT_CAPTURE: z.enum(paymentCaptures).optional(),
  STUCK_AFTER: duration.default(ms('5m')),

  IMPORT_IN_FLIGHT: count.default(48),
  IMPORT_RETENTION: duration.default(ms('30d')),
  IMPORT_CURRENCY: z.enum(currencies, 'must be an ISO 4217 currency code such as EUR').optional(),
  IMPORT_COUNTRY: z.enum(countries, 'must be an ISO 3166-1 alpha-2 code such as GB').optional(),
  IMPORT_CUSTOMER: z.string().min(1).max(255).optional(),
  IMPORT_PAYMENT_METHOD: z.string().min(1).max(255).optional(),
});

/** The name of every variable of {@link environment}. */
export const settingNames: readonly string[] = Object.keys(environment.shape);
