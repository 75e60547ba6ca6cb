import type { ProviderPayment } from '../../../src/domain/compare-payments.ts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { errorOf } from '../calls.ts';
import { captureOf, newCharge, startStripeRig } from './stripe-rig.ts';

let rig: Awaited<ReturnType<typeof startStripeRig>>;

beforeAll(async () => {
  rig = await startStripeRig();
});
afterEach(() => {
  rig.stripe.faults.clear();
});
afterAll(() => rig.stop());

const balanceOf = (orderId: string) => rig.stripe.books.balanceOf(orderId);
const NOTHING = { received: 0, refunded: 0, held: 0 };
const CREATE = /^\/v1\/payment_intents$/;
const CAPTURE = /\/capture$/;
const REFUNDS = /^\/v1\/refunds$/;

async function authorized(charge: ReturnType<typeof newCharge>): Promise<string> {
  const outcome = await rig.gateway.authorize(charge);
  if (outcome.outcome !== 'authorized') throw new Error(outcome.outcome);
  return outcome.paymentId;
}

test('a charge takes the money once, with our key as idempotency key and in the metadata, by the pinned version', async () => {
  const charge = newCharge();
  const first = await rig.gateway.charge(charge);
  expect(first).toMatchObject({ outcome: 'captured' });
  expect(await rig.newGateway().charge(charge)).toEqual(first);
  expect(await rig.gateway.findCharge(charge.idempotencyKey)).toEqual(first);
  expect(balanceOf(charge.orderId)).toEqual({ received: 2_500, refunded: 0, held: 0 });
  const create = rig.stripe.requests.find(({ idempotencyKey }) => idempotencyKey === charge.idempotencyKey);
  expect(create).toMatchObject({ path: '/v1/payment_intents', version: '2026-10-28.endive' });
  const [intent] = [...rig.stripe.books.intents.values()].filter(
    ({ metadata }) => metadata['order_id'] === charge.orderId,
  );
  expect(intent?.metadata).toEqual({ order_id: charge.orderId, idempotency_key: charge.idempotencyKey });
});

test('an authorisation holds the money and says until when, a capture takes it once, and both are found by their keys', async () => {
  const charge = newCharge();
  const outcome = await rig.gateway.authorize(charge);
  expect(outcome).toMatchObject({ outcome: 'authorized', expiresAt: expect.stringMatching(/^\d{4}-.*Z$/) });
  expect(balanceOf(charge.orderId)).toEqual({ received: 0, refunded: 0, held: 2_500 });
  const paymentId = outcome.outcome === 'authorized' ? outcome.paymentId : '';
  const capture = captureOf(charge, paymentId);
  expect(await rig.gateway.findCapture(capture.idempotencyKey)).toBeUndefined();
  expect(await rig.gateway.capture(capture)).toEqual({ paymentId });
  rig.stripe.saved.forget();
  expect(await rig.gateway.capture(capture)).toEqual({ paymentId });
  expect(await rig.gateway.findCapture(capture.idempotencyKey)).toEqual({ paymentId });
  expect(balanceOf(charge.orderId)).toEqual({ received: 2_500, refunded: 0, held: 0 });
});

test('parts of an authorisation are captured one by one, the last one releases the rest', async () => {
  const charge = newCharge();
  const outcome = await rig.newGateway({ isCapturedInParts: true }).authorize(charge);
  const capture = captureOf(charge, 'paymentId' in outcome ? outcome.paymentId : '');
  await rig.gateway.capture({ ...capture, amountMinor: 1_000, isFinal: false });
  const second = { ...capture, idempotencyKey: `${charge.orderId}:capture:2`, amountMinor: 500 };
  await rig.gateway.capture(second);
  expect(balanceOf(charge.orderId)).toEqual({ received: 1_500, refunded: 0, held: 0 });
  const third = { ...capture, idempotencyKey: `${charge.orderId}:capture:3`, amountMinor: 100 };
  expect(await errorOf(rig.gateway.capture(third))).toMatchObject({ kind: 'refused', code: 'AUTHORIZATION_EXPIRED' });
});

test('a card that allows one capture is captured once, and what is left of it is refused', async () => {
  const charge = newCharge({ paymentMethod: 'pm_card_mastercard' });
  const outcome = await rig.newGateway({ isCapturedInParts: true }).authorize(charge);
  const capture = captureOf(charge, 'paymentId' in outcome ? outcome.paymentId : '');
  const part = { ...capture, amountMinor: 1_000, isFinal: false };
  await rig.gateway.capture(part);
  rig.stripe.saved.forget();
  await rig.gateway.capture(part);
  expect(balanceOf(charge.orderId)).toEqual({ received: 1_000, refunded: 0, held: 0 });
  const rest = rig.gateway.capture({ ...capture, idempotencyKey: `${charge.orderId}:capture:2`, amountMinor: 1_500 });
  expect(await errorOf(rest)).toMatchObject({ kind: 'refused', code: 'AUTHORIZATION_EXPIRED' });
});

