import { sql } from 'kysely';
import type { Order, OrderItem } from '../domain/order.ts';
import type { OrderScope } from '../domain/caller.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { PaymentStatus } from '../domain/payment-status.ts';
import type { SagaState } from '../domain/saga.ts';
import { itemsAsJson, toOrder } from './order-repository.ts';
import type { Db } from './schema.ts';
import { isWaiting, type WaitFilter } from './waiting-orders.ts';

/** Which orders, sorted by creation, and the order after which the page starts. */
export interface OrderListQuery extends WaitFilter {
  /** Only these; all orders unless given. */
  readonly scope?: OrderScope | undefined;
  readonly customerId?: string | undefined;
  readonly status?: OrderStatus | undefined;
  readonly paymentStatus?: PaymentStatus | undefined;
  readonly sagaState?: SagaState | undefined;
  /** Created at or after. */
  readonly from?: Date | undefined;
  /** Created before. */
  readonly to?: Date | undefined;
  /** An order number, or the beginning of one. */
  readonly q?: string | undefined;
  readonly batchId?: string | undefined;
  readonly needsAttention?: boolean | undefined;
  readonly oldestFirst: boolean;
  readonly limit: number;
  readonly after?: OrderCursor | undefined;
}

/** The last order of the previous page: `createdAt` in microseconds, as PostgreSQL keeps it. */
export interface OrderCursor {
  readonly createdAt: string;
  readonly id: string;
}

/** A page of orders with their lines, and the cursor of the next page. */
export interface OrderPage {
  readonly orders: (Order & { items: OrderItem[] })[];
  readonly next: OrderCursor | undefined;
}

/** One page of orders, sorted by creation; every filter is read from an index, and new orders don't shift the next page. */
export async function listOrders(db: Db, query: OrderListQuery): Promise<OrderPage> {
  const rows = await selectOrders(db, query).execute();
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return {
    orders: page.map((row) => ({ ...toOrder(row), items: row.items })),
    next: last && { createdAt: last.cursor_created_at, id: last.id },
  };
}

/** The page's query, exported so that a test can read its plan; it asks for one row more, to learn whether there is a next page. */
export function selectOrders(db: Db, query: OrderListQuery) {
  const direction = query.oldestFirst ? 'asc' : 'desc';
  let select = db
    .selectFrom('orders')
    .selectAll()
    .select([
      itemsAsJson,
      sql<string>`to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('cursor_created_at'),
    ])
    .orderBy('created_at', direction)
    .orderBy('id', direction)
    .limit(query.limit + 1);
  if (query.scope) select = select.where(isIn(query.scope));
  if (query.customerId !== undefined) select = select.where('customer_id', '=', query.customerId);
  if (query.status !== undefined) select = select.where('status', '=', query.status);
  if (query.paymentStatus !== undefined) select = select.where('payment_status', '=', query.paymentStatus);
  if (query.sagaState !== undefined) select = select.where(isInState(query.sagaState));
  if (query.step !== undefined || query.waitingSince !== undefined) select = select.where(isWaiting(query));
  if (query.from !== undefined) select = select.where('created_at', '>=', query.from);
  if (query.to !== undefined) select = select.where('created_at', '<', query.to);
  if (query.q !== undefined) select = select.where('order_number', 'like', `${escapeLike(query.q.toUpperCase())}%`);
  if (query.batchId !== undefined) select = select.where('batch_id', '=', query.batchId);
  if (query.needsAttention === true) select = select.where(NEEDS_ATTENTION);
  if (query.needsAttention === false) select = select.where(sql<boolean>`not ${NEEDS_ATTENTION}`);
  if (query.after !== undefined) {
    const { createdAt, id } = query.after;
    const comparison = query.oldestFirst ? sql.raw('>') : sql.raw('<');
    select = select.where(sql<boolean>`(created_at, id) ${comparison} (${createdAt}::timestamptz, ${id}::uuid)`);
  }
  return select;
}

/** Literal, so that the planner recognises the condition of the partial index. */
function isInState(state: SagaState) {
  return sql<boolean>`saga_state = ${sql.lit(state)}`;
}

/** A scope without either holds no order. */
function isIn({ customerId, service }: OrderScope) {
  const ofCustomer = customerId !== undefined && sql<boolean>`customer_id = ${customerId}`;
  const ofService = service !== undefined && sql<boolean>`placed_by_service = ${service}`;
  if (ofCustomer && ofService) return sql<boolean>`(${ofCustomer} or ${ofService})`;
  return ofCustomer || ofService || sql<boolean>`false`;
}

/** Literal, so that the planner recognises the condition of the partial index. A customer who could not be notified is a trouble, too. */
const NEEDS_ATTENTION = sql<boolean>`(saga_state = 'NEEDS_ATTENTION' or notification_failed)`;

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
