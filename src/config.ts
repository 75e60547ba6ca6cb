import type { z } from 'zod';
import { environment } from './config/environment.ts';
import { checkKafka } from './config/kafka-settings.ts';
import { refuseKnownSecrets } from './config/known-secrets.ts';
import { toInboxConfig } from './config/inbox-settings.ts';
import { readVariables } from './config/read-variables.ts';
import type { ImportDefaults } from './domain/import-columns.ts';
import { STANDARD_SHIPPING } from './domain/shipping.ts';

export { ConfigError } from './config/read-variables.ts';

/** What a process needs that starts sagas or looks after them; times are in milliseconds. */
export type SagaConfig = ReturnType<typeof toSagaConfig>;

/** What the API and the worker need: the same, and the services that an order passes through. */
export type Config = ReturnType<typeof readConfig>;

const sagaVariables = environment.required({ DATABASE_URL: true });

const productVariables = sagaVariables.required({
  INVENTORY_URL: true,
  PAYMENT_URL: true,
  CUSTOMER_URL: true,
  NOTIFICATION_URL: true,
});

type Signing = Pick<z.output<typeof environment>, 'EVENTS_URL' | 'EVENTS_SECRET'>;
const areEventsSigned = (e: Signing) => e.EVENTS_URL === undefined || e.EVENTS_SECRET !== undefined;
const eventsNotSigned = { path: ['EVENTS_SECRET'], message: 'is needed to sign what is sent to EVENTS_URL' };

type Retention = Pick<z.output<typeof environment>, 'ORDER_RETENTION' | 'RETURN_WINDOW'>;
const isArchivedLate = (e: Retention) => e.ORDER_RETENTION === undefined || e.ORDER_RETENTION >= e.RETURN_WINDOW;
const archivedEarly = {
  path: ['ORDER_RETENTION'],
  message: 'must be at least RETURN_WINDOW: until then a delivered order may be returned',
};

type GrpcTls = Pick<z.output<typeof environment>, 'GRPC_TLS_CERT' | 'GRPC_TLS_KEY'>;
const isTlsWhole = (e: GrpcTls) => (e.GRPC_TLS_CERT === undefined) === (e.GRPC_TLS_KEY === undefined);
const tlsIsHalf = { path: ['GRPC_TLS_KEY'], message: 'goes with GRPC_TLS_CERT: both are set, or neither' };

type Keys = Pick<z.output<typeof environment>, 'JWT_SECRET' | 'JWKS_URL'>;
const canTokensBeChecked = (e: Keys) => e.JWT_SECRET !== undefined || e.JWKS_URL !== undefined;
const tokensNotChecked = {
  path: ['JWT_SECRET'],
  message: 'is not set, and neither is JWKS_URL: tokens are checked with one of them',
  // Named together with all else that is missing.
  when: () => true,
};

/** The settings of a worker. Throws {@link ConfigError} that names every variable that is missing or invalid, as all functions here do. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  const checked = productVariables
    .refine(areEventsSigned, eventsNotSigned)
    .refine(isArchivedLate, archivedEarly)
    .superRefine(checkKafka)
    .superRefine(refuseKnownSecrets);
  return toConfig(readVariables(checked, env));
}

/** The settings of the API, which checks tokens as well. */
export function readApiConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return toConfig(
    readVariables(
      productVariables
        .refine(areEventsSigned, eventsNotSigned)
        .refine(isArchivedLate, archivedEarly)
        .refine(canTokensBeChecked, tokensNotChecked)
        .superRefine(checkKafka)
        .refine(isTlsWhole, tlsIsHalf)
        .superRefine(refuseKnownSecrets),
      env,
    ),
  );
}

/** The settings of a process that starts sagas or looks after them, and calls no service. */
export function readSagaConfig(env: NodeJS.ProcessEnv = process.env): SagaConfig {
  const checked = sagaVariables
    .refine(areEventsSigned, eventsNotSigned)
    .refine(isArchivedLate, archivedEarly)
    .superRefine(checkKafka)
    .superRefine(refuseKnownSecrets);
  return toSagaConfig(readVariables(checked, env));
}

/** The settings of the migration: as which role it migrates, and which role of its own the product runs as, if any. */
export function readMigrateConfig(env: NodeJS.ProcessEnv = process.env) {
  const variables = environment
    .pick({
      LOG_LEVEL: true,
      LOG_FORMAT: true,
      DATABASE_URL: true,
      MIGRATION_DATABASE_URL: true,
      ANALYTICS_DATABASE_URL: true,
      ANALYTICS_KEY: true,
      ALLOW_KNOWN_SECRETS: true,
    })
    .required({ DATABASE_URL: true })
    .superRefine(refuseKnownSecrets);
  const e = readVariables(variables, env);
  const log = { level: e.LOG_LEVEL, format: e.LOG_FORMAT };
  const analytics = {
    role: e.ANALYTICS_DATABASE_URL === undefined ? undefined : roleOf(e.ANALYTICS_DATABASE_URL),
    key: e.ANALYTICS_KEY,
  };
  if (e.MIGRATION_DATABASE_URL === undefined)
    return { log, databaseUrl: e.DATABASE_URL, runningRole: undefined, analytics };
  return { log, databaseUrl: e.MIGRATION_DATABASE_URL, runningRole: roleOf(e.DATABASE_URL), analytics };
}

