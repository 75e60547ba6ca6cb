import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSagaConfig } from '../../src/config.ts';
import { createKeyRing } from '../../src/key-ring.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { writeLedger } from '../../src/repositories/ledger.ts';
import { findPaymentTransactions } from '../../src/repositories/order-details.ts';
import { findOrderWithItems } from '../../src/repositories/order-repository.ts';
import { openPaymentMethod, sealPaymentMethod } from '../../src/repositories/payment-method-column.ts';
import { encryptColumns } from '../../src/repositories/sealed-column.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { orderStartOptions } from '../../src/temporal/start-options.ts';
import { requiredSettings } from '../setup/settings.ts';
import { openOrders, someOrder } from './orders.ts';

const a = ['a', randomBytes(32)] as const;
const b = ['b', randomBytes(32)] as const;

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

/** Accepts an order that is paid with `token`, whose charge is declined, and which is then offered `next`. */
async function payWith(token: string, next: string): Promise<string> {
  const order = someOrder({ paymentMethod: token });
  await acceptOrder(orders.db, order, null);
  const base = { orderId: order.id, sagaState: 'RUNNING', actor: 'system:saga' } as const;
  await transitionOrder(orders.db, { ...base, to: 'PAYMENT_FAILED', key: 'declined' });
  await transitionOrder(orders.db, { ...base, to: 'PENDING', key: 'retried', paymentMethod: next });
  const charge = { kind: 'CHARGE', amountMinor: 2_500, currency: 'EUR' } as const;
  await writeLedger(
    orders.db,
    order.id,
    [],
    [
      { ...charge, status: 'DECLINED', idempotencyKey: `${order.id}:charge`, paymentMethod: token },
      {
        ...charge,
        status: 'CAPTURED',
        idempotencyKey: `${order.id}:hand`,
        paymentMethod: 'EXTERNAL',
        provider: 'EXTERNAL',
      },
    ],
  );
  return order.id;
}

async function stored(id: string): Promise<string[]> {
  const { rows } = await sql<{ payment_method: string }>`
    select payment_method from orders where id = ${id}::uuid
    union all select payment_method from order_payment_transactions where order_id = ${id}::uuid order by 1`.execute(
    orders.db,
  );
  return rows.map(({ payment_method: method }) => method);
}

async function read(id: string) {
  const order = await findOrderWithItems(orders.db, id);
  const transactions = await findPaymentTransactions(orders.db, id);
  return [order!.paymentMethod, ...transactions.map(({ payment_method: method }) => method)].toSorted();
}

test('tokens are stored encrypted from when there are keys, and read from before, of an old key and of the new one', async () => {
  const tokens = ['EXTERNAL', 'tok_first', 'tok_second'];
  const plain = await payWith('tok_first', 'tok_second');
  expect(await stored(plain)).toEqual(tokens);
  encryptColumns(createKeyRing([a]));
  const old = await payWith('tok_first', 'tok_second');
  encryptColumns(createKeyRing([b, a]));
  const current = await payWith('tok_first', 'tok_second');

  for (const [id, key] of [
    [old, 'a'],
    [current, 'b'],
  ] as const) {
    const kept = await stored(id);
    expect(kept).toEqual(['EXTERNAL', expect.stringMatching(`^enc:${key}:`), expect.stringMatching(`^enc:${key}:`)]);
    expect(kept.join()).not.toMatch(/tok_|first|second/);
  }
  for (const id of [plain, old, current]) expect(await read(id)).toEqual(tokens);
});

test('the tokens of several payment methods are stored encrypted, replaced by those of another payment, and read as they were', async () => {
  encryptColumns(createKeyRing([a]));
  const parts = ['tok_first', 'tok_second'].map((paymentMethod) => ({ paymentMethod, amountMinor: 1_250 }));
  const order = someOrder({ paymentMethod: 'tok_second', paymentParts: parts });
  await acceptOrder(orders.db, order, null);
  const { rows } = await sql<{ parts: string }>`
    select payment_parts::text as parts from orders where id = ${order.id}::uuid`.execute(orders.db);
  expect(rows[0]!.parts).not.toMatch(/tok_|first|second/);
  expect((await findOrderWithItems(orders.db, order.id))!.paymentParts).toEqual(parts);

  const base = { orderId: order.id, sagaState: 'RUNNING', actor: 'system:saga' } as const;
  await transitionOrder(orders.db, { ...base, to: 'PAYMENT_FAILED', key: 'declined' });
  const single = { paymentMethod: 'tok_third', paymentParts: null };
  await transitionOrder(orders.db, { ...base, ...single, to: 'PENDING', key: 'retried' });
  expect(await findOrderWithItems(orders.db, order.id)).toMatchObject(single);
});

test('an order whose token can not be decrypted is read, and is not started', async () => {
  encryptColumns(createKeyRing([a]));
  const id = await payWith('tok_first', 'tok_second');
  encryptColumns(createKeyRing([['a', randomBytes(32)]]));
  const order = (await findOrderWithItems(orders.db, id))!;
  expect(order.paymentMethod).toMatch(/^enc:a:/);
  expect(() => orderStartOptions(order, readSagaConfig(requiredSettings))).toThrow(
    'PAYLOAD_KEYS has another key under the id "a"',
  );
});

test.each(['tok_ok', 'x', 'a'.repeat(255), 'pm_1.2-3_4'])('the token %s comes back as it was', (token) => {
  encryptColumns(createKeyRing([b, a]));
  const sealed = sealPaymentMethod(token);
  expect(sealed).not.toBe(sealPaymentMethod(token));
  expect(openPaymentMethod(sealed)).toBe(token);
  expect(openPaymentMethod(sealPaymentMethod(sealed))).toBe(token);
});

test('what was opened with a key is not known any more once the key is gone', () => {
  encryptColumns(createKeyRing([a]));
  const sealed = sealPaymentMethod('tok_known');
  expect([openPaymentMethod(sealed), openPaymentMethod(sealed)]).toEqual(['tok_known', 'tok_known']);
  encryptColumns(createKeyRing([b]));
  expect(openPaymentMethod(sealed)).toBe(sealed);
  encryptColumns(createKeyRing([b, a]));
  expect(openPaymentMethod(sealed)).toBe('tok_known');
});
