import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../dev/local/free-port.ts';
import { signToken } from '../../src/cli/local-system/sign-token.ts';
import { OrderStatus, PaymentStatus } from '../../src/grpc/generated/orders/v1/order_pb.ts';
import { OrderService } from '../../src/grpc/generated/orders/v1/order_service_pb.ts';
import { eventually } from '../setup/eventually.ts';
import { startTestSystem, teaOrder, type Reply, type TestSystem } from './system.ts';

let system: TestSystem;
let grpcPort: string;
beforeAll(async () => {
  grpcPort = String(await freePort());
  // What takes longer than the API waits is told as under way, also on a machine that is busy.
  system = await startTestSystem({ ORDER_WAIT: '30s', GRPC_PORT: grpcPort });
});
afterAll(async () => {
  await system.destroy();
});

const support = { sub: 'sam', roles: ['support'] };

async function placed(quantity = 2): Promise<Reply['body']> {
  const body = { ...teaOrder, items: [{ sku: 'TEA-001', quantity }] };
  const { status, body: confirmed } = await system.call('POST', '/orders', { body });
  expect(status).toBe(201);
  return confirmed;
}

async function moved(id: string, ...statuses: string[]): Promise<void> {
  for (const status of statuses) {
    const body = { status, reason: 'as planned' };
    expect((await system.call('PUT', `/orders/${id}/status`, { ...support, body })).status).toBe(200);
  }
}

/** Sends a request again while the service says that it is busy, as a client is told to. */
async function untilAnswered(send: () => Promise<Reply>): Promise<Reply> {
  for (;;) {
    const reply = await send();
    if (reply.status !== 429 && reply.status !== 503) return reply;
    await delay(Number(reply.headers.get('retry-after')) * 1_000);
  }
}

async function order(id: string): Promise<Reply['body']> {
  return (await system.call('GET', `/orders/${id}`)).body;
}

describe('details', () => {
  test('are changed by who has seen the newest version, until something is shipped', async () => {
    const { id } = await placed();
    const seen = (await system.call('GET', `/orders/${id}`)).headers.get('etag')!;
    const edit = { body: { notes: 'Ring twice.' }, headers: { 'if-match': seen } };
    const changed = await system.call('PATCH', `/orders/${id}`, edit);
    expect(changed).toMatchObject({ status: 200, body: { notes: 'Ring twice.' } });
    expect(changed.headers.get('etag')).not.toBe(seen);
    const stale = await system.call('PATCH', `/orders/${id}`, edit);
    expect(stale).toMatchObject({ status: 412, body: { code: 'VERSION_CONFLICT' } });
    const { body } = await system.call('GET', `/orders/${id}/history`);
    expect(body.data.at(-1)).toMatchObject({
      change: 'DETAILS',
      actor: 'customer:demo',
      from: 'CONFIRMED',
      to: 'CONFIRMED',
    });

    await moved(id, 'PROCESSING', 'SHIPPED');
    const late = await system.call('PATCH', `/orders/${id}`, { body: { notes: 'too late' } });
    expect(late).toMatchObject({ status: 400, body: { code: 'ORD005' } });
  });
});

describe('items', () => {
  test('are added, changed and removed, with their goods and money', async () => {
    const { id, items } = await placed(2);
    const added = await system.call('POST', `/orders/${id}/items`, { body: { sku: 'MUG-001', quantity: 1 } });
    expect(added.status).toBe(201);
    const mug = added.body.items[1];
    const total = 25 + Number(mug.unit_price);
    expect(Number(added.body.total)).toBe(total);
    const set = await system.call('PATCH', `/orders/${id}/items/${items[0].id}`, { body: { quantity: 1 } });
    expect(set).toMatchObject({ status: 200, body: { total: (total - 12.5).toFixed(2) } });
    const removed = await system.call('DELETE', `/orders/${id}/items/${mug.id}`);
    expect(removed).toMatchObject({ status: 200, body: { total: '12.50', saga_state: 'COMPLETED' } });
    const { body } = await system.sandbox('GET', `/payments/order/${id}`);
    const kept = body.data.reduce(
      (sum: number, { amount, refunded_amount: back }: Record<string, string>) => sum + Number(amount) - Number(back),
      0,
    );
    expect(kept).toBeCloseTo(12.5);
  });

  test('that are not to be had leave the order as it was', async () => {
    const { id, items } = await placed();
    await system.sandbox('PUT', '/products/SCARCE', { name: 'Scarce', price: '5.00', currency: 'EUR', stock: 1 });
    const refused = await system.call('POST', `/orders/${id}/items`, { body: { sku: 'SCARCE', quantity: 2 } });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'ORD002', details: [{ sku: 'SCARCE', available: 1 }] },
    });
    const dearer = { sku: 'SCARCE', quantity: 1, unit_price: '4.00' };
    expect(await system.call('POST', `/orders/${id}/items`, { body: dearer })).toMatchObject({
      status: 409,
      body: { code: 'PRICE_CHANGED' },
    });
    expect(await system.call('DELETE', `/orders/${id}/items/${items[0].id}`)).toMatchObject({ status: 400 });
    expect(await order(id)).toMatchObject({ total: '25.00', items: [{ quantity: 2 }] });
  });
});

