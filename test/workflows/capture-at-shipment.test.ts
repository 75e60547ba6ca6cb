import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { confirmed } from './later-rig.ts';

let rig: SagaRig;
beforeAll(async () => {
  rig = await startSagaRig({ PAYMENT_CAPTURE: 'shipment', ORDER_MIN_TOTAL: '5' });
});
afterAll(() => rig.stop());

/** What the payment service has of the order: status, captured and refunded of each payment, the oldest first. */
async function payments(id: string): Promise<string[][]> {
  const { body } = await rig.sandbox.call('GET', `/payments/order/${id}`);
  return body.data.map((one: Record<string, string>) => [
    one['status'],
    one['captured_amount'],
    one['refunded_amount'],
  ]);
}

/** What our books have of it: kind, status and amount, without what names a moment. */
async function books(id: string): Promise<unknown[][]> {
  return (await rig.transactions(id)).map(({ kind, status, amount_minor: minor }) => [kind, status, minor]);
}

async function ship(id: string, items?: { item_id: string; quantity: number }[]) {
  return rig.command(id, 'changeStatus', { status: 'SHIPPED', ...(items && { items }) });
}

/** An order that is confirmed, and whose workflow knows it. */
async function atRest(...order: Parameters<typeof confirmed>): ReturnType<typeof confirmed> {
  const placed = await confirmed(...order);
  await rig.rests(placed.id);
  return placed;
}

const loseReplies = (id: string, operation: string) =>
  rig.fault({ service: 'payment', operation, mode: 'fail_after_effect', times: 2, match: { order_id: id } });

test.concurrent('each part that is shipped is captured once, although replies are lost twice, and the last one captures the rest to the penny', async () => {
  const order = await atRest(rig, 4);
  expect(await rig.order(order.id)).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'AUTHORIZED' });
  expect(await payments(order.id)).toEqual([['AUTHORIZED', '0.00', '0.00']]);
  expect(await books(order.id)).toEqual([['AUTHORIZATION', 'AUTHORIZED', 5_000]]);
  await rig.command(order.id, 'changeStatus', { status: 'PROCESSING' });
  await loseReplies(order.id, 'capture');
  await ship(order.id, [{ item_id: order.itemId, quantity: 1 }]);
  expect(await payments(order.id)).toEqual([['PARTIALLY_CAPTURED', '12.50', '0.00']]);
  expect((await rig.order(order.id)).paymentStatus).toBe('AUTHORIZED');
  await loseReplies(order.id, 'capture');
  await ship(order.id);
  expect(await payments(order.id)).toEqual([['CAPTURED', '50.00', '0.00']]);
  expect(await books(order.id)).toEqual([
    ['AUTHORIZATION', 'AUTHORIZED', 5_000],
    ['CHARGE', 'CAPTURED', 1_250],
    ['CHARGE', 'CAPTURED', 3_750],
  ]);
  expect(await rig.order(order.id)).toMatchObject({ status: 'SHIPPED', paymentStatus: 'CAPTURED' });
  await rig.command(order.id, 'changeStatus', { status: 'DELIVERED' });
  await rig.command(order.id, 'returnItems', { items: [{ item_id: order.itemId, quantity: 4 }] });
  await rig.reaches(order.id, 'REFUNDED');
  expect(await payments(order.id)).toEqual([['REFUNDED', '50.00', '50.00']]);
});

test.concurrent('cancelling before anything is shipped releases what is held, and nothing is refunded', async () => {
  const order = await atRest(rig, 2);
  await loseReplies(order.id, 'refund');
  await rig.command(order.id, 'cancelOrder', {});
  await rig.reaches(order.id, 'CANCELLED');
  expect(await payments(order.id)).toEqual([['VOIDED', '0.00', '0.00']]);
  expect(await books(order.id)).toEqual([['AUTHORIZATION', 'VOIDED', 2_500]]);
  expect(await rig.order(order.id)).toMatchObject({ refundedMinor: 0, paymentStatus: 'FAILED' });
});

test.concurrent('an amendment that takes more authorises the difference, one that takes less is captured less, and both sides have the total', async () => {
  const order = await atRest(rig, 2);
  await loseReplies(order.id, 'authorize');
  await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 4 });
  expect(await payments(order.id)).toEqual([
    ['AUTHORIZED', '0.00', '0.00'],
    ['AUTHORIZED', '0.00', '0.00'],
  ]);
  await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 3 });
  expect(await rig.order(order.id)).toMatchObject({ totalMinor: 3_750, refundedMinor: 0, paymentStatus: 'AUTHORIZED' });
  await rig.command(order.id, 'changeStatus', { status: 'PROCESSING' });
  await ship(order.id);
  expect(await payments(order.id)).toEqual([
    ['CAPTURED', '25.00', '0.00'],
    ['CAPTURED', '12.50', '0.00'],
  ]);
  expect(await books(order.id)).toEqual([
    ['AUTHORIZATION', 'AUTHORIZED', 2_500],
    ['AUTHORIZATION', 'VOIDED', 2_500],
    ['CHARGE', 'CAPTURED', 2_500],
    ['CHARGE', 'CAPTURED', 1_250],
  ]);
});

test.concurrent('an amendment that is declined leaves nothing held for it', async () => {
  const order = await atRest(rig, 2);
  await rig.fault({
    service: 'payment',
    operation: 'authorize',
    mode: 'decline',
    times: 1,
    match: { order_id: order.id },
  });
  const raised = rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 4 });
  await expect(raised).rejects.toMatchObject({ type: 'PAYMENT_DECLINED' });
  expect(await rig.order(order.id)).toMatchObject({ totalMinor: 2_500, paymentStatus: 'AUTHORIZED' });
  expect((await payments(order.id))[0]).toEqual(['AUTHORIZED', '0.00', '0.00']);
  expect(await books(order.id)).toEqual([['AUTHORIZATION', 'AUTHORIZED', 2_500]]);
});

