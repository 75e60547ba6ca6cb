import { randomBytes } from 'node:crypto';
import { sql, type Kysely } from 'kysely';

/** Views that analysts may read: every order, closed for long or not, without what tells who placed it. Values are literal, as in the first migration. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create schema analytics`.execute(db);
  await createCustomerKey(db);
  await createAmount(db);
  await createOrdersView(db);
  await createItemsView(db);
  await createPaymentsView(db);
  await createTransitionsView(db);
}

/** Drops the views. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop schema analytics cascade`.execute(db);
}

/**
 * The key of an HMAC with SHA-256, as its inner and outer pad (RFC 2104). Only the owner of the table reads it; unless `ANALYTICS_KEY` is set it is
 * a random one.
 */
async function createCustomerKey(db: Kysely<unknown>): Promise<void> {
  await sql`create table analytics.customer_key (inner_pad bytea not null, outer_pad bytea not null)`.execute(db);
  const key = Buffer.concat([randomBytes(32), Buffer.alloc(32)]);
  const pads = { inner: key.map((byte) => byte ^ 0x36), outer: key.map((byte) => byte ^ 0x5c) };
  await sql`insert into analytics.customer_key values (${Buffer.from(pads.inner)}, ${Buffer.from(pads.outer)})`.execute(
    db,
  );
}

/** An amount of minor units as a decimal number, by the decimals that ISO 4217 gives its currency. */
async function createAmount(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function analytics.amount(minor bigint, currency text) returns numeric language sql immutable parallel safe as $$
      select case
        when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF')
          then minor::numeric
        when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then (minor / 1000.0)::numeric(20, 3)
        when currency in ('CLF', 'UYW') then (minor / 10000.0)::numeric(20, 4)
        else (minor / 100.0)::numeric(20, 2)
      end $$`.execute(db);
}

/** What names somebody without telling who it is; null of null. */
function hashOf(expression: string): string {
  return `(select encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(${expression}, 'UTF8'))), 'hex') from analytics.customer_key k)`;
}

async function createOrdersView(db: Kysely<unknown>): Promise<void> {
  const columns = [
    ['id', `o.id`, `The order's id.`],
    ['order_number', `o.order_number`, `The number that people read.`],
    [
      'customer_key',
      hashOf('o.customer_id'),
      `Names the customer without telling who it is: HMAC-SHA-256 of the customer's id, in hexadecimal. The same customer has the same key in every order.`,
    ],
    [
      'email_key',
      hashOf('lower(o.customer_email)'),
      `Names the e-mail address in the same way, in lower case; null without one. It tells that guests with several ids are the same.`,
    ],
    ['source', `o.source`, `Where the order comes from, as the shop says it.`],
    ['reference', `o.reference`, `The shop's own number of the order.`],
    ['locale', `o.locale`, `The language of its messages: a language tag (BCP 47).`],
    ['status', `o.status`, `Where the order stands.`],
    ['payment_status', `o.payment_status`, `Where its money stands.`],
    ['saga_state', `o.saga_state`, `Where its latest saga stands; COMPLETED or COMPENSATED when nothing is under way.`],
    ['currency', `o.currency`, `ISO 4217 code of all amounts of the order.`],
    ['subtotal', `analytics.amount(o.subtotal_minor, o.currency)`, `The sum of its items.`],
    ['discount', `analytics.amount(o.discount_minor, o.currency)`, `What is taken off the subtotal.`],
    ['tax', `analytics.amount(o.tax_minor, o.currency)`, `Tax: on top, unless the prices hold it already.`],
    ['tax_included', `o.tax_included`, `Whether the prices hold the tax already, so that it is no part of the sum.`],
    ['shipping', `analytics.amount(o.shipping_minor, o.currency)`, `The price of shipping.`],
    ['fees', `analytics.amount(o.fees_minor, o.currency)`, `Gift wrap, handling and the like.`],
    [
      'total',
      `analytics.amount(o.total_minor, o.currency)`,
      `subtotal − discount + tax (unless included) + shipping + fees: what the customer owes.`,
    ],
    ['refunded', `analytics.amount(o.refunded_minor, o.currency)`, `What was refunded of the total so far.`],
    [
      'item_count',
      `(select count(*)::integer from {archive}order_items i where i.order_id = o.id)`,
      `How many items (lines) it has.`,
    ],
    [
      'unit_count',
      `(select coalesce(sum(i.quantity), 0)::integer from {archive}order_items i where i.order_id = o.id)`,
      `How many units its items have together.`,
    ],
    ['coupon_code', `o.coupon_code`, `The coupon that was redeemed, if any.`],
    ['shipping_method', `o.shipping_method`, `How it is shipped.`],
    ['country', `o.shipping_address->>'country'`, `Where it is shipped to: ISO 3166 code of the country.`],
    [
      'region',
      `o.shipping_address->>'region'`,
      `Where it is shipped to: the region within the country, as the customer wrote it.`,
    ],
    ['batch_id', `o.batch_id`, `The import that placed it, if one did.`],
    ['created_at', `o.created_at`, `When it was accepted.`],
    ['updated_at', `o.updated_at`, `When it last changed.`],
    ['confirmed_at', `o.confirmed_at`, `When it was confirmed.`],
    ['processing_at', `o.processing_at`, `When picking began.`],
    ['shipped_at', `o.shipped_at`, `When all of it was shipped.`],
    ['delivered_at', `o.delivered_at`, `When it was delivered.`],
    ['cancelled_at', `o.cancelled_at`, `When it was cancelled.`],
    ['returned_at', `o.returned_at`, `When all of it came back.`],
    ['refunded_at', `o.refunded_at`, `When all of it was refunded.`],
  ] as const;
  await createView(db, { name: 'orders', says: 'One row for each order.', from: '{archive}orders o', columns });
}

