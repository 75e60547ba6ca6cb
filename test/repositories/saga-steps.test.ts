import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stepStates } from '../../src/domain/saga.ts';
import { recordStepAttempt, settleSagaState, type StepAttemptRecord } from '../../src/repositories/saga-steps.ts';
import { openOrders, orderIn, recordOf, writeSaga } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

const attempt = (orderId: string, more: Partial<StepAttemptRecord> = {}): StepAttemptRecord => ({
  orderId,
  step: 'chargePayment',
  state: 'RUNNING',
  ...more,
});

describe('an attempt', () => {
  test('is counted, with the last error kept when a later one succeeds', async () => {
    const { db } = orders;
    const id = await orderIn(db, 'PENDING');
    await recordStepAttempt(db, attempt(id, { error: 'SERVICE_UNREACHABLE: one' }));
    await recordStepAttempt(db, attempt(id, { error: 'SERVICE_UNREACHABLE: two' }));
    await recordStepAttempt(db, attempt(id, { state: 'DONE' }));
    expect((await recordOf(db, id)).steps).toMatchObject([
      {
        step: 'chargePayment',
        state: 'DONE',
        attempts: 3,
        last_error: 'SERVICE_UNREACHABLE: two',
        actor: 'system:saga',
      },
    ]);
  });

  test('is counted each time, also when fifty are reported concurrently', async () => {
    const { db } = orders;
    const id = await orderIn(db, 'PENDING');
    await Promise.all(Array.from({ length: 50 }, () => recordStepAttempt(db, attempt(id))));
    expect((await recordOf(db, id)).steps).toMatchObject([{ attempts: 50, state: 'RUNNING' }]);
  });

  test.each(stepStates.filter((state) => !['RUNNING', 'REFUSED', 'FAILED'].includes(state)))(
    'that comes late takes back nothing of a step that is %s',
    async (state) => {
      const { db } = orders;
      const id = await orderIn(db, 'PENDING');
      await writeSaga(db, {
        orderId: id,
        sagaState: 'RUNNING',
        steps: [{ step: 'chargePayment', state, attempts: 2 }],
      });
      const before = await recordOf(db, id);
      await recordStepAttempt(db, attempt(id, { error: 'late', paymentStatus: 'UNKNOWN', sagaState: 'COMPENSATING' }));
      expect(await recordOf(db, id)).toEqual(before);
    },
  );

  test('of an unknown order leaves no row', async () => {
    const id = '00000000-0000-7000-8000-000000000000';
    await recordStepAttempt(orders.db, attempt(id));
    expect((await recordOf(orders.db, id)).steps).toEqual([]);
  });

  test('gives the order a new version only if it changes the order', async () => {
    const { db } = orders;
    const id = await orderIn(db, 'PENDING');
    const queued = attempt(id, { error: 'away', paymentStatus: 'QUEUED' });
    await recordStepAttempt(db, queued);
    expect((await recordOf(db, id)).order).toMatchObject({ version: 2, paymentStatus: 'QUEUED' });
    await recordStepAttempt(db, queued);
    expect((await recordOf(db, id)).order).toMatchObject({ version: 2, paymentStatus: 'QUEUED' });
  });
});

describe("the saga's own record", () => {
  test('replaces what attempts have written, and never lowers their count', async () => {
    const { db } = orders;
    const id = await orderIn(db, 'PENDING');
    for (const _ of [1, 2, 3]) await recordStepAttempt(db, attempt(id, { error: 'away' }));
    await writeSaga(db, {
      orderId: id,
      sagaState: 'NEEDS_ATTENTION',
      steps: [{ step: 'chargePayment', state: 'FAILED', attempts: 1, actor: 'support:sam' }],
    });
    const { order, steps } = await recordOf(db, id);
    expect(order).toMatchObject({ sagaState: 'NEEDS_ATTENTION', status: 'PENDING', version: 2 });
    expect(steps).toMatchObject([{ state: 'FAILED', attempts: 3, last_error: 'away', actor: 'support:sam' }]);
  });

  test('changes nothing when it is repeated, and writes no history', async () => {
    const { db } = orders;
    const id = await orderIn(db, 'PENDING');
    const word = {
      orderId: id,
      sagaState: 'COMPENSATING' as const,
      steps: [{ step: 'chargePayment' as const, state: 'REFUSED' as const, attempts: 1 }],
    };
    await writeSaga(db, word);
    const first = await recordOf(db, id);
    await writeSaga(db, word);
    const second = await recordOf(db, id);
    expect(second.order).toEqual(first.order);
    expect(second.history).toHaveLength(1);
    expect(second.steps).toMatchObject([{ state: 'REFUSED', attempts: 1 }]);
  });

  test('may contain no step at all', async () => {
    const { db } = orders;
    const id = await orderIn(db, 'CONFIRMED');
    await writeSaga(db, { orderId: id, sagaState: 'COMPLETED', steps: [] });
    expect(await recordOf(db, id)).toMatchObject({ order: { sagaState: 'COMPLETED' }, steps: [] });
  });
});

describe('while an order needs attention', () => {
  test('neither a late attempt nor one at another step changes that', async () => {
    const { db } = orders;
    const id = await parked('PENDING');
    const failed = { orderId: id, state: 'RUNNING', sagaState: 'COMPENSATING', error: 'late' } as const;
    await recordStepAttempt(db, { ...failed, step: 'refundPaymentIfCharged' });
    await recordStepAttempt(db, { ...failed, step: 'releaseInventoryIfReserved' });
    const { order, steps } = await recordOf(db, id);
    expect(order!.sagaState).toBe('NEEDS_ATTENTION');
    expect(steps.find(({ step }) => step === 'refundPaymentIfCharged')).toMatchObject({ state: 'FAILED' });
  });

  test.each([
    ['CONFIRMED', 'NEEDS_ATTENTION'],
    ['CANCELLED', 'COMPENSATED'],
  ] as const)('a repeated write of %s leaves the saga in %s', async (status, sagaState) => {
    const id = await parked(status);
    const settled = status === 'CANCELLED' ? 'COMPENSATED' : 'COMPLETED';
    await settleSagaState(orders.db, { orderId: id, status, sagaState: settled });
    expect((await recordOf(orders.db, id)).order!.sagaState).toBe(sagaState);
  });
});

test("a repeated status write writes the saga state once the operator's decision is written", async () => {
  const { db } = orders;
  const id = await orderIn(db, 'CONFIRMED');
  await writeSaga(db, { orderId: id, sagaState: 'RUNNING', steps: [] });
  await settleSagaState(db, { orderId: id, status: 'PROCESSING', sagaState: 'COMPLETED' });
  expect((await recordOf(db, id)).order!.sagaState).toBe('RUNNING');
  await settleSagaState(db, { orderId: id, status: 'CONFIRMED', sagaState: 'COMPLETED' });
  expect((await recordOf(db, id)).order!.sagaState).toBe('COMPLETED');
});

/** An order whose refund waits for an operator. */
async function parked(status: 'PENDING' | 'CONFIRMED' | 'CANCELLED'): Promise<string> {
  const id = await orderIn(orders.db, status);
  const steps = [{ step: 'refundPaymentIfCharged', state: 'FAILED', attempts: 1 }] as const;
  await writeSaga(orders.db, { orderId: id, sagaState: 'NEEDS_ATTENTION', steps });
  return id;
}