function roleOf(databaseUrl: string) {
  const { username, password } = new URL(databaseUrl);
  return { name: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/** The settings of the codec server, which decrypts for whoever has a token of an operator. */
export function readCodecConfig(env: NodeJS.ProcessEnv = process.env) {
  const variables = environment
    .pick({
      LOG_LEVEL: true,
      LOG_FORMAT: true,
      PAYLOAD_KEYS: true,
      CODEC_HOST: true,
      CODEC_PORT: true,
      CODEC_ORIGINS: true,
      CODEC_WITHOUT_TOKEN: true,
      JWT_SECRET: true,
      JWKS_URL: true,
      JWT_ISSUER: true,
      JWT_AUDIENCE: true,
      ALLOW_KNOWN_SECRETS: true,
    })
    .required({ PAYLOAD_KEYS: true })
    .refine((given) => given.CODEC_WITHOUT_TOKEN || canTokensBeChecked(given), tokensNotChecked)
    .refine(({ CODEC_WITHOUT_TOKEN: open, CODEC_HOST: host }) => !open || loopback.includes(host), codecIsOpen)
    .superRefine(refuseKnownSecrets);
  const e = readVariables(variables, env);
  return {
    log: { level: e.LOG_LEVEL, format: e.LOG_FORMAT },
    payloadKeys: e.PAYLOAD_KEYS,
    server: { host: e.CODEC_HOST, port: e.CODEC_PORT, variable: 'CODEC_PORT' },
    origins: e.CODEC_ORIGINS,
    isOpen: e.CODEC_WITHOUT_TOKEN,
    auth: { secret: e.JWT_SECRET, jwksUrl: e.JWKS_URL, issuer: e.JWT_ISSUER, audience: e.JWT_AUDIENCE },
  };
}

const loopback = ['127.0.0.1', '::1', 'localhost'];

const codecIsOpen = {
  path: ['CODEC_WITHOUT_TOKEN'],
  message: 'lets whoever reaches the codec server read everything: it goes with CODEC_HOST=127.0.0.1 only',
};

function toConfig(e: z.output<typeof productVariables>) {
  return {
    ...toSagaConfig(e),
    api: {
      host: e.API_HOST,
      port: e.API_PORT,
      rateLimit: e.RATE_LIMIT,
      webhookRateLimit: e.WEBHOOK_RATE_LIMIT,
      bodySilenceMs: e.BODY_TIMEOUT,
      corsOrigins: e.CORS_ORIGINS,
      stopDelayMs: e.STOP_DELAY,
      logSample: e.LOG_SAMPLE,
    },
    grpc: toGrpcConfig(e),
    auth: { secret: e.JWT_SECRET, jwksUrl: e.JWKS_URL, issuer: e.JWT_ISSUER, audience: e.JWT_AUDIENCE },
    gateways: {
      inventoryUrl: e.INVENTORY_URL,
      paymentUrl: e.PAYMENT_URL,
      customerUrl: e.CUSTOMER_URL,
      notificationUrl: e.NOTIFICATION_URL,
    },
    inbox: toInboxConfig(e),
  };
}

function toSagaConfig(e: z.output<typeof sagaVariables>) {
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
    kafka: toKafkaConfig(e),
    webhooks: toWebhookConfig(e),
    reconcileIntervalMs: e.RECONCILE_INTERVAL,
    retention: toRetentionConfig(e),
    stuckAfterMs: e.STUCK_AFTER,
    starts: {
      tolerance: e.START_TOLERANCE,
      ceiling: e.START_CEILING,
      leastPerSecond: e.START_LEAST_PER_SECOND,
      // Most of the time that somebody waits: the order is accepted before and read afterwards.
      awaitedTargetMs: 0.75 * e.ORDER_WAIT,
    },
    imports: { inFlight: e.IMPORT_IN_FLIGHT, retentionMs: e.IMPORT_RETENTION, defaults: toImportDefaults(e) },
    order: toOrderConfig(e),
  };
}

/** Where gRPC is served, and the files of its certificate and key if it is over TLS; `undefined`: nowhere. */
function toGrpcConfig(e: z.output<typeof environment>) {
  const { API_HOST: host, GRPC_PORT: port, GRPC_TLS_CERT: certFile, GRPC_TLS_KEY: keyFile } = e;
  if (port === undefined) return undefined;
  return { host, port, tls: certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : undefined };
}

/** How long rows are kept; `undefined` keeps them for good. */
function toRetentionConfig(e: z.output<typeof environment>) {
  return {
    ordersMs: e.ORDER_RETENTION,
    auditMs: e.AUDIT_RETENTION,
    idempotencyMs: e.IDEMPOTENCY_RETENTION,
    webhooksMs: e.WEBHOOK_RETENTION,
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
    declineLimits: {
      perOrder: e.PAYMENT_DECLINES_PER_ORDER,
      perCustomer: e.PAYMENT_DECLINES_PER_CUSTOMER,
      windowMs: e.PAYMENT_DECLINE_WINDOW,
    },
    amendWindowMs: e.AMEND_WINDOW,
    returnWindowMs: e.RETURN_WINDOW,
    timeZone: e.SHOP_TIME_ZONE,
    stepPatienceMs: e.STEP_PATIENCE,
    answerLookupMs: e.SERVICE_ANSWER_LOOKUP,
  };
}
