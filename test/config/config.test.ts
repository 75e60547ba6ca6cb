import { expect, test } from 'vitest';
import { listPorts, readStartConfig } from '../../dev/local/start-config.ts';
import { readSandboxConfig } from '../../dev/sandbox/sandbox-config.ts';
import { ConfigError, readApiConfig, readConfig, readMigrateConfig, readSagaConfig } from '../../src/config.ts';
import { requiredSettings } from '../setup/settings.ts';

const read = (settings: Record<string, string>) => readConfig({ ...requiredSettings, ...settings });

test.each([
  ['ROLE', 'king'],
  ['LOG_LEVEL', 'loud'],
  ['LOG_FORMAT', 'xml'],
  ['API_PORT', '0'],
  ['API_PORT', '65536'],
  ['RATE_LIMIT', '-1'],
  ['RATE_LIMIT', 'plenty'],
  ['CORS_ORIGINS', '*'],
  ['CORS_ORIGINS', 'https://shop.example.com/'],
  ['CORS_ORIGINS', 'https://shop.example.com,shop'],
  ['DATABASE_URL', 'mysql://localhost/orders'],
  ['DATABASE_POOL_MAX', '0'],
  ['WORKER_MAX_ACTIVITIES', '1.5'],
  ['WORKFLOW_CACHE_SIZE', '-1'],
  ['PAYMENT_URL', 'payments.internal'],
  ['JWKS_URL', 'file:///etc/keys.json'],
  ['JWT_SECRET', 'short'],
  ['ORDER_WAIT', 'soon'],
  ['ORDER_WAIT', '-1s'],
  // A timer of Node's goes off at once beyond that: it would ask Temporal without a pause.
  ['RECONCILE_INTERVAL', '30d'],
  ['RECONCILE_INTERVAL', '0'],
  ['BODY_TIMEOUT', '0'],
  ['ORDER_MIN_TOTAL', '10,00'],
  ['ORDER_MAX_ITEMS', 'many'],
  ['TAX_RATES', 'UK=20'],
  ['TAX_RATES', 'GB=20%'],
  ['TAX_RATES', 'GB=101'],
  ['TAX_RATES', 'GB=5.1234'],
  ['TAX_RATES', 'GB=20,GB=5'],
  ['TAX_RATES', 'GB=20,'],
  ['TAX_RATES', 'GB'],
  ['SHIPPING_RATES', 'express=-1'],
  ['SHIPPING_RATES', 'express=9,90'],
  ['SHIPPING_RATES', 'Express=9.90'],
  ['SHIPPING_RATES', 'express='],
  ['SHIPPING_RATES', 'express=1=2'],
  ['RETURN_WINDOW', '30 moons'],
  ['ORDER_RETENTION', '29d'],
  ['AUDIT_RETENTION', '1d'],
  ['IDEMPOTENCY_RETENTION', '0'],
  ['WEBHOOK_RETENTION', 'never'],
  ['MAIL_RETENTION', '6d'],
])('%s=%s is refused with a message that names it', (name, value) => {
  expect(() => read({ [name]: value })).toThrow(ConfigError);
  expect(() => read({ [name]: value })).toThrow(`  ${name}: `);
});

test('an order is not archived while it may be returned', () => {
  expect(() => read({ RETURN_WINDOW: '60d', ORDER_RETENTION: '59d' })).toThrow('  ORDER_RETENTION: ');
  expect(read({ RETURN_WINDOW: '60d', ORDER_RETENTION: '60d' }).retention.ordersMs).toBe(60 * 86_400_000);
});

test('which mails were sent is not forgotten while one of them may come again', () => {
  const sent = { MAIL_RETRY_FOR: '6d', MESSAGES_GIVE_UP_AFTER: '3d' };
  expect(() => read({ ...sent, MAIL_RETENTION: '8d' })).toThrow('  MAIL_RETENTION: ');
  expect(read({ ...sent, MAIL_RETENTION: '9d' }).retention.mailsMs).toBe(9 * 86_400_000);
});

test('the message names every invalid setting at once', () => {
  expect(() => read({ API_PORT: 'x', ORDER_WAIT: 'y' })).toThrow(/API_PORT[^]*ORDER_WAIT/);
});

test('an empty setting counts as unset', () => {
  expect(read({ API_PORT: '', WORKFLOW_BUNDLE: '', JWT_SECRET: '' })).toEqual(read({}));
});

test('durations are read into milliseconds', () => {
  const { order } = read({ ORDER_WAIT: '1500ms', PAYMENT_RETRY_WINDOW: '15m', RETURN_WINDOW: '30d' });
  expect(order).toMatchObject({ waitMs: 1_500, paymentRetryWindowMs: 900_000, returnWindowMs: 2_592_000_000 });
});

