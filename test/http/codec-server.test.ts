import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { freePort } from '../../dev/local/free-port.ts';
import { signToken } from '../../src/cli/local-system/sign-token.ts';
import { readCodecConfig } from '../../src/config/codec-config.ts';
import { createCodecServer } from '../../src/http/codec-server.ts';
import { authenticator } from '../../src/access/authenticate.ts';
import { createPayloadCodec } from '../../src/temporal/payload-codec.ts';
import { eventually } from '../setup/eventually.ts';

const secret = randomBytes(32).toString('base64');
const settings = { PAYLOAD_KEYS: `k1=${randomBytes(32).toString('base64')}`, JWT_SECRET: secret };
const config = readCodecConfig(settings);
const ui = 'https://temporal.example.com';
const options = {
  codec: createPayloadCodec(config.payloadKeys),
  origins: [ui],
  logger: pino({ level: 'silent' }),
};
const server = createCodecServer({ ...options, authenticate: authenticator(config.auth) });

const tokenFor = (role: string) =>
  signToken(
    { sub: 'olga', roles: [role], expiresMs: 60_000 },
    { jwtSecret: secret, jwtIssuer: config.auth.issuer, jwtAudience: config.auth.audience },
  );

const asBase64 = (text: string) => Buffer.from(text).toString('base64');
const payload = { metadata: { encoding: asBase64('json/plain') }, data: asBase64('{"reason":"canary"}') };

async function post(path: string, body: unknown, { role = 'operator', headers = {} } = {}) {
  const authorization = `Bearer ${await tokenFor(role)}`;
  const answer = await server.request(path, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

test.each([
  ['operator', ''],
  ['admin', ''],
  ['operator', '/default'],
  ['admin', '/my-namespace.acct'],
])('what %s encodes at "%s" is encrypted, and decodes to itself', async (role, prefix) => {
  const encoded = await post(`${prefix}/encode`, { payloads: [payload, payload] }, { role });
  expect(encoded).toMatchObject({
    status: 200,
    body: { payloads: [{ metadata: { encoding: asBase64('binary/encrypted') } }, {}] },
  });
  expect(JSON.stringify(encoded.body)).not.toContain(payload.data);
  const decoded = await post(`${prefix}/decode`, encoded.body, { role });
  expect(decoded).toMatchObject({ status: 200, body: { payloads: [payload, payload] } });
  expect(decoded.headers.get('cache-control')).toBe('no-store');
});

test('what is not encrypted, or not with a key of the ring, is returned as it came beside what can be read', async () => {
  const foreign = {
    metadata: { encoding: asBase64('binary/encrypted'), 'encryption-key-id': asBase64('k9') },
    data: asBase64('?'),
  };
  const { body } = await post('/encode', { payloads: [payload] });
  const [ours] = (body as { payloads: unknown[] }).payloads;
  const decoded = await post('/decode', { payloads: [foreign, ours, payload] });
  expect(decoded.body).toEqual({ payloads: [foreign, payload, payload] });
});

test.each(['support', 'service', 'customer'])('the role %s reads nothing', async (role) => {
  expect(await post('/decode', { payloads: [payload] }, { role })).toMatchObject({ status: 403 });
  expect(await post('/encode', { payloads: [payload] }, { role })).toMatchObject({ status: 403 });
});

test.each([undefined, 'Bearer x.y.z', 'Basic eDp5'])('the token %s is refused', async (authorization) => {
  const headers = authorization === undefined ? {} : { authorization };
  const answer = await server.request('/decode', { method: 'POST', headers, body: '{"payloads":[]}' });
  expect(answer.status).toBe(401);
});

const preflight = (origin: string) =>
  server.request('/decode', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-namespace',
    },
  });

test('pages of the Web UI may ask, with its token, and no other page may', async () => {
  const allowed = await preflight(ui);
  expect(allowed.headers.get('access-control-allow-origin')).toBe(ui);
  expect(allowed.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('x-namespace');
  expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();

  const body = { payloads: [payload] };
  expect((await post('/decode', body, { headers: { origin: ui } })).headers.get('access-control-allow-origin')).toBe(
    ui,
  );
  expect(await post('/decode', body, { headers: { origin: 'https://evil.example' } })).toMatchObject({ status: 403 });
});

test.each([undefined, null, {}, [], { payloads: 1 }, { payloads: [{ data: '%' }] }, { payloads: [{ metadata: 1 }] }])(
  'the body %j is answered and breaks nothing',
  async (body) => {
    const { status } = await post('/decode', body);
    expect([200, 400]).toContain(status);
  },
);

test('without a token it answers on this machine only', async () => {
  const open = { ...settings, JWT_SECRET: undefined, CODEC_WITHOUT_TOKEN: 'true' };
  expect(() => readCodecConfig(open)).toThrow('CODEC_WITHOUT_TOKEN');
  expect(readCodecConfig({ ...open, CODEC_HOST: '127.0.0.1' })).toMatchObject({ isOpen: true });
  const openServer = createCodecServer({ ...options, authenticate: undefined });
  const ask = (headers: Record<string, string>) =>
    openServer.request('/decode', { method: 'POST', headers, body: '{"payloads":[]}' });
  expect((await ask({ origin: ui })).status).toBe(200);
  expect((await ask({ origin: 'https://evil.example' })).status).toBe(403);
});

test('it does not start without keys, and says so', () => {
  expect(() => readCodecConfig({ JWT_SECRET: secret })).toThrow('PAYLOAD_KEYS: is not set');
});

test('it runs as a process of its own until it is told to stop', async () => {
  const port = String(await freePort());
  const main = join(import.meta.dirname, '../../src/main-codec.ts');
  const env = { ...settings, PATH: process.env['PATH'], CODEC_HOST: '127.0.0.1', CODEC_PORT: port };
  const ended = Promise.withResolvers<number | null>();
  const running = execFile(process.execPath, [main], { env });
  running.once('exit', ended.resolve);
  await eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200));
  const answer = await fetch(`http://127.0.0.1:${port}/default/decode`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenFor('operator')}` },
    body: JSON.stringify({ payloads: [payload] }),
  });
  expect(await answer.json()).toEqual({ payloads: [payload] });
  running.kill('SIGTERM');
  expect(await ended.promise).toBe(0);
});
