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

  test('with a card number is refused', async () => {
    const path = await placed({ payment_method: 'tok_declined' });
    expect((await pay(path, '4242424242424242')).body.details).toMatchObject([{ pointer: '/payment_method' }]);
  });
});