async function createItemsView(db: Kysely<unknown>): Promise<void> {
  const columns = [
    ['id', `i.id`, `The item's id.`],
    ['order_id', `i.order_id`, `Its order.`],
    ['position', `i.position::integer`, `Its place in the order; the first is 0.`],
    ['product_id', `i.product_id`, `The product's id in the catalogue.`],
    ['sku', `i.sku`, `The product's stock-keeping unit.`],
    ['variant_id', `i.variant_id`, `The variant of the product, as the shop names it.`],
    ['name', `i.name`, `The product's name when it was bought.`],
    ['currency', `o.currency`, `ISO 4217 code of the price.`],
    ['unit_price', `analytics.amount(i.unit_price_minor, o.currency)`, `The price of one unit.`],
    ['quantity', `i.quantity`, `Units ordered, after amendments.`],
    ['shipped_quantity', `i.shipped_quantity`, `Units of these that were shipped.`],
    ['returned_quantity', `i.returned_quantity`, `Units of these that came back.`],
    ['ordered_at', `o.created_at`, `When the order was accepted.`],
  ] as const;
  const from = '{archive}order_items i join {archive}orders o on o.id = i.order_id';
  await createView(db, { name: 'order_items', says: 'One row for each item (line) of each order.', from, columns });
}

async function createPaymentsView(db: Kysely<unknown>): Promise<void> {
  const columns = [
    ['id', `t.idempotency_key`, `Names the transaction: the idempotency key with which the payment service was asked.`],
    ['order_id', `t.order_id`, `Its order.`],
    [
      'kind',
      `t.kind`,
      `CHARGE, REFUND, AUTHORIZATION: money that is held, of which what was taken are charges with the same payment_id, or REFUND_FAILURE: a refund that has not reached the customer, which takes it back.`,
    ],
    [
      'status',
      `t.status`,
      `CAPTURED, DECLINED or REFUNDED; of an authorization AUTHORIZED, VOIDED or EXPIRED; of a refund failure FAILED.`,
    ],
    ['payment_id', `t.payment_id`, `The payment service's id.`],
    ['provider', `t.provider`, `EXTERNAL when the money moved outside the payment service.`],
    ['decline_code', `t.decline_code`, `Why a charge was declined.`],
    ['currency', `t.currency`, `ISO 4217 code of the amount.`],
    ['amount', `analytics.amount(t.amount_minor, t.currency)`, `The amount, positive for charges and refunds alike.`],
    ['at', `t.at`, `When it was recorded.`],
  ] as const;
  const from = '{archive}order_payment_transactions t';
  await createView(db, {
    name: 'payments',
    says: 'One row for each charge, each refund and each authorization.',
    from,
    columns,
  });
}

async function createTransitionsView(db: Kysely<unknown>): Promise<void> {
  const columns = [
    ['order_id', `h.order_id`, `The order.`],
    ['version', `h.version`, `The order's version after the transition; it grows within the order.`],
    ['from_status', `h.from_status`, `The status before; null for a new order.`],
    ['to_status', `h.to_status`, `The status after.`],
    ['at', `h.at`, `When it happened.`],
  ] as const;
  const from = `{archive}order_status_history h where h.change = 'STATUS'`;
  await createView(db, {
    name: 'status_transitions',
    says: 'One row for each change of status of each order.',
    from,
    columns,
  });
}

interface View {
  readonly name: string;
  readonly says: string;
  /** `{archive}` stands for the schema: each view reads current orders and archived ones. */
  readonly from: string;
  readonly columns: readonly (readonly [name: string, expression: string, says: string])[];
}

async function createView(db: Kysely<unknown>, { name, says, from, columns }: View): Promise<void> {
  const view = sql.table(`analytics.${name}`);
  const select = `select ${columns.map(([column, expression]) => `${expression} as ${column}`).join(', ')} from ${from}`;
  const both = ['public.', 'archive.'].map((schema) => select.replaceAll('{archive}', schema)).join(' union all ');
  // No function of a reader sees a row before the view has chosen what may be seen of it.
  await sql`create view ${view} with (security_barrier) as ${sql.raw(both)}`.execute(db);
  await sql`comment on view ${view} is ${sql.lit(says)}`.execute(db);
  for (const [column, , text] of columns) {
    await sql`comment on column ${sql.ref(`analytics.${name}.${column}`)} is ${sql.lit(text)}`.execute(db);
  }
}
