import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { Caller } from '../../src/domain/caller.ts';
import { refundPayment } from '../../src/orders/refund-payment.ts';
import { receiveMessage } from '../../src/events/consume/receive-message.ts';
import { findBooks } from '../../src/repositories/payment-transactions.ts';
import { findAmountRefunds } from '../../src/repositories/amount-refunds.ts';
import { findOrderWithItems } from '../../src/repositories/order-repository.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import type { Fault } from '../setup/saga-views.ts';
import { balances, confirmed, deliver, delivered } from '../workflows/later-rig.ts';

let rig: SagaRig;
let stopRelay: () => Promise<void>;
beforeAll(async () => {
  rig = await startSagaRig({ STEP_PATIENCE: '5s', RETURN_WINDOW: '4s' });
  // Tells a workflow of a refund that Temporal had no time for.
  stopRelay = rig.startRelay();
  await rig.product('TEAPOT', 1_000);
});
afterAll(async () => {
  await stopRelay();
  await rig.stop();
});

interface Placed {
  readonly id: string;
  readonly sku: string;
  readonly itemId: string;
}

const sam: Caller = { subject: 'sam', roles: ['support'], expiresAtMs: Infinity, actor: 'support:sam' };

/** Refunds an amount as support does through the API. */
async function refund({ id }: { id: string }, amount: string) {
  const { db, dependencies, commands } = rig;
  const tools = { db, announcer: dependencies.announcer, commands, logger: dependencies.logger, waitMs: 60_000 };
  const order = await findOrderWithItems(db, id);
  return refundPayment(tools, sam, order!, { amount, reason: 'the parcel came late', notify: false }, uuidv7());
}

const giveBack = ({ id, itemId }: Placed, quantity: number) =>
  rig.command(id, 'returnItems', { items: [{ item_id: itemId, quantity }] });
const amend = ({ id, itemId }: Placed, quantity: number) =>
  rig.command(id, 'amendItems', { change: 'set', item_id: itemId, quantity });
const statesOf = async ({ id }: { id: string }) => (await findAmountRefunds(rig.db, id)).map(({ state }) => state);

describe('refunds without goods', () => {
  test('asked for two hundred times at once gives back no more than was captured', async () => {
    const order = await confirmed(rig, 2);
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => refund(order, '2.50')));
    const done = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(done).toHaveLength(10);
    await eventually(async () => expect(await rig.order(order.id)).toMatchObject({ paymentStatus: 'REFUNDED' }));
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 2, reserved: 0 });
  });

  test('with returns and amendments at once gives back no more than was captured', async () => {
    const order = await delivered(rig, 4);
    await Promise.allSettled([
      ...Array.from({ length: 6 }, () => refund(order, '10.00')),
      giveBack(order, 1),
      giveBack(order, 3),
    ]);
    await eventually(async () => expect(await statesOf(order)).not.toContain('OPEN'));
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
    const other = await confirmed(rig, 4);
    await Promise.allSettled([refund(other, '40.00'), amend(other, 1), refund(other, '9.00')]);
    await eventually(async () => expect(await statesOf(other)).not.toContain('OPEN'));
    await balances(rig, other);
  });

  test('of an order that is over is made all the same', async () => {
    const order = await confirmed(rig, 2);
    await deliver(rig, order.id);
    await eventually(async () => expect((await rig.handle(order.id).describe()).status.name).toBe('COMPLETED'));
    expect(await refund(order, '3.00')).toMatchObject({ isDone: true, order: { refundedMinor: 300 } });
    await expect(refund(order, '22.01')).rejects.toMatchObject({ code: 'VALIDATION' });
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_200, left: 2, reserved: 0 });
  });
});

/** Everything that goes wrong at the payment service, or with the workflow, while an amount is refunded. */
const disturbances: Readonly<Record<string, Partial<Fault>>> = {
  'fails before its effect': { mode: 'fail_before_effect', times: 2 },
  'fails after its effect': { mode: 'fail_after_effect', times: 2 },
  'times out after its effect': { mode: 'timeout_after_effect', times: 1 },
  'has its effect late': { mode: 'late_effect', times: 1, delay_ms: 700 },
};

describe('a refund whose call', () => {
  test.concurrent.each(Object.entries(disturbances))('%s is made once', async (_, fault) => {
    const order = await confirmed(rig, 2);
    await rig.fault({ service: 'payment', operation: 'refund', match: { order_id: order.id }, ...fault } as Fault);
    await refund(order, '5.00');
    await eventually(async () => expect(await statesOf(order)).toEqual(['REFUNDED']));
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_000, left: 2, reserved: 0 });
  });

  test.concurrent.each([
    ['retry', 'made', 2_000, 'REFUNDED'],
    ['skip', 'given up', 2_500, 'REJECTED'],
  ] as const)('fails for good waits for an operator: by %s it is %s', async (action, _, keptMinor, state) => {
    const order = await confirmed(rig, 2);
    const match = { order_id: order.id };
    const { body } = await rig.fault({ service: 'payment', operation: 'refund', mode: 'down', match });
    refund(order, '5.00').catch(() => {});
    await eventually(async () => expect((await rig.order(order.id)).sagaState).toBe('NEEDS_ATTENTION'));
    await rig.removeFault(body.id);
    await rig.command(order.id, 'resolveStep', { step: 'refundAmount', action });
    await eventually(async () => expect(await statesOf(order)).toEqual([state]));
    expect(await balances(rig, order)).toEqual({ keptMinor, left: 2, reserved: 0 });
  });

  test('is cut off by the termination of its workflow is made with the order, or the order is cancelled', async () => {
    for (const begin of [confirmed, delivered]) {
      const order = await begin(rig, 2);
      await rig.fault({ service: 'payment', operation: 'refund', mode: 'down', match: { order_id: order.id } });
      refund(order, '5.00').catch(() => {});
      await eventually(async () =>
        expect((await rig.ledgerRows(order.id)).map(({ step }) => step)).toContain('refundAmount'),
      );
      await rig.handle(order.id).terminate('by a test');
      await rig.noFaults();
      await eventually(async () => {
        await rig.reconcile({ everything: true });
        expect(await statesOf(order)).not.toContain('OPEN');
      });
      const { keptMinor } = await balances(rig, order);
      expect(keptMinor).toBe(begin === confirmed ? 0 : 2_000);
    }
  });
});

