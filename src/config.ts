import ms, { type StringValue } from 'ms';
import { z } from 'zod';
import { countries } from './domain/country.ts';
import { parseRate, type Rate } from './domain/rate.ts';
import { STANDARD_SHIPPING } from './domain/shipping.ts';
import { currencies } from './domain/currency.ts';

/** A setting is missing or invalid; the message names the variable and what is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const port = z.coerce.number().int().min(1).max(65_535);
const count = z.coerce.number().int().min(1);
const url = z.url({ protocol: /^https?$/ });
const signingSecret = z
  .string()
  .regex(
    /^whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    'must be whsec_ and 24 bytes or more in base64',
  );

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

/** A duration such as `2s`, `15m` or `30d`, read into milliseconds. */
const duration = z.string().transform((text, context) => {
  const durationMs = ms(text as StringValue) as number | undefined;
  if (durationMs === undefined || !(durationMs >= 0)) {
    context.addIssue({ code: 'custom', message: `"${text}" is not a duration such as 2s, 15m or 30d` });
    return z.NEVER;
  }
  return durationMs;
});

/** Pairs such as `GB=20,DE=19`, by name; each value as `read` has it, which tells the form it must have when it answers none. */
function pairs<T>(form: string, read: (name: string, value: string) => T | undefined) {
  return z.string().transform((text, context): Record<string, T> => {
    const entries = new Map<string, T>();
    for (const pair of text.split(',')) {
      const [name = '', value = '', ...more] = pair.split('=').map((part) => part.trim());
      const parsed = more.length === 0 ? read(name, value) : undefined;
      if (parsed === undefined) context.addIssue({ code: 'custom', message: `"${pair}" is not ${form}` });
      else if (entries.has(name)) context.addIssue({ code: 'custom', message: `has ${name} twice` });
      else entries.set(name, parsed);
    }
    return Object.fromEntries(entries);
  });
}

const taxRates = pairs<Rate>(
  'a country and its percentage, at most 100 with up to 3 decimals, such as GB=20',
  (country, percent) => (countries.includes(country) ? parseRate(percent) : undefined),
);

const shippingRates = pairs<string>('a shipping method and its price, such as express=9.90', (method, price) =>
  /^[a-z][a-z0-9_-]{0,31} \d{1,9}(\.\d{1,4})?$/.test(`${method} ${price}`) ? price : undefined,
);

/** Every setting of the product: its variable, its form and its default. `.env.example` explains each. */
const environment = z.object({
  ROLE: z.enum(['all', 'api', 'worker']).default('all'),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),

  API_HOST: z.string().default('0.0.0.0'),
  API_PORT: port.default(3000),
  RATE_LIMIT: z.coerce.number().int().min(0).default(100),
  BODY_TIMEOUT: duration.default(10_000),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((origin) => origin.trim() || []))
    .refine(
      (origins) => origins.every(isOrigin),
      'must be origins such as https://shop.example.com, separated by commas',
    ),

  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
    .optional(),
  // A batch of events is delivered beside the transaction that holds it.
  DATABASE_POOL_MAX: count.min(2).default(16),

  TEMPORAL_TASK_QUEUE: z.string().min(1).default('orders'),
  WORKER_MAX_WORKFLOW_TASKS: count.default(40),
  WORKER_MAX_LOCAL_ACTIVITIES: count.default(100),
  WORKER_MAX_ACTIVITIES: count.default(100),
  WORKFLOW_CACHE_SIZE: z.coerce.number().int().min(0).default(1_000),
  WORKFLOW_BUNDLE: z.string().optional(),
  WORKER_DEPLOYMENT: z.string().min(1).default('order-saga'),
  WORKER_BUILD_ID: z.string().min(1).optional(),

  SANDBOX_HOST: z.string().default('127.0.0.1'),
  SANDBOX_PORT: port.default(3100),
  INVENTORY_URL: url.optional(),
  PAYMENT_URL: url.optional(),
  CUSTOMER_URL: url.optional(),
  NOTIFICATION_URL: url.optional(),
  PAYMENT_WEBHOOK_SECRET: signingSecret.optional(),
  PAYMENT_WEBHOOK_URL: url.optional(),

  EVENTS_URL: url.optional(),
  EVENTS_SECRET: signingSecret.optional(),
  OUTBOX_RETENTION: duration.default(ms('7d')),

  JWT_SECRET: z.string().min(32, 'must be at least 32 characters').optional(),
  JWKS_URL: url.optional(),
  JWT_ISSUER: z.string().default('order-saga'),
  JWT_AUDIENCE: z.string().default('orders'),

  ORDER_WAIT: duration.default(2_000),
  ORDER_MAX_ITEMS: count.default(50),
  ORDER_MIN_TOTAL: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,4})?$/, 'must be an amount such as 10.00')
    .default('10.00'),
  TAX_RATES: taxRates.default({}),
  SHIPPING_RATES: shippingRates.default({ standard: '0', express: '9.90', pickup: '0' }),
  RESERVATION_TTL: duration.default(ms('30m')),
  PAYMENT_RETRY_WINDOW: duration.default(ms('15m')),
  AMEND_WINDOW: duration.default(ms('15m')),
  RETURN_WINDOW: duration.default(ms('30d')),
  RECONCILE_INTERVAL: duration.default(60_000),
  STEP_PATIENCE: duration.default(ms('1h')),

  IMPORT_IN_FLIGHT: count.default(48),
  IMPORT_CURRENCY: z.enum(currencies, 'must be an ISO 4217 currency code such as EUR').default('GBP'),
  IMPORT_COUNTRY: z.enum(countries, 'must be an ISO 3166-1 alpha-2 code such as GB').default('GB'),
  IMPORT_CUSTOMER: z.string().min(1).max(255).default('guest'),
  IMPORT_PAYMENT_METHOD: z.string().min(1).max(255).default('tok_ok'),
});

