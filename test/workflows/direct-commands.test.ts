import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderWorkflowId } from '../../src/domain/order.ts';
import { listAudit } from '../../src/repositories/audit-log.ts';
import { eventually } from '../setup/eventually.ts';
import { json, rawMessages, unreadable } from '../setup/raw-messages.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

const orderMessages = [
  'cancelOrder',
  'changeStatus',
  'retryPayment',
  'resolveStep',
  'amendItems',
  'returnItems',
  'paymentSettled',
  'reservationSettled',
];
const unknownMessages = ['noSuchMessage', '__temporal_reserved', '__stack_trace'];

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig();
  await rig.product('TEAPOT', 100);
});

afterAll(async () => {
  await rig.stop();
});

/** A confirmed order, and messages to its workflow. */
async function confirmedOrder() {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  return { id, ...rawMessages(rig.temporal, orderWorkflowId(id)) };
}

/** Of a pending activity: it waits for its next attempt. */
const SCHEDULED = 1;

/** What the database says while it starts. */
const refuseRecords = `
  create function refuse_records() returns trigger language plpgsql as $$
    begin raise exception 'the database system is starting up' using errcode = '57P03'; end $$;
  create trigger refuse_records before insert on audit_log for each row execute function refuse_records()`;

const auditOf = async (order: string) => (await listAudit(rig.db, { order, limit: 200 })).entries;

describe('a command that came past the API', () => {
  test('is refused when it can not be read, by signal and by update, and the order obeys the next good one', async () => {
    const order = await confirmedOrder();
    const before = await rig.order(order.id);
    for (const name of [...orderMessages, ...unknownMessages]) {
      for (const payload of unreadable) await order.signal(name, payload);
      await order.signal(name);
      await order.signal(name, json({ reason: 'x' }), unreadable[0]!);
      expect(await order.update(name, unreadable[0]!)).toEqual(expect.any(String));
    }
    for (const payload of unreadable) {
      expect(await order.update('changeStatus', payload)).toContain('changeStatus takes one JSON object');
    }

    expect(await rig.order(order.id)).toEqual(before);
    const good = { status: 'PROCESSING', reason: 'picked', actor: 'sam' };
    expect(await order.update('changeStatus', json(good))).toBeUndefined();
    expect(await rig.order(order.id)).toMatchObject({ status: 'PROCESSING' });
    expect(await order.taskFailures()).toEqual([]);
    const refused = (await auditOf(order.id)).filter(({ status }) => status === 400);
    expect(refused).toHaveLength(orderMessages.length * (unreadable.length + 2));
  });

  test('is checked in its turn while another changes the status, so that a row of them is carried out', async () => {
    const order = await confirmedOrder();
    for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED']) {
      await order.signal('changeStatus', json({ status, reason: 'caught up', actor: 'support:sam' }));
    }
    await rig.reaches(order.id, 'DELIVERED');
    expect(await rig.history(order.id)).toEqual(['PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED']);
  });

  test('acts as the one that it says it is, marked as unchecked, in the history and in the audit log', async () => {
    const order = await confirmedOrder();
    await order.signal('changeStatus', json({ status: 'PROCESSING', reason: 'picked', actor: 'support:sam' }));
    await rig.reaches(order.id, 'PROCESSING');
    expect(await order.update('cancelOrder', json({ reason: 'customer called', command_id: 'c-1' }))).toBeUndefined();

    const history = await rig.historyRows(order.id);
    expect(history.map(({ to_status, actor, reason }) => [to_status, actor, reason]).slice(-2)).toEqual([
      ['PROCESSING', 'temporal:support:sam', 'picked'],
      ['CANCELLED', 'temporal:unnamed', 'customer called'],
    ]);
    const path = `temporal:order-${order.id}`;
    const audited = { order_id: order.id, path, roles: [], status: 202, completed_at: expect.any(Date) };
    expect(await auditOf(order.id)).toMatchObject([
      {
        ...audited,
        subject: 'temporal:unnamed',
        operation: 'cancelOrder',
        reason: 'customer called',
        request_id: 'c-1',
      },
      { ...audited, subject: 'temporal:support:sam', operation: 'changeStatus', reason: 'picked' },
    ]);
  });

  test('obeys the rules of a request, and one that the order does not allow is on record as well', async () => {
    const order = await confirmedOrder();
    const [item] = (await rig.db.selectFrom('order_items').select('id').where('order_id', '=', order.id).execute()).map(
      ({ id }) => id,
    );
    const refused = [
      ['amendItems', { change: 'add', sku: 'TEAPOT', quantity: 1, unit_price: '0.01', reason: 'x' }],
      ['amendItems', { change: 'set', item_id: item, quantity: 1.5, reason: 'x' }],
      ['retryPayment', { payment_method: '4242424242424242', reason: 'x' }],
      ['cancelOrder', {}],
      ['cancelOrder', { reason: 'a\u0000b' }],
      ['cancelOrder', { reason: 'x', actor: 'a\nb' }],
      ['cancelOrder', { reason: 'card 4242 4242 4242 4242' }],
      ['cancelOrder', { reason: 'x', from_api: {} }],
    ] as const;
    for (const [name, input] of refused) {
      expect(await order.update(name, json(input))).toEqual(expect.any(String));
      await order.signal(name, json(input));
    }
    await order.signal('changeStatus', json({ status: 'DELIVERED', reason: 'too soon', actor: 'sam' }));

    await eventually(async () => {
      const entries = await auditOf(order.id);
      expect(entries.map(({ status }) => status).toSorted((a, b) => a! - b!)).toEqual([...refused.map(() => 400), 409]);
      expect(JSON.stringify(entries)).not.toMatch(/4242 ?4242/);
      // Ids and times may hold these digits by chance.
      expect(entries.map(({ subject, reason }) => `${subject} ${reason}`).join()).not.toMatch(/4242/);
      const notAllowed = entries.find(({ status }) => status === 409);
      expect(notAllowed).toMatchObject({ subject: 'temporal:sam', operation: 'changeStatus' });
    });
    expect(await rig.order(order.id)).toMatchObject({ status: 'CONFIRMED', totalMinor: 2_500 });
    expect(await order.taskFailures()).toEqual([]);
  });

  test('with the id of another command is another command', async () => {
    const order = await confirmedOrder();
    for (const status of ['PROCESSING', 'SHIPPED'])
      expect(await order.update('changeStatus', json({ status, reason: 'x', command_id: status }))).toBeUndefined();
    expect(await order.update('cancelOrder', json({ reason: 'x', command_id: 'SHIPPED' }))).toContain('SHIPPED');
  });
});

