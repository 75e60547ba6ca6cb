import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  createCertificates,
  createClientCertificate,
  type Certificates,
  type ClientCertificate,
} from '../../../dev/kafka/certificates.ts';
import { readConfig } from '../../../src/config.ts';
import { createGateways } from '../../../src/gateways/index.ts';
import { errorOf, someCharge } from '../../gateways/calls.ts';
import { startTokenServer, type TokenServer } from '../../gateways/token-server.ts';
import { captureLog, type CapturedLog } from '../../setup/captured-log.ts';
import { requiredSettings } from '../../setup/settings.ts';

let folder: string;
let certificates: Certificates;
let first: ClientCertificate;
let second: ClientCertificate;
let stranger: ClientCertificate;
let tokens: TokenServer;
let service: Awaited<ReturnType<typeof startService>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mutual-tls-'));
  certificates = await createCertificates(folder);
  first = await createClientCertificate(folder, 'first');
  second = await createClientCertificate(folder, 'second');
  const elsewhere = await mkdtemp(join(folder, 'elsewhere-'));
  await createCertificates(elsewhere);
  stranger = await createClientCertificate(elsewhere, 'stranger');
  tokens = await startTokenServer({ lifeSeconds: 3_600 });
});

afterEach(() => service.stop());

afterAll(async () => {
  await tokens.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a thousand calls with a certificate and a token, one after the other, are made over a connection or two', async () => {
  service = await startService();
  const { payment } = gatewaysWith({
    ...shown(first),
    PAYMENT_OAUTH_TOKEN_URL: tokens.tokenUrl,
    PAYMENT_OAUTH_CLIENT_ID: tokens.clientId,
    PAYMENT_OAUTH_CLIENT_SECRET: tokens.clientSecret,
    PAYMENT_OAUTH_SCOPE: 'payments.write',
  });
  for (let call = 0; call < 1_000; call += 1) {
    // One after the other: calls at the same moment need a connection each.
    // oxlint-disable-next-line no-await-in-loop
    await payment.charge(someCharge(randomUUID()));
  }
  // A second one when a call begins in the moment in which the one before ends.
  expect(service.callers.length).toBeLessThanOrEqual(2);
  expect(service.authorizations.size).toBe(1);
  expect(tokens.given).toHaveLength(1);
});

test('a renewed certificate is shown from the next connection on, without a restart', async () => {
  service = await startService();
  const own = { certFile: join(folder, 'own.pem'), keyFile: join(folder, 'own.key') };
  await install(first, own);
  const { payment } = gatewaysWith(shown(own));
  await payment.charge(someCharge(randomUUID()));
  await install(second, own);
  await payment.charge(someCharge(randomUUID()));
  expect(service.callers).toEqual(['first']);
  service.dropConnections();
  await expect.poll(() => errorOf(payment.charge(someCharge(randomUUID())))).toBe('no error');
  expect(service.callers).toEqual(['first', 'second']);
});

test('a certificate that is renewed by halves leaves the last pair in use, and is told of', async () => {
  service = await startService();
  const own = { certFile: join(folder, 'half.pem'), keyFile: join(folder, 'half.key') };
  await install(first, own);
  const log = captureLog();
  const { payment } = gatewaysWith(shown(own), log);
  await payment.charge(someCharge(randomUUID()));
  await copyFile(second.certFile, own.certFile);
  service.dropConnections();
  await expect.poll(() => errorOf(payment.charge(someCharge(randomUUID())))).toBe('no error');
  expect(service.callers).toEqual(['first', 'first']);
  expect(log.text()).toContain('renewed certificates are not usable');
  expect(log.text()).not.toContain((await readFile(first.keyFile, 'utf8')).split('\n')[1]);
});

test.each([
  ['no certificate', () => ({ PAYMENT_CA: certificates.caFile })],
  ['a certificate of another authority', () => shown(stranger)],
])('a service that is shown %s gets no request, and the charge can be tried again', async (_, settings) => {
  service = await startService();
  const { payment } = gatewaysWith(settings());
  const error = await errorOf(payment.charge(someCharge(randomUUID())));
  expect(error).toMatchObject({ kind: 'unknown' });
  expect(String(error)).toContain('does it accept the certificate');
  expect(service.authorizations.size).toBe(0);
});

test('a service whose certificate nobody vouches for is sent nothing', async () => {
  service = await startService();
  const { PAYMENT_CA: _, ...settings } = shown(first);
  const { payment } = gatewaysWith(settings);
  expect(await errorOf(payment.charge(someCharge(randomUUID())))).toMatchObject({ kind: 'unreachable' });
  expect(service.authorizations.size).toBe(0);
});

test('files that hold no certificate leave the charge to be tried again', async () => {
  service = await startService();
  const own = { certFile: join(folder, 'none.pem'), keyFile: join(folder, 'none.key') };
  await writeFile(own.certFile, 'nothing');
  await writeFile(own.keyFile, 'nothing');
  const { payment } = gatewaysWith(shown(own));
  expect(await errorOf(payment.charge(someCharge(randomUUID())))).toMatchObject({ kind: 'unreachable' });
  await install(first, own);
  expect(await payment.charge(someCharge(randomUUID()))).toMatchObject({ outcome: 'captured' });
});

function shown({ certFile, keyFile }: ClientCertificate) {
  return { PAYMENT_CLIENT_CERT: certFile, PAYMENT_CLIENT_KEY: keyFile, PAYMENT_CA: certificates.caFile };
}

function gatewaysWith(settings: Record<string, string>, log: CapturedLog = captureLog()) {
  const config = readConfig({ ...requiredSettings, PAYMENT_URL: service.url, PAYMENT_TIMEOUT: '4s', ...settings });
  return createGateways(config.gateways, log.logger);
}

async function install(from: ClientCertificate, to: ClientCertificate): Promise<void> {
  await copyFile(from.keyFile, to.keyFile);
  await copyFile(from.certFile, to.certFile);
}

/** A payment service that takes only clients with a certificate; `callers`: the name in that of each connection. */
async function startService() {
  const pem = await readFile(certificates.serverFile);
  const callers: unknown[] = [];
  const authorizations = new Set<string | undefined>();
  const server: Server = createServer(
    { key: pem, cert: pem, ca: await readFile(certificates.caFile), requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      authorizations.add(request.headers.authorization);
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"id": "payment-1", "status": "CAPTURED"}');
    },
  );
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.authorized) callers.push(socket.getPeerCertificate().subject.CN);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `https://127.0.0.1:${address.port}`,
    callers,
    authorizations,
    dropConnections: () => server.closeAllConnections(),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
