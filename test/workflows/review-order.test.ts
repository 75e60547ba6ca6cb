import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listReviews } from '../../src/repositories/order-reviews.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;

beforeAll(async () => {
  // The sandbox lets a person decide on `tok_review`, and rejects `tok_reject`.
  rig = await startSagaRig({
    REVIEW_URL: 'sandbox',
    REVIEW_MAX_TOTAL: '90',
    REVIEW_MAX_AMENDMENT: '10',
    REVIEW_PATIENCE: '1s',
  });
  await rig.product('TEAPOT', 1_000);
});
afterAll(() => rig.stop());

/** Places an order and waits until a person has to decide on it. */
async function placedForReview(paymentMethod = 'tok_review'): Promise<string> {
  const id = await rig.place({ paymentMethod });
  await waitsForPerson(id);
  return id;
}

async function waitsForPerson(id: string): Promise<void> {
  await eventually(async () => expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION'));
  await rig.rests(id);
}

const decide = (id: string, decision: 'approve' | 'reject') => rig.command(id, 'reviewOrder', { decision });

function teapots(id: string, quantity: number) {
  return { id, productId: 'p1', sku: 'TEAPOT', name: 'Teapot', unitPriceMinor: 1_250, quantity };
}

async function historyOf(id: string) {
  return (await rig.historyRows(id)).map(({ change, to_status: to, reason }) => `${change} ${to}: ${reason}`);
}

test('an approved order is confirmed with no change on record that others lack', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  expect(await rig.ledger(id)).toMatchObject({ reviewOrder: 'DONE', chargePayment: 'DONE' });
  expect((await rig.historyRows(id)).map(({ change }) => change)).toEqual(['STATUS', 'STATUS']);
  expect(await listReviews(rig.db, id)).toMatchObject([{ key: `${id}:review`, verdict: 'approve', decision: null }]);
});

describe('an order on which a person has to decide', () => {
  test('is not paid before, is seen to need attention and why, and goes on when it is approved', async () => {
    const id = await placedForReview();
    expect(await rig.money(id)).toEqual([]);
    const { searchAttributes } = await rig.handle(id).describe();
    expect(searchAttributes).toMatchObject({ NeedsAttention: [true], SagaStep: ['reviewOrder'] });
    await decide(id, 'approve');
    await rig.reaches(id, 'CONFIRMED');
    expect(await rig.order(id)).toMatchObject({ sagaState: 'COMPLETED', failure: null });
    expect(await historyOf(id)).toEqual([
      'STATUS PENDING: order placed',
      'REVIEW PENDING: review: this payment method is always reviewed',
      'REVIEWED PENDING: approve: because',
      expect.stringMatching(/^STATUS CONFIRMED/),
    ]);
    expect(await listReviews(rig.db, id)).toMatchObject([{ decision: 'approve', decided_by: 'support:sam' }]);
  });

  test('is cancelled when it is rejected, with nothing held, and a failure that does not say why', async () => {
    const id = await placedForReview();
    await decide(id, 'reject');
    await rig.reaches(id, 'CANCELLED');
    expect(await rig.money(id)).toEqual([]);
    expect(await rig.order(id)).toMatchObject({
      sagaState: 'COMPENSATED',
      cancellationReason: 'the order was not accepted',
      failure: { code: 'ORD007', message: 'the order was not accepted', details: [] },
    });
    expect(await rig.ledger(id)).toMatchObject({ reviewOrder: 'REFUSED', releaseInventoryIfReserved: 'DONE' });
  });

  test('is decided on once: a second decision is refused', async () => {
    const id = await placedForReview();
    await decide(id, 'approve');
    await rig.reaches(id, 'CONFIRMED');
    await expect(decide(id, 'reject')).rejects.toThrow('does not wait for a review');
    expect((await rig.order(id)).status).toBe('CONFIRMED');
  });

  test('can be cancelled while it waits', async () => {
    const id = await placedForReview();
    await rig.command(id, 'cancelOrder', {});
    await rig.reaches(id, 'CANCELLED');
    expect((await rig.order(id)).sagaState).toBe('COMPENSATED');
    expect(await rig.ledger(id)).toMatchObject({ reviewOrder: 'INTERRUPTED' });
  });

  test('takes what operators do with a parked step for the same', async () => {
    const [retried, skipped] = await Promise.all([placedForReview(), placedForReview()]);
    await rig.command(skipped, 'resolveStep', { step: 'reviewOrder', action: 'skip' });
    await rig.reaches(skipped, 'CANCELLED');
    await rig.command(retried, 'resolveStep', { step: 'reviewOrder', action: 'retry' });
    await eventually(async () => expect(await historyOf(retried)).toHaveLength(4));
    await waitsForPerson(retried);
    await rig.command(retried, 'resolveStep', { step: 'reviewOrder', action: 'resolve' });
    await rig.reaches(retried, 'CONFIRMED');
  });

  test('whose workflow was terminated is cancelled by the reconciler', async () => {
    const id = await placedForReview();
    await rig.handle(id).terminate('an accident');
    await eventually(async () => {
      await rig.reconcile({ everything: true });
      expect((await rig.order(id)).status).toBe('CANCELLED');
    });
    expect(await rig.money(id)).toEqual([]);
  });
});

