import { Client } from 'pg';

/** Orders of one statement: enough to be fast, few enough to show progress. */
const CHUNK = 50_000;
/** Few enough that a page of a customer's orders is full. */
const ORDERS_PER_CUSTOMER = 100;

/**
 * Fills the projection up to `count` past orders of two years, with lines and history, as a shop has: most are delivered, a few
 * need attention with a step that is parked, one in ten is of a batch. They have no workflows, and neither relay nor reconciler looks at them.
 */
export async function seedOrders(databaseUrl: string, count: number, progress: (text: string) => void): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'bench-seed' });
  await client.connect();
  try {
    // Lost rows can be seeded again.
    await client.query('set synchronous_commit = off');
    const { rows } = await client.query<{ count: string }>('select count(*) from orders');
    for (let from = Number(rows[0]?.count ?? 0); from < count; from += CHUNK) {
      progress(`seeding orders: ${from} of ${count}`);
      await client.query(ORDERS, [from, Math.min(from + CHUNK, count), Math.ceil(count / ORDERS_PER_CUSTOMER)]);
    }
    // On a shop's table, which grows slowly, autovacuum does this in time.
    for (const table of ['orders', 'order_items', 'order_status_history', 'order_search', 'order_saga_steps'])
      await client.query(`vacuum (analyze) ${table}`);
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}

/** Inserts orders `$1` to `$2` of `$3` customers; all values come from `n`, and `hash` spreads those that should not be in sequence. */
const ORDERS = `
  with source as materialized (
    select n, uuidv7(at - now()) as id, at, mod(abs(hashint8(n)::bigint), 1000) as hash, mod(abs(hashint8(n + 1)::bigint), $3) as customer
    from generate_series($1::bigint, $2::bigint - 1) as n, lateral (select now() - interval '2 years' + n * interval '60 seconds' as at) as t
  ),
  o as (
    insert into orders (
      id, customer_id, status, payment_status, saga_state, version, currency, subtotal_minor, discount_minor, tax_minor,
      shipping_minor, total_minor, payment_method, payment_id, reservation_id, shipping_address, metadata, batch_id, placed_by,
      placed_by_service, workflow_started, created_at, updated_at, confirmed_at, reconciled_at,
      attention_since)
    select id, 'seeded-' || customer,
      case when hash < 700 then 'DELIVERED' when hash < 800 then 'SHIPPED' when hash < 900 then 'CONFIRMED' when hash < 980 then 'CANCELLED' else 'REFUNDED' end,
      case when hash < 900 then 'CAPTURED' when hash < 980 then 'FAILED' else 'REFUNDED' end,
      case when hash < 10 then 'NEEDS_ATTENTION' when hash between 900 and 979 then 'COMPENSATED' else 'COMPLETED' end,
      4, 'EUR', 2500, 0, 0, 0, 2500, 'tok_ok', uuidv7()::text, uuidv7()::text,
      '{"name": "Ada Lovelace", "line1": "12 St James Square", "city": "London", "postal_code": "SW1Y 4JH", "country": "GB"}',
      '{"source": "seeded"}', case when hash % 10 = 0 then 'batch-' || n / 1000 end, 'service:seed', 'bench', true, at, at, at, now() + interval '1 year',
      case when hash < 10 then at end
    from source
    returning id, created_at, attention_since
  ),
  lines as (
    insert into order_items (id, order_id, position, product_id, sku, name, unit_price_minor, quantity)
    select uuidv7(created_at - now()), id, position, 'product-' || position, 'SEEDED-' || position, 'A thing of the past', 1250, 1
    from o, generate_series(0, 1) as position
  ),
  steps as (
    insert into order_saga_steps (order_id, step, state, attempts, last_error, actor, started_at, updated_at)
    select id, 'refundPaymentIfCharged', 'FAILED', 12, 'UNREACHABLE: POST /payments/refund answered 503', 'system:saga', created_at, attention_since
    from o where attention_since is not null
  )
  insert into order_status_history (order_id, version, from_status, to_status, actor, transition_key, at)
  select id, step.version, step.from_status, step.to_status, 'system:saga', step.transition_key, created_at
  from o, (values (1, null, 'PENDING', 'accepted'), (2, 'PENDING', 'CONFIRMED', 'confirmed')) as step(version, from_status, to_status, transition_key)`;
