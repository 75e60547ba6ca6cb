import { sql, type Kysely } from 'kysely';

/** Coupons, and who has redeemed them. */
export async function createCoupons(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table coupons (
      code text primary key check (code = upper(code)),
      kind text not null check (kind in ('percent', 'fixed')),
      value numeric not null check (value > 0),
      currency text check (length(currency) = 3),
      min_subtotal numeric check (min_subtotal >= 0),
      valid_from timestamptz,
      valid_until timestamptz,
      once_per_customer boolean not null,
      max_uses integer check (max_uses > 0),
      active boolean not null,
      -- By orders that are not cancelled. Counted in this row, which serialises two orders that want the last use.
      uses integer not null default 0 check (uses >= 0),
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      check (case kind when 'percent' then value <= 100 else currency is not null end),
      check (valid_from < valid_until)
    )`.execute(db);

  await sql`
    create table coupon_redemptions (
      -- No foreign key: that a customer has used a coupon stays when the order is archived.
      order_id uuid primary key,
      code text not null references coupons,
      customer_id text not null,
      once_per_customer boolean not null,
      at timestamptz not null default now()
    )`.execute(db);
  await sql`create index coupon_redemptions_customer_idx on coupon_redemptions (code, customer_id)`.execute(db);
  await sql`
    create unique index coupon_redemptions_once_idx on coupon_redemptions (code, customer_id)
    where once_per_customer`.execute(db);
}
