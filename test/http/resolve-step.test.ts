import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from './api-rig.ts';

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
const resolve = (path: string, step: string, body: object) =>
  rig.request('POST', `${path}/saga/${step}`, { as: 'operator', sub: 'olga', body });

describe('resolving a step', () => {
  test('tells the saga who decided what', async () => {
    const path = await placed();
    const { status } = await resolve(path, 'refundPaymentIfCharged', { action: 'resolve', reason: 'refunded by hand' });
    expect(status).toBe(200);
    expect(rig.commands.sent).toMatchObject([
      { name: 'resolveStep', command: { step: 'refundPaymentIfCharged', action: 'resolve', actor: 'operator:olga' } },
    ]);
  });

  test('is refused when there is no such step or resolution', async () => {
    const path = await placed();
    expect((await resolve(path, 'bakeCake', { action: 'retry', reason: 'x' })).body.details).toMatchObject([
      { parameter: 'step' },
    ]);
    expect((await resolve(path, 'chargePayment', { action: 'hope', reason: 'x' })).body.details).toMatchObject([
      { pointer: '/action' },
    ]);
  });
});
