import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Code, ConnectError, type CallOptions } from '@connectrpc/connect';
import { RetryInfoSchema } from '../../src/grpc/generated/google/rpc/error_details_pb.ts';
import { OrderStatus } from '../../src/grpc/generated/orders/v1/order_pb.ts';
import type { WatchOrderResponse } from '../../src/grpc/generated/orders/v1/order_service_pb.ts';
import { token } from '../http/api-rig.ts';
import { by, newOrder, outcomeOf, startGrpcRig, type GrpcRig } from './grpc-rig.ts';

let rig: GrpcRig;
beforeAll(async () => {
  rig = await startGrpcRig();
});
afterAll(() => rig.stop());

/** What a call is told, in short, until it ends: `error` is how, if not well. */
async function follow(
  request: { orderId: string; afterEventId?: string },
  options: CallOptions,
  onUpdate: () => Promise<void> = () => Promise.resolve(),
) {
  const told: string[] = [];
  const updates: WatchOrderResponse[] = [];
  try {
    for await (const response of rig.orderService.watchOrder(request, options)) {
      const { update } = response;
      updates.push(response);
      told.push(update.case === 'event' ? update.value.type : String(update.case));
      await onUpdate();
    }
  } catch (error) {
    return { told, updates, error: ConnectError.from(error) };
  }
  return { told, updates, error: undefined };
}

async function placed(): Promise<string> {
  return (await rig.orderService.createOrder(newOrder, await by())).order!.id;
}

describe('following an order', () => {
  test('tells how it stands, then every change once and in order, and ends when it is final', async () => {
    const orderId = await placed();
    const staff = await by('support', 'sam');
    let isFirst = true;
    const { told, updates, error } = await follow({ orderId }, await by(), async () => {
      if (!isFirst) return;
      isFirst = false;
      await rig.orderService.updateOrderStatus({ orderId, status: OrderStatus.PROCESSING, reason: 'x' }, staff);
      await rig.orderService.cancelOrder({ orderId, reason: 'changed my mind' }, await by());
    });
    expect(error).toBeUndefined();
    expect(told).toEqual(['snapshot', 'order.processing', 'order.cancelled', 'end']);
    expect(updates.at(-2)?.update.value).toMatchObject({
      status: OrderStatus.CANCELLED,
      from: OrderStatus.PROCESSING,
      data: { status: 'CANCELLED', order_id: orderId },
    });
    const ids = updates.map(({ eventId }) => Number(eventId));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });

  test('goes on behind the last event that a client has, and leaves nothing out', async () => {
    const orderId = await placed();
    await rig.orderService.cancelOrder({ orderId }, await by());
    const whole = await follow({ orderId, afterEventId: '0' }, await by());
    expect(whole.told).toEqual(['snapshot', 'end']);
    const { body } = await rig.request('GET', `/api/v1/orders/${orderId}/history`);
    expect(body.data.length).toBeGreaterThan(1);
    const firstId = await rig.database.db
      .selectFrom('outbox')
      .select('id')
      .orderBy('id')
      .where(({ eb, ref }) => eb(ref('payload', '->>').key('order_id'), '=', orderId))
      .executeTakeFirstOrThrow();
    const rest = await follow({ orderId, afterEventId: String(firstId.id) }, await by());
    expect(rest.told).toEqual(['order.confirmed', 'order.cancelled', 'end']);
    const nothing = await follow({ orderId, afterEventId: rest.updates.at(-1)!.eventId }, await by());
    expect(nothing.told).toEqual(['end']);
  });

  test('ends when its token expires', async () => {
    const orderId = await placed();
    const headers = { authorization: `Bearer ${await token('alice', ['customer'], '2s')}` };
    const { told, error } = await follow({ orderId }, { headers });
    expect(told).toEqual(['snapshot']);
    expect(error?.code).toBe(Code.Unauthenticated);
  });

  test('refuses an event that is none', async () => {
    const orderId = await placed();
    const call = follow({ orderId, afterEventId: 'last' }, await by()).then(({ error }) => {
      throw error;
    });
    expect(await outcomeOf(call)).toBe('VALIDATION InvalidArgument');
  });

  test('is limited to twenty calls of one customer at a time', async () => {
    const orderId = await placed();
    const left = new AbortController();
    const options = await by('customer', 'alice', { signal: left.signal });
    const open = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const updates = rig.orderService.watchOrder({ orderId }, options)[Symbol.asyncIterator]();
        await updates.next();
        return updates;
      }),
    );
    const { error } = await follow({ orderId }, await by());
    expect(error?.code).toBe(Code.ResourceExhausted);
    left.abort();
    await Promise.allSettled(open.map((updates) => updates.next()));
  });
});

// The last one: the rig's feed ends with it.
test('a server that stops ends its streams with when to come back', async () => {
  const orderId = await placed();
  const updates = rig.orderService.watchOrder({ orderId }, await by())[Symbol.asyncIterator]();
  await updates.next();
  const closed = rig.server.close(5_000);
  rig.feed.close();
  const error = await updates.next().then(
    () => undefined,
    (cause: unknown) => ConnectError.from(cause),
  );
  expect(error?.code).toBe(Code.Unavailable);
  expect(error?.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds).toBe(2n);
  await closed;
});
