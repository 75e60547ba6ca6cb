import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { OrderStatus } from '../../src/grpc/generated/orders/v1/order_pb.ts';
import { token } from '../http/api-rig.ts';
import { eventually } from '../setup/eventually.ts';
import { by, newOrder, outcomeOf, startGrpcRig, type GrpcRig } from './grpc-rig.ts';

let rig: GrpcRig;
let session: ClientHttp2Session;
beforeAll(async () => {
  rig = await startGrpcRig({ settings: { BODY_TIMEOUT: '300ms' } });
});
beforeEach(() => {
  session = connect(rig.baseUrl);
});
afterEach(() => {
  session.destroy();
});
afterAll(() => rig.stop());

/** Sends a message as it is, or part of one, and answers the status of gRPC, or that of HTTP where there is none. */
async function send(method: string, body: Buffer, { isWhole = true, type = 'application/grpc' } = {}): Promise<string> {
  const stream = session.request({
    ':method': 'POST',
    ':path': `/orders.v1.OrderService/${method}`,
    'content-type': type,
    te: 'trailers',
    authorization: `Bearer ${await token('alice', ['customer'])}`,
  });
  let status = '';
  stream.on('response', (headers) => (status ||= String(headers['grpc-status'] ?? `HTTP ${headers[':status']}`)));
  stream.on('trailers', (trailers) => (status = String(trailers['grpc-status'] ?? status)));
  stream.on('error', () => {});
  stream.resume();
  if (isWhole) stream.end(body);
  else stream.write(body);
  await once(stream, 'close');
  return status || `reset ${stream.rstCode}`;
}

/** A message with its flags and length before it. */
function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** A field of text with number `no`. */
function textField(no: number, text: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(no << 3) | 2, text.length]), text]);
}

const INVALID_ARGUMENT = '3';
const RESOURCE_EXHAUSTED = '8';
const UNIMPLEMENTED = '12';
const INTERNAL = '13';
const UNAUTHENTICATED = '16';

describe('a message', () => {
  test.each([
    // As gRPC has it for what can't be parsed.
    ['that is no protobuf', framed(Buffer.from([0x0f, 0xff, 0xff])), INTERNAL],
    ['whose text is no UTF-8', framed(textField(1, Buffer.from([0xc3, 0x28]))), INTERNAL],
    ['with a field that the service does not know', framed(textField(15, Buffer.from('x'))), INVALID_ARGUMENT],
    ['that is larger than its method takes', framed(Buffer.alloc(70_000)), RESOURCE_EXHAUSTED],
    ['that says it is larger than it is', Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1]), RESOURCE_EXHAUSTED],
    ['that is not there', Buffer.alloc(0), UNIMPLEMENTED],
    ['that ends in the middle', framed(Buffer.from('order')).subarray(0, 7), INVALID_ARGUMENT],
  ])('%s is refused', async (_, body, status) => {
    expect(await send('GetOrder', body)).toBe(status);
  });

  test('that does not come is not waited for', async () => {
    expect(await send('GetOrder', Buffer.from([0, 0, 0]), { isWhole: false })).toMatch(/^(reset|HTTP|\d)/);
  });

  test('to a method that does not exist is refused, as is one in another format', async () => {
    expect(await send('DropOrders', framed(Buffer.alloc(0)))).toBe('HTTP 404');
    expect(await send('GetOrder', Buffer.from('<xml/>'), { type: 'text/xml' })).toBe('HTTP 415');
  });

  test('of somebody without a token is refused before it is read', async () => {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/orders.v1.OrderService/CreateOrder',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.resume();
    stream.on('error', () => {});
    // The rest never comes.
    stream.write(Buffer.from([0, 0, 3, 0xff, 0xff]));
    const [answer] = await once(stream, 'response');
    expect(answer['grpc-status']).toBe(UNAUTHENTICATED);
    stream.close(constants.NGHTTP2_CANCEL);
  });
});

test('what a refusal repeats of a request may be cut in the middle of a character', async () => {
  const call = rig.orderService.getOrder({ orderId: `${'x'.repeat(63)}😀` }, await by());
  expect(await outcomeOf(call)).toBe('ORD004 NotFound');
});

test('streams that are reset at any moment leave the server as it was', async () => {
  const authorization = `Bearer ${await token('alice', ['customer'])}`;
  const paths = ['/nothing', '/orders.v1.OrderService/GetOrder', '/orders.v1.OrderService/WatchOrder'];
  for (const code of [constants.NGHTTP2_INTERNAL_ERROR, constants.NGHTTP2_PROTOCOL_ERROR, constants.NGHTTP2_CANCEL]) {
    for (const path of paths) {
      const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', authorization };
      const stream = session.request(headers);
      stream.on('error', () => {});
      stream.write(Buffer.from([0, 0]));
      const closed = Promise.withResolvers<void>();
      stream.once('close', closed.resolve);
      stream.close(code);
      await closed.promise;
    }
  }
  expect(await outcomeOf(rig.orderService.listOrders({}, await by()))).toBe('OK');
});

test.each([
  ['an unknown status', { status: 99 as OrderStatus, reason: 'x' }],
  ['the status that is none', { status: OrderStatus.UNSPECIFIED, reason: 'x' }],
  ['no status', { reason: 'x' }],
])('%s is refused by its field', async (_, change) => {
  const { order } = await rig.orderService.createOrder(newOrder, await by());
  const call = rig.orderService.updateOrderStatus({ orderId: order!.id, ...change }, await by('support', 'sam'));
  expect(await outcomeOf(call)).toBe('VALIDATION InvalidArgument');
});

test.each([-62_135_596_801n, 253_402_300_800n, 9_000_000_000_000_000n])(
  'a moment of %s seconds, which no date can say, is refused',
  async (seconds) => {
    const call = rig.orderService.listOrders({ from: { seconds, nanos: 0 } }, await by());
    expect(await outcomeOf(call)).toBe('VALIDATION InvalidArgument');
  },
);

describe('calls that their clients leave', () => {
  test('leave nothing behind', async () => {
    const { order } = await rig.orderService.createOrder(newOrder, await by());
    const leaving = Array.from({ length: 30 }, async () => {
      const left = new AbortController();
      const options = await by('support', 'sam', { signal: left.signal });
      const updates = rig.orderService.watchOrder({ orderId: order!.id }, options);
      try {
        for await (const { update } of updates) if (update.case === 'snapshot') left.abort();
      } catch {
        // It was left.
      }
    });
    await Promise.all(leaving);
    await eventually(() => {
      expect(rig.feed.countSubscribers()).toBe(0);
    });
  });

  test('with their whole connection leave nothing behind', async () => {
    const { order } = await rig.orderService.createOrder(newOrder, await by());
    const stream = session.request({
      ':method': 'POST',
      ':path': '/orders.v1.OrderService/WatchOrder',
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: `Bearer ${await token('alice', ['customer'])}`,
    });
    stream.on('error', () => {});
    stream.end(framed(textField(1, Buffer.from(order!.id))));
    await once(stream, 'data');
    expect(rig.feed.countSubscribers()).toBe(1);
    session.destroy();
    await eventually(() => {
      expect(rig.feed.countSubscribers()).toBe(0);
    });
  });
});
