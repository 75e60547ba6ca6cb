import { expect, test } from 'vitest';
import { ConfigError, readConfig, requireDatabaseUrl } from '../../src/config.ts';
import { portsToUse, readStartConfig } from '../../dev/local/start-config.ts';

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
  ['SANDBOX_PORT', 'http'],
  ['DATABASE_URL', 'mysql://localhost/orders'],
  ['DATABASE_POOL_MAX', '0'],
  ['WORKER_MAX_ACTIVITIES', '1.5'],
  ['WORKFLOW_CACHE_SIZE', '-1'],
  ['PAYMENT_URL', 'payments.internal'],
  ['JWKS_URL', 'file:///etc/keys.json'],
  ['JWT_SECRET', 'short'],
  ['ORDER_WAIT', 'soon'],
  ['ORDER_WAIT', '-1s'],
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
])('%s=%s is refused with a message that names it', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
  expect(() => readConfig({ [name]: value })).toThrow(name);
});

test('the message names every invalid setting at once', () => {
  expect(() => readConfig({ API_PORT: 'x', ORDER_WAIT: 'y' })).toThrow(/API_PORT[^]*ORDER_WAIT/);
});

test('an empty setting counts as unset', () => {
  expect(readConfig({ API_PORT: '', DATABASE_URL: '', JWT_SECRET: '' })).toEqual(readConfig({}));
});

test('durations are read into milliseconds', () => {
  const { order } = readConfig({ ORDER_WAIT: '1500ms', PAYMENT_RETRY_WINDOW: '15m', RETURN_WINDOW: '30d' });
  expect(order).toMatchObject({ waitMs: 1_500, paymentRetryWindowMs: 900_000, returnWindowMs: 2_592_000_000 });
});

test('tax rates are read into thousandths of a percent, and standard shipping is free unless its price is set', () => {
  const { order } = readConfig({ TAX_RATES: 'GB=20, US=8.875', SHIPPING_RATES: 'express=9.90' });
  expect(order.taxRates).toEqual({ GB: 20_000, US: 8_875 });
  expect(order.shippingRates).toEqual({ standard: '0', express: '9.90' });
  expect(readConfig({ SHIPPING_RATES: 'standard=4.50' }).order.shippingRates).toEqual({ standard: '4.50' });
  expect(readConfig({}).order.taxRates).toEqual({});
});

test('origins are read from a list, none when there is none', () => {
  expect(readConfig({ CORS_ORIGINS: ' https://a.example , http://localhost:5173,' }).api.corsOrigins).toEqual([
    'https://a.example',
    'http://localhost:5173',
  ]);
  expect(readConfig({}).api.corsOrigins).toEqual([]);
});

test('a service without an address of its own is the sandbox', () => {
  const { gateways } = readConfig({ SANDBOX_PORT: '3199', PAYMENT_URL: 'https://payments.example.com' });
  expect(gateways.inventoryUrl).toBe('http://127.0.0.1:3199');
  expect(gateways.paymentUrl).toBe('https://payments.example.com');
});

test('a process that needs the database says which variable is missing', () => {
  expect(() => requireDatabaseUrl(readConfig({}))).toThrow('DATABASE_URL');
});

test.each([
  ['POSTGRES_PORT', 'x'],
  ['TEMPORAL_PORT', '70000'],
  ['TEMPORAL_UI_PORT', '0'],
])('npm start refuses %s=%s with a message that names it', (name, value) => {
  expect(() => readStartConfig({ [name]: value })).toThrow(name);
});

test('npm start uses no port for what runs elsewhere', () => {
  const elsewhere = { DATABASE_URL: 'postgres://db/orders', TEMPORAL_ADDRESS: 'temporal:7233' };
  expect(Object.keys(portsToUse(readStartConfig({})))).toEqual([
    'API_PORT',
    'SANDBOX_PORT',
    'TEMPORAL_PORT',
    'TEMPORAL_UI_PORT',
    'POSTGRES_PORT',
  ]);
  expect(Object.keys(portsToUse(readStartConfig(elsewhere)))).toEqual(['API_PORT', 'SANDBOX_PORT']);
});
