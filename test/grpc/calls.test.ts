import { createClient } from '@connectrpc/connect';
import {
  compressionGzip,
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Role } from '../../src/domain/caller.ts';
import { Health, HealthCheckResponse_ServingStatus } from '../../src/grpc/generated/grpc/health/v1/health_pb.ts';
import { OrderStatus } from '../../src/grpc/generated/orders/v1/order_pb.ts';
import { OrderService } from '../../src/grpc/generated/orders/v1/order_service_pb.ts';
import { listAudit } from '../../src/repositories/audit-log.ts';
import { captureLog } from '../setup/captured-log.ts';
import { eventually } from '../setup/eventually.ts';
import { by, newOrder, outcomeOf, startGrpcRig, type GrpcRig } from './grpc-rig.ts';

const log = captureLog();
let rig: GrpcRig;
beforeAll(async () => {
  rig = await startGrpcRig({ logger: log.logger, settings: { ORDER_WAIT: '150ms' } });
});
beforeEach(() => {
  rig.commands.mode = 'up';
  log.clear();
});
afterAll(() => rig.stop());

/** An order of alice's. */
async function placed(): Promise<{ id: string; itemId: string }> {
  const { order } = await rig.orderService.createOrder(newOrder, await by());
  return { id: order!.id, itemId: order!.items[0]!.id };
}

const everybody: Record<string, readonly [Role, string]> = {
  own: ['customer', 'alice'],
  other: ['customer', 'bob'],
  placer: ['service', 'shop'],
  service: ['service', 'feed'],
  support: ['support', 'sam'],
  operator: ['operator', 'olga'],
  admin: ['admin', 'ada'],
};

const OK = 'OK';
const GONE = 'ORD004 NotFound';
const NO = 'FORBIDDEN PermissionDenied';

/** What each of them gets of each method, at an order that a service placed for alice; it waits for its payment. */
const table: Record<string, readonly string[]> = {
  createOrder: [OK, NO, OK, OK, NO, NO, OK],
  getOrder: [OK, GONE, OK, GONE, OK, OK, OK],
  listOrders: [OK, OK, OK, OK, OK, OK, OK],
  updateOrderStatus: [NO, NO, NO, NO, OK, OK, OK],
  cancelOrder: [OK, GONE, OK, GONE, OK, OK, OK],
  addOrderItem: [OK, GONE, OK, GONE, OK, OK, OK],
  updateOrderItem: [OK, GONE, OK, GONE, OK, OK, OK],
  removeOrderItem: [OK, GONE, OK, GONE, OK, OK, OK],
  watchOrder: [OK, GONE, OK, GONE, OK, OK, OK],
};

describe('roles', () => {
  test('are tested for every method', () => {
    expect(Object.keys(table).toSorted()).toEqual(Object.keys(OrderService.method).toSorted());
  });

  test.each(Object.entries(table))('decide who may call %s', async (method, expected) => {
    rig.commands.mode = 'silent';
    const patient = { headers: { prefer: 'respond-async' } };
    const { order } = await rig.orderService.createOrder(
      { ...newOrder, customerId: 'alice' },
      await by('service', 'shop', patient),
    );
    const { id: orderId, items } = order!;
    const itemId = items[0]!.id;
    const answers: string[] = [];
    for (const [role, sub] of Object.values(everybody)) {
      const options = await by(role, sub, patient);
      const client = rig.orderService;
      const calls: Record<string, () => Promise<unknown>> = {
        createOrder: () => client.createOrder({ ...newOrder, customerId: 'alice' }, options),
        getOrder: () => client.getOrder({ orderId }, options),
        listOrders: () => client.listOrders({}, options),
        updateOrderStatus: () =>
          client.updateOrderStatus({ orderId, status: OrderStatus.PENDING, reason: 'x' }, options),
        cancelOrder: () => client.cancelOrder({ orderId }, options),
        addOrderItem: () => client.addOrderItem({ orderId, sku: 'MUG', quantity: 1 }, options),
        updateOrderItem: () => client.updateOrderItem({ orderId, itemId, quantity: 3 }, options),
        removeOrderItem: () => client.removeOrderItem({ orderId, itemId }, options),
        watchOrder: async () => {
          for await (const { update } of client.watchOrder({ orderId }, options)) if (update.case === 'snapshot') break;
        },
      };
      answers.push(await outcomeOf(calls[method]!()));
    }
    expect(answers).toEqual(expected);
  });

  test('are asked of nobody who has no token, and a wrong one is none', async () => {
    const { id: orderId } = await placed();
    const tokens = [undefined, 'Bearer x', 'Bearer a.b.c', 'Basic YTpi'];
    for (const authorization of tokens) {
      const headers = authorization === undefined ? {} : { authorization };
      const call = rig.orderService.getOrder({ orderId }, { headers });
      expect(await outcomeOf(call)).toBe('UNAUTHENTICATED Unauthenticated');
    }
  });
});

