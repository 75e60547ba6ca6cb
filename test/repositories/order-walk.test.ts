import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canTransition, orderStatuses } from '../../src/domain/order-status.ts';
import { paymentStatuses } from '../../src/domain/payment-status.ts';
import { sagaStates, stepStates } from '../../src/domain/saga.ts';
import { recordStepAttempt } from '../../src/repositories/saga-steps.ts';
import type { Db } from '../../src/repositories/schema.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { openOrders, orderIn, recordOf, transitionTo, writeSaga } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

type Write = (db: Db, orderId: string) => Promise<unknown>;

/** Any write of an order; keys are few, so that repeats happen. */
const anyWrite = fc.oneof(
  fc.record({ to: fc.constantFrom(...orderStatuses), key: fc.nat({ max: 12 }) }).map(({ to, key }): Write => {
    return (db, id) => transitionOrder(db, transitionTo(id, to, { key: `key-${key}` }));
  }),
  fc
    .record({
      state: fc.constantFrom(...stepStates),
      sagaState: fc.constantFrom(undefined, ...sagaStates),
      paymentStatus: fc.constantFrom(undefined, ...paymentStatuses),
    })
    .map(
      (attempt): Write =>
        (db, id) =>
          recordStepAttempt(db, { orderId: id, step: 'chargePayment', ...attempt }),
    ),
  fc.constantFrom(...sagaStates).map((sagaState): Write => (db, id) => {
    return writeSaga(db, {
      orderId: id,
      sagaState,
      steps: [{ step: 'chargePayment', state: 'RUNNING', attempts: 1 }],
    });
  }),
);

test('whatever is written, in whatever order and concurrently, the history follows the transition table without gaps', async () => {
  // Each inner list is written at the same moment.
  const anyPlan = fc.array(fc.array(anyWrite, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(anyPlan, async (plan) => {
      const { db } = orders;
      const id = await orderIn(db, 'PENDING');
      let version = 1;
      for (const together of plan) {
        await Promise.all(together.map((write) => write(db, id)));
        const { order } = await recordOf(db, id);
        expect(order!.version).toBeGreaterThanOrEqual(version);
        version = order!.version;
      }
      await expectLegalWalk(db, id);
    }),
    { numRuns: 60 },
  );
});

async function expectLegalWalk(db: Db, id: string): Promise<void> {
  const { order, history, outbox } = await recordOf(db, id);
  const [first, ...rest] = history;
  expect(first).toMatchObject({ from_status: null, to_status: 'PENDING', version: 1 });
  for (const [index, row] of rest.entries()) {
    const previous = history[index]!;
    expect(row.from_status).toBe(previous.to_status);
    expect(canTransition(row.from_status!, row.to_status)).toBe(true);
    expect(row.version).toBeGreaterThan(previous.version);
  }
  expect(order!.status).toBe(history.at(-1)!.to_status);
  expect(order!.version).toBeGreaterThanOrEqual(history.at(-1)!.version);
  // Every change is told, by ids in the order of the changes.
  const versions = Array.from({ length: order!.version }, (_, index) => index + 1);
  expect(outbox.map(({ payload }) => payload['version'])).toEqual(versions);
}
