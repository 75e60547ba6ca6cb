import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { listen } from '../../src/http/listen.ts';
import { freePort } from '../../dev/local/free-port.ts';
import { signedHeaders } from '../../src/webhook-signature.ts';
import { createApiOverRig } from '../setup/api-over-rig.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

const secret = `whsec_${Buffer.from('the secret of the payment service').toString('base64')}`;
let rig: SagaRig;
let port: number;
let closeApi = () => Promise.resolve();

const webhookUrl = () => `http://127.0.0.1:${port}/api/v1/webhooks/payments`;

async function start(settings: Record<string, string> = {}) {
  port = await freePort();
  rig = await startSagaRig({
    PAYMENT_WEBHOOK_URL: webhookUrl(),
    PAYMENT_WEBHOOK_SECRET: secret,
    JWT_SECRET: 'a secret for tests that is long enough',
    ...settings,
  });
}

/** From now on the webhooks that the payment service has been trying to send arrive. */
async function openApi() {
  const { api, changes } = createApiOverRig(rig);
  const server = await listen(api, { host: '127.0.0.1', port });
  closeApi = async () => {
    await server.close(1_000);
    await changes.close();
    closeApi = () => Promise.resolve();
  };
}

/** The reply to the charge is lost, and the payment service does not answer any more, whatever it is asked. */
async function chargeUnheard(paymentMethod = 'tok_ok'): Promise<string> {
  await rig.fault({ service: 'payment', operation: 'charge', mode: 'fail_after_effect', times: 1 });
  for (const operation of ['charge', 'lookup']) await rig.fault({ service: 'payment', operation, mode: 'down' });
  const id = await rig.place({ paymentMethod });
  await eventually(async () => expect((await rig.order(id)).paymentStatus).toBe('UNKNOWN'));
  return id;
}

const webhooks = async (id: string) => (await rig.sandbox.call('GET', `/webhooks?order_id=${id}`)).body.data;
const effects = async (id: string) => {
  const rows = await rig.db.selectFrom('payment_webhooks').select('effect').where('order_id', '=', id).execute();
  return rows.map(({ effect }) => effect);
};

/** What the payment service has, which it has to be able to tell. */
async function moneyOf(id: string): Promise<string[]> {
  await rig.noFaults();
  return rig.money(id);
}

async function say(id: string, data: object): Promise<unknown> {
  const charge = {
    payment_id: uuidv7(),
    order_id: id,
    idempotency_key: `${id}:charge:1`,
    amount: '25.00',
    currency: 'EUR',
  };
  const body = JSON.stringify({
    type: 'payment.captured',
    timestamp: '2026-11-21T09:30:00Z',
    data: { ...charge, ...data },
  });
  const response = await fetch(webhookUrl(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signedHeaders(secret, uuidv7(), body) },
    body,
  });
  return ((await response.json()) as { effect?: string }).effect;
}

beforeEach(async () => {
  await rig.noFaults();
  await rig.product('TEAPOT', 1_000);
});
afterEach(() => closeApi());

