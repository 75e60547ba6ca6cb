import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;
beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

/** The path of each part of the details. */
const paths = {
  history: '/history',
  steps: '/saga',
  payments: '/payments',
  shipments: '/shipments',
  returns: '/returns',
  refunds: '/refunds',
  messages: '/notifications',
  notes: '/notes',
  disputes: '/disputes',
  reviews: '/review',
} as const;

const read = async (path: string) => (await rig.request('GET', `/api/v1/orders/${path}`, { as: 'support' })).body;

/** An order of which there are two of everything that can hang on one. */
async function placeRichOrder(): Promise<string> {
  const { body } = await rig.place();
  const id: string = body.id;
  const fill = (statement: ReturnType<typeof sql>) => statement.execute(rig.database.db);
  await fill(sql`
    insert into order_saga_steps (order_id, step, state, attempts, last_error, recipient, actor, started_at, updated_at) values
      (${id}, 'notifyCustomer', 'DONE', 2, 'timed out', 'a***@example.com', 'system:saga', now(), now() + interval '1 second'),
      (${id}, 'reserveInventory', 'DONE', 1, null, null, 'system:saga', now() - interval '1 second', now())`);
  await fill(sql`
    insert into order_payment_transactions
      (idempotency_key, order_id, kind, status, payment_id, amount_minor, currency, payment_method, fee_minor, at) values
      (${`${id}:a`}, ${id}, 'REFUND', 'REFUNDED', 'pay_1', 100, 'EUR', 'tok_ok', 35, now()),
      (${`${id}:b`}, ${id}, 'CHARGE', 'CAPTURED', 'pay_1', 2500, 'EUR', 'tok_ok', null, now() - interval '1 hour')`);
  await fill(sql`
    insert into order_shipments (order_id, shipment_key, items, carrier, tracking_number, actor, reason, delivered_at) values
      (${id}, 'a', '[]', 'DHL', 'T-1', 'support:ann', 'sent', now()), (${id}, 'b', '[]', null, null, 'support:ann', null, null)`);
  await fill(sql`
    insert into order_returns (id, order_id, number, state, actor, reason, items, refund_minor, is_whole, ended_at) values
      (${uuidv7()}, ${id}, 2, 'OPEN', 'support:ann', 'broken', '[]', 0, false, null),
      (${uuidv7()}, ${id}, 1, 'REFUNDED', 'support:ann', 'broken', '[]', 1250, false, now())`);
  await fill(sql`
    insert into order_refunds (id, order_id, number, state, amount_minor, refunded_minor, notifies, actor, reason, ended_at) values
      (${uuidv7()}, ${id}, 1, 'REFUNDED', 100, 100, true, 'support:ann', 'late', now()),
      (${uuidv7()}, ${id}, 2, 'OPEN', 200, 0, false, 'support:ann', 'late', null)`);
  await fill(sql`
    insert into order_messages (key, order_id, type, about, state, attempts, content, recipient, sent_at) values
      (${`${id}:m`}, ${id}, 'ORDER_SHIPPED', '{}', 'SENT', 1, '{"subject": "S", "text": "T"}', 'a***@example.com', now()),
      (${`${id}:n`}, ${id}, 'ORDER_DELIVERED', '{}', 'PENDING', 0, null, null, null)`);
  await fill(sql`
    insert into order_disputes (order_id, dispute_id, state, amount_minor, currency, reason, respond_by, closed_at) values
      (${id}, 'dp_1', 'OPEN', 2500, 'EUR', 'fraudulent', now() + interval '5 days', null),
      (${id}, 'dp_2', 'WON', 100, 'EUR', null, null, now())`);
  await fill(sql`
    insert into order_reviews (key, order_id, occasion, customer_id, payment_method_hashes, shipping_address_hash, verdict, reasons,
        decide_until, decision, decided_by, decision_reason, decided_at) values
      (${`${id}:r`}, ${id}, 'placed', 'alice', '{}', 'x', 'review', '["far away"]', now(), 'approve', 'support:ann', 'known', now()),
      (${`${id}:s`}, ${id}, 'amended', 'alice', '{}', 'x', null, '[]', null, null, null, null, null)`);
  await fill(sql`
    insert into order_stalls (order_id, cause, step, since, attempts, last_error) values
      (${id}, 'KEY_MISSING', 'chargePayment', now(), 3, 'PAYLOAD_KEYS has no key "2026a"')`);
  for (const text of ['first', 'second']) {
    await rig.request('POST', `/api/v1/orders/${id}/notes`, { as: 'support', body: { text } });
  }
  return id;
}

const readDetails = async (name: string) => await read(`${name}/details`);

test('the details of an order hold what each path of its own has', async () => {
  const id = await placeRichOrder();
  const { order } = await readDetails(id);
  const lists = ['order', ...Object.keys(paths)];
  const { stall } = await read(`${id}/saga`);
  expect(stall).toMatchObject({ cause: 'KEY_MISSING', step: 'chargePayment', attempts: 3 });
  for (const name of [id, String(order.order_number).toLowerCase()]) {
    const details = await readDetails(name);
    const parts = Object.entries(paths).map(async ([part, path]) => [part, (await read(name + path)).data] as const);
    expect(details).toEqual({ order: await read(name), ...Object.fromEntries(await Promise.all(parts)), stall });
    expect(Object.keys(details)).toEqual([...lists, 'stall']);
    expect(lists.filter((part) => details[part].length === 0)).toEqual([]);
  }
});