test('a capture of more than is held is refused, and so is one of an authorisation that has expired', async () => {
  const charge = newCharge();
  const capture = captureOf(charge, await authorized(charge));
  const tooMuch = rig.gateway.capture({ ...capture, amountMinor: 2_501 });
  expect(await errorOf(tooMuch)).toMatchObject({ kind: 'refused', code: 'CAPTURE_EXCEEDS' });
  rig.stripe.books.cancel(rig.stripe.books.intent(capture.paymentId), 'automatic');
  const late = rig.gateway.capture({ ...capture, idempotencyKey: `${charge.orderId}:capture:2` });
  expect(await errorOf(late)).toMatchObject({ kind: 'refused', code: 'AUTHORIZATION_EXPIRED' });
});

test.each([
  ['pm_card_chargeDeclined', 'generic_decline'],
  ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
  ['pm_card_visa_chargeDeclinedFraudulent', 'fraudulent'],
  ['tok_ok', 'INVALID_PAYMENT_METHOD'],
  ['', 'INVALID_PAYMENT_METHOD'],
])(
  'a charge by %j is declined with the code %s, at every repeat and when it is looked up',
  async (paymentMethod, declineCode) => {
    const charge = newCharge({ paymentMethod });
    const declined = { outcome: 'declined', declineCode };
    expect(await rig.gateway.authorize(charge)).toEqual(declined);
    expect(await rig.newGateway().authorize(charge)).toEqual(declined);
    expect([declined, undefined]).toContainEqual(await rig.gateway.findCharge(charge.idempotencyKey));
    expect(balanceOf(charge.orderId)).toEqual(NOTHING);
  },
);

test('an amount that no payment method pays at Stripe is a decline', async () => {
  expect(await rig.gateway.charge(newCharge({ amountMinor: 20 }))).toEqual({
    outcome: 'declined',
    declineCode: 'amount_too_small',
  });
  const dinars = newCharge({ amountMinor: 5_124, currency: 'KWD' });
  expect(await rig.gateway.charge(dinars)).toEqual({ outcome: 'declined', declineCode: 'AMOUNT_NOT_CHARGEABLE' });
});

test('a payment that its customer has to authenticate says how, and goes on once that is done', async () => {
  const charge = newCharge({ paymentMethod: 'pm_card_authenticationRequired' });
  const gateway = rig.newGateway({ returnUrl: 'https://shop.example/back' });
  const outcome = await gateway.charge(charge);
  expect(outcome).toMatchObject({ outcome: 'action_required', nextAction: { type: 'redirect' } });
  const paymentId = outcome.outcome === 'action_required' ? outcome.paymentId : '';
  expect(await gateway.findCharge(charge.idempotencyKey)).toEqual(outcome);
  rig.stripe.books.authenticate(paymentId, true);
  expect(await gateway.findCharge(charge.idempotencyKey)).toEqual({ outcome: 'captured', paymentId });
});

test('an authentication that fails is a decline, after which the same intent can not be paid any more', async () => {
  const charge = newCharge({ paymentMethod: 'pm_card_authenticationRequired' });
  const outcome = await rig.gateway.authorize(charge);
  expect(outcome).toMatchObject({
    outcome: 'action_required',
    nextAction: { type: 'use_sdk', client_secret: expect.stringMatching(/^pi_.+_secret_/) },
  });
  const paymentId = outcome.outcome === 'action_required' ? outcome.paymentId : '';
  rig.stripe.books.authenticate(paymentId, false);
  const declined = { outcome: 'declined', declineCode: 'payment_intent_authentication_failure' };
  expect(await rig.gateway.findCharge(charge.idempotencyKey)).toEqual(declined);
  expect(rig.stripe.books.intent(paymentId).status).toBe('canceled');
  expect(await rig.gateway.findCharge(charge.idempotencyKey)).toEqual(declined);
});

test.each(['lost', 'dropped', '500_after', '500'] as const)(
  'an authorisation, its capture and a refund whose replies are %s twice move the money once, also by a process that knows nothing',
  async (mode) => {
    const charge = newCharge();
    // Stripe's client itself tries a connection that breaks once more.
    rig.stripe.faults.add(mode, CREATE, { times: 2 });
    await errorOf(rig.gateway.authorize(charge));
    rig.stripe.faults.add(mode, CREATE, { times: 2 });
    if (mode === '500') await rig.age(charge.idempotencyKey, 0.1);
    const again = () => rig.newGateway().authorize(charge);
    const outcome = await untilDone(again);
    expect(outcome).toMatchObject({ outcome: 'authorized' });
    const paymentId = 'paymentId' in outcome ? outcome.paymentId : '';
    expect(balanceOf(charge.orderId)).toEqual({ received: 0, refunded: 0, held: 2_500 });

    rig.stripe.faults.clear();
    rig.stripe.faults.add(mode, CAPTURE, { times: 4 });
    await untilDone(() => rig.newGateway().capture(captureOf(charge, paymentId)));
    expect(balanceOf(charge.orderId)).toEqual({ received: 2_500, refunded: 0, held: 0 });

    rig.stripe.faults.add(mode, REFUNDS, { times: 4 });
    const refund = { ...charge, idempotencyKey: `${charge.orderId}:refund:1`, amountMinor: 700 };
    await untilDone(() => rig.newGateway().refund({ ...refund, charges: [] }));
    rig.stripe.saved.forget();
    await rig.newGateway().refund({ ...refund, charges: [] });
    expect(balanceOf(charge.orderId)).toEqual({ received: 2_500, refunded: 700, held: 0 });
  },
);