test('an order that the review rejects is cancelled without a charge, its reasons for staff alone', async () => {
  const id = await rig.place({ paymentMethod: 'tok_reject' });
  await rig.reaches(id, 'CANCELLED');
  expect(await rig.money(id)).toEqual([]);
  expect((await rig.order(id)).failure).toEqual({ code: 'ORD007', message: 'the order was not accepted', details: [] });
  const history = await historyOf(id);
  expect(history).toContain('REVIEW PENDING: reject: this payment method is always rejected');
  expect(history).toContain('STATUS CANCELLED: the order was not accepted');
});

test('what exceeds a limit waits for a person whatever the service says', async () => {
  const id = await rig.place({ items: [teapots(uuidv7(), 8)] });
  await waitsForPerson(id);
  expect((await listReviews(rig.db, id))[0]?.reasons).toEqual(['the total is above 90 EUR']);
  await decide(id, 'reject');
  await rig.reaches(id, 'CANCELLED');
});

test('another payment method is reviewed again before it is charged', async () => {
  const id = await rig.place({ paymentMethod: 'tok_declined' });
  await rig.reaches(id, 'PAYMENT_FAILED');
  await rig.rests(id);
  await rig.command(id, 'retryPayment', { payment_method: 'tok_review' });
  await waitsForPerson(id);
  expect(await rig.money(id)).toEqual(['DECLINED']);
  await decide(id, 'approve');
  await rig.reaches(id, 'CONFIRMED');
  expect((await listReviews(rig.db, id)).map(({ key }) => key)).toEqual([`${id}:review`, `${id}:review:2`]);
});

test('each of several payment methods is reviewed, and not the last one alone', async () => {
  const paymentParts = [
    { paymentMethod: 'tok_review', amountMinor: 1_000 },
    { paymentMethod: 'tok_ok', amountMinor: 1_500 },
  ];
  const id = await rig.place({ paymentMethod: 'tok_ok', paymentParts });
  await waitsForPerson(id);
  expect(await rig.money(id)).toEqual([]);
  await decide(id, 'approve');
  await rig.reaches(id, 'CONFIRMED');
  expect(await rig.money(id)).toEqual(['CAPTURED', 'CAPTURED']);
});

test('a review service that is away for good leaves the order to a person', async () => {
  const id = uuidv7();
  await rig.fault({ service: 'review', operation: 'review', mode: 'down', match: { order_id: id } });
  await rig.place({ id });
  await waitsForPerson(id);
  expect((await historyOf(id))[1]).toMatch(/^REVIEW PENDING: review: the review failed: /);
  await decide(id, 'approve');
  await rig.reaches(id, 'CONFIRMED');
});

test('an amendment that takes more than a limit is reviewed, and one that is not approved changes nothing', async () => {
  const item = uuidv7();
  const id = await rig.place({ items: [teapots(item, 2)] });
  await rig.reaches(id, 'CONFIRMED');
  await rig.rests(id);
  const refused = rig.command(id, 'amendItems', { change: 'set', item_id: item, quantity: 9 });
  await expect(refused).rejects.toThrow('not accepted');
  expect((await rig.order(id)).totalMinor).toBe(2_500);
  await rig.command(id, 'amendItems', { change: 'set', item_id: item, quantity: 4 });
  expect((await rig.order(id)).totalMinor).toBe(5_000);
  expect((await listReviews(rig.db, id)).map(({ verdict }) => verdict)).toEqual(['approve', 'review', 'approve']);
  expect(await rig.money(id)).toEqual(['CAPTURED', 'CAPTURED']);
});
