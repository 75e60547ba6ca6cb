import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import type { ServiceEndpoint } from '../../src/config/service-settings.ts';
import { createGateways, type Gateways } from '../../src/gateways/index.ts';
import { captureLog } from '../setup/captured-log.ts';
import { errorOf, someCharge } from './calls.ts';
import { startTokenServer, type TokenServer } from './token-server.ts';

const TOKEN = 'kanarienvogel-token-of-the-payment-service';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

test('a call shows the token of its service, and no other service gets it', async () => {
  const service = await startService(() => 201);
  const gateways = gatewaysWith({ payment: { url: service.url, token: TOKEN } }, service.url);
  await gateways.payment.charge(someCharge(randomUUID()));
  await errorOf(gateways.customer.findCustomer('alice'));
  expect(service.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${TOKEN}`, undefined]);
});

test('the address of a service may have a path', async () => {
  const service = await startService(() => 201);
  await gatewaysWith({ payment: { url: `${service.url}/shop/payments/` } }).payment.charge(someCharge(randomUUID()));
  expect(service.requests[0]?.url).toBe('/shop/payments/payments');
});

test.each([401, 403])(
  '%i leaves a charge to be tried again, names the setting, and shows no credentials',
  async (status) => {
    const log = captureLog();
    const service = await startService(() => status, { code: 'DENIED', message: `${TOKEN} is not known` });
    const { payment } = gatewaysWith({ payment: { url: service.url, token: TOKEN } }, service.url, log);
    const error = await errorOf(payment.charge(someCharge(randomUUID())));
    expect(error).toMatchObject({ kind: 'unreachable', code: 'CREDENTIALS_REFUSED', status });
    expect(String(error)).toContain('PAYMENT_TOKEN');
    await errorOf(payment.charge(someCharge(randomUUID())));
    expect(log.text().match(/credentials refused/g)).toHaveLength(1);
    expect(log.text() + String(error)).not.toContain(TOKEN);
  },
);

test('a time limit of a service holds for its calls', async () => {
  const service = await startService(() => undefined);
  const { payment } = gatewaysWith({ payment: { url: service.url, timeoutMs: 100 } });
  const startedAt = performance.now();
  expect(await errorOf(payment.charge(someCharge(randomUUID())))).toMatchObject({ kind: 'unknown' });
  expect(performance.now() - startedAt).toBeLessThan(1_400);
});

test('calls at the same moment share one token, which serves until shortly before its end', async () => {
  const { tokens, service, payment } = await startWithOAuth({ lifeSeconds: 3_600 });
  await Promise.all(Array.from({ length: 20 }, () => payment.charge(someCharge(randomUUID()))));
  await payment.charge(someCharge(randomUUID()));
  expect(tokens.given).toHaveLength(1);
  expect(new Set(service.requests.map(({ headers }) => headers.authorization)).size).toBe(1);
  expect(tokens.given[0]).toMatchObject({ scope: 'payments.write' });
});

test('a token is replaced before it ends', async () => {
  const { tokens, payment } = await startWithOAuth({ lifeSeconds: 1 });
  await payment.charge(someCharge(randomUUID()));
  await expect
    .poll(async () => {
      await payment.charge(someCharge(randomUUID()));
      return tokens.given.length;
    })
    .toBeGreaterThan(1);
});

test('a token that is refused is replaced once, and the call goes through', async () => {
  const { tokens, service, payment } = await startWithOAuth({ lifeSeconds: 3_600 });
  await payment.charge(someCharge(randomUUID()));
  service.revoke();
  await Promise.all(Array.from({ length: 10 }, () => payment.charge(someCharge(randomUUID()))));
  expect(tokens.given).toHaveLength(2);
});

test('a service that refuses every token is told of, and the OAuth server is left in peace', async () => {
  const { tokens, service, payment } = await startWithOAuth({ lifeSeconds: 3_600 });
  service.refuseAll();
  for (let call = 0; call < 5; call += 1) {
    // One after the other, so that each could ask for a token of its own.
    // oxlint-disable-next-line no-await-in-loop
    expect(await errorOf(payment.charge(someCharge(randomUUID())))).toMatchObject({ code: 'CREDENTIALS_REFUSED' });
  }
  expect(tokens.given.length).toBeLessThanOrEqual(2);
});

test('a client that the OAuth server does not know sends nothing to the service', async () => {
  const { service, tokens } = await startWithOAuth({ lifeSeconds: 3_600 });
  const wrong = { ...oauthOf(tokens), clientSecret: 'kanarienvogel-secret' };
  const log = captureLog();
  const { payment } = gatewaysWith({ payment: { url: service.url, oauth: wrong } }, service.url, log);
  const error = await errorOf(payment.charge(someCharge(randomUUID())));
  expect(error).toMatchObject({ kind: 'unreachable', code: 'CREDENTIALS_REFUSED' });
  expect(String(error)).toContain('invalid_client');
  expect(service.requests).toEqual([]);
  expect(log.text() + String(error)).not.toContain('kanarienvogel-secret');
});

test('an OAuth server that is away leaves a charge to be tried again', async () => {
  const { service, tokens } = await startWithOAuth({ lifeSeconds: 3_600 });
  const { payment } = gatewaysWith({
    payment: { url: service.url, oauth: { ...oauthOf(tokens), tokenUrl: 'http://127.0.0.1:9/token' } },
  });
  const error = await errorOf(payment.charge(someCharge(randomUUID())));
  expect(error).toMatchObject({ kind: 'unreachable', code: undefined });
  expect(service.requests).toEqual([]);
});

function oauthOf({ tokenUrl, clientId, clientSecret }: TokenServer) {
  return { tokenUrl, clientId, clientSecret, scope: 'payments.write' };
}

async function startWithOAuth({ lifeSeconds }: { lifeSeconds: number }) {
  const tokens = await startTokenServer({ lifeSeconds });
  closing.push(() => tokens.stop());
  const refused = new Set<string>();
  let isHopeless = false;
  const isWelcome = ({ headers: { authorization = '' } }: IncomingMessage) =>
    !isHopeless && !refused.has(authorization) && tokens.given.some(({ token }) => authorization === `Bearer ${token}`);
  const service = await startService((request) => (isWelcome(request) ? 201 : 401));
  const { payment } = gatewaysWith({ payment: { url: service.url, oauth: oauthOf(tokens) } });
  const revoke = () => {
    for (const { token } of tokens.given) refused.add(`Bearer ${token}`);
  };
  const refuseAll = () => (isHopeless = true);
  return { tokens, payment, service: { ...service, revoke, refuseAll } };
}

function gatewaysWith(
  endpoints: Partial<Record<keyof Gateways, ServiceEndpoint>>,
  url = 'http://127.0.0.1:9',
  log = captureLog(),
): Gateways {
  const none = { url };
  return createGateways(
    { inventory: none, payment: none, customer: none, notification: none, review: none, ...endpoints },
    log.logger,
  );
}

/** A service that answers every request with a status, or never when there is none. */
async function startService(
  statusOf: (request: IncomingMessage) => number | undefined,
  body: object = { id: 'payment-1', status: 'CAPTURED' },
) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    requests.push(request);
    const status = statusOf(request);
    if (status !== undefined)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, requests };
}
