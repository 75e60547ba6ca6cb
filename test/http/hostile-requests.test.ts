import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../dev/local/free-port.ts';
import { listen } from '../../src/http/listen.ts';
import { eventually } from '../setup/eventually.ts';
import { captureLog } from '../setup/captured-log.ts';
import { order, startApiRig, token, type ApiRig } from './api-rig.ts';

let rig: ApiRig;
const log = captureLog();

beforeAll(async () => {
  rig = await startApiRig({ logger: log.logger });
});
afterAll(() => rig.stop());

const json = JSON.stringify({ ...order, notes: 'HERE' });

/** Places the order with other bytes where its notes are, and says what came of it. */
async function send(notes: Buffer | string, headers: Record<string, string> = {}) {
  const [before = '', after = ''] = json.split('HERE');
  const body = Buffer.concat([Buffer.from(before), Buffer.from(notes as string), Buffer.from(after)]);
  return await sendBytes(body, headers);
}

async function sendBytes(body: Buffer, headers: Record<string, string> = {}) {
  const answer = await rig.api.request('/api/v1/orders', {
    method: 'POST',
    body: new Uint8Array(body),
    headers: {
      authorization: `Bearer ${await token('alice', ['customer'])}`,
      'content-type': 'application/json',
      ...headers,
    },
  });
  const told = (await answer.json()) as Record<string, unknown>;
  return [answer.status, told['code'] ?? told['notes'], answer.headers.get('accept-encoding')];
}

describe('a body', () => {
  test.each([
    ['a byte that UTF-8 does not have', Buffer.from([0xff])],
    ['a letter of Latin-1', Buffer.from('é', 'latin1')],
    ['half a character', Buffer.from([0xe2, 0x82])],
    ['a surrogate in UTF-8', Buffer.from([0xed, 0xa0, 0x80])],
    ['NUL spelt overlong', Buffer.from([0xc0, 0x80])],
  ])('with %s is refused, not mended', async (_, bytes) => {
    expect(await send(bytes)).toEqual([400, 'VALIDATION', null]);
  });

  test.each(['\\u0000', '\\ud800', '\\udc00x', '\\u0007', '\\u001b[31m'])(
    'with %s in a text is refused',
    async (text) => {
      expect(await send(text)).toEqual([400, 'VALIDATION', null]);
    },
  );

  test.each(['ü', '日本語', '😀', '\\ud83d\\ude00', '\ufffd'])('with %s in a text is taken as it is', async (text) => {
    expect(await send(text)).toEqual([201, JSON.parse(`"${text}"`), null]);
  });

  test('in another charset or compressed is refused with 415, and what is taken instead', async () => {
    const latin1 = { 'content-type': 'application/json; charset=iso-8859-1' };
    expect(await send(Buffer.from('é', 'latin1'), latin1)).toEqual([415, 'VALIDATION', null]);
    expect(await sendBytes(gzipSync(json), { 'content-encoding': 'gzip' })).toEqual([415, 'VALIDATION', 'identity']);
    expect(await sendBytes(Buffer.from(json), { 'content-encoding': 'gzip' })).toEqual([415, 'VALIDATION', 'identity']);
    const plain = { 'content-type': 'Application/JSON;Charset="UTF-8"', 'content-encoding': 'identity' };
    expect(await sendBytes(Buffer.from(json), plain)).toEqual([201, 'HERE', null]);
  });

  test.each([
    ['nested deeper than a stack is', '['.repeat(120_000) + ']'.repeat(120_000)],
    ['a number beyond all bounds', json.replace('"quantity":2', '"quantity":1e999')],
    ['a number that loses digits', json.replace('"quantity":2', '"quantity":99999999999999999999')],
    ['a field called __proto__', json.replace('{', '{"__proto__":{"currency":"EUR"},')],
  ])('that is %s is refused as such', async (_, body) => {
    expect(await sendBytes(Buffer.from(body))).toEqual([400, 'VALIDATION', null]);
  });
});

test('a line has no line separator in it', async () => {
  const { status, body } = await rig.place({
    shipping_address: { ...order.shipping_address, name: 'Alice\u2028Archer' },
  });
  expect([status, body.details[0].pointer]).toEqual([400, '/shipping_address/name']);
});

test.each(['/%00', '/%ff', '/%', '/x%0d%0aSet-Cookie:%20a=b', '/ORD-99999999999999999999', `/${'a'.repeat(5_000)}`])(
  'an order called %s does not exist, and its name goes into no header',
  async (path) => {
    const { status, headers, body } = await rig.request('GET', `/api/v1/orders${path}`);
    expect([status, body.code, headers.get('set-cookie')]).toEqual([404, 'ORD004', null]);
  },
);

test.each(['TRACE', 'OPTIONS', 'PROPFIND', 'PATCH'])('%s is answered with what is allowed instead', async (method) => {
  // A Request may not say TRACE; a socket may.
  const answer = await rig.api.request(new Proxy(new Request('http://x/api/v1/orders'), { get: methodOf(method) }));
  expect([answer.status, answer.headers.get('allow')?.split(', ').toSorted()]).toEqual([405, ['GET', 'HEAD', 'POST']]);
});

test('a client that hangs up in the middle of its body is no outage', async () => {
  const port = await freePort();
  const server = await listen(rig.api, { host: '127.0.0.1', port });
  log.clear();
  const socket = connect(port, '127.0.0.1');
  const authorization = `Bearer ${await token('alice', ['customer'])}`;
  const head = `POST /api/v1/orders HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n`;
  socket.write(`${head}{"currency"`, () => socket.destroy());
  const request = await eventually(() => {
    const lines = log.text().split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'request') ?? false;
  });
  await server.close(1_000);
  expect(request).toMatchObject({ method: 'POST', status: 400 });
  expect(log.text()).not.toMatch(/"level":50|UNAVAILABLE/);
});

function methodOf(method: string) {
  return (request: Request, key: string | symbol): unknown => {
    if (key === 'method') return method;
    const value: unknown = Reflect.get(request, key, request);
    return typeof value === 'function' ? value.bind(request) : value;
  };
}
