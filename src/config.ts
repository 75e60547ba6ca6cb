import type { z } from 'zod';
import { environment } from './config/environment.ts';
import { checkKafka } from './config/kafka-settings.ts';
import {
  checkMail,
  checkMailRetention,
  doMessagesGoSomewhere,
  messagesGoNowhere,
  toMailSettings,
  toMessageRoute,
  toRabbitSettings,
} from './config/mail-settings.ts';
import { refuseKnownSecrets } from './config/known-secrets.ts';
import { toInboxConfig } from './config/inbox-settings.ts';
import { readVariables } from './config/read-variables.ts';
import { checkServices, toEndpoint } from './config/service-settings.ts';
import { isStripeKeySet, stripeKeyNotSet, toStripeConfig } from './config/stripe-settings.ts';
import { sagaVariables, toSagaConfig, type SagaConfig } from './config/saga-settings.ts';

export { ConfigError } from './config/read-variables.ts';
export type { MailSettings, MessageRoute, RabbitSettings } from './config/mail-settings.ts';
export type { KafkaConfig, SagaConfig } from './config/saga-settings.ts';

/** What the API and the worker need: the same, and the services that an order passes through. */
export type Config = ReturnType<typeof readConfig>;

const productVariables = sagaVariables.required({
  INVENTORY_URL: true,
  CUSTOMER_URL: true,
});

type Payment = Pick<z.output<typeof environment>, 'PAYMENT_PROVIDER' | 'PAYMENT_URL'>;
const hasPaymentService = (e: Payment) => e.PAYMENT_PROVIDER === 'stripe' || e.PAYMENT_URL !== undefined;
// Named together with all else that is missing, in the words of what is.
const paymentNotSet = { path: ['PAYMENT_URL'], message: 'is not set', when: () => true };

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
    .refine(doMessagesGoSomewhere, messagesGoNowhere)
    .refine(hasPaymentService, paymentNotSet)
    .refine(isStripeKeySet, stripeKeyNotSet)
    .refine(areEventsSigned, eventsNotSigned)
    .refine(isArchivedLate, archivedEarly)
    .superRefine(checkKafka)
    .superRefine(checkServices)
    .superRefine(checkMail)
    .superRefine(checkMailRetention)
    .superRefine(refuseKnownSecrets);
  return toConfig(readVariables(checked, env));
}

/** The settings of the API, which checks tokens as well. */
export function readApiConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return toConfig(
    readVariables(
      productVariables
        .refine(doMessagesGoSomewhere, messagesGoNowhere)
        .refine(hasPaymentService, paymentNotSet)
        .refine(isStripeKeySet, stripeKeyNotSet)
        .refine(areEventsSigned, eventsNotSigned)
        .refine(isArchivedLate, archivedEarly)
        .refine(canTokensBeChecked, tokensNotChecked)
        .superRefine(checkKafka)
        .superRefine(checkServices)
        .superRefine(checkMail)
        .superRefine(checkMailRetention)
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
    .superRefine(checkMailRetention)
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

/** The settings of the notifier, which takes messages from a queue and sends them as mails. */
export function readNotifierConfig(env: NodeJS.ProcessEnv = process.env) {
  const variables = environment
    .pick({
      LOG_LEVEL: true,
      LOG_FORMAT: true,
      DATABASE_URL: true,
      METRICS_HOST: true,
      METRICS_PORT: true,
      PROBE_PORT: true,
      SHOP_TIME_ZONE: true,
      RABBITMQ_URL: true,
      RABBITMQ_QUEUE: true,
      SMTP_URL: true,
      SMTP_FROM: true,
      SMTP_CONNECTIONS: true,
      MESSAGE_TEMPLATES: true,
      MESSAGE_LOCALE: true,
      MAIL_RETRY_DELAYS: true,
      MAIL_RETRY_FOR: true,
      ALLOW_KNOWN_SECRETS: true,
    })
    .required({ DATABASE_URL: true, RABBITMQ_URL: true, SMTP_URL: true, SMTP_FROM: true })
    .superRefine(refuseKnownSecrets);
  const e = readVariables(variables, env);
  return {
    log: { level: e.LOG_LEVEL, format: e.LOG_FORMAT },
    databaseUrl: e.DATABASE_URL,
    metrics: { host: e.METRICS_HOST, port: e.METRICS_PORT },
    probePort: e.PROBE_PORT,
    rabbit: toRabbitSettings(e),
    mail: toMailSettings(e),
    retryForMs: e.MAIL_RETRY_FOR,
  };
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
      inventory: toEndpoint(e, 'INVENTORY', e.INVENTORY_URL),
      payment: toEndpoint(e, 'PAYMENT', e.PAYMENT_URL ?? e.STRIPE_API_URL),
      customer: toEndpoint(e, 'CUSTOMER', e.CUSTOMER_URL),
      notification: e.NOTIFICATION_URL === undefined ? undefined : toEndpoint(e, 'NOTIFICATION', e.NOTIFICATION_URL),
      stripe: toStripeConfig(e),
      review: e.REVIEW_URL === undefined ? undefined : toEndpoint(e, 'REVIEW', e.REVIEW_URL),
    },
    messageRoute: toMessageRoute(e),
    inbox: toInboxConfig(e),
  };
}

/** Where gRPC is served, and the files of its certificate and key if it is over TLS; `undefined`: nowhere. */
function toGrpcConfig(e: z.output<typeof environment>) {
  const { API_HOST: host, GRPC_PORT: port, GRPC_TLS_CERT: certFile, GRPC_TLS_KEY: keyFile } = e;
  if (port === undefined) return undefined;
  return { host, port, tls: certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : undefined };
}
