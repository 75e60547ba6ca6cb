import type { z } from 'zod';
import { environment } from './config/environment.ts';
import { checkConsole, toConsoleConfig } from './config/console-settings.ts';
import { checkKafka } from './config/kafka-settings.ts';
import {
  checkMail,
  checkMailRetention,
  doMessagesGoSomewhere,
  messagesGoNowhere,
  toMessageRoute,
} from './config/mail-settings.ts';
import { refuseKnownSecrets } from './config/known-secrets.ts';
import { toInboxConfig } from './config/inbox-settings.ts';
import { readVariables } from './config/read-variables.ts';
import { checkServices, toEndpoint } from './config/service-settings.ts';
import { isStripeKeySet, stripeKeyNotSet, toStripeConfig } from './config/stripe-settings.ts';
import { sagaVariables, toSagaConfig, type SagaConfig } from './config/saga-settings.ts';
import { canTokensBeChecked, tokensNotChecked } from './config/token-settings.ts';

export { ConfigError } from './config/read-variables.ts';
export type { ConsoleConfig, ProviderConfig } from './config/console-settings.ts';
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

/** What is checked of every process that calls the services of an order. */
const checkedProduct = productVariables
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

/** The settings of a worker. Throws {@link ConfigError} that names every variable that is missing or invalid, as all functions here do. */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  return toConfig(readVariables(checkedProduct, env));
}

/** The settings of the API, which checks tokens as well. */
export function readApiConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const checked = checkedProduct
    .refine(canTokensBeChecked, tokensNotChecked)
    .refine(isTlsWhole, tlsIsHalf)
    .superRefine(checkConsole);
  return toConfig(readVariables(checked, env));
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
    console: toConsoleConfig(e),
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
