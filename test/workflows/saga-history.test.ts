import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listOrders } from '../../src/repositories/list-orders.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ STEP_PATIENCE: '4s', PAYMENT_RETRY_WINDOW: '1h' });
  await rig.product('TEAPOT', 1_000);
});

afterAll(() => rig.stop());

/** An order for which a service is down; returns its id and how to bring the service back. */
async function placedWhileDown(service: 'payment' | 'inventory' | 'notification', operation = '*') {
  const order = await rig.accept();
  const { body } = await rig.fault({ service, operation, mode: 'down', match: { order_id: order.id } });
  await rig.commands.start(order);
  return { id: order.id, heal: () => rig.removeFault(body.id) };
}

async function parked(id: string) {
  await eventually(async () => expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION'));
}

/** The order's history beside its changes of status. */
async function told(id: string) {
  const rows = (await rig.historyRows(id)).filter(({ change }) => change !== 'STATUS');
  return rows.map(({ change, step, actor, reason }) => [change, step, actor, reason]);
}

async function reconciled(id: string) {
  await rig.db
    .updateTable('orders')
    .set({ created_at: new Date(0) })
    .where('id', '=', id)
    .execute();
  return rig.reconcile({ everything: true });
}

describe.concurrent('the history of an order', () => {
  test('says when a step was parked and why, who had it retried, and who gave it up', async () => {
    const { id, heal } = await placedWhileDown('payment');
    await parked(id);
    await rig.command(id, 'resolveStep', { step: 'chargePayment', action: 'retry' });
    await eventually(async () => expect(await told(id)).toHaveLength(3));
    await heal();
    await rig.command(id, 'resolveStep', { step: 'chargePayment', action: 'skip' });
    await rig.reaches(id, 'CANCELLED');
    const failed = ['PARKED', 'chargePayment', 'system:saga', expect.stringContaining('the service is down')];
    expect(await told(id)).toEqual([
      failed,
      ['RETRIED', 'chargePayment', 'support:sam', 'because'],
      failed,
      ['SKIPPED', 'chargePayment', 'support:sam', 'because'],
    ]);
    const events = await rig.db
      .selectFrom('outbox')
      .select(['type', 'payload'])
      .where('subject_id', '=', id)
      .orderBy('id')
      .execute();
    const changes = events.flatMap(({ type, payload: { change, step, actor } }) =>
      step ? [[type, change, step, actor]] : [],
    );
    const stuck = ['order.needs_attention', undefined, 'chargePayment', 'system:saga'];
    expect(changes).toEqual([
      stuck,
      ['order.updated', 'RETRIED', 'chargePayment', 'support:sam'],
      stuck,
      ['order.updated', 'SKIPPED', 'chargePayment', 'support:sam'],
    ]);
  });

  test('says who terminated the workflow and why, and that the reconciler took the order over', async () => {
    const { id, heal } = await placedWhileDown('payment', 'charge');
    await eventually(async () => expect(await rig.ledger(id)).toMatchObject({ chargePayment: 'RUNNING' }));
    await rig.handle(id).terminate('hardware is replaced');
    await reconciled(id);
    const order = await rig.reaches(id, 'CANCELLED');
    expect(order.cancellationReason).toBe('its workflow was terminated: hardware is replaced');
    expect(await told(id)).toEqual([
      ['TERMINATED', null, expect.stringMatching(/^temporal:./), 'hardware is replaced'],
      ['RESUMED', null, 'system:reconciler', 'its workflow was terminated: hardware is replaced'],
    ]);
    await heal();
    expect(await rig.ledger(id)).toMatchObject({ chargePayment: 'INTERRUPTED', refundPaymentIfCharged: 'DONE' });
  });

  test.each(['update', 'signal'])(
    'keeps the reason of a cancellation by %s that was under way when its workflow was terminated',
    async (by) => {
      const order = await rig.accept();
      const { id } = order;
      await rig.commands.start(order);
      await rig.reaches(id, 'CONFIRMED');
      const { body } = await rig.fault({ service: 'payment', operation: '*', mode: 'down', match: { order_id: id } });
      const command = { actor: 'support:ann', reason: 'wrong size', command_id: uuidv7() };
      if (by === 'signal') await rig.handle(id).signal('cancelOrder', command);
      else rig.commands.send(id, 'cancelOrder', command, 60_000).catch(() => {});
      await parked(id);
      await rig.handle(id).terminate('an accident');
      await rig.removeFault(body.id);
      await reconciled(id);
      expect(await rig.reaches(id, 'CANCELLED')).toMatchObject({
        cancellationReason: 'wrong size',
        refundedMinor: 2_500,
      });
      const last = (await rig.historyRows(id)).at(-1);
      expect(last).toMatchObject({
        to_status: 'CANCELLED',
        actor: by === 'signal' ? 'temporal:support:ann' : 'support:ann',
        reason: 'wrong size',
      });
    },
  );
});

describe.concurrent('the ledger', () => {
  test('shows the reservation and its times while the charge is retried, and keeps them', async () => {
    const { id, heal } = await placedWhileDown('payment');
    const waiting = await eventually(async () => {
      const rows = await rig.ledgerRows(id);
      expect(rows.map(({ step, state }) => [step, state])).toEqual([
        ['reserveInventory', 'DONE'],
        ['chargePayment', 'RUNNING'],
      ]);
      return rows;
    });
    const { reservationId, createdAt } = await rig.order(id);
    expect(reservationId).toEqual(expect.any(String));
    expect(waiting[0]!.started_at.getTime()).toBeGreaterThanOrEqual(createdAt.getTime() - 1_000);
    expect(waiting[0]!.updated_at.getTime()).toBeLessThanOrEqual(waiting[1]!.updated_at.getTime());
    await parked(id);
    await heal();
    await rig.command(id, 'resolveStep', { step: 'chargePayment', action: 'retry' });
    await rig.reaches(id, 'CONFIRMED');
    const [reserved] = await rig.ledgerRows(id);
    expect(reserved).toMatchObject({
      step: 'reserveInventory',
      started_at: waiting[0]!.started_at,
      updated_at: waiting[0]!.updated_at,
    });
    expect((await rig.order(id)).reservationId).toBe(reservationId);
  });

  test('shows the reservation while another payment method is waited for', async () => {
    const id = await rig.place({ paymentMethod: 'tok_declined' });
    expect(await rig.reaches(id, 'PAYMENT_FAILED')).toMatchObject({ reservationId: expect.any(String) });
    expect(await rig.ledger(id)).toEqual({ reserveInventory: 'DONE', chargePayment: 'REFUSED' });
    await rig.command(id, 'cancelOrder', {});
  });

  test('says of a step that a cancellation cut off that it was interrupted', async () => {
    const { id, heal } = await placedWhileDown('payment', 'charge');
    await eventually(async () => expect(await rig.ledger(id)).toMatchObject({ chargePayment: 'RUNNING' }));
    await rig.command(id, 'cancelOrder', {});
    await heal();
    expect(await rig.ledger(id)).toMatchObject({ reserveInventory: 'DONE', chargePayment: 'INTERRUPTED' });
  });
});

/** An order whose customer could not be notified: the service was away for too long. */
async function unnotified() {
  const order = await placedWhileDown('notification');
  await eventually(async () => expect(await rig.ledger(order.id)).toMatchObject({ notifyCustomer: 'FAILED' }));
  // The workflow knows it a moment after the ledger.
  await rig.rests(order.id);
  return order;
}

async function isListed(id: string): Promise<boolean> {
  const { orders } = await listOrders(rig.db, { needsAttention: true, oldestFirst: false, limit: 200 });
  return orders.some((order) => order.id === id);
}

describe.concurrent('a notification that failed', () => {
  test('leaves the saga COMPLETED, is listed with the troubles, and sent again on demand', async () => {
    const { id, heal } = await unnotified();
    expect(await rig.order(id)).toMatchObject({ status: 'CONFIRMED', sagaState: 'COMPLETED' });
    expect(await isListed(id)).toBe(true);
    await heal();
    await rig.command(id, 'resolveStep', { step: 'notifyCustomer', action: 'retry' });
    expect(await isListed(id)).toBe(false);
    expect(await rig.ledger(id)).toMatchObject({ notifyCustomer: 'DONE' });
    const { body } = await rig.sandbox.call('GET', `/notifications?order_id=${id}`);
    expect(body.data).toHaveLength(1);
    expect(await told(id)).toEqual([
      ['NOTIFICATION', 'notifyCustomer', 'system:saga', expect.any(String)],
      ['RETRIED', 'notifyCustomer', 'support:sam', 'because'],
    ]);
  });

  test.each(['skip', 'resolve'] as const)(
    'is no trouble any more once somebody says %s, or the order is cancelled',
    async (action) => {
      const { id } = await unnotified();
      await rig.command(id, 'resolveStep', { step: 'notifyCustomer', action });
      expect(await isListed(id)).toBe(false);
      await expect(rig.command(id, 'resolveStep', { step: 'notifyCustomer', action })).rejects.toMatchObject({
        type: 'INVALID_COMMAND',
      });
      const other = await unnotified();
      await rig.command(other.id, 'cancelOrder', {});
      expect(await isListed(other.id)).toBe(false);
    },
  );
});
