import { describe, expect, test } from 'vitest';
import { ConfigError, readApiConfig } from '../../src/config.ts';
import { personOfClaims } from '../../src/console/sign-in/person-of-claims.ts';
import { isFromOwnPage } from '../../src/console/sign-in/same-origin.ts';
import { ownPath } from '../../src/console/sign-in/sign-in-routes.ts';
import { formatAmount, localeOf } from '../../src/console/ui/money.ts';
import { requiredSettings } from '../setup/settings.ts';

const mapping = {
  subjectClaim: 'sub',
  rolesClaim: 'realm_access.roles',
  roles: new Map([
    ['shop-support', 'support'],
    ['shop-leads', 'admin'],
  ] as const),
};

describe('claims of a provider', () => {
  test('give the roles that their values are mapped to, and no other', () => {
    const claims = { sub: 'u-1', name: 'Ann', realm_access: { roles: ['shop-leads', 'admin', 'operator', 7] } };
    expect(personOfClaims(claims, mapping)).toEqual({ subject: 'u-1', name: 'Ann', roles: ['admin'] });
  });

  test('give no role where the claim is missing or something else', () => {
    expect(personOfClaims({ sub: 'u-1' }, mapping)?.roles).toEqual([]);
    expect(personOfClaims({ sub: 'u-1', realm_access: 'shop-leads' }, mapping)?.roles).toEqual([]);
  });

  test.each([undefined, '', ' ', 'a\u0000b', 'x'.repeat(300), 12])('name nobody by %j', (sub) => {
    expect(personOfClaims({ sub }, mapping)).toBeUndefined();
  });
});

describe('a form', () => {
  test.each([
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://orders.example.com', host: 'orders.example.com' }, false],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ origin: 'https://orders.example.com', host: 'orders.example.com' }, true],
    [{ origin: 'https://evil.example.com', host: 'orders.example.com' }, false],
    [{ origin: 'null', host: 'orders.example.com' }, false],
    [{ host: 'orders.example.com' }, false],
  ])('with %j comes from our own page: %s', (headers, isOwn) => {
    expect(isFromOwnPage(new Headers(headers as Record<string, string>))).toBe(isOwn);
  });
});

test.each([
  ['/console/orders/1?a=b', '/console/orders/1?a=b'],
  ['https://evil.example.com', '/console'],
  ['//evil.example.com', '/console'],
  ['/console/../api', '/console'],
  ['/consoleevil', '/console'],
  ['/console\\evil', '/console'],
  ['/console/sign-in/token?token=x', '/console'],
  [undefined, '/console'],
])('after signing in, %j leads to %s', (to, path) => {
  expect(ownPath(to)).toBe(path);
});

test('an amount has the decimals that it came with, as the locale writes them', () => {
  expect(formatAmount('1234.50', 'EUR', 'en-GB')).toBe('€1,234.50');
  expect(formatAmount('1234.50', 'EUR', localeOf('de-DE,de;q=0.9'))).toBe('1.234,50\u00a0€');
  expect(formatAmount('1250', 'JPY', 'en-GB')).toBe('JP¥1,250');
  expect(formatAmount('10.00', 'HUF', localeOf('garbage;;;'))).toBe('HUF\u00a010.00');
});

const withToken = { ...requiredSettings, JWT_SECRET: 'a secret for tests that is long enough' };

test('there is no console without a way to sign in', () => {
  expect(readApiConfig(withToken).console).toBeUndefined();
  expect(readApiConfig({ ...withToken, CONSOLE_TOKEN_SIGN_IN: 'true' }).console).toMatchObject({ takesTokens: true });
});

const readHalfProvider = () => readApiConfig({ ...withToken, OIDC_ISSUER: 'https://login.example.com' });

test('a provider without a client or an address to come back to is a fault that is named', () => {
  expect(readHalfProvider).toThrow(ConfigError);
  expect(readHalfProvider).toThrow(/OIDC_CLIENT_ID.*\n.*CONSOLE_URL/);
});