test('tax rates are read into thousandths of a percent, and standard shipping is free unless its price is set', () => {
  const { order } = read({ TAX_RATES: 'GB=20, US=8.875', SHIPPING_RATES: 'express=9.90' });
  expect(order.taxRates).toEqual({ GB: 20_000, US: 8_875 });
  expect(order.shippingRates).toEqual({ standard: '0', express: '9.90' });
  expect(read({ SHIPPING_RATES: 'standard=4.50' }).order.shippingRates).toEqual({ standard: '4.50' });
  expect(read({}).order.taxRates).toEqual({});
});

test('origins are read from a list, which is empty by default', () => {
  expect(read({ CORS_ORIGINS: ' https://a.example , http://localhost:5173,' }).api.corsOrigins).toEqual([
    'https://a.example',
    'http://localhost:5173',
  ]);
  expect(read({}).api.corsOrigins).toEqual([]);
});

test('a process that lacks settings names each missing variable at once, and only those that it needs', () => {
  const services = ['INVENTORY_URL', 'CUSTOMER_URL', 'NOTIFICATION_URL', 'PAYMENT_URL'];
  expect(missingFor(readMigrateConfig)).toEqual(['DATABASE_URL']);
  expect(missingFor(readSagaConfig)).toEqual(['DATABASE_URL']);
  expect(missingFor(readSandboxConfig)).toEqual(['SANDBOX_DATABASE_URL']);
  expect(missingFor(readConfig)).toEqual(['DATABASE_URL', ...services]);
  expect(missingFor(readApiConfig)).toEqual(['DATABASE_URL', ...services, 'JWT_SECRET']);
  expect(missingFor(readStartConfig)).toEqual([]);
});

test('the migration reads only its own settings', () => {
  expect(readMigrateConfig({ DATABASE_URL: 'postgres://db/orders', ORDER_WAIT: 'soon' })).toEqual({
    databaseUrl: 'postgres://db/orders',
    log: { level: 'info', format: 'json' },
    runningRole: undefined,
    analytics: { role: undefined, key: undefined },
  });
});

test('the migration has a role of its own where one is given, and makes the one that the product runs as', () => {
  const own = {
    DATABASE_URL: 'postgres://orders:a%2Fb@db/orders',
    MIGRATION_DATABASE_URL: 'postgres://boss:x1@db/orders',
  };
  expect(readMigrateConfig(own)).toMatchObject({
    databaseUrl: 'postgres://boss:x1@db/orders',
    runningRole: { name: 'orders', password: 'a/b' },
  });
});

test('the migration lets analysts in as the role of ANALYTICS_DATABASE_URL, with a key that is long enough', () => {
  const own = { DATABASE_URL: 'postgres://db/orders', ANALYTICS_DATABASE_URL: 'postgres://ana:p%2Fw@db/orders' };
  const key = 'k'.repeat(31);
  expect(readMigrateConfig({ ...own, ANALYTICS_KEY: `${key}!` }).analytics).toEqual({
    role: { name: 'ana', password: 'p/w' },
    key: `${key}!`,
  });
  expect(() => readMigrateConfig({ ...own, ANALYTICS_KEY: key })).toThrow('ANALYTICS_KEY: must be at least 32');
});

test('EVENTS_URL needs a secret to sign events, and PAYMENT_WEBHOOK_URL one to sign webhooks', () => {
  expect(() => read({ EVENTS_URL: 'http://127.0.0.1:9' })).toThrow('  EVENTS_SECRET: ');
  const sandbox = { ...requiredSettings, PAYMENT_WEBHOOK_URL: 'http://127.0.0.1:9' };
  expect(() => readSandboxConfig(sandbox)).toThrow('  PAYMENT_WEBHOOK_SECRET: ');
});

test('npm start uses the sandbox for each service without an address', () => {
  const { product } = readStartConfig({ SANDBOX_PORT: '3199', PAYMENT_URL: 'https://payments.example.com' });
  expect(product.gateways).toMatchObject({
    inventory: { url: 'http://127.0.0.1:3199' },
    payment: { url: 'https://payments.example.com' },
    customer: { url: 'http://127.0.0.1:3199' },
    notification: { url: 'http://127.0.0.1:3199' },
  });
});

