import { createServer } from 'node:http';
import { once } from 'node:events';
import { CompactSign, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { requiredSettings } from '../setup/settings.ts';
import { authenticator } from '../../src/access/authenticate.ts';
import { JWT_SECRET, startApiRig, token, type ApiRig } from '../http/api-rig.ts';

const claims = { sub: 'alice', roles: ['customer'], iss: 'order-saga', aud: 'orders' };
const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600;
const secret = (text: string) => new TextEncoder().encode(text);
const signed = (payload: Record<string, unknown>, key = JWT_SECRET) =>
  new SignJWT({ exp: inAnHour(), ...payload }).setProtectedHeader({ alg: 'HS256' }).sign(secret(key));
/** Claims as they are written, which no library would write so. */
const signedText = (text: string) =>
  new CompactSign(secret(text)).setProtectedHeader({ alg: 'HS256' }).sign(secret(JWT_SECRET));
const rest = '"roles":["customer"],"iss":"order-saga","aud":"orders"';

describe('a token', () => {
  let rig: ApiRig;

  beforeAll(async () => {
    rig = await startApiRig();
  });
  afterAll(() => rig.stop());

  const bad: [string, () => Promise<string> | string][] = [
    ['that is no token', () => 'nonsense'],
    ['that has expired', () => signed({ ...claims, exp: inAnHour() - 3_601 })],
    ['that never expires', () => signed({ ...claims, exp: undefined })],
    ['that is not valid yet', () => signed({ ...claims, nbf: inAnHour() })],
    ['signed with another secret', () => signed(claims, 'another secret that is long enough too')],
    ['of another issuer', () => signed({ ...claims, iss: 'somebody' })],
    ['for another audience', () => signed({ ...claims, aud: 'payments' })],
    ['without a subject', () => signed({ ...claims, sub: undefined })],
    ['with a subject that is a number', () => signedText(`{"sub":1,${rest},"exp":${inAnHour()}}`)],
    ['with a subject that is a list', () => signedText(`{"sub":["alice"],${rest},"exp":${inAnHour()}}`)],
    ['that is valid for ever', () => signedText(`{"sub":"alice",${rest},"exp":1e999}`)],
    ['that is valid until after the end of time', () => signedText(`{"sub":"alice",${rest},"exp":1e15}`)],
    ['with a time in words', () => signedText(`{"sub":"alice",${rest},"exp":"tomorrow"}`)],
    ['whose claims are no object', () => signedText('[1]')],
    ['with a subject that can be no id', () => signed({ ...claims, sub: 'a\u0000b' })],
    ['with the algorithm none', () => new UnsecuredJWT({ ...claims, exp: inAnHour() }).encode()],
    [
      'whose claims were changed after signing',
      async () => {
        const [header, , signature] = (await signed(claims)).split('.');
        const forged = Buffer.from(JSON.stringify({ ...claims, exp: inAnHour(), roles: ['admin'] })).toString(
          'base64url',
        );
        return `${header}.${forged}.${signature}`;
      },
    ],
  ];

  test.each(bad)('%s is refused with 401 and leaves no order', async (_, make) => {
    const answer = await rig.place({}, { token: await make() });
    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('UNAUTHENTICATED');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="order-saga", error="invalid_token"');
    expect(await rig.orders()).toEqual([]);
  });

  test('that is missing is asked for', async () => {
    const { status, headers } = await rig.place({}, { as: null });
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="order-saga"');
  });

  test('that was good a moment ago is refused once it has expired', async () => {
    const short = await token('alice', ['customer'], '1h');
    const read = async () => (await rig.request('GET', '/api/v1/orders', { token: short })).status;
    expect(await read()).toBe(200);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_601_000 });
    expect(await read().finally(vi.useRealTimers)).toBe(401);
  });
});

describe('published keys', () => {
  test.each(['RS256', 'ES256', 'EdDSA'])('check tokens signed with %s, and no shared secret', async (alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg }] });
    const server = createServer((_, response) => response.end(keys)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { auth } = readConfig({ ...requiredSettings, JWKS_URL: `http://127.0.0.1:${port}/jwks`, JWT_SECRET });
    const authenticate = authenticator(auth);
    const good = await new SignJWT({ ...claims, exp: inAnHour() })
      .setProtectedHeader({ alg, kid: 'k1' })
      .sign(privateKey);
    await expect(authenticate(`Bearer ${good}`)).resolves.toMatchObject({ subject: 'alice', actor: 'customer:alice' });
    await expect(authenticate(`Bearer ${await signed(claims)}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    server.close();
  });

  test('that are unavailable are answered with UNAVAILABLE and not with UNAUTHENTICATED', async () => {
    const authenticate = authenticator(readConfig({ ...requiredSettings, JWKS_URL: 'http://127.0.0.1:9/jwks' }).auth);
    const { privateKey } = await generateKeyPair('ES256');
    const good = await new SignJWT({ ...claims, exp: inAnHour() })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(privateKey);
    await expect(authenticate(`Bearer ${good}`)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('or a secret must be configured', () => {
    expect(() => authenticator(readConfig(requiredSettings).auth)).toThrow(/JWT_SECRET or JWKS_URL/);
  });
});