describe('a refund of what was paid by hand', () => {
  test('waits for a person, shows what is due, and is on record once it has been given back', async () => {
    const order = await rig.accept({ items: [await teapot()] });
    const { body } = await rig.fault({
      service: 'payment',
      operation: '*',
      mode: 'down',
      match: { order_id: order.id },
    });
    await rig.commands.start(order);
    await eventually(async () => expect((await rig.order(order.id)).sagaState).toBe('NEEDS_ATTENTION'));
    await rig.command(order.id, 'resolveStep', { step: 'chargePayment', action: 'resolve', reference: 'transfer 1' });
    await rig.removeFault(body.id);
    await rig.reaches(order.id, 'CONFIRMED');
    await rig.rests(order.id);
    refund(order, '5.00').catch(() => {});
    await eventually(async () => expect((await rig.order(order.id)).refundDueMinor).toBe(500));
    await rig.command(order.id, 'resolveStep', { step: 'refundAmount', action: 'resolve', reference: 'transfer 2' });
    await eventually(async () => expect(await statesOf(order)).toEqual(['REFUNDED']));
    expect(await rig.order(order.id)).toMatchObject({ refundDueMinor: 0, refundedMinor: 500, sagaState: 'COMPLETED' });
  });
});

const tellFailed = async (order: Placed, number: number, amount: string) => {
  const data = {
    order_id: order.id,
    refund_id: `re_${order.id}_${number}`,
    amount,
    currency: 'EUR',
    reason: 'card expired',
  };
  const idempotency_key = `${order.id}:refund:amount:${number}`;
  const { db, dependencies, commands } = rig;
  const consumer = { ...dependencies, db, commands, waitMs: 1_000, patienceMs: 60_000 };
  const message = { channel: 'payments', source: 'test', id: uuidv7(), type: 'payment.refund_failed' } as const;
  expect((await receiveMessage(consumer, { ...message, data: { ...data, idempotency_key } })).state).toBe('APPLIED');
};
const untilParked = (order: Placed) =>
  eventually(async () =>
    expect(await rig.ledgerRows(order.id)).toContainEqual(
      expect.objectContaining({ saga: 'refund:2', state: 'FAILED' }),
    ),
  );

describe('a refund that fails after it was made', () => {
  test.concurrent.each(['resolve', 'retry', 'skip'] as const)(
    'waits for somebody, who decides by %s, whatever its order has come to',
    async (action) => {
      const order = await delivered(rig, 2);
      await eventually(async () => expect((await rig.handle(order.id).describe()).status.name).toBe('COMPLETED'));
      await refund(order, '5.00');
      await tellFailed(order, 1, '5.00');
      expect(await rig.order(order.id)).toMatchObject({
        refundedMinor: 0,
        refundDueMinor: 500,
        paymentStatus: 'CAPTURED',
      });
      await untilParked(order);
      expect(await rig.order(order.id)).toMatchObject({
        refundDueMinor: 500,
        paymentStatus: 'CAPTURED',
        sagaState: 'NEEDS_ATTENTION',
      });
      await rig.command(order.id, 'resolveStep', { step: 'refundAmount', action, reference: 'transfer 3' });
      await eventually(async () =>
        expect(await statesOf(order)).toEqual(['REFUNDED', action === 'skip' ? 'REJECTED' : 'REFUNDED']),
      );
      const refundedMinor = action === 'skip' ? 0 : 500;
      expect(await rig.order(order.id)).toMatchObject({ refundDueMinor: 0, refundedMinor, sagaState: 'COMPLETED' });
      const books = await findBooks(rig.db, order.id);
      const made = books.filter(({ kind }) => kind === 'REFUND').map(({ provider }) => provider);
      expect(made).toEqual(
        {
          resolve: ['PAYMENT_SERVICE', 'EXTERNAL'],
          retry: ['PAYMENT_SERVICE', 'PAYMENT_SERVICE'],
          skip: ['PAYMENT_SERVICE'],
        }[action],
      );
    },
  );
});

async function teapot() {
  const id = uuidv7();
  const sku = `sku-${id}`;
  await rig.product(sku, 100);
  return { id, productId: 'p1', sku, name: 'Teapot', unitPriceMinor: 1_250, quantity: 2 };
}
