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
  /** The beginning of the order's number, of the name or reference it was placed with, or of its tracking number or payment id, in any case. */
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
  const found = filterOrders(db, query);
  // An order is found once, though several of its texts begin alike, and its lines are read once it is known to be on the page.
  const page = isSearch(query.q)
    ? db
        .selectFrom('orders')
        .where('orders.id', 'in', found.distinctOn([sql`s.created_at`, sql`s.order_id`]).select('orders.id'))
        .orderBy('orders.created_at', direction)
        .orderBy('orders.id', direction)
    : found;
  return page
    .selectAll('orders')
    .select([
      itemsAsJson,
      sql<string>`to_char(orders.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as(
        'cursor_created_at',
      ),
    ]);
}

/** The orders of the page, without any of their columns; a search reads them in the sequence of its own index. */
function filterOrders(db: Db, query: OrderListQuery) {
  const [at, id] = isSearch(query.q)
    ? [sql.ref<Date>('s.created_at'), sql.ref<string>('s.order_id')]
    : [sql.ref<Date>('orders.created_at'), sql.ref<string>('orders.id')];
  const direction = query.oldestFirst ? 'asc' : 'desc';
  let select = db
    .selectFrom('orders')
    .$if(isSearch(query.q), (orders) => orders.innerJoin('order_search as s', 's.order_id', 'orders.id'))
    .orderBy(at, direction)
    .orderBy(id, direction)
    .limit(query.limit + 1);
  if (query.scope) select = select.where(isIn(query.scope));
  if (query.customerId !== undefined) select = select.where('customer_id', '=', query.customerId);
  if (query.status !== undefined) select = select.where('status', '=', query.status);
  if (query.paymentStatus !== undefined) select = select.where('payment_status', '=', query.paymentStatus);
  if (query.sagaState !== undefined) select = select.where(isInState(query.sagaState));
  if (query.step !== undefined || query.waitingSince !== undefined) select = select.where(isWaiting(query));
  if (query.from !== undefined) select = select.where(at, '>=', query.from);
  if (query.to !== undefined) select = select.where(at, '<', query.to);
  if (isSearch(query.q)) select = select.where(begins(query.q));
  if (query.batchId !== undefined) select = select.where('batch_id', '=', query.batchId);
  if (query.needsAttention === true) select = select.where(NEEDS_ATTENTION);
  if (query.needsAttention === false) select = select.where(sql<boolean>`not ${NEEDS_ATTENTION}`);
  if (query.after !== undefined) {
    const comparison = query.oldestFirst ? sql.raw('>') : sql.raw('<');
    const { createdAt, id: last } = query.after;
    select = select.where(sql<boolean>`(${at}, ${id}) ${comparison} (${createdAt}::timestamptz, ${last}::uuid)`);
  }
  return select;
}

/** Literal, so that the planner recognises the condition of the partial index. */
function isInState(state: SagaState) {
  return sql<boolean>`saga_state = ${sql.lit(state)}`;
}

/** Every order number begins with these characters, and so with fewer of them: they leave out no order. */
const NUMBERS_BEGIN = 'ord-';

function isSearch(q: string | undefined): q is string {
  return q !== undefined && !NUMBERS_BEGIN.startsWith(q.toLowerCase());
}

/** The lengths of the beginnings that are indexed in the sequence of the lists: of what begins as an order number, and of other texts. */
const NUMBER_LENGTHS = [5, 6, 7, 8];
const TEXT_LENGTHS = [1, 2, 4];

/** Whether a text of an order begins with `q`. What is literal here tells the planner which index it is. */
function begins(q: string) {
  const isNumber = q.toLowerCase().startsWith(NUMBERS_BEGIN);
  const length = Array.from(q).length;
  const indexed = Math.max(...(isNumber ? NUMBER_LENGTHS : TEXT_LENGTHS).filter((one) => one <= length));
  const text = sql`lower(${q}::text)`;
  const kind = sql.raw(`s.term ${isNumber ? 'like' : 'not like'} 'ord-%'`);
  const beginsAlike = sql<boolean>`(${kind} and left(s.term, ${sql.lit(indexed)}) = left(${text}, ${sql.lit(indexed)}))`;
  return indexed === length ? beginsAlike : sql<boolean>`(${beginsAlike} and starts_with(s.term, ${text}))`;
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
