import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CREATE_ORDER } from '../../src/domain/messages.ts';
import { orderWorkflowId } from '../../src/domain/order.ts';
import { createKeyRing } from '../../src/key-ring.ts';
import type { TemporalConnection } from '../../src/temporal/connection.ts';
import { countFailedAttempts } from '../../src/temporal/failing-tasks.ts';
import { createOrderCommands } from '../../src/temporal/order-client.ts';
import { TemporalUnavailableError } from '../../src/temporal/order-commands.ts';
import { listOrderIds } from '../../src/temporal/reconciler/list-order-ids.ts';
import { relayBatch } from '../../src/temporal/relay.ts';
import { requestMemo } from '../../src/temporal/request-id.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { measureOrders } from '../../src/repositories/order-figures.ts';
import { findOrderWithItems } from '../../src/repositories/order-repository.ts';
import { findOrderParts } from '../../src/repositories/order-parts.ts';
import { findStall } from '../../src/repositories/order-stalls.ts';
import { listWaitingOrders } from '../../src/repositories/waiting-orders.ts';
import { encryptColumns } from '../../src/repositories/sealed-column.ts';
import { readStall } from '../../src/temporal/stalls/read-stall.ts';
import { findStalls } from '../../src/temporal/stalls/watch-stalls.ts';
import type { StartLimiter } from '../../src/temporal/starting/start-limiter.ts';
import { orderStartOptions } from '../../src/temporal/start-options.ts';
import { someOrder } from '../repositories/orders.ts';
import { eventually } from '../setup/eventually.ts';
import { json, rawMessages } from '../setup/raw-messages.ts';
import { encryptedWith } from '../setup/saga-parts.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { startOwnTemporal } from '../setup/servers.ts';
import { createTestNamespace } from '../setup/temporal.ts';
import { findCanaries, leaveCanaries } from './canaries.ts';

const oldKey = ['2026a', randomBytes(32)] as const;
const newKey = ['2026b', randomBytes(32)] as const;
const setting = [newKey, oldKey].map(([id, key]) => `${id}=${key.toString('base64')}`).join(',');

let server: Awaited<ReturnType<typeof startOwnTemporal>>;
/** Its processes have both keys. */
let rig: SagaRig;
let plain: TemporalConnection;
let old: TemporalConnection;
let onlyNew: TemporalConnection;

beforeAll(async () => {
  server = await startOwnTemporal();
  rig = await startSagaRig({ PAYLOAD_KEYS: setting, STEP_PATIENCE: '10m' }, () => createTestNamespace(server.address));
  plain = encryptedWith(rig.temporal, undefined);
  old = encryptedWith(rig.temporal, createKeyRing([oldKey]));
  onlyNew = encryptedWith(rig.temporal, createKeyRing([newKey]));
  await rig.product('TEAPOT', 100);
});

afterAll(async () => {
  await rig.stop();
  await server.destroy();
});

/** Replaces the worker by one with these keys. */
async function deploy(as: TemporalConnection) {
  await rig.stopWorker();
  await rig.startWorker(as);
}

/** An order that was started for a request by a process with these keys, confirmed. */
async function confirmedBy(as: TemporalConnection): Promise<string> {
  const order = await rig.accept();
  await as.client.workflow.start(CREATE_ORDER, {
    ...orderStartOptions(order, rig.config),
    ...requestMemo('a-request'),
  });
  await rig.reaches(order.id, 'CONFIRMED');
  await rig.rests(order.id);
  return order.id;
}

/** Has columns encrypted and decrypted with these keys from then on. */
const encryptWith = (...keys: Parameters<typeof createKeyRing>[0]) => encryptColumns(createKeyRing(keys));

const typed = (id: string, status: string) =>
  rawMessages(rig.temporal, orderWorkflowId(id)).signal('changeStatus', json({ status, reason: 'by hand' }));

test('tokens, names and reasons are nowhere in the database of Temporal, whatever becomes of the order', async () => {
  const paid = await leaveCanaries(rig);
  await server.stop();
  const dump = await readDatabase();
  // What is found without keys, because it is not secret.
  expect(dump.includes('OrderStatus')).toBe(true);
  expect(dump.includes(orderWorkflowId(paid))).toBe(true);
  expect(findCanaries(dump)).toEqual([]);
  await server.start();
});