/** What holds between settings. */
const settings = environment.refine((e) => e.EVENTS_URL === undefined || e.EVENTS_SECRET !== undefined, {
  path: ['EVENTS_SECRET'],
  message: 'is needed to sign what is sent to EVENTS_URL',
});

/** The name of every variable that {@link readConfig} reads. */
export const settingNames: readonly string[] = Object.keys(environment.shape);

/** The settings, typed; see {@link readConfig}. */
export type Config = ReturnType<typeof readConfig>;

/**
 * Reads and checks every setting from `env`; an empty variable counts as unset.
 * Times are milliseconds. Throws {@link ConfigError} that names each offending variable.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`Invalid settings, see .env.example:\n  ${faults.join('\n  ')}`);
  }
  const e = parsed.data;
  const sandboxUrl = `http://127.0.0.1:${e.SANDBOX_PORT}`;
  return {
    role: e.ROLE,
    log: { level: e.LOG_LEVEL, format: e.LOG_FORMAT },
    api: apiSettings(e),
    database: { url: e.DATABASE_URL, poolMax: e.DATABASE_POOL_MAX },
    temporal: { taskQueue: e.TEMPORAL_TASK_QUEUE },
    worker: {
      maxWorkflowTasks: e.WORKER_MAX_WORKFLOW_TASKS,
      maxLocalActivities: e.WORKER_MAX_LOCAL_ACTIVITIES,
      maxActivities: e.WORKER_MAX_ACTIVITIES,
      workflowCacheSize: e.WORKFLOW_CACHE_SIZE,
      workflowBundle: e.WORKFLOW_BUNDLE,
      deployment: e.WORKER_DEPLOYMENT,
      buildId: e.WORKER_BUILD_ID,
    },
    sandbox: { host: e.SANDBOX_HOST, port: e.SANDBOX_PORT },
    gateways: {
      inventoryUrl: e.INVENTORY_URL ?? sandboxUrl,
      paymentUrl: e.PAYMENT_URL ?? sandboxUrl,
      customerUrl: e.CUSTOMER_URL ?? sandboxUrl,
      notificationUrl: e.NOTIFICATION_URL ?? sandboxUrl,
    },
    paymentWebhook: { secret: e.PAYMENT_WEBHOOK_SECRET, url: e.PAYMENT_WEBHOOK_URL },
    events: { url: e.EVENTS_URL, secret: e.EVENTS_SECRET, retentionMs: e.OUTBOX_RETENTION },
    auth: { secret: e.JWT_SECRET, jwksUrl: e.JWKS_URL, issuer: e.JWT_ISSUER, audience: e.JWT_AUDIENCE },
    reconcileIntervalMs: e.RECONCILE_INTERVAL,
    imports: {
      inFlight: e.IMPORT_IN_FLIGHT,
      defaults: {
        currency: e.IMPORT_CURRENCY,
        country: e.IMPORT_COUNTRY,
        customerId: e.IMPORT_CUSTOMER,
        paymentMethod: e.IMPORT_PAYMENT_METHOD,
      },
    },
    order: {
      waitMs: e.ORDER_WAIT,
      maxItems: e.ORDER_MAX_ITEMS,
      minTotal: e.ORDER_MIN_TOTAL,
      taxRates: e.TAX_RATES,
      shippingRates: withStandard(e.SHIPPING_RATES),
      reservationTtlMs: e.RESERVATION_TTL,
      paymentRetryWindowMs: e.PAYMENT_RETRY_WINDOW,
      amendWindowMs: e.AMEND_WINDOW,
      returnWindowMs: e.RETURN_WINDOW,
      stepPatienceMs: e.STEP_PATIENCE,
    },
  };
}

function apiSettings(e: z.output<typeof environment>) {
  return {
    host: e.API_HOST,
    port: e.API_PORT,
    rateLimit: e.RATE_LIMIT,
    bodySilenceMs: e.BODY_TIMEOUT,
    corsOrigins: e.CORS_ORIGINS,
  };
}

function withStandard(rates: Record<string, string>): Readonly<Record<string, string>> {
  return { [STANDARD_SHIPPING]: '0', ...rates };
}

/** The database's address; throws {@link ConfigError} when `DATABASE_URL` is not set. */
export function requireDatabaseUrl(config: Config): string {
  if (config.database.url === undefined) throw new ConfigError('DATABASE_URL is not set, see .env.example');
  return config.database.url;
}