const otherTransports = {
  'gRPC-Web': (baseUrl: string) => createGrpcWebTransport({ baseUrl, httpVersion: '2' }),
  Connect: (baseUrl: string) => createConnectTransport({ baseUrl, httpVersion: '2' }),
  'gRPC in JSON': (baseUrl: string) => createGrpcTransport({ baseUrl, useBinaryFormat: false }),
  'gRPC with compression': (baseUrl: string) =>
    createGrpcTransport({ baseUrl, sendCompression: compressionGzip, compressMinBytes: 0 }),
};

test.each(Object.entries(otherTransports))('%s gets the same answers and refusals as plain gRPC', async (_, create) => {
  const client = createClient(OrderService, create(rig.baseUrl));
  const { id: orderId } = await placed();
  const expected = await rig.orderService.getOrder({ orderId }, await by());
  expect(await client.getOrder({ orderId }, await by())).toEqual(expected);
  expect(await outcomeOf(client.getOrder({ orderId }, await by('customer', 'bob')))).toBe(GONE);
  expect(await outcomeOf(client.getOrder({ orderId }))).toBe('UNAUTHENTICATED Unauthenticated');
});

describe('an idempotency key', () => {
  const key = { 'idempotency-key': 'a-key' };

  test('brings the same order through either door, and is refused with another request', async () => {
    const first = await rig.orderService.createOrder(newOrder, await by('customer', 'alice', { headers: key }));
    const again = await rig.orderService.createOrder(newOrder, await by('customer', 'alice', { headers: key }));
    expect(again.order?.id).toBe(first.order?.id);
    const { body } = await rig.place({}, { headers: { 'Idempotency-Key': 'a-key' } });
    expect(body.id).toBe(first.order?.id);
    const other = rig.orderService.createOrder(
      { ...newOrder, notes: 'other' },
      await by('customer', 'alice', { headers: key }),
    );
    expect(await outcomeOf(other)).toBe('IDEMPOTENCY_KEY_REUSED AlreadyExists');
  });

  test('makes a command that is sent again act once', async () => {
    const { id: orderId } = await placed();
    const options = await by('support', 'sam', { headers: key });
    const change = { orderId, status: OrderStatus.PROCESSING, reason: 'picked' };
    for (const _ of [1, 2]) await rig.orderService.updateOrderStatus(change, options);
    const sent = rig.commands.sent.filter((one) => one.orderId === orderId);
    expect(sent).toHaveLength(1);
  });
});

describe('the wait for an outcome', () => {
  test('ends in time for the deadline, and the order is told as it stands', async () => {
    rig.commands.mode = 'silent';
    const { order, underWay } = await rig.orderService.createOrder(
      newOrder,
      await by('customer', 'alice', { timeoutMs: 2_000 }),
    );
    expect([order?.status, underWay]).toEqual([OrderStatus.PENDING, true]);
  });

  test('is that of ORDER_WAIT without a deadline, and none at all if so preferred', async () => {
    rig.commands.mode = 'silent';
    for (const headers of [{}, { prefer: 'respond-async' }]) {
      const { underWay } = await rig.orderService.createOrder(newOrder, await by('customer', 'alice', { headers }));
      expect(underWay).toBe(true);
    }
  });

  test('that a deadline of a millisecond cuts off leaves the key to ask again with', async () => {
    const headers = { 'idempotency-key': 'in-a-hurry' };
    const hurried = rig.orderService.createOrder(newOrder, await by('customer', 'alice', { headers, timeoutMs: 1 }));
    await outcomeOf(hurried);
    const { order } = await rig.orderService.createOrder(newOrder, await by('customer', 'alice', { headers }));
    const again = await rig.orderService.createOrder(newOrder, await by('customer', 'alice', { headers }));
    expect(again.order?.id).toBe(order?.id);
  });
});