test.concurrent('what is lowered to what has been shipped is captured as far as that', async () => {
  const order = await atRest(rig, 4);
  await rig.command(order.id, 'changeStatus', { status: 'PROCESSING' });
  await ship(order.id, [{ item_id: order.itemId, quantity: 1 }]);
  await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 1 });
  expect(await rig.order(order.id)).toMatchObject({ status: 'SHIPPED', totalMinor: 1_250, paymentStatus: 'CAPTURED' });
  expect((await payments(order.id)).map(([, captured, refunded]) => [captured, refunded])).toEqual([['12.50', '0.00']]);
});

test.concurrent('an authorisation that has expired is renewed when the goods are shipped, and they wait while that is declined', async () => {
  const order = await atRest(rig, 2, { paymentMethod: 'tok_expires_2s' });
  await eventually(async () => (await payments(order.id))[0]![0] === 'EXPIRED');
  await rig.command(order.id, 'changeStatus', { status: 'PROCESSING' });
  await rig.fault({
    service: 'payment',
    operation: 'authorize',
    mode: 'decline',
    times: 1,
    match: { order_id: order.id },
  });
  await expect(ship(order.id)).rejects.toMatchObject({ type: 'PAYMENT_DECLINED' });
  expect(await rig.order(order.id)).toMatchObject({
    status: 'PROCESSING',
    paymentStatus: 'FAILED',
    failure: { code: 'ORD003', details: [{ decline_code: 'CARD_DECLINED' }] },
  });
  await loseReplies(order.id, 'capture');
  await ship(order.id);
  expect(await rig.order(order.id)).toMatchObject({ status: 'SHIPPED', paymentStatus: 'CAPTURED', failure: null });
  expect((await payments(order.id)).map(([, captured]) => captured)).toEqual(['0.00', expect.anything(), '25.00']);
  expect((await books(order.id)).map((row) => row.join(' ')).toSorted()).toEqual([
    'AUTHORIZATION AUTHORIZED 2500',
    'AUTHORIZATION EXPIRED 2500',
    'CHARGE CAPTURED 2500',
    'CHARGE DECLINED 2500',
  ]);
});

/** An order whose authorisation has expired, and whose shipping was refused for that. */
async function unpaid(quantity: number): ReturnType<typeof confirmed> {
  const order = await atRest(rig, quantity, { paymentMethod: 'tok_expires_2s' });
  await eventually(async () => (await payments(order.id))[0]![0] === 'EXPIRED');
  await rig.command(order.id, 'changeStatus', { status: 'PROCESSING' });
  const match = { order_id: order.id };
  await rig.fault({ service: 'payment', operation: 'authorize', mode: 'decline', times: 1, match });
  await expect(ship(order.id)).rejects.toMatchObject({ type: 'PAYMENT_DECLINED' });
  return order;
}

const offer = (id: string, method: string) => rig.command(id, 'retryPayment', { payment_method: method });

test.concurrent('another payment method is taken for what an expired authorisation does not hold, once though replies are lost, and the goods are shipped', async () => {
  const order = await unpaid(4);
  await expect(offer(order.id, 'tok_declined')).rejects.toMatchObject({ type: 'PAYMENT_DECLINED' });
  const failure = { code: 'ORD003', details: [{ decline_code: 'CARD_DECLINED' }] };
  expect(await rig.order(order.id)).toMatchObject({ status: 'PROCESSING', paymentStatus: 'FAILED', failure });
  await loseReplies(order.id, 'authorize');
  await offer(order.id, 'tok_ok');
  const paid = { status: 'PROCESSING', paymentStatus: 'AUTHORIZED', failure: null, paymentMethod: 'tok_ok' };
  expect(await rig.order(order.id)).toMatchObject(paid);
  await expect(offer(order.id, 'tok_ok')).rejects.toMatchObject({ type: 'TRANSITION_NOT_ALLOWED' });
  await ship(order.id, [{ item_id: order.itemId, quantity: 1 }]);
  await ship(order.id);
  expect(await rig.order(order.id)).toMatchObject({ status: 'SHIPPED', paymentStatus: 'CAPTURED' });
  const taken = (await payments(order.id)).filter(([, captured]) => captured !== '0.00');
  expect(taken).toEqual([['CAPTURED', '50.00', '0.00']]);
  expect((await books(order.id)).map((row) => row.join(' ')).toSorted()).toEqual([
    'AUTHORIZATION AUTHORIZED 5000',
    'AUTHORIZATION EXPIRED 5000',
    'CHARGE CAPTURED 1250',
    'CHARGE CAPTURED 3750',
    'CHARGE DECLINED 5000',
    'CHARGE DECLINED 5000',
  ]);
});

test.concurrent('cancelling releases what another payment method was offered for', async () => {
  const order = await unpaid(2);
  await offer(order.id, 'tok_ok');
  await rig.command(order.id, 'cancelOrder', {});
  await rig.reaches(order.id, 'CANCELLED');
  expect((await payments(order.id)).filter(([, captured]) => captured !== '0.00')).toEqual([]);
  expect((await payments(order.id)).map(([status]) => status)).toContain('VOIDED');
  expect((await rig.order(order.id)).refundedMinor).toBe(0);
});

test.concurrent('no other payment method is taken for an order whose payment is held', async () => {
  const order = await atRest(rig, 2);
  await expect(offer(order.id, 'tok_ok')).rejects.toMatchObject({ type: 'TRANSITION_NOT_ALLOWED' });
  expect(await payments(order.id)).toEqual([['AUTHORIZED', '0.00', '0.00']]);
});
