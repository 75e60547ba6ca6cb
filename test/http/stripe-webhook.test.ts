import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeLedger } from '../../src/repositories/ledger.ts';
import { signEvent } from '../../dev/stripe/sign-event.ts';
import { startFakeStripe, type FakeStripe } from '../../dev/stripe/stripe-server.ts';
import { startInboundRig } from '../events/inbound-rig.ts';

const secrets = ['whsec_the_old_secret', 'whsec_the_new_secret'];
let stripe: FakeStripe;
let rig: Awaited<ReturnType<typeof startInboundRig>>;

beforeAll(async () => {
  stripe = await startFakeStripe();
  rig = await startInboundRig({
    PAYMENT_PROVIDER: 'stripe',
    STRIPE_SECRET_KEY: 'sk_test_key',
    STRIPE_API_URL: stripe.url,
    STRIPE_WEBHOOK_SECRETS: secrets.join(','),
  });
});
afterAll(async () => {
  await rig.stop();
  await stripe.stop();
});

const post = (payload: string, header: string) =>
  rig.request('POST', '/api/v1/webhooks/stripe', {
    as: null,
    body: payload,
    headers: { 'stripe-signature': header },
  });

/** Sends events signed with the newer secret; answers the statuses and effects. */
async function send(events = stripe.books.events.splice(0)) {
  const answers = [];
  for (const event of events) {
    const payload = JSON.stringify(event);
    const { status, body } = await post(payload, signEvent(payload, [secrets[1] ?? '']));
    answers.push([event.type, status, body.effect ?? body.code]);
  }
  return answers;
}

/** An order that Stripe was asked to charge 25.00 EUR for. */
async function placeCharged(more: { paymentMethod?: string } = {}) {
  const orderId = await rig.place();
  const idempotencyKey = `${orderId}:charge:1`;
  const charge = {
    orderId,
    idempotencyKey,
    amountMinor: 2_500,
    currency: 'EUR',
    paymentMethod: 'pm_card_visa',
    ...more,
  };
  const outcome = await rig.parts.gateways.payment.charge(charge);
  const paymentId = 'paymentId' in outcome ? outcome.paymentId : '';
  return { orderId, idempotencyKey, paymentId, charge };
}

test.each([
  ['no signature', () => ''],
  ['the signature of somebody else', (payload: string) => signEvent(payload, ['whsec_somebody_elses'])],
  ['a signature of another body', () => signEvent('{}', secrets)],
  [
    'a signature of an hour ago',
    (payload: string) => signEvent(payload, secrets, Math.floor(Date.now() / 1_000) - 3_600),
  ],
  [
    'a signature of an hour from now',
    (payload: string) => signEvent(payload, secrets, Math.floor(Date.now() / 1_000) + 3_600),
  ],
  ['a signature of another scheme', (payload: string) => signEvent(payload, secrets).replaceAll('v1=', 'v0=')],
])('an event with %s is refused, and asks Stripe nothing', async (_, sign) => {
  const before = stripe.requests.length;
  const payload = JSON.stringify({ id: 'evt_1', type: 'charge.refunded', data: { object: { id: 'ch_1' } } });
  expect(await post(payload, sign(payload))).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  expect(stripe.requests.length).toBe(before);
});

test('an event is taken by the old secret as by the new one, and by several signatures', async () => {
  const payload = JSON.stringify({ id: 'evt_2', type: 'customer.created', data: { object: { id: 'cus_1' } } });
  for (const by of [['whsec_the_old_secret'], ['whsec_the_new_secret'], ['whsec_unknown_one', ...secrets]]) {
    expect(await post(payload, signEvent(payload, by))).toMatchObject({ status: 200, body: { effect: 'IGNORED' } });
  }
});

test('a payment that went through is told to its order, once however often and in whatever order its events come', async () => {
  const { orderId, paymentId, idempotencyKey } = await placeCharged();
  const events = stripe.books.events.splice(0);
  await send([...events.toReversed(), ...events]);
  const known = await rig.database.db
    .selectFrom('payment_webhooks')
    .selectAll()
    .where('order_id', '=', orderId)
    .execute();
  expect(known).toMatchObject([{ outcome: 'captured', payment_id: paymentId, idempotency_key: idempotencyKey }]);
});

test('what an event says of money is not believed: Stripe is asked', async () => {
  const { orderId, paymentId } = await placeCharged({ paymentMethod: 'pm_slow' });
  stripe.books.events.splice(0);
  const object = { id: paymentId, object: 'payment_intent', status: 'succeeded', amount: 1, amount_received: 1 };
  const lie = { id: 'evt_3', type: 'payment_intent.succeeded', api_version: '2019-02-19', data: { object } };
  const payload = JSON.stringify(lie);
  expect((await post(payload, signEvent(payload, secrets))).status).toBe(200);
  expect(await rig.inbox(orderId)).toEqual([]);
});

test('payments of another system, in whatever currency, are acknowledged and left alone', async () => {
  const theirs = stripe.books.create({
    amount: 700,
    currency: 'usd',
    capture_method: 'automatic',
    metadata: { order_id: '019aa3f2-6c1e-7b7a-9a54-0d5f6d9f7c11' },
    payment_method: 'pm_card_visa',
    return_url: null,
  });
  stripe.books.confirm(theirs);
  stripe.books.refund(theirs, 100, {});
  stripe.books.dispute(theirs, 600);
  const answers = await send();
  expect(answers.map(([, status, effect]) => [status, effect])).toEqual(answers.map(() => [200, 'IGNORED']));
});

