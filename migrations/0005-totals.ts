import { sql, type Kysely } from 'kysely';
import { couponKinds } from '../src/domain/coupon.ts';
import { WHOLE } from '../src/domain/rate.ts';

/** Coupons and which order has which; with each order, what its amounts were worked out by. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table orders
      -- What was agreed with the customer, whatever becomes of the coupon.
      add column coupon_terms jsonb,
      -- In thousandths of a percent.
      add column tax_rate integer not null default 0 check (tax_rate between 0 and ${sql.lit(WHOLE)})`.execute(db);

  await sql`
    create table coupons (
      code text primary key check (code = upper(code)),
      kind text not null check (kind in (${sql.join(couponKinds.map((kind) => sql.lit(kind)))})),
      value numeric not null check (value > 0),
      currency text check (length(currency) = 3),
      min_subtotal numeric check (min_subtotal >= 0),
      valid_from timestamptz,
      valid_until timestamptz,
      once_per_customer boolean not null,
      max_uses integer check (max_uses > 0),
      active boolean not null,
      -- Of orders that are not cancelled. Kept here, because two orders that take the last one must meet on one row.
      uses integer not null default 0 check (uses >= 0),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      check (case kind when 'percent' then value <= 100 else currency is not null end),
      check (valid_from < valid_until)
    )`.execute(db);

  await sql`
    create table coupon_redemptions (
      order_id uuid primary key references orders on delete cascade,
      code text not null references coupons,
      customer_id text not null,
      once_per_customer boolean not null,
      at timestamptz not null default now()
    )`.execute(db);
  await sql`create index coupon_redemptions_customer_idx on coupon_redemptions (code, customer_id)`.execute(db);
  await sql`create unique index coupon_redemptions_once_idx on coupon_redemptions (code, customer_id) where once_per_customer`.execute(
    db,
  );
}

/** Removes coupons and what orders kept of them. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table coupon_redemptions, coupons`.execute(db);
  await sql`alter table orders drop column coupon_terms, drop column tax_rate`.execute(db);
}