describe('a charge whose outcome is unknown', () => {
  beforeAll(() => start());
  afterAll(() => rig.stop());

  test('is settled by the webhook while the payment service answers nothing else, and never made twice', async () => {
    const id = await chargeUnheard();
    await openApi();
    await rig.reaches(id, 'CONFIRMED');
    expect(await effects(id)).toEqual(['SIGNALLED']);
    const [webhook] = await webhooks(id);
    expect((await rig.order(id)).paymentStatus).toBe('CAPTURED');
    expect(await rig.transactions(id)).toMatchObject([{ status: 'CAPTURED', payment_id: webhook.payment_id }]);
    expect(await moneyOf(id)).toEqual(['CAPTURED']);
    expect(webhook.attempts).toBeGreaterThan(1);
  });

  test('fails the payment when the webhook says that it was declined, and another method confirms the order', async () => {
    const id = await chargeUnheard('tok_declined');
    await openApi();
    const order = await rig.reaches(id, 'PAYMENT_FAILED');
    expect(order.failure).toMatchObject({ code: 'ORD003', details: [{ decline_code: 'CARD_DECLINED' }] });
    await rig.noFaults();
    await rig.command(id, 'retryPayment', { payment_method: 'tok_ok' });
    await rig.reaches(id, 'CONFIRMED');
    expect(await rig.money(id)).toEqual(['CAPTURED', 'DECLINED']);
  });

  test('is not settled by word of another amount, another currency or another charge', async () => {
    const id = await chargeUnheard();
    const [webhook] = await webhooks(id);
    // Its own word is kept back, so that the others are all that is heard.
    await rig.database.pool.query('update sandbox.webhooks set delivered_at = now() where id = $1', [webhook.id]);
    await openApi();
    expect(await say(id, { amount: '24.99' })).toBe('IGNORED');
    expect(await say(id, { currency: 'USD' })).toBe('IGNORED');
    expect(await say(id, { idempotency_key: `${id}:charge:2` })).toBe('SIGNALLED');
    const claim = { idempotency_key: `${id}:charge:1`, actor: 'mallory', reason: 'it is paid' };
    await rig.handle(id).signal('paymentSettled', claim);
    await rig.handle(id).signal('paymentSettled', 'nonsense');
    const attempts = async () => (await rig.ledgerRows(id)).find(({ step }) => step === 'chargePayment')!.attempts;
    const before = await attempts();
    await eventually(async () => expect(await attempts()).toBeGreaterThan(before));
    expect(await rig.order(id)).toMatchObject({ status: 'PENDING', paymentStatus: 'UNKNOWN' });

    await rig.sandbox.call('POST', `/webhooks/${webhook.id}/resend`);
    await rig.reaches(id, 'CONFIRMED');
    expect(await moneyOf(id)).toEqual(['CAPTURED']);
  });

  test('of an order that was cancelled meanwhile stays refunded, whatever a late webhook says', async () => {
    const id = await chargeUnheard();
    await rig.noFaults();
    expect(await rig.command(id, 'cancelOrder', {})).toEqual({ outcome: 'done', status: 'CANCELLED' });
    const cancelled = await rig.order(id);
    await openApi();
    await eventually(async () => expect(await effects(id)).toEqual(['REFUNDED']));
    const [webhook] = await webhooks(id);
    await rig.sandbox.call('POST', `/webhooks/${webhook.id}/resend`);
    await eventually(async () => expect((await webhooks(id))[0].delivered_at).not.toBeNull());

    expect(await rig.order(id)).toEqual(cancelled);
    expect(await rig.money(id)).toEqual(['REFUNDED']);
    expect((await rig.history(id)).at(-1)).toBe('CANCELLED');
  });

  test('that lands late is settled by its webhook', async () => {
    await openApi();
    await rig.fault({ service: 'payment', operation: 'charge', mode: 'late_effect', times: 1, delay_ms: 700 });
    for (const operation of ['charge', 'lookup']) await rig.fault({ service: 'payment', operation, mode: 'down' });
    const id = await rig.place();
    await rig.reaches(id, 'CONFIRMED');
    expect(await moneyOf(id)).toEqual(['CAPTURED']);
  });
});

describe('a charge that is parked until somebody decides', () => {
  beforeAll(() => start({ STEP_PATIENCE: '1s' }));
  afterAll(() => rig.stop());

  test('goes on by itself when the webhook comes', async () => {
    const id = await chargeUnheard();
    await eventually(async () => expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION'));
    await openApi();
    await rig.reaches(id, 'CONFIRMED');
    expect(await effects(id)).toEqual(['SIGNALLED']);
    expect(await moneyOf(id)).toEqual(['CAPTURED']);
    await eventually(async () => {
      const { searchAttributes } = await rig.handle(id).describe();
      expect(searchAttributes).toMatchObject({ NeedsAttention: [false], OrderStatus: ['CONFIRMED'] });
    });
  });
});