test('a call has one line in the log, with its order, status, reason, request and trace', async () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const headers = { 'x-request-id': 'shop-4711', traceparent: `00-${trace}-00f067aa0ba902b7-01` };
  const { order } = await rig.orderService.createOrder(newOrder, await by('customer', 'alice', { headers }));
  await outcomeOf(rig.orderService.getOrder({ orderId: 'ORD-99999999' }, await by('support', 'sam')));
  const lines = await eventually(() => {
    const found = log
      .text()
      .split('\n')
      .filter((line) => line.includes('"msg":"call"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(found).toHaveLength(2);
    return found;
  });
  expect(lines).toMatchObject([
    {
      method: 'orders.v1.OrderService/CreateOrder',
      code: 'OK',
      order_id: order?.id,
      request_id: 'shop-4711',
      trace_id: trace,
      role: 'customer',
      duration_ms: expect.any(Number),
    },
    {
      method: 'orders.v1.OrderService/GetOrder',
      code: 'NOT_FOUND',
      reason: 'ORD004',
      order_number: 'ORD-99999999',
      role: 'support',
    },
  ]);
});

test('what staff do and read is audited under the names that it has over HTTP', async () => {
  const { id: orderId } = await placed();
  const staff = await by('support', 'sally');
  await rig.orderService.updateOrderStatus({ orderId, status: OrderStatus.PROCESSING, reason: 'picked' }, staff);
  await rig.orderService.getOrder({ orderId }, staff);
  await outcomeOf(rig.orderService.createOrder(newOrder, staff));
  await rig.orderService.listOrders({ customerId: 'alice', q: '4242 4242 4242 4242' }, staff);
  await rig.orderService.listOrders({ customerId: 'alice', status: OrderStatus.PROCESSING }, staff);
  const { entries } = await listAudit(rig.database.db, { subject: 'sally', limit: 10 });
  const list = '/orders.v1.OrderService/ListOrders';
  expect(entries).toMatchObject([
    { operation: 'listOrders', path: `${list}?customer_id=alice&status=ORDER_STATUS_PROCESSING` },
    { operation: 'listOrders', path: list },
    { operation: 'createOrder', status: 403 },
    { operation: 'getOrder', status: 200, order_id: orderId },
    { operation: 'changeStatus', status: 200, order_id: orderId, reason: 'picked' },
  ]);
});

test('health says SERVING without a token, and knows no other service', async () => {
  const health = createClient(Health, createGrpcTransport({ baseUrl: rig.baseUrl }));
  for (const service of ['', 'orders.v1.OrderService']) {
    expect((await health.check({ service })).status).toBe(HealthCheckResponse_ServingStatus.SERVING);
  }
  expect(await outcomeOf(health.check({ service: 'nope' }))).toBe('NotFound');
});

describe('a server', () => {
  test('that finds its port taken does not start, and names the variable', async () => {
    await expect(rig.serve()).rejects.toThrow('set GRPC_PORT to another one');
  });

  test('whose certificate can not be read does not start, and names the variable', async () => {
    const tls = { certFile: '/nowhere/tls.crt', keyFile: import.meta.filename };
    await expect(rig.serve({ tls })).rejects.toThrow('GRPC_TLS_CERT');
    const wrong = { certFile: import.meta.filename, keyFile: import.meta.filename };
    await expect(rig.serve({ tls: wrong })).rejects.toThrow('GRPC_TLS_KEY');
  });
});
