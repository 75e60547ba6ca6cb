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

describe('cancelling', () => {
  test.each([
    ['DELETE', '', undefined, 'no reason given'],
    ['DELETE', '', '', 'no reason given'],
    ['DELETE', '', { reason: 'too late' }, 'too late'],
    ['POST', '/cancel', {}, 'no reason given'],
    ['POST', '/cancel', { reason: 'too late' }, 'too late'],
  ])(
    'with %s%s and the body %j sends who and why, and answers with the cancelled order',
    async (method, below, body, reason) => {
      const path = await placed();
      const answer = await rig.request(method, path + below, { body });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ status: 'CANCELLED', cancellation_reason: reason });
      expect(rig.commands.sent).toMatchObject([{ name: 'cancelOrder', command: { actor: 'customer:alice', reason } }]);
    },
  );

  test('an order that is cancelled already is a success and sends nothing', async () => {
    const path = await placed();
    await rig.request('DELETE', path);
    expect((await rig.request('DELETE', path)).status).toBe(200);
    expect(rig.commands.sent).toHaveLength(1);
  });

  test('that takes longer is answered with 202', async () => {
    const path = await placed();
    rig.commands.mode = 'silent';
    const { status, body } = await rig.request('DELETE', path);
    expect([status, body.status]).toEqual([202, 'CONFIRMED']);
  });

  test('is refused with its reason when the goods have left', async () => {
    const { status, body } = await rig.request('DELETE', await shipped());
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'ORD006', details: [{ status: 'SHIPPED' }] });
    expect(body.detail).toContain('SHIPPED');
  });

  test('repeated under the same key is the same command, which another caller or command can not take', async () => {
    const path = await placed();
    rig.commands.mode = 'silent';
    const headers = { 'Idempotency-Key': 'k' };
    await rig.request('DELETE', path, { headers });
    await rig.request('POST', `${path}/cancel`, { headers });
    await rig.request('DELETE', path, { headers, as: 'support', sub: 'ann' });
    await put(path, { status: 'PROCESSING' }, { headers });
    const ids = rig.commands.sent.map(({ command }) => command.command_id);
    expect(ids.map((id) => id.split(':')[0])).toEqual(['cancelOrder', 'cancelOrder', 'cancelOrder', 'changeStatus']);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  test.each([[{ reason: '' }], [{ reason: 'x'.repeat(501) }], [{ why: 'x' }]])('with %j is refused', async (body) => {
    expect((await rig.request('POST', `${await placed()}/cancel`, { body })).body.code).toBe('VALIDATION');
    expect(rig.commands.sent).toEqual([]);
  });

  test('while Temporal is unavailable is answered with 503', async () => {
    const path = await placed();
    rig.commands.mode = 'down';
    const { status, headers, body } = await rig.request('DELETE', path);
    expect([status, body.code, headers.has('retry-after')]).toEqual([503, 'UNAVAILABLE', true]);
  });
});