describe('shipments', () => {
  test('may hold a part; the order is shipped when nothing is left', async () => {
    const { id, items } = await placed(3);
    await moved(id, 'PROCESSING');
    const part = { status: 'SHIPPED', reason: 'in stock', tracking: { carrier: 'DHL', number: 'A1' } };
    const first = await system.call('PUT', `/orders/${id}/status`, {
      ...support,
      body: { ...part, items: [{ item_id: items[0].id, quantity: 1 }] },
    });
    expect(first).toMatchObject({ status: 200, body: { status: 'PROCESSING', items: [{ shipped_quantity: 1 }] } });
    expect(await system.call('POST', `/orders/${id}/cancel`)).toMatchObject({ status: 409, body: { code: 'ORD006' } });
    const tooMany = { ...part, items: [{ item_id: items[0].id, quantity: 3 }] };
    expect((await system.call('PUT', `/orders/${id}/status`, { ...support, body: tooMany })).status).toBe(400);
    const rest = await system.call('PUT', `/orders/${id}/status`, {
      ...support,
      body: { ...part, tracking: { carrier: 'DHL', number: 'A2' }, items: [{ item_id: items[0].id, quantity: 2 }] },
    });
    expect(rest).toMatchObject({ status: 200, body: { status: 'SHIPPED' } });
    const { body } = await system.call('GET', `/orders/${id}/shipments`);
    expect(body.data.map(({ tracking_number: number }: Record<string, string>) => number)).toEqual(['A1', 'A2']);
  });
});

describe('returns', () => {
  test('of two hundred that want back the same item, as many are taken as were bought', async () => {
    const { id, items } = await placed(20);
    await moved(id, 'PROCESSING', 'SHIPPED', 'DELIVERED');
    const body = { items: [{ item_id: items[0].id, quantity: 1 }], reason: 'too many' };
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        untilAnswered(() =>
          system.call('POST', `/orders/${id}/returns`, { body, headers: { 'Idempotency-Key': `return-${index}` } }),
        ),
      ),
    );
    const countOf = (...statuses: number[]) => replies.filter(({ status }) => statuses.includes(status)).length;
    // Once everything is returned, a request is refused for the order's status (409) instead of its quantity (400).
    expect({ taken: countOf(201, 202), refused: countOf(400, 409) }).toEqual({ taken: 20, refused: 180 });
    await eventually(async () =>
      expect(await order(id)).toMatchObject({ status: 'REFUNDED', refunded_amount: '250.00' }),
    );
    const { body: payments } = await system.sandbox('GET', `/payments/order/${id}`);
    expect(payments.data).toMatchObject([{ amount: '250.00', refunded_amount: '250.00' }]);
  });

  test('are for delivered orders of the caller, and once a key', async () => {
    const { id, items } = await placed(3);
    const body = { items: [{ item_id: items[0].id, quantity: 1 }], reason: 'broken' };
    expect(await system.call('POST', `/orders/${id}/returns`, { body })).toMatchObject({
      status: 400,
      body: { code: 'ORD005' },
    });
    await moved(id, 'PROCESSING', 'SHIPPED', 'DELIVERED');
    expect((await system.call('POST', `/orders/${id}/returns`, { body, sub: 'mallory' })).status).toBe(404);
    const headers = { 'idempotency-key': 'back' };
    const first = await system.call('POST', `/orders/${id}/returns`, { body, headers });
    const again = await system.call('POST', `/orders/${id}/returns`, { body, headers });
    expect([first.status, again.status]).toEqual([201, 201]);
    const other = { ...body, items: [{ item_id: items[0].id, quantity: 2 }] };
    expect((await system.call('POST', `/orders/${id}/returns`, { body: other, headers })).status).toBe(422);
    expect(await order(id)).toMatchObject({
      status: 'DELIVERED',
      payment_status: 'PARTIALLY_REFUNDED',
      refunded_amount: '12.50',
    });
    const { body: returns } = await system.call('GET', `/orders/${id}/returns`);
    expect(returns.data).toMatchObject([{ state: 'REFUNDED', refund_amount: '12.50', reason: 'broken' }]);
  });
});

describe('gRPC', () => {
  test('places an order, adds to it and cancels it, while who follows it is told of each, and money and goods are as by HTTP', async () => {
    const client = createClient(OrderService, createGrpcTransport({ baseUrl: `http://localhost:${grpcPort}` }));
    const authorization = `Bearer ${await signToken({ sub: 'demo', roles: ['customer'], expiresMs: 3_600_000 }, system.running())}`;
    const options = { headers: { authorization } };
    const { name, line1, city, postal_code: postalCode, country } = teaOrder.shipping_address;
    const placing = {
      currency: teaOrder.currency,
      paymentMethod: teaOrder.payment_method,
      items: [{ sku: 'TEA-001', quantity: 2 }],
      shippingAddress: { name, line1, city, postalCode, country },
    };
    const { order: confirmed } = await client.createOrder(placing, options);
    const orderId = confirmed!.id;
    expect(confirmed).toMatchObject({ status: OrderStatus.CONFIRMED, paymentStatus: PaymentStatus.CAPTURED });
    const told: string[] = [];
    for await (const { update } of client.watchOrder({ orderId }, options)) {
      told.push(update.case === 'event' ? update.value.type : String(update.case));
      if (update.case !== 'snapshot') continue;
      const { order: larger } = await client.addOrderItem({ orderId, sku: 'TEA-001', quantity: 1 }, options);
      expect(larger?.total).toBe((await order(orderId)).total);
      await client.cancelOrder({ orderId, reason: 'changed my mind' }, options);
    }
    expect(told.at(-1)).toBe('end');
    expect(told).toEqual(expect.arrayContaining(['snapshot', 'order.amended', 'order.cancelled']));
    expect(await order(orderId)).toMatchObject({ status: 'CANCELLED', payment_status: 'REFUNDED' });
  });
});
