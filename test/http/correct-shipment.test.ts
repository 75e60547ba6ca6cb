import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

const ann = { as: 'support', sub: 'ann' } as const;
const put = (path: string, body: object, headers: Record<string, string> = {}) =>
  rig.request('PUT', `${path}/status`, { ...ann, body: { reason: 'packed', ...body }, headers });
const correct = (path: string, shipmentId: string, body: object, headers: Record<string, string> = {}) =>
  rig.request('PATCH', `${path}/shipments/${shipmentId}`, { ...ann, body, headers });

/** An order that has been shipped with a tracking number, and its shipment's id. */
async function shipped() {
  const { body } = await rig.place();
  const path = `/api/v1/orders/${body.id}`;
  await put(path, { status: 'PROCESSING' });
  await put(path, { status: 'SHIPPED', tracking: { carrier: 'DHL', number: 'JD0001' } }, { 'Idempotency-Key': 'ship' });
  const shipments = await rig.request('GET', `${path}/shipments`);
  return { path, shipmentId: shipments.body.data[0].id as string };
}

describe('the tracking of goods that have left', () => {
  test('can be corrected, and the shipment, the order and its history say so', async () => {
    const { path, shipmentId } = await shipped();
    const answer = await correct(path, shipmentId, { tracking_number: 'JD0002', reason: 'a digit was wrong' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id: shipmentId, carrier: 'DHL', tracking_number: 'JD0002' });
    const { body: order, headers } = await rig.request('GET', path);
    expect(order.tracking).toEqual({ carrier: 'DHL', number: 'JD0002' });
    expect(answer.headers.get('etag')).toBe(headers.get('etag'));
    const { body: history } = await rig.request('GET', `${path}/history`);
    expect(history.data.at(-1)).toMatchObject({
      change: 'SHIPMENT',
      to: 'SHIPPED',
      actor: 'support:ann',
      reason: 'a digit was wrong',
    });
  });

  test('is removed by null, and left as it is by what it says already', async () => {
    const { path, shipmentId } = await shipped();
    const removed = await correct(path, shipmentId, { carrier: null });
    expect(removed.body).toMatchObject({ carrier: null, tracking_number: 'JD0001' });
    const again = await correct(path, shipmentId, { carrier: null });
    expect(again.headers.get('etag')).toBe(removed.headers.get('etag'));
  });

  test.each([
    [{}, 400, 'VALIDATION'],
    [{ tracking_number: '' }, 400, 'VALIDATION'],
    [{ weight: 3 }, 400, 'VALIDATION'],
  ])('is not corrected by %j', async (body, status, code) => {
    const { path, shipmentId } = await shipped();
    const answer = await correct(path, shipmentId, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('is not corrected for a shipment that there is not, nor for another version', async () => {
    const { path, shipmentId } = await shipped();
    const unknown = await correct(path, '019a0000-0000-7000-8000-000000000000', { carrier: 'UPS' });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'ORD004']);
    const stale = await correct(path, shipmentId, { carrier: 'UPS' }, { 'If-Match': '"1"' });
    expect([stale.status, stale.body.code]).toEqual([412, 'VERSION_CONFLICT']);
  });

  test('is never said to be changed by a repeated status: other tracking is refused, the same is not', async () => {
    const { path } = await shipped();
    const other = await put(path, { status: 'SHIPPED', tracking: 'JD0002' });
    expect([other.status, other.body.code]).toEqual([400, 'ORD005']);
    expect(other.body.detail).toContain('/shipments/');
    for (const tracking of [undefined, 'JD0001', { carrier: 'DHL' }, { carrier: 'DHL', number: 'JD0001' }]) {
      expect((await put(path, { status: 'SHIPPED', tracking })).status).toBe(200);
    }
    const { body } = await rig.request('GET', path);
    expect(body.tracking).toEqual({ carrier: 'DHL', number: 'JD0001' });
  });

  test('is no reason to refuse the repeat of the request that shipped the order', async () => {
    const { path, shipmentId } = await shipped();
    await correct(path, shipmentId, { tracking_number: 'JD0003' });
    const request = { status: 'SHIPPED', tracking: { carrier: 'DHL', number: 'JD0001' } };
    const repeat = await put(path, request, { 'Idempotency-Key': 'ship' });
    expect([repeat.status, repeat.body.tracking.number]).toEqual([200, 'JD0003']);
  });
});
