import { sql, type RawBuilder } from 'kysely';
import { foldText } from '../domain/fold-text.ts';
import type { Order, OrderItem } from '../domain/order.ts';
import type { OrderScope } from '../domain/caller.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { PaymentStatus } from '../domain/payment-status.ts';
import type { SagaState } from '../domain/saga.ts';
import { itemsAsJson, toOrder } from './order-repository.ts';
import type { Db } from './schema.ts';
import { isWaiting, type WaitFilter } from './order-waits.ts';
import { cutPage } from './cut-page.ts';

/** Which orders, sorted by creation, and the order after which the page starts. */
export interface OrderListQuery extends Pick<WaitFilter, 'step' | 'waitingSince'> {
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
  /** The beginning of the order's number or reference, of the customer's or recipient's name or e-mail address, of a tracking number or of its payment id, in any case. */
  readonly q?: string | undefined;
  /** The shop's own number, in any case. */
  readonly reference?: string | undefined;
  /** The customer's or the recipient's, in any case. */
  readonly email?: string | undefined;
  /** The tracking number of one of its shipments, in any case. */
  readonly tracking?: string | undefined;
  /** The system or shop that it came from. */
  readonly source?: string | undefined;
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
  const { page, last } = cutPage(rows, query.limit);
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
  const page = isSearch(query)
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
  const [at, id] = isSearch(query)
    ? [sql.ref<Date>('s.created_at'), sql.ref<string>('s.order_id')]
    : [sql.ref<Date>('orders.created_at'), sql.ref<string>('orders.id')];
  const direction = query.oldestFirst ? 'asc' : 'desc';
  let select = db
    .selectFrom('orders')
    .$if(isSearch(query), (orders) => orders.innerJoin('order_search as s', 's.order_id', 'orders.id'))
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
  const term = findTerm(query);
  if (term) select = select.where(term);
  if (query.reference !== undefined) select = select.where(isSame(sql.ref('orders.reference'), query.reference));
  if (query.email !== undefined) select = select.where(hasEmail(query.email));
  if (query.tracking !== undefined) select = select.where(hasTracking(query.tracking));
  if (query.source !== undefined) select = select.where('source', '=', query.source);
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

/** Whether the orders are read from the index of what they are searched by. */
function isSearch(query: OrderListQuery): boolean {
  return findTerm(query) !== undefined;
}

/** The condition on a text of the order, if it is searched by one: the whole text tells more than a beginning. */
function findTerm({ q, reference, email, tracking }: OrderListQuery) {
  const whole = reference ?? tracking ?? email;
  if (whole !== undefined && q === undefined) return isSame(sql.ref('s.term'), whole, { isFolded: true });
  return q === undefined || NUMBERS_BEGIN.startsWith(foldText(q)) ? undefined : begins(q);
}

function isSame(text: RawBuilder<unknown>, wanted: string, { isFolded = false } = {}) {
  const folded = isFolded ? text : sql`search_fold(${text})`;
  return sql<boolean>`${folded} = search_fold(${wanted}::text)`;
}

function hasEmail(email: string) {
  const [customer, recipient] = [sql.ref('orders.customer_email'), sql`orders.shipping_address->>'email'`];
  return sql<boolean>`(${isSame(customer, email)} or ${isSame(recipient, email)})`;
}

function hasTracking(number: string) {
  const ofShipment = isSame(sql.ref('p.tracking_number'), number);
  return sql<boolean>`(${isSame(sql`orders.tracking->>'number'`, number)}
    or exists (select from order_shipments p where p.order_id = orders.id and ${ofShipment}))`;
}

/** The lengths of the beginnings that are indexed in the sequence of the lists: of what begins as an order number, and of other texts. */
const NUMBER_LENGTHS = [5, 6, 7, 8];
const TEXT_LENGTHS = [1, 2, 4];

/** Whether a text of an order begins with `q`. What is literal here tells the planner which index it is. */
function begins(q: string) {
  const folded = foldText(q);
  const isNumber = folded.startsWith(NUMBERS_BEGIN);
  const length = Array.from(folded).length;
  const indexed = Math.max(...(isNumber ? NUMBER_LENGTHS : TEXT_LENGTHS).filter((one) => one <= length));
  const text = sql`search_fold(${q}::text)`;
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
