import { sql } from 'kysely';
import type { OrderStatus } from '../domain/order-status.ts';

/** Orders created at or after `from` and before `to`. */
export interface ReportRange {
  readonly from: Date;
  readonly to: Date;
}

/** The periods that a report groups orders by, in the shop's time zone. */
export const reportGroups = ['day', 'week', 'month'] as const;

export type ReportGroup = (typeof reportGroups)[number];

/** Sums are strings of minor units: a year's sum may be more than a number holds exactly. */
interface SalesRow {
  readonly period: string;
  readonly currency: string;
  readonly status: OrderStatus;
  readonly orders: number;
  readonly totalMinor: string;
  readonly refundedMinor: string;
}

/** The number and total of orders, by period, currency and status. */
export function selectSales(range: ReportRange, group: ReportGroup, timeZone: string) {
  return sql<SalesRow>`
    select to_char(date_trunc(${group}, created_at at time zone ${timeZone}), 'YYYY-MM-DD') as period, currency, status,
      count(*)::int as orders, sum(total_minor)::text as "totalMinor", sum(refunded_minor)::text as "refundedMinor"
    from orders where ${within(range)}
    group by 1, 2, 3 order by 1, 2, 3`;
}

/** How many orders have each status now; a status that no order has is left out. */
export function selectStatuses(range: ReportRange) {
  return sql<{ readonly status: OrderStatus; readonly orders: number }>`
    select status, count(*)::int as orders from orders where ${within(range)} group by status`;
}

interface ProductRow {
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  readonly orders: number;
  readonly quantity: number;
  /** `minor` at the prices of the lines, `netMinor` less their share of their orders' discounts. */
  readonly revenue: readonly { readonly currency: string; readonly minor: string; readonly netMinor: string }[];
}

/** Statuses in which the customer has the goods, or is about to. */
const sold = ['CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED'] as const satisfies readonly OrderStatus[];

/** The products with the most units sold and not returned, and their revenue by currency. */
export function selectProducts(range: ReportRange, limit: number) {
  return sql<ProductRow>`
    with sold as (
      select i.*, o.currency, i.quantity * i.unit_price_minor - i.discount_minor as worth,
        o.discount_minor - sum(i.discount_minor) over (partition by i.order_id) as rest,
        sum(i.quantity * i.unit_price_minor - i.discount_minor) over (partition by i.order_id) as total_worth,
        sum(i.quantity * i.unit_price_minor - i.discount_minor) over (partition by i.order_id order by i.position) as running
      from orders o join order_items i on i.order_id = o.id
      where ${within(range)} and o.status in (${sql.join(sold.map((status) => sql.lit(status)))})
    ),
    -- A line's own discount, and its share of the rest. The difference of two rounded running sums: the shares add up to it exactly.
    shared as (
      select *, quantity - returned_quantity as kept,
        discount_minor + round(rest * running / greatest(total_worth, 1))
          - round(rest * (running - worth) / greatest(total_worth, 1)) as discount
      from sold where quantity > returned_quantity
    ),
    lines as (
      select product_id, sku, max(name) as name, currency, count(distinct order_id) as orders, sum(kept) as quantity,
        sum(kept * unit_price_minor) as minor, sum(kept * unit_price_minor - round(discount * kept / quantity)) as net
      from shared group by product_id, sku, currency
    )
    select product_id as "productId", sku, max(name) as name, sum(orders)::int as orders, sum(quantity)::bigint as quantity,
      jsonb_agg(jsonb_build_object('currency', currency, 'minor', minor::text, 'netMinor', net::text) order by currency) as revenue
    from lines group by product_id, sku order by quantity desc, sku, product_id limit ${limit}`;
}

/** Percentiles are in seconds, null if no order has reached the milestone. */
interface TimesRow {
  readonly milestone: 'confirmed' | 'shipped' | 'delivered';
  readonly orders: number;
  readonly percentiles: readonly (number | null)[] | null;
}

/** The percentiles that the report gives: the share of orders that were at least as fast. */
export const reportPercentiles = [0.5, 0.9, 0.95, 0.99] as const;

/** The time from placing an order until it was confirmed, shipped and delivered. */
export function selectProcessingTimes(range: ReportRange) {
  const shares = sql`array[${sql.join(reportPercentiles.map((share) => sql.lit(share)))}]::double precision[]`;
  return sql<TimesRow>`
    select milestone, count(seconds)::int as orders, percentile_cont(${shares}) within group (order by seconds) as percentiles
    from orders, lateral (values
      (1, 'confirmed', extract(epoch from confirmed_at - created_at)::double precision),
      (2, 'shipped', extract(epoch from shipped_at - created_at)::double precision),
      (3, 'delivered', extract(epoch from delivered_at - created_at)::double precision)) as taken(position, milestone, seconds)
    where ${within(range)} group by position, milestone order by position`;
}

function within({ from, to }: ReportRange) {
  return sql<boolean>`created_at >= ${from} and created_at < ${to}`;
}
