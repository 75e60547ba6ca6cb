import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApiRig, type ApiRig, type RequestOptions } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());
beforeEach(() => {
  rig.commands.mode = 'up';
  rig.commands.sent.length = 0;
});

const placed = async (body: object = {}): Promise<string> => {
  const answer = await rig.place(body);
  return `/api/v1/orders/${answer.body.id ?? answer.body.order_id}`;
};
const put = (path: string, body: object, more: RequestOptions = {}) =>
  rig.request('PUT', `${path}/status`, { as: 'support', sub: 'ann', body: { reason: 'by hand', ...body }, ...more });
const shipped = async () => {
  const path = await placed();
  await put(path, { status: 'PROCESSING' });
  await put(path, { status: 'SHIPPED' });
  return path;
};

describe('a status set by hand', () => {
  test('leads through fulfilment, with tracking', async () => {
    const path = await placed();
    expect((await put(path, { status: 'PROCESSING' })).body.status).toBe('PROCESSING');
    const tracking = { carrier: 'DHL', number: 'JD014600003' };
    expect((await put(path, { status: 'SHIPPED', tracking })).body).toMatchObject({ status: 'SHIPPED', tracking });
    const delivered = await put(path, { status: 'DELIVERED' });
    expect(delivered.status).toBe(200);
    expect(delivered.body.delivered_at).not.toBeNull();
    const history = await rig.request('GET', `${path}/history`);
    expect(history.body.data.at(-1)).toMatchObject({
      from: 'SHIPPED',
      to: 'DELIVERED',
      actor: 'support:ann',
      reason: 'by hand',
    });
  });

  test('may skip picking', async () => {
    const shippedAtOnce = await put(await placed(), { status: 'SHIPPED', tracking: 'JD0147' });
    expect(shippedAtOnce.body).toMatchObject({ status: 'SHIPPED', processing_at: null });
  });

  test('takes a text as the tracking number', async () => {
    const path = await placed();
    await put(path, { status: 'PROCESSING' });
    const { body } = await put(path, { status: 'SHIPPED', tracking: 'JD0146' });
    expect(body.tracking).toEqual({ carrier: null, number: 'JD0146' });
  });

  test('that it has already changes nothing', async () => {
    const path = await placed();
    expect((await put(path, { status: 'CONFIRMED' })).status).toBe(200);
    expect(rig.commands.sent).toEqual([]);
  });

  test('of CANCELLED cancels', async () => {
    const { status, body } = await put(await placed(), { status: 'CANCELLED', reason: 'lost in the warehouse' });
    expect([status, body.status, body.cancellation_reason]).toEqual([200, 'CANCELLED', 'lost in the warehouse']);
    expect((await put(await shipped(), { status: 'CANCELLED' })).body.code).toBe('ORD006');
  });

  test.each(['DELIVERED', 'PENDING', 'RETURNED', 'REFUNDED', 'PAYMENT_FAILED'])(
    'that the table does not allow is refused: CONFIRMED to %s',
    async (to) => {
      const { status, body } = await put(await placed(), { status: to });
      expect(status).toBe(400);
      expect(body).toMatchObject({
        code: 'ORD005',
        details: [{ from: 'CONFIRMED', to, allowed: ['PROCESSING', 'SHIPPED', 'CANCELLED'] }],
      });
    },
  );

  test('that only a saga sets is refused: SHIPPED, DELIVERED, then RETURNED', async () => {
    const path = await shipped();
    await put(path, { status: 'DELIVERED' });
    const { body } = await put(path, { status: 'RETURNED' });
    expect(body).toMatchObject({
      code: 'ORD005',
      details: [{ from: 'DELIVERED', to: 'RETURNED', allowed: ['RETURNED'] }],
    });
  });

  test.each([
    [{ reason: undefined }, '/reason'],
    [{ status: 'LOST' }, '/status'],
    [{ tracking: 5 }, '/tracking'],
    [{ tracking: { weight: 1 } }, '/tracking/weight'],
    [{ note: 'x' }, '/note'],
  ])('with %j is refused at its place', async (wrong, pointer) => {
    const { status, body } = await put(await placed(), { status: 'PROCESSING', ...wrong });
    expect(status).toBe(400);
    expect(body.details).toMatchObject([{ pointer }]);
  });
});