test('a command whose record can not be written at once leaves a history that replays, whatever it cuts off', async () => {
  await rig.fault({ service: 'inventory', operation: 'commit', mode: 'down' });
  const id = await rig.place();
  await eventually(async () => {
    const { pendingActivities } = (await rig.handle(id).describe()).raw;
    expect(pendingActivities).toMatchObject([{ activityType: { name: 'confirmOrder' }, state: SCHEDULED }]);
  });
  await rig.database.pool.query(refuseRecords);

  await rig.handle(id).cancel();
  await rig.reaches(id, 'CANCELLED');
  await rig.database.pool.query('drop function refuse_records cascade');
  await rig.noFaults();

  await eventually(async () => expect(await auditOf(id)).toHaveLength(1));
  await rig.replay(id);
});

test('cancelling the workflow is on record as a command that came past the API', async () => {
  const order = await confirmedOrder();
  await rig.handle(order.id).cancel();
  await rig.reaches(order.id, 'CANCELLED');
  await eventually(async () => {
    expect(await auditOf(order.id)).toMatchObject([
      { subject: 'temporal:workflow-cancellation', operation: 'cancelOrder', status: 202 },
    ]);
  });
});

test('what the API sends is put on record by the API alone', async () => {
  const order = await confirmedOrder();
  await rig.command(order.id, 'changeStatus', { status: 'PROCESSING' });
  expect((await rig.historyRows(order.id)).at(-1)).toMatchObject({ actor: 'support:sam' });
  expect(await auditOf(order.id)).toEqual([]);
});

test.each(['CreateOrder', 'ImportOrders'])(
  '%s started with what it can not understand fails, and does nothing',
  async (type) => {
    for (const [index, payload] of [...unreadable, json({}), json({ orderId: 'undefined' })].entries()) {
      for (const workflowId of [`strange-${type}-${index}`, `order-undefined-${index}`]) {
        await rig.temporal.client.workflowService.startWorkflowExecution({
          namespace: rig.temporal.namespace,
          workflowId,
          requestId: workflowId,
          workflowType: { name: type },
          taskQueue: { name: rig.config.temporal.taskQueue },
          input: {
            payloads: [
              { metadata: { encoding: Buffer.from(payload.encoding ?? '') }, data: Buffer.from(payload.data) },
            ],
          },
        });
        const run = rig.temporal.client.workflow.getHandle(workflowId);
        await expect(run.result()).rejects.toMatchObject({ cause: { type: 'INVALID_COMMAND' } });
      }
    }
  },
);
