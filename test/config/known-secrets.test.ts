import { describe, expect, test } from 'vitest';
import { readSandboxConfig } from '../../dev/sandbox/sandbox-config.ts';
import { readApiConfig, readConfig, readMigrateConfig, readSagaConfig } from '../../src/config.ts';
import { requiredSettings } from '../setup/settings.ts';

const signing = 'whsec_YSBzZWNyZXQgZm9yIGRldmVsb3BtZW50IHRoYXQgZXZlcnlib2R5IGtub3dz';
const own = { JWT_SECRET: 'nobody else has seen this one before' };

const readers: [string, (env: NodeJS.ProcessEnv) => unknown, NodeJS.ProcessEnv][] = [
  ['the API', readApiConfig, { JWT_SECRET: 'a-secret-for-development-that-everybody-knows' }],
  ['the API', readApiConfig, { JWT_SECRET: 'x'.repeat(40) }],
  ['the API', readApiConfig, { ...own, PAYMENT_WEBHOOK_SECRET: signing }],
  ['the API', readApiConfig, { ...own, DATABASE_URL: 'postgres://orders:known-to-everybody@db/orders' }],
  ['the worker', readConfig, { PAYMENT_WEBHOOK_SECRET: signing }],
  ['the API', readApiConfig, { ...own, DATABASE_READ_URL: 'postgres://orders:orders@replica/orders' }],
  ['the API', readApiConfig, { ...own, REDIS_URL: 'rediss://:changeme@redis:6379' }],
  ['the worker', readConfig, { EVENTS_URL: 'http://127.0.0.1:9', EVENTS_SECRET: signing }],
  ['the worker', readConfig, { DATABASE_URL: 'postgres://postgres:postgres@db/orders' }],
  ['the reconciler', readSagaConfig, { DATABASE_URL: 'postgres://postgres:Password@db/orders' }],
  ['the migration', readMigrateConfig, { MIGRATION_DATABASE_URL: 'postgres://a:changeme@db/orders' }],
  ['the sandbox', readSandboxConfig, { SANDBOX_DATABASE_URL: 'postgres://sandbox:secret@db/sandbox' }],
  ['the sandbox', readSandboxConfig, { PAYMENT_WEBHOOK_SECRET: signing }],
];

describe.each(readers)('%s', (_, read, settings) => {
  const [variable = ''] = Object.keys(settings).slice(-1);
  const env = { ...requiredSettings, ...settings };

  test(`does not start with a ${variable} that everybody knows, and says how to make another one`, () => {
    expect(() => read(env)).toThrow(new RegExp(`^ {2}${variable}: .*everybody.* with: .*openssl rand`, 'm'));
    expect(() => read({ ...env, ALLOW_KNOWN_SECRETS: 'false' })).toThrow(variable);
  });

  test(`starts with such a ${variable} where ALLOW_KNOWN_SECRETS says so`, () => {
    expect(() => read({ ...env, ALLOW_KNOWN_SECRETS: 'true' })).not.toThrow();
  });
});

test('every known secret is named at once', () => {
  const env = { ...requiredSettings, DATABASE_URL: 'postgres://a:postgres@db/orders', PAYMENT_WEBHOOK_SECRET: signing };
  expect(() => readConfig(env)).toThrow(/PAYMENT_WEBHOOK_SECRET: .*\n {2}DATABASE_URL: /);
});

test('a secret that is not used is not looked at', () => {
  const env = {
    ...requiredSettings,
    JWKS_URL: 'http://127.0.0.1:9',
    JWT_SECRET: 'a-secret-for-development-that-everybody-knows',
  };
  expect(() => readApiConfig(env)).not.toThrow();
});