test('a refund that was made at Stripe is booked once, and one of this system is known', async () => {
  const { orderId, paymentId, charge } = await placeCharged();
  await rig.pay(orderId);
  stripe.books.refund(stripe.books.intent(paymentId), 700, {});
  await rig.parts.gateways.payment.refund({
    ...charge,
    idempotencyKey: `${orderId}:refund:amend:1`,
    amountMinor: 300,
    charges: [{ idempotencyKey: charge.idempotencyKey, paymentId, capturedMinor: 2_500 }],
  });
  const events = stripe.books.events.splice(0);
  await send([...events, ...events.toReversed()]);
  expect(await rig.refunds(orderId)).toEqual([700]);
  expect(await rig.standing(orderId)).toMatchObject({ paymentStatus: 'PARTIALLY_REFUNDED', refundedMinor: 700 });
});

test('a refund that fails at Stripe later is taken back once, and the one that was made in its place is not', async () => {
  const { orderId, paymentId, charge } = await placeCharged();
  await rig.pay(orderId);
  const idempotencyKey = `${orderId}:refund:amount:1`;
  const charges = [{ idempotencyKey: charge.idempotencyKey, paymentId, capturedMinor: 2_500 }];
  const refund = () => rig.parts.gateways.payment.refund({ ...charge, idempotencyKey, amountMinor: 300, charges });
  const refundIds = () =>
    [...stripe.books.refunds.values()].filter((one) => one.payment_intent === paymentId).map(({ id }) => id);
  await refund();
  await refund();
  expect(refundIds()).toHaveLength(1);
  stripe.books.failRefund(refundIds()[0] ?? '');
  // Its reply was lost: the step tries again, and is told once that has gone on record.
  await rig.move(orderId, 'PROCESSING', { sagaState: 'RUNNING' });
  const early = stripe.books.events.splice(0);
  expect((await send(early)).map(([, status]) => status)).toContain(503);
  await refund();
  expect(refundIds()).toHaveLength(2);
  const record = { currency: 'EUR', paymentMethod: 'pm', kind: 'REFUND', status: 'REFUNDED' } as const;
  await writeLedger(rig.database.db, orderId, [], [{ ...record, idempotencyKey, amountMinor: 300 }]);
  await send(early);
  expect(await rig.order(orderId)).toMatchObject({ refundDueMinor: 0 });
  stripe.books.failRefund(refundIds()[1] ?? '');
  const late = stripe.books.events.splice(0);
  await send([...late.toReversed(), ...early, ...late]);
  expect(await rig.order(orderId)).toMatchObject({ refundDueMinor: 300 });
  const page = await rig.parts.gateways.payment.listMovements({ from: new Date(0), to: new Date(), cursor: undefined });
  expect(page.payments.find((one) => one.paymentId === paymentId)).toMatchObject({ refundedMinor: 0 });
});

test('a dispute has the order looked at until it is closed, and one that is lost is booked', async () => {
  const { orderId, paymentId } = await placeCharged();
  await rig.pay(orderId);
  stripe.books.events.splice(0);
  const dispute = stripe.books.dispute(stripe.books.intent(paymentId), 2_500);
  await send();
  expect(
    await rig.database.db.selectFrom('order_disputes').select('state').where('order_id', '=', orderId).execute(),
  ).toEqual([{ state: 'OPEN' }]);
  stripe.books.closeDispute(dispute, 'lost');
  await send();
  expect(await rig.refunds(orderId)).toEqual([2_500]);
});

test('a charge that comes about after its order was voided is released by its event at once', async () => {
  const { orderId, paymentId } = await placeCharged({ paymentMethod: 'pm_card_authenticationRequired' });
  stripe.books.authenticate(paymentId, true);
  expect(await rig.parts.gateways.payment.voidOrder(orderId, 'EUR')).toBe(2_500);
  // A second intent of the same key, as a request that was believed lost would make it.
  const late = stripe.books.create({
    amount: 2_500,
    currency: 'eur',
    capture_method: 'manual',
    metadata: { order_id: orderId, idempotency_key: `${orderId}:charge:1` },
    payment_method: 'pm_card_visa',
    return_url: null,
  });
  stripe.books.confirm(late);
  await send();
  expect(stripe.books.balanceOf(orderId)).toEqual({ received: 2_500, refunded: 2_500, held: 0 });
});

test('an event that can not be looked up now is to be sent again', async () => {
  await placeCharged();
  const [event] = stripe.books.events.splice(0).filter(({ type }) => type === 'payment_intent.succeeded');
  stripe.faults.add('500', /payment_intents/, { method: 'GET' });
  expect(await send(event ? [event] : [])).toEqual([['payment_intent.succeeded', 503, 'UNAVAILABLE']]);
  expect(await send(event ? [event] : [])).toEqual([['payment_intent.succeeded', 200, 'APPLIED']]);
});

test('an event that is too large, no JSON or without an object is refused', async () => {
  const large = JSON.stringify({ id: 'evt_9', type: 'x', data: { object: { id: 'x', text: 'x'.repeat(300_000) } } });
  expect((await post(large, signEvent(large, secrets))).status).toBe(413);
  for (const payload of ['{"id":', '{}', '[]', '{"id":"evt","type":"x","data":{}}']) {
    expect((await post(payload, signEvent(payload, secrets))).status).toBe(400);
  }
});
