import { uuidv7 } from 'uuidv7';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from './api-rig.ts';

const PAYMENT_WEBHOOK_SECRET = `whsec_${Buffer.from('the secret of the payment service').toString('base64')}`;
const PATH = '/api/v1/webhooks/payments';

let rig: ApiRig;
let orderId: string;

beforeAll(async () => {
  rig = await startApiRig({ settings: { PAYMENT_WEBHOOK_SECRET } });
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

/** Says that the charge of 25.00 EUR was captured, with what differs from that. */
function message(data: object = {}, more: object = {}): string {
  const charge = { payment_id: 'p1', order_id: orderId, idempotency_key: `${orderId}:charge:1` };
  const whole = { ...charge, amount: '25.00', currency: 'EUR', ...data };
  return JSON.stringify({ type: 'payment.captured', timestamp: '2026-11-21T09:30:00Z', data: whole, ...more });
}

interface Sent {
  id?: string;
  at?: Date;
  secret?: string;
  signed?: string;
}

function send(
  body: string,
  { id = uuidv7(), at = new Date(), secret = PAYMENT_WEBHOOK_SECRET, signed = body }: Sent = {},
) {
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, signed),
  };
  return rig.request('POST', PATH, { as: null, body, headers });
}

const minutes = (count: number) => new Date(Date.now() + count * 60_000);
const otherSecret = `whsec_${Buffer.from('the secret of somebody else, not ours').toString('base64')}`;

describe('a message is refused with 401', () => {
  test.each<[string, () => Sent]>([
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
    ['of another type', () => message({}, { type: 'payment.imagined' }), '/type'],
    ['with an unknown field', () => message({ fee: '1.00' }), '/data/fee'],
    ['without a key', () => message({ idempotency_key: undefined }), '/data/idempotency_key'],
    ['with an amount that its currency has not', () => message({ currency: 'JPY' }), '/data/amount'],
  ])('%s', async (_, body, pointer) => {
    const answer = await send(body());
    expect([answer.status, answer.body.code]).toEqual([400, 'VALIDATION']);
    expect(answer.body.details[0].pointer).toBe(pointer);
  });
});

describe('a signed message', () => {
  test.each(['UNKNOWN', 'QUEUED'] as const)('tells the saga of an order whose payment is %s', async (status) => {
    await doubt(status);
    const answer = await send(message(), { id: `m-${status}` });
    expect([answer.status, answer.body]).toEqual([200, { webhook_id: `m-${status}`, effect: 'SIGNALLED' }]);
    expect(rig.commands.settled).toMatchObject([
      { orderId, settled: { idempotency_key: `${orderId}:charge:1`, command_id: `webhook:m-${status}` } },
    ]);
  });

  test('acts once, however often it comes', async () => {
    const id = uuidv7();
    const answers = [await send(message(), { id }), await send(message(), { id }), await send(message(), { id })];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ body }) => body.effect)).toEqual(['SIGNALLED', 'REPEATED', 'REPEATED']);
    expect(rig.commands.settled).toHaveLength(1);
    const row = await rig.database.db.selectFrom('payment_webhooks').selectAll().where('id', '=', id).execute();
    expect(row).toMatchObject([{ deliveries: 3, effect: 'SIGNALLED', outcome: 'captured', amount_minor: 2_500 }]);
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
    await doubt('PENDING');
    const answer = await send(message({ decline_code: 'CARD_DECLINED' }, { type: 'payment.declined' }));
    expect([answer.status, answer.body.effect]).toEqual([200, 'RECORDED']);
    expect(rig.commands.settled).toEqual([]);
  });

  test.each<[string, () => object]>([
    ['an order that there is not', () => ({ order_id: uuidv7() })],
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