test('orders from before the keys, of the old key and of the new one go on together, and so do their histories', async () => {
  await deploy(plain);
  const first = await confirmedBy(plain);
  await deploy(old);
  const second = await confirmedBy(old);
  await typed(first, 'PROCESSING');
  await rig.reaches(first, 'PROCESSING');
  await deploy(rig.temporal);
  const third = await confirmedBy(rig.temporal);
  for (const id of [first, second, third]) {
    await rig.command(id, 'cancelOrder', {});
    expect(await rig.order(id)).toMatchObject({ status: 'CANCELLED', sagaState: 'COMPENSATED' });
    await rig.replay(id);
  }
});

test('an order whose key is missing needs attention, says so, and is itself again once the key is there', async () => {
  await deploy(old);
  const id = await confirmedBy(old);
  await deploy(onlyNew);
  await typed(id, 'PROCESSING');
  await eventually(async () => {
    const described = await rig.temporal.client.workflow.getHandle(orderWorkflowId(id)).describe();
    expect(countFailedAttempts(described)).toBeDefined();
  });
  await rig.db
    .updateTable('orders')
    .set({ created_at: new Date(0) })
    .execute();
  const why = 'PAYLOAD_KEYS has no key "2026a"';
  expect(await readStall(onlyNew.client, id)).toMatchObject({
    cause: 'KEY_MISSING',
    lastError: expect.stringContaining(why),
  });
  expect(await listOrderIds(onlyNew, `OrderStatus = 'CONFIRMED'`, 100)).toContain(id);
  expect(await readStall(plain.client, id)).toMatchObject({
    cause: 'KEY_MISSING',
    lastError: expect.stringContaining('PAYLOAD_KEYS is not set'),
  });
  const report = await rig.reconcile({ everything: true }, onlyNew);
  expect(report.orders).toMatchObject([
    { order_id: id, outcome: 'needs attention', what: expect.stringContaining(why) },
  ]);
  expect(await rig.order(id)).toMatchObject({ status: 'CONFIRMED', sagaState: 'NEEDS_ATTENTION' });
  // From then on it is listed with what is wrong.
  await findStalls({ db: rig.db, temporal: onlyNew, logger: rig.dependencies.logger });
  expect(await findStall(rig.db, id)).toMatchObject({ cause: 'KEY_MISSING', lastError: expect.stringContaining(why) });

  await deploy(rig.temporal);
  await rig.reaches(id, 'PROCESSING');
  await eventually(async () => {
    await rig.reconcile({ everything: true });
    expect(await rig.order(id)).toMatchObject({ status: 'PROCESSING', sagaState: 'COMPLETED' });
  });
});

test('why a step of a paused order failed is told in plain text, and where its key is missing that it is', async () => {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const id = await rig.place();
  const { client } = rig.temporal;
  await eventually(async () => {
    const { raw } = await rig.handle(id).describe();
    expect(raw.pendingActivities?.[0]?.lastFailure?.message).toBe('Encoded failure');
  });
  const execution = { workflowId: orderWorkflowId(id) };
  const of = { namespace: client.options.namespace, execution, type: 'chargePayment', identity: 'ann' };
  await client.workflowService.pauseActivity(of);
  const stall = { cause: 'PAUSED', lastError: expect.stringMatching(/^paused by ann; .*payment answered 503/) };
  expect(await readStall(client, id)).toMatchObject(stall);
  const unread = { cause: 'PAUSED', lastError: expect.stringContaining('PAYLOAD_KEYS has no key') };
  expect(await readStall(encryptedWith(rig.temporal, createKeyRing([oldKey])).client, id)).toMatchObject(unread);

  await rig.noFaults();
  await client.workflowService.unpauseActivity({ ...of, resetAttempts: true });
  await rig.reaches(id, 'CONFIRMED');
});

