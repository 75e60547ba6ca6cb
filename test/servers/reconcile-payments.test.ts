import { randomUUID } from 'node:crypto';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../src/domain/caller.ts';
import { requestPaymentReport } from '../../src/orders/reconcile-payments.ts';
import { findDifferences, findPaymentReport } from '../../src/repositories/payment-reports.ts';
import {
  createPaymentReportStart,
  ensurePaymentReportSchedule,
  RECONCILE_PAYMENTS_SCHEDULE,
  relayPaymentReports,
} from '../../src/temporal/payment-report-client.ts';
import type { TemporalConnector } from '../../src/temporal/connection.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { confirmed } from '../workflows/later-rig.ts';

let rig: SagaRig;
let start: (id: string) => Promise<void>;
let owner: pg.Client;
beforeAll(async () => {
  rig = await startSagaRig({ PAYMENT_RECONCILE_GRACE: '0s' });
  const connector: TemporalConnector = {
    current: () => rig.temporal,
    ready: Promise.resolve(rig.temporal),
    close: () => Promise.resolve(),
  };
  start = createPaymentReportStart(connector, rig.db, rig.config);
  owner = new pg.Client(rig.sandbox.databaseUrl);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await rig.stop();
});

const olga: Caller = { subject: 'olga', roles: ['operator'], expiresAtMs: Infinity, actor: 'operator:olga' };

/** Reports on the last hour, and waits for the report's end; answers what was found of these orders. */
async function report(orderIds: readonly string[], startReport = start) {
  const { db, dependencies } = rig;
  const starter = { db, logger: dependencies.logger, graceMs: 0, startReport };
  const now = Date.now();
  const asked = await requestPaymentReport(starter, olga, { from: new Date(now - 3_600_000), to: new Date(now) });
  const ended = await eventually(async () => {
    await relayPaymentReports({ ...dependencies, temporal: rig.temporal, config: rig.config });
    const found = await findPaymentReport(db, asked.id);
    expect(found?.state).not.toBe('RUNNING');
    return found!;
  });
  const differences = await findDifferences(db, asked.id, { after: 0, limit: 1_000 });
  return { ended, found: differences.filter(({ orderId }) => orderIds.includes(orderId ?? '')) };
}

const byHand = () => ({ 'idempotency-key': randomUUID() });

const away = () => Promise.reject(new Error('Temporal is away'));

async function paymentOf(orderId: string): Promise<string> {
  const { body } = await rig.sandbox.call('GET', `/payments/order/${orderId}`);
  return body.data[0].id;
}

describe('a report on payments', () => {
  test('finds each difference once, both ways, and keeps the fees', async () => {
    const orders = await Promise.all(Array.from({ length: 6 }, () => confirmed(rig)));
    const [fine, amount, refunded, lost, declined, cancelled] = orders.map(({ id }) => id) as [string, ...string[]];
    await owner.query('update order_payment_transactions set amount_minor = 2400 where order_id = $1', [amount]);
    await owner.query("update order_payment_transactions set status = 'DECLINED' where order_id = $1", [declined]);
    const payment = await paymentOf(refunded!);
    await rig.sandbox.call('POST', `/payments/${payment}/refund`, { amount: '1.00' }, byHand());
    await owner.query('delete from sandbox.payments where order_id = $1', [lost]);
    await rig.command(cancelled!, 'cancelOrder', {});
    const strange = randomUUID();
    const charge = { order_id: strange, amount: '7.00', currency: 'EUR', payment_method: 'tok_ok' };
    await rig.sandbox.call('POST', '/payments', charge, byHand());
    const { ended, found } = await report([...orders.map(({ id }) => id), strange]);
    expect(ended).toMatchObject({ state: 'DONE', problem: null });
    const kinds = Object.fromEntries(found.map(({ orderId, kind }) => [orderId, kind]));
    expect(kinds).toEqual({
      [amount!]: 'AMOUNT',
      [declined!]: 'STATUS',
      [refunded!]: 'REFUNDED',
      [lost!]: 'MISSING_AT_PROVIDER',
      [strange]: 'MISSING_WITH_US',
    });
    expect(found).toHaveLength(5);
    const [transaction] = await rig.transactions(fine);
    expect(transaction).toMatchObject({ amount_minor: 2_500, fee_minor: 38 });
  });

  test('that nobody could start is started later', async () => {
    const order = await confirmed(rig);
    expect((await report([order.id], away)).ended.state).toBe('DONE');
  });

  test('leaves out what is under way', async () => {
    const order = await confirmed(rig);
    await rig.rests(order.id);
    await rig.db.updateTable('orders').set({ payment_status: 'REFUNDING' }).where('id', '=', order.id).execute();
    await owner.query('update order_payment_transactions set amount_minor = 1 where order_id = $1', [order.id]);
    const { ended, found } = await report([order.id]);
    expect(found).toEqual([]);
    expect(ended.inFlight).toBeGreaterThan(0);
  });

  test('is made each night by a schedule, which goes on where the last one ended', async () => {
    await ensurePaymentReportSchedule(rig.temporal, rig.config);
    await ensurePaymentReportSchedule(rig.temporal, rig.config);
    const schedule = rig.temporal.client.schedule.getHandle(RECONCILE_PAYMENTS_SCHEDULE);
    const nightly = () =>
      rig.db
        .selectFrom('payment_reports')
        .selectAll()
        .where('actor', 'like', 'system:%')
        .orderBy('created_at')
        .execute();
    let secondOfLast = 0;
    for (const count of [1, 2]) {
      // A schedule's run has its second in its id: another one of the same second is none.
      await eventually(() => clockSecond() > secondOfLast);
      // The run that has told its end may still be closing.
      await schedule.trigger(ScheduleOverlapPolicy.BUFFER_ONE);
      secondOfLast = clockSecond();
      await eventually(async () => {
        const reports = await nightly();
        expect(reports.map(({ state }) => state)).toEqual(Array.from({ length: count }, () => 'DONE'));
      });
    }
    const [first, second] = await nightly();
    expect(second!.from_at).toEqual(first!.to_at);
    await ensurePaymentReportSchedule(rig.temporal, { ...rig.config, paymentReconcileAt: null });
    await expect(schedule.describe()).rejects.toThrow();
  });
});

function clockSecond(): number {
  return Math.floor(Date.now() / 1_000);
}
