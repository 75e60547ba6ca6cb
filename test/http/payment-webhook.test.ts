import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from './api-rig.ts';
import { messageAbout, PATH, PAYMENT_WEBHOOK_SECRET, sendWebhook, type SentAs } from './payment-messages.ts';

let rig: ApiRig;
let orderId: string;

beforeAll(async () => {
  const secrets = { INVENTORY_WEBHOOK_SECRET: PAYMENT_WEBHOOK_SECRET, SHIPPING_WEBHOOK_SECRET: PAYMENT_WEBHOOK_SECRET };
  rig = await startApiRig({ settings: { PAYMENT_WEBHOOK_SECRET, ...secrets } });
});
afterAll(() => rig.stop());
beforeEach(async () => {
  rig.commands.mode = 'silent';
  rig.commands.settled.length = 0;
  orderId = (await rig.place({}, { headers: { Prefer: 'respond-async' } })).body.id;
  await doubt('UNKNOWN');
});

const doubt = (payment_status: 'UNKNOWN' | 'QUEUED' | 'PENDING') =>
  rig.database.db.updateTable('orders').set({ payment_status }).where('id', '=', orderId).execute();

const message = (data: object = {}, more: object = {}) => messageAbout(orderId, data, more);
const send = (body: string, sent: SentAs = {}) => sendWebhook(rig, body, sent);

const minutes = (count: number) => new Date(Date.now() + count * 60_000);
const otherSecret = `whsec_${Buffer.from('the secret of somebody else, not ours').toString('base64')}`;

describe('a message is refused with 401', () => {
  test.each<[string, () => SentAs]>([
    ['signed with another secret', () => ({ secret: otherSecret })],
    ['whose body was changed', () => ({ signed: message({ payment_id: 'p2' }) })],
    ['older than five minutes', () => ({ at: minutes(-6) })],
    ['from more than five minutes ahead', () => ({ at: minutes(6) })],
  ])('%s', async (_, sent) => {
    const { status, body } = await send(message(), sent());
    expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(rig.commands.settled).toEqual([]);
  });

  test('without a signature, whatever token it brings, and before its body is read', async () => {
    for (const as of [null, 'admin'] as const) {
      const { status, body, headers } = await rig.request('POST', PATH, { as, body: 'no JSON' });
      expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect(headers.get('www-authenticate')).toBe('Webhook-Signature');
    }
  });

  test('where no secret is configured', async () => {
    const bare = await startApiRig();
    const { status } = await bare.request('POST', PATH, { as: null, body: message() });
    await bare.stop();
    expect(status).toBe(401);
  });
});

describe('a signed message is refused with 400', () => {
  test.each<[string, () => string, string]>([
    ['that is not JSON', () => '{', ''],
    ['that is no object', () => '[]', ''],
    ['without a key', () => message({ idempotency_key: undefined }), '/data/idempotency_key'],
    ['with an amount that its currency has not', () => message({ currency: 'JPY' }), '/data/amount'],
  ])('%s', async (_, body, pointer) => {
    const answer = await send(body());
    expect([answer.status, answer.body.code]).toEqual([400, 'VALIDATION']);
    expect(answer.body.details[0].pointer).toBe(pointer);
  });
});

describe('a signed message that has more to tell than is known here', () => {
  test.each<[string, () => string]>([
    ['another type', () => message({}, { type: 'payment.imagined' })],
    ['another type without a charge', () => JSON.stringify({ type: 'payout.paid', data: [1, null] })],
    ['a type of another kind', () => message({}, { type: { name: 'payment.captured' } })],
    ['no type', () => '{}'],
    [
      'the name of a part of an object for its type',
      () => '{"type":"constructor","__proto__":{"type":"payment.captured"}}',
    ],
  ])('is acknowledged and left alone: %s', async (_, body) => {
    const answer = await send(body(), { id: 'm-unknown' });
    expect([answer.status, answer.body]).toEqual([202, { webhook_id: 'm-unknown', effect: 'IGNORED' }]);
    expect(rig.commands.settled).toEqual([]);
  });

  test.each<[string, () => string]>([
    ['a further field of the charge', () => message({ fee: '1.00', card: { brand: 'visa' } })],
    ['a further field beside it', () => message({}, { livemode: true, api_version: '2027-01-01' })],
    ['a field called __proto__', () => message().replace('{"type"', '{"__proto__":{},"type"')],
  ])('settles the charge all the same: %s', async (_, body) => {
    expect(await send(body())).toMatchObject({ status: 200, body: { effect: 'SIGNALLED' } });
    expect(rig.commands.settled).toHaveLength(1);
  });
});