test('the credentials of a service are whole, one kind, and used', () => {
  const faulty = (settings: Record<string, string>) => () => read({ PAYMENT_URL: 'https://pay.example', ...settings });
  expect(faulty({ PAYMENT_OAUTH_CLIENT_ID: 'me' })).toThrow('PAYMENT_OAUTH_CLIENT_SECRET: is needed');
  const oauth = {
    PAYMENT_OAUTH_TOKEN_URL: 'https://login.example/token',
    PAYMENT_OAUTH_CLIENT_ID: 'me',
    PAYMENT_OAUTH_CLIENT_SECRET: 'a secret of its own',
  };
  expect(faulty({ ...oauth, PAYMENT_TOKEN: 'one-of-its-own' })).toThrow('PAYMENT_TOKEN: is one way');
  expect(faulty({ PAYMENT_TOKEN: 'two words' })).toThrow('PAYMENT_TOKEN: ');
  expect(faulty({ PAYMENT_TOKEN: 'changeme' })).toThrow('PAYMENT_TOKEN: ');
  const file = import.meta.filename;
  expect(faulty({ PAYMENT_CLIENT_CERT: file })).toThrow('PAYMENT_CLIENT_KEY: is needed');
  expect(faulty({ PAYMENT_CLIENT_CERT: '/none', PAYMENT_CLIENT_KEY: file })).toThrow('PAYMENT_CLIENT_CERT: ');
  expect(faulty({ PAYMENT_URL: 'http://pay.example', PAYMENT_CA: file })).toThrow('PAYMENT_URL: must begin with https');
  expect(faulty({ PAYMENT_TIMEOUT: '5s' })).toThrow('PAYMENT_TIMEOUT: must be from 100ms to 4s');
  expect(read({ ...oauth, PAYMENT_TIMEOUT: '3s' }).gateways.payment).toMatchObject({
    timeoutMs: 3_000,
    oauth: { clientId: 'me' },
  });
});

test('imports have no default customer, payment method, currency or country, except under npm start when every service is the sandbox', () => {
  const none = { currency: undefined, country: undefined, customerId: undefined, paymentMethod: undefined };
  expect(read({}).imports.defaults).toEqual(none);
  expect(importDefaults({ PAYMENT_URL: 'https://payments.example.com' })).toEqual(none);
  expect(importDefaults({ IMPORT_CURRENCY: 'EUR' })).toEqual({
    currency: 'EUR',
    country: 'GB',
    customerId: 'guest',
    paymentMethod: 'tok_ok',
  });
});

test.each([
  ['POSTGRES_PORT', 'x'],
  ['TEMPORAL_PORT', '70000'],
  ['TEMPORAL_UI_PORT', '0'],
  ['SANDBOX_PORT', 'http'],
  ['ORDER_WAIT', 'soon'],
])('npm start refuses %s=%s with a message that names it', (name, value) => {
  expect(() => readStartConfig({ [name]: value })).toThrow(name);
});

test('npm start uses no port for servers that run elsewhere', () => {
  const elsewhere = { DATABASE_URL: 'postgres://db/orders', TEMPORAL_ADDRESS: 'temporal:7233' };
  expect(Object.keys(listPorts(readStartConfig({})))).toEqual([
    'API_PORT',
    'SANDBOX_PORT',
    'TEMPORAL_PORT',
    'TEMPORAL_UI_PORT',
    'POSTGRES_PORT',
  ]);
  expect(Object.keys(listPorts(readStartConfig(elsewhere)))).toEqual(['API_PORT', 'SANDBOX_PORT']);
});

/** The variables that a message calls missing when nothing is set. */
function missingFor(readSettings: (env: NodeJS.ProcessEnv) => unknown): (string | undefined)[] {
  try {
    readSettings({});
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [...error.message.matchAll(/^ {2}(\w+): is not set/gm)].map(([, name]) => name);
  }
}

function importDefaults(env: NodeJS.ProcessEnv) {
  return readStartConfig(env).product.imports.defaults;
}

test('Stripe needs its key and no payment service, and says so; without it nothing of it is read', () => {
  const { PAYMENT_URL: _, ...others } = requiredSettings;
  const stripe = { ...others, PAYMENT_PROVIDER: 'stripe' };
  expect(() => readConfig(stripe)).toThrow('STRIPE_SECRET_KEY: is needed with PAYMENT_PROVIDER=stripe');
  expect(() => readConfig({ ...stripe, STRIPE_SECRET_KEY: 'pk_test_1' })).toThrow('STRIPE_SECRET_KEY: ');
  expect(() => readConfig({ ...others, STRIPE_SECRET_KEY: 'sk_test_1' })).toThrow('PAYMENT_URL: is not set');
  const secrets = 'whsec_first_one, whsec_second_one';
  const settings = { ...stripe, STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRETS: secrets };
  expect(readConfig(settings).gateways.stripe).toEqual({
    secretKey: 'sk_test_1',
    apiUrl: 'https://api.stripe.com',
    timeoutMs: 6_000,
    returnUrl: undefined,
    isCapturedInParts: false,
    webhookSecrets: ['whsec_first_one', 'whsec_second_one'],
  });
  expect(readConfig(requiredSettings).gateways.stripe).toBeUndefined();
  const captureWith = (more: object) => readConfig({ ...settings, ...more }).order.paymentCapture;
  expect([captureWith({}), captureWith({ PAYMENT_CAPTURE: 'shipment' })]).toEqual(['confirm', 'shipment']);
  expect(readConfig(requiredSettings).order.paymentCapture).toBeUndefined();
});