test('a step that is retried and whose key is missing is found with the key, on the order as well, until the key is there', async () => {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  await deploy(old);
  const order = await rig.accept();
  await old.client.workflow.start(CREATE_ORDER, {
    ...orderStartOptions(order, rig.config),
    ...requestMemo('a-request'),
  });
  await eventually(async () => {
    const { raw } = await rig.handle(order.id).describe();
    expect(raw.pendingActivities?.[0]?.lastFailure).toBeTruthy();
    expect(raw.pendingWorkflowTask).toBeFalsy();
  });
  await deploy(onlyNew);
  const wanted = { orderId: order.id, cause: 'KEY_MISSING', step: 'chargePayment', isStuck: true };
  const lastError = expect.stringContaining('PAYLOAD_KEYS has no key "2026a"');
  const watch = () => findStalls({ db: rig.db, temporal: onlyNew, logger: rig.dependencies.logger });
  const listed = async () =>
    (await listWaitingOrders(rig.db, { stuckOnly: true, stuckAfterMs: 60_000, limit: 50 })).orders;
  await eventually(
    async () => {
      await watch();
      expect(await listed()).toEqual([expect.objectContaining({ ...wanted, lastError })]);
    },
    { timeoutMs: 60_000 },
  );
  expect(await findStall(rig.db, order.id)).toMatchObject({ cause: 'KEY_MISSING', lastError });
  expect((await findOrderParts(rig.db, order.id)).stall).toMatchObject({ cause: 'KEY_MISSING', lastError });
  expect((await measureOrders(rig.db, 60_000)).stalled).toEqual({ KEY_MISSING: 1 });

  await rig.noFaults();
  await deploy(rig.temporal);
  await rig.reaches(order.id, 'CONFIRMED');
  await eventually(async () => {
    await watch();
    expect(await listed()).toEqual([]);
  });
});

test('an accepted order whose payment method can not be decrypted is found with the key, and starts once the key is there', async () => {
  await rig.noFaults();
  encryptWith(oldKey);
  const { id } = await rig.accept();
  encryptWith(newKey);
  const listed = async () => {
    await findStalls({ db: rig.db, temporal: onlyNew, logger: rig.dependencies.logger });
    return (await listWaitingOrders(rig.db, { stuckOnly: true, stuckAfterMs: 60_000, limit: 50 })).orders;
  };
  const stopRelay = rig.startRelay();
  try {
    const lastError = expect.stringContaining('PAYLOAD_KEYS has no key "2026a"');
    const wanted = { orderId: id, cause: 'KEY_MISSING', step: null, isStuck: true, lastError };
    await eventually(async () => expect(await listed()).toEqual([expect.objectContaining(wanted)]));

    encryptWith(newKey, oldKey);
    await rig.reaches(id, 'CONFIRMED');
    await eventually(async () => expect(await listed()).toEqual([]));
  } finally {
    encryptWith(newKey, oldKey);
    await stopRelay();
  }
});

test('orders whose key is another one than they were encrypted with take no slots, and keep none waiting', async () => {
  const acquired: string[] = [];
  const failed: string[] = [];
  const startLimiter: StartLimiter = {
    count: () => ({ inFlight: 0, limit: 2, waiting: 0 }),
    countOrder: () => {},
    acquire: (id) => Promise.resolve(acquired.push(id) > 0),
    startsWithin: () => 2,
    taskTimeoutMs: () => 2_000,
    release: () => {},
    fail: (id) => {
      failed.push(id);
    },
  };
  const { db, temporal, config, connector } = rig;
  const relay = { db, temporal, config, logger: rig.dependencies.logger, startLimiter };
  encryptWith([newKey[0], randomBytes(32)]);
  const unreadable = [someOrder(), someOrder()];
  for (const order of unreadable) await acceptOrder(db, order, null);
  encryptWith(newKey, oldKey);
  const readable = await rig.accept();
  await rig.db
    .updateTable('orders')
    .set({ created_at: sql`created_at - interval '10 seconds'` })
    .execute();
  expect(await relayBatch(relay)).toEqual({ started: 0, hasMore: true });
  expect(await relayBatch(relay)).toEqual({ started: 1, hasMore: false });
  expect(acquired).toEqual([readable.id]);

  const commands = createOrderCommands(connector, db, config, startLimiter);
  const sealed = await findOrderWithItems(db, unreadable[0]!.id);
  await expect(commands.start(sealed!)).rejects.toThrow(TemporalUnavailableError);
  expect(failed).toEqual([]);
  await rig.reaches(readable.id, 'CONFIRMED');
});

/** The files of the database, its write-ahead log included. */
async function readDatabase(): Promise<Buffer> {
  const folder = dirname(server.dbFile);
  const names = (await readdir(folder)).filter((name) => name.startsWith(basename(server.dbFile)));
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))));
}