describe('a signed message', () => {
  test.each(['UNKNOWN', 'QUEUED', 'PENDING'] as const)(
    'tells the saga of an order whose payment is %s',
    async (status) => {
      await doubt(status);
      const answer = await send(message(), { id: `m-${status}` });
      expect([answer.status, answer.body]).toEqual([200, { webhook_id: `m-${status}`, effect: 'SIGNALLED' }]);
      expect(rig.commands.settled).toMatchObject([
        { orderId, settled: { idempotency_key: `${orderId}:charge:1`, command_id: `webhook:m-${status}` } },
      ]);
    },
  );

  test('acts once, however often it comes', async () => {
    const id = uuidv7();
    const answers = [await send(message(), { id }), await send(message(), { id }), await send(message(), { id })];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ body }) => body.effect)).toEqual(['SIGNALLED', 'REPEATED', 'REPEATED']);
    expect(rig.commands.settled).toHaveLength(1);
    const { db } = rig.database;
    const row = await db.selectFrom('payment_webhooks').selectAll().where('id', '=', id).execute();
    expect(row).toMatchObject([{ effect: 'SIGNALLED', outcome: 'captured', amount_minor: 2_500 }]);
    const kept = await db.selectFrom('inbox').selectAll().where('id', '=', id).execute();
    expect(kept).toMatchObject([{ source: 'webhook:payments', deliveries: 3, state: 'APPLIED' }]);
  });

  test('that could not reach the workflow is answered with 503, and acts when it is sent again', async () => {
    const id = uuidv7();
    rig.commands.mode = 'down';
    const first = await send(message(), { id });
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '2']);
    rig.commands.mode = 'silent';
    expect((await send(message(), { id })).body.effect).toBe('SIGNALLED');
    expect(rig.commands.settled).toHaveLength(1);
  });

  test('about a charge whose outcome is known is only recorded', async () => {
    await rig.database.db.updateTable('orders').set({ status: 'CONFIRMED' }).where('id', '=', orderId).execute();
    const answer = await send(message({ decline_code: 'CARD_DECLINED' }, { type: 'payment.declined' }));
    expect([answer.status, answer.body.effect]).toEqual([200, 'RECORDED']);
    expect(rig.commands.settled).toEqual([]);
  });

  test('about an order that there is not is kept until there is one', async () => {
    const answer = await send(message({ order_id: uuidv7() }));
    expect([answer.status, answer.body.effect]).toEqual([202, 'KEPT']);
    expect(rig.commands.settled).toEqual([]);
  });

  test.each<[string, () => object]>([
    ['something that is no order', () => ({ order_id: 'ORD-1' })],
    ['another amount', () => ({ amount: '24.99' })],
    ['another currency', () => ({ currency: 'USD' })],
    ["another order's charge", () => ({ idempotency_key: `${uuidv7()}:charge:1` })],
  ])('about %s is ignored', async (_, data) => {
    const answer = await send(message(data()));
    expect([answer.status, answer.body.effect]).toEqual([202, 'IGNORED']);
    expect(rig.commands.settled).toEqual([]);
  });
});

describe('a signed message of another service', () => {
  test.each<['PENDING' | 'SHIPPED', string, string, object]>([
    ['PENDING', 'inventory', 'inventory.reserved', { reservation_id: 'res_1' }],
    ['SHIPPED', 'shipping', 'shipment.delivered', {}],
  ])('is applied to a %s order (%s), and kept while there is none', async (status, channel, type, data) => {
    await rig.database.db.updateTable('orders').set({ status }).where('id', '=', orderId).execute();
    const path = `/api/v1/webhooks/${channel}`;
    const tell = (order_id: string) => send(JSON.stringify({ type, data: { ...data, order_id } }), { path });
    const [known, unknown] = [await tell(orderId), await tell(uuidv7())];
    expect([known.status, known.body.effect, unknown.status, unknown.body.effect]).toEqual([
      200,
      'APPLIED',
      202,
      'KEPT',
    ]);
  });
});
