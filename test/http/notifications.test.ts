import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

const sam = { as: 'support', sub: 'sam' } as const;
const notify = (path: string, type: string, headers: Record<string, string> = {}) =>
  rig.request('POST', `${path}/notifications`, { ...sam, body: { type }, headers });

test('support has a customer told again once a request, and sees what becomes of it', async () => {
  const { body } = await rig.place();
  const path = `/api/v1/orders/${body.id}`;
  const headers = { 'Idempotency-Key': 'tell-alice' };
  const asked = await notify(path, 'ORDER_CONFIRMED', headers);
  expect(asked.status).toBe(202);
  expect((await notify(path, 'ORDER_CONFIRMED', headers)).body).toEqual(asked.body);
  const { body: told } = await rig.request('GET', `${path}/notifications`, sam);
  const again = told.data.filter(({ key }: { key: string }) => key === asked.body.key);
  expect(again).toMatchObject([{ type: 'ORDER_CONFIRMED', state: 'PENDING', requested_by: 'support:sam' }]);
  const { body: pending } = await rig.request('GET', '/api/v1/notifications?state=PENDING&limit=1', sam);
  expect(pending.data).toMatchObject([{ key: asked.body.key, order_id: body.id }]);
});

test('what is not true of an order is not told, nor anything of an order that there is not', async () => {
  const { body } = await rig.place();
  const untrue = await notify(`/api/v1/orders/${body.id}`, 'ORDER_SHIPPED');
  expect([untrue.status, untrue.body.code]).toEqual([400, 'ORD005']);
  expect(untrue.body.detail).toContain('nothing has left');
  const nowhere = '/api/v1/orders/019a0000-0000-7000-8000-000000000000';
  expect((await notify(nowhere, 'ORDER_SHIPPED')).status).toBe(404);
  expect((await rig.request('GET', `${nowhere}/notifications`, sam)).status).toBe(404);
});
