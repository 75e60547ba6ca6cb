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
const pay = (path: string, method = 'tok_ok', more: RequestOptions = {}) =>
  rig.request('POST', `${path}/payment`, { body: { payment_method: method }, ...more });

const several = (second: string) => ({
  body: {
    payment_methods: [
      { method: 'tok_gift', amount: '10.00' },
      { method: 'tok_ok', amount: second },
    ],
  },
});

describe('another payment', () => {
  test('that succeeds confirms the order', async () => {
    const path = await placed({ payment_method: 'tok_declined' });
    const { status, body } = await pay(path);
    expect([status, body.status, body.failure]).toEqual([200, 'CONFIRMED', null]);
  });

  test('that is declined as well says so, and may be tried again', async () => {
    const path = await placed({ payment_method: 'tok_declined' });
    const again = await pay(path, 'tok_declined');
    expect([again.status, again.body.code]).toEqual([402, 'ORD003']);
    expect((await pay(path)).status).toBe(200);
  });

  test('that takes longer is answered with 202', async () => {
    const path = await placed({ payment_method: 'tok_declined' });
    rig.commands.mode = 'silent';
    expect((await pay(path)).status).toBe(202);
  });

  test('for an order that waits for none is refused', async () => {
    const { status, body } = await pay(await placed());
    expect([status, body.code]).toEqual([400, 'ORD005']);
  });

  test('with several methods confirms the order when they add up to its total, and is refused otherwise', async () => {
    const path = await placed({ payment_method: 'tok_declined' });
    const refused = await rig.request('POST', `${path}/payment`, several('10.00'));
    expect([refused.status, refused.body.details]).toEqual([
      400,
      [{ pointer: '/payment_methods', message: "add up to 20.00 EUR, and the order's total is 25.00 EUR" }],
    ]);
    expect((await rig.request('POST', `${path}/payment`, several('15.00'))).status).toBe(200);
    expect(rig.commands.sent.at(-1)).toMatchObject({ command: several('15.00').body });
  });

  test('with a card number is refused', async () => {
    const path = await placed({ payment_method: 'tok_declined' });
    expect((await pay(path, '4242424242424242')).body.details).toMatchObject([{ pointer: '/payment_method' }]);
  });
});