async function untilDone<T>(act: () => Promise<T>, attempts = 6): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

test('a charge whose reply was lost more than a day ago is found by the search, and not made again', async () => {
  const charge = newCharge();
  rig.stripe.faults.add('lost', CREATE, { times: 2 });
  expect(await errorOf(rig.gateway.charge(charge))).toMatchObject({ kind: 'unknown' });
  await rig.age(charge.idempotencyKey, 30);
  rig.stripe.saved.forget();
  for (const [id, madeAtMs] of rig.stripe.books.madeAtMs) rig.stripe.books.madeAtMs.set(id, madeAtMs - 90_000);
  expect(await rig.newGateway().charge(charge)).toMatchObject({ outcome: 'captured' });
  expect(balanceOf(charge.orderId)).toEqual({ received: 2_500, refunded: 0, held: 0 });
});

test('a Stripe that is busy is left alone as long as it asks', async () => {
  rig.stripe.faults.add('429', CREATE, { retryAfterSeconds: 4 });
  expect(await errorOf(rig.gateway.charge(newCharge()))).toMatchObject({ kind: 'unreachable', retryAfterMs: 4_000 });
});

test('a key that Stripe does not accept, and no connection, leave the order waiting', async () => {
  const { stripePaymentGateway } = await import('../../../src/gateways/stripe/stripe-payment.ts');
  const { captureLog } = await import('../../setup/captured-log.ts');
  const nowhere = {
    secretKey: 'sk_test',
    apiUrl: 'http://127.0.0.1:9',
    timeoutMs: 1_000,
    returnUrl: undefined,
    isCapturedInParts: false,
  };
  const gateway = stripePaymentGateway(nowhere, rig.records, captureLog().logger);
  expect(await errorOf(gateway.charge(newCharge()))).toMatchObject({ kind: 'unreachable' });
});

test('the list of what moved has every payment as it stands now, with its fee, page by page, and none of another system', async () => {
  const from = new Date(Date.now() - 1_000);
  const charges = Array.from({ length: 25 }, () => newCharge());
  for (const charge of charges) await rig.gateway.charge(charge);
  const [refunded, authorizedOnly] = [charges[0]!, newCharge()];
  await authorized(authorizedOnly);
  const { intents } = rig.stripe.books;
  const intentOf = (key: string) => [...intents.values()].find(({ metadata }) => metadata['idempotency_key'] === key)!;
  rig.stripe.books.refund(intentOf(refunded.idempotencyKey), 700, {});
  const foreign = rig.stripe.books.create({
    amount: 900,
    currency: 'eur',
    capture_method: 'automatic',
    metadata: {},
    payment_method: 'pm_card_visa',
    return_url: null,
  });
  rig.stripe.books.confirm(foreign);

  const listed = new Map<string, ProviderPayment>();
  let pages = 0;
  for (let cursor: string | undefined, isLast = false; !isLast; pages += 1) {
    const page = await rig.gateway.listMovements({ from, to: new Date(Date.now() + 1_000), cursor });
    for (const payment of page.payments) listed.set(payment.paymentId, payment);
    cursor = page.nextCursor;
    isLast = cursor === undefined;
  }
  expect(pages).toBeGreaterThan(1);
  const ofMine = charges.map(({ idempotencyKey }) => listed.get(intentOf(idempotencyKey).id));
  const expected = { status: 'CAPTURED', amountMinor: 2_500, refundedMinor: 0, currency: 'EUR', feeMinor: 50 };
  expect(ofMine.slice(1)).toEqual(charges.slice(1).map(() => expect.objectContaining(expected)));
  const { orderId, idempotencyKey } = refunded;
  expect(ofMine[0]).toMatchObject({ ...expected, orderId, idempotencyKey, refundedMinor: 700 });
  expect(listed.has(foreign.id)).toBe(false);
  expect(listed.has(intentOf(authorizedOnly.idempotencyKey).id)).toBe(false);
  const before = await rig.gateway.listMovements({ from: new Date(0), to: from, cursor: undefined });
  const mine = ofMine.map((payment) => payment?.paymentId);
  expect(before.payments.filter(({ paymentId }) => mine.includes(paymentId))).toEqual([]);
});
