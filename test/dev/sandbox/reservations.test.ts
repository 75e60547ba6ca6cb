import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../setup/eventually.ts';
import { inventoryCalls } from './inventory-calls.ts';
import { startTestSandbox } from './sandbox.ts';
import type { TestSandbox } from './sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

const { reserve, commit, reservation, inStore, product } = inventoryCalls(() => sandbox);

describe('reserving', () => {
  test('300 contenders for 10 units: exactly 10 get one, the others are refused, nobody gets an error', async () => {
    const sku = await product(10);
    const answers = await Promise.all(Array.from({ length: 300 }, () => reserve(randomUUID(), { [sku]: 1 })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(290);
    expect(refused[0]?.body).toMatchObject({ code: 'OUT_OF_STOCK', details: [{ sku, requested: 1, available: 0 }] });
    expect(await inStore(sku)).toEqual({ stock: 10, reserved: 10, available: 0 });
  });

  test('a reservation that was accepted and refused later is refused whenever it is asked for again, and takes nothing', async () => {
    const [sku, orderId] = [await product(10), randomUUID()];
    const fault = { service: 'inventory', operation: 'reserve', mode: 'refuse_later', times: 1, delay_ms: 0 };
    await sandbox.call('POST', '/faults', { ...fault, match: { order_id: orderId } });
    expect((await reserve(orderId, { [sku]: 2 })).status).toBe(202);
    await eventually(async () => expect((await reservation(orderId)).status).toBe('REFUSED'));
    const again = await reserve(orderId, { [sku]: 2 });
    expect([again.status, again.body.code, again.body.details]).toEqual([
      409,
      'OUT_OF_STOCK',
      [{ sku, requested: 2, available: 0 }],
    ]);
    expect(await inStore(sku)).toEqual({ stock: 10, reserved: 0, available: 10 });
  });

  test('of contenders that wait for the last unit together exactly one gets it, and nobody gets an error', async () => {
    const sku = await product(1);
    const other = new pg.Client({ connectionString: sandbox.databaseUrl });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT FROM sandbox.products WHERE sku = $1 FOR UPDATE', [sku]);
    const answers = Promise.all([1, 2, 3].map(() => reserve(randomUUID(), { [sku]: 1 })));
    // Each has seen the unit by now, and none can take it yet.
    await eventually(async () => {
      // What a transaction has read of the activity stays, unless it is cleared.
      await other.query('SELECT pg_stat_clear_snapshot()');
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return (await other.query(waiting)).rowCount === 3;
    });
    await other.query('ROLLBACK');
    await other.end();
    const statuses = (await answers).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    expect(await inStore(sku)).toEqual({ stock: 1, reserved: 1, available: 0 });
  });

  test('orders that want the same products in opposite order never block each other', async () => {
    const [a, b] = [await product(1000), await product(1000)];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        reserve(randomUUID(), index % 2 ? { [a]: 1, [b]: 2 } : { [b]: 2, [a]: 1 }),
      ),
    );
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    expect(await inStore(a)).toEqual({ stock: 1000, reserved: 200, available: 800 });
    expect(await inStore(b)).toEqual({ stock: 1000, reserved: 400, available: 600 });
  });

  test('the same order at the same moment holds once, and every caller gets the same reservation', async () => {
    const sku = await product(3);
    const order = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => reserve(order, { [sku]: 3 })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await inStore(sku)).toEqual({ stock: 3, reserved: 3, available: 0 });
  });

  test('all lines or none: what lacks is named, nothing is held', async () => {
    const [plenty, few] = [await product(100), await product(1)];
    const answer = await reserve(randomUUID(), { [plenty]: 5, [few]: 2, nonsense: 1 });
    expect(answer.status).toBe(409);
    expect(answer.body.code).toBe('OUT_OF_STOCK');
    expect(answer.body.details).toHaveLength(2);
    expect(answer.body.details).toContainEqual({ sku: few, requested: 2, available: 1 });
    expect(answer.body.details).toContainEqual({ sku: 'nonsense', requested: 1, available: 0 });
    expect(await inStore(plenty)).toMatchObject({ reserved: 0 });
  });

  test('lines of the same product count together', async () => {
    const sku = await product(3);
    const lines = (quantity: number) => ({
      order_id: randomUUID(),
      expires_in_seconds: 600,
      items: [
        { sku, quantity },
        { sku, quantity },
      ],
    });
    expect((await sandbox.call('POST', '/reservations', lines(2))).body.details).toEqual([
      { sku, requested: 4, available: 3 },
    ]);
    const held = await sandbox.call('POST', '/reservations', lines(1));
    expect(held.body.items).toEqual([{ sku, quantity: 2 }]);
  });

  test('a repeat after the commit answers with the committed reservation', async () => {
    const sku = await product(3);
    const order = randomUUID();
    await reserve(order, { [sku]: 1 });
    await commit(order);
    const again = await reserve(order, { [sku]: 1 });
    expect([again.status, again.body.status]).toEqual([200, 'COMMITTED']);
  });
});

describe('committing', () => {
  test('sells once, however often', async () => {
    const sku = await product(5);
    const order = randomUUID();
    await reserve(order, { [sku]: 2 });
    const answers = await Promise.all([commit(order), commit(order), commit(order)]);
    expect(answers.every(({ status, body }) => status === 200 && body.status === 'COMMITTED')).toBe(true);
    expect(await inStore(sku)).toEqual({ stock: 3, reserved: 0, available: 3 });
  });

  test('without a reservation is refused', async () => {
    const answer = await commit(randomUUID());
    expect([answer.status, answer.body.code]).toEqual([404, 'UNKNOWN_RESERVATION']);
  });
});

test('a reservation that is asked for again while it is being accepted for later is not made meanwhile', async () => {
  const [sku, orderId] = [await product(10), randomUUID()];
  const fault = { service: 'inventory', operation: 'reserve', mode: 'refuse_later', times: 1, delay_ms: 60_000 };
  await sandbox.call('POST', '/faults', { ...fault, match: { order_id: orderId } });
  const asked = await Promise.all(Array.from({ length: 5 }, () => reserve(orderId, { [sku]: 2 })));
  expect(asked.map(({ status }) => status)).toEqual(asked.map(() => 202));
  expect(new Set(asked.map(({ body }) => body.id)).size).toBe(1);
  expect(await inStore(sku)).toEqual({ stock: 10, reserved: 0, available: 10 });
});
