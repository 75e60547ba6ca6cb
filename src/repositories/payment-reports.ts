import { sql, type Selectable } from 'kysely';
import type { BookedMovement, ProviderPayment } from '../domain/compare-payments.ts';
import type { DifferenceKind, PaymentDifference, PaymentReport } from '../domain/payment-report.ts';
import { selectOrderNumber } from './order-number.ts';
import type { Db } from './schema.ts';
import type { PaymentReportsTable } from './schema/payment-report-tables.ts';

/** A report with where it goes on. */
export interface OpenPaymentReport extends PaymentReport {
  readonly cursor: string | null;
  readonly isListed: boolean;
}

/** Registers a report, once by its id. */
export async function insertPaymentReport(
  db: Db,
  { id, from, to, actor }: Pick<PaymentReport, 'id' | 'from' | 'to' | 'actor'>,
  isStarted: boolean,
): Promise<void> {
  await db
    .insertInto('payment_reports')
    .values({ id, from_at: from, to_at: to, actor, state: 'RUNNING', workflow_started: isStarted })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** A report by its id. */
export async function findPaymentReport(db: Db, id: string): Promise<OpenPaymentReport | undefined> {
  const row = await db.selectFrom('payment_reports').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toReport(row);
}

/** The latest reports, the newest first. */
export async function findPaymentReports(db: Db, limit: number): Promise<PaymentReport[]> {
  const select = db.selectFrom('payment_reports').selectAll().orderBy('created_at', 'desc').limit(limit);
  return (await select.execute()).map(toReport);
}

/** Until when reports by this actor that are done have compared, if there is one. */
export async function findComparedUntil(db: Db, actor: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('payment_reports')
    .select('to_at')
    .where('actor', '=', actor)
    .where('state', '=', 'DONE')
    .orderBy('to_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.to_at;
}

/** Reports that nobody has started within seconds. */
export async function findPaymentReportsToStart(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('payment_reports')
    .select('id')
    .where('workflow_started', '=', false)
    .where(sql<boolean>`created_at < now() - interval '3 seconds'`)
    .limit(10)
    .execute();
  return rows.map(({ id }) => id);
}

/** Writes that a report's workflow is started. */
export async function markPaymentReportStarted(db: Db, id: string): Promise<void> {
  await db.updateTable('payment_reports').set({ workflow_started: true }).where('id', '=', id).execute();
}

/** Keeps a page of the payment service's list, with where the list goes on, and the fees of what is in our books. */
export async function writeListedPage(
  db: Db,
  id: string,
  payments: readonly ProviderPayment[],
  next: string | undefined,
): Promise<void> {
  const rows = JSON.stringify(payments.map((one) => ({ ...one, orderId: one.orderId ?? '' })));
  await sql`
    with page as (
      select value as payment, value->>'paymentId' as payment_id, value->>'orderId' as order_id, value->>'idempotencyKey' as key,
        (value->>'feeMinor')::bigint as fee
      from jsonb_array_elements(${rows}::jsonb)
    ),
    listed as (
      insert into payment_report_listed as l (report_id, payment_id, order_id, payment)
      select distinct on (payment_id) ${id}::uuid, payment_id, order_id, payment from page
      on conflict (report_id, payment_id) do update set payment = excluded.payment
    ),
    fees as (
      update order_payment_transactions t set fee_minor = p.fee from page p
      where t.idempotency_key = p.key and p.fee is not null and t.kind = 'CHARGE' and t.fee_minor is distinct from p.fee
    )
    update payment_reports set cursor = ${next ?? null}, is_listed = ${next === undefined}, payments = payments + ${payments.length}
    where id = ${id}`.execute(db);
}

/**
 * Notes every order that is to be compared: those of the list, but for what moved only after the report's time, and those with a
 * transaction within that time, archived or not.
 */
export async function collectOrdersToCompare(db: Db, { id, from, to }: PaymentReport): Promise<void> {
  const moved = (table: string) => sql`
    select order_id::text from ${sql.table(table)} where at >= ${from} and at < ${to} and provider = 'PAYMENT_SERVICE'`;
  await sql`
    insert into payment_report_orders (report_id, order_id)
    select ${id}::uuid, order_id from (
      select order_id from payment_report_listed where report_id = ${id} and (payment->>'changedAt')::timestamptz < ${to}
      union ${moved('order_payment_transactions')}
      union ${moved('archive.order_payment_transactions')}) as found
    on conflict do nothing`.execute(db);
}

/** An order that a report compares next. */
export interface OrderToCompare {
  /** Empty for payments of no order. */
  readonly orderId: string;
  /** Whether something is under way with it, so that both sides may differ for a moment. */
  readonly isInFlight: boolean;
  readonly listed: readonly ProviderPayment[];
  readonly books: readonly BookedMovement[];
}

/** The next orders to compare, with what both sides have of them. */
export async function findOrdersToCompare(db: Db, reportId: string, limit: number): Promise<OrderToCompare[]> {
  type Row = { orderId: string; isInFlight: boolean; listed: Wire<ProviderPayment>[]; books: Wire<BookedMovement>[] };
  const { rows } = await sql<Row>`
    select o.order_id as "orderId",
      exists (select from orders r where r.id = o.uuid and (r.saga_state in ('RUNNING', 'COMPENSATING')
        or r.payment_status in ('QUEUED', 'UNKNOWN', 'ACTION_REQUIRED', 'REFUNDING'))) as "isInFlight",
      coalesce((select jsonb_agg(l.payment) from payment_report_listed l
        where l.report_id = ${reportId}::uuid and l.order_id = o.order_id), '[]') as listed,
      coalesce((select jsonb_agg(jsonb_build_object('idempotencyKey', b.idempotency_key, 'kind', b.kind, 'status', b.status,
          'paymentId', b.payment_id, 'amountMinor', b.amount_minor, 'currency', b.currency, 'at', b.at) order by b.at)
        from (${booksIn('order_payment_transactions')} union all ${booksIn('archive.order_payment_transactions')}) b), '[]') as books
    from (
      select order_id, case when order_id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then order_id::uuid end as uuid
      from payment_report_orders where report_id = ${reportId}::uuid order by order_id limit ${limit}) o`.execute(db);
  return rows.map(({ listed, books, ...order }) => ({
    ...order,
    listed: listed.map((one) => ({ ...one, orderId: one.orderId || null, changedAt: new Date(one.changedAt) })),
    books: books.map((one) => ({ ...one, at: new Date(one.at) })),
  }));
}

function booksIn(table: string) {
  return sql`
    select b.idempotency_key, b.kind, b.status, b.payment_id, b.amount_minor, b.currency, b.at from ${sql.table(table)} b
    where b.order_id = o.uuid and b.provider = 'PAYMENT_SERVICE'`;
}

/** How JSON has it: a moment is a text. */
type Wire<T> = { readonly [Field in keyof T]: T[Field] extends Date ? string : T[Field] };

/** Writes what was found of orders, which are compared then. */
export async function writeCompared(
  db: Db,
  reportId: string,
  { orderIds, inFlight, differences }: ComparedPage,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const removed = await transaction
      .deleteFrom('payment_report_orders')
      .where('report_id', '=', reportId)
      .where('order_id', '=', sql<string>`any(${orderIds}::text[])`)
      .executeTakeFirst();
    // Another attempt was faster.
    if (Number(removed.numDeletedRows) !== orderIds.length) throw new Error('the page was compared by another attempt');
    await sql`
      insert into payment_differences (report_id, position, kind, order_id, payment_id, idempotency_key, ours, theirs)
      select ${reportId}::uuid, (select coalesce(max(position), 0) from payment_differences where report_id = ${reportId}::uuid) + nth,
        kind, "orderId", "paymentId", "idempotencyKey", ours, theirs
      from jsonb_to_recordset(${JSON.stringify(differences.map((one, index) => ({ ...one, nth: index + 1 })))}::jsonb)
        as d(nth integer, kind text, "orderId" text, "paymentId" text, "idempotencyKey" text, ours text, theirs text)`.execute(
      transaction,
    );
    await transaction
      .updateTable('payment_reports')
      .set({ orders: sql`orders + ${orderIds.length}`, in_flight: sql`in_flight + ${inFlight}` })
      .where('id', '=', reportId)
      .execute();
  });
}

/** What comparing some orders came to. */
export interface ComparedPage {
  readonly orderIds: readonly string[];
  readonly inFlight: number;
  readonly differences: readonly PaymentDifference[];
}

/** Ends a report, whose working rows go. Repeating it changes nothing. */
export async function endPaymentReport(db: Db, id: string, problem: string | null): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('payment_reports')
      .set({ state: problem === null ? 'DONE' : 'FAILED', problem, ended_at: sql`now()` })
      .where('id', '=', id)
      .where('state', '=', 'RUNNING')
      .execute();
    await transaction.deleteFrom('payment_report_listed').where('report_id', '=', id).execute();
    await transaction.deleteFrom('payment_report_orders').where('report_id', '=', id).execute();
  });
}

/** How many differences of each kind a report has found. */
export async function countDifferences(db: Db, reportId: string): Promise<Partial<Record<DifferenceKind, number>>> {
  const rows = await db
    .selectFrom('payment_differences')
    .select(['kind', sql<number>`count(*)::integer`.as('count')])
    .where('report_id', '=', reportId)
    .groupBy('kind')
    .execute();
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}

/** A difference by its position in its report, with the number of the order if it is one of ours. */
export type FoundDifference = PaymentDifference & { readonly position: number; readonly orderNumber: string | null };

/** The payment service may know orders that are none of ours, under whatever id. */
const orderIdOf = sql<string | null>`
  case when order_id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then payment_differences.order_id::uuid end`;

/** The differences of a report behind a position, in the order in which they were found. */
export async function findDifferences(
  db: Db,
  reportId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<FoundDifference[]> {
  const rows = await db
    .selectFrom('payment_differences')
    .selectAll()
    .select(selectOrderNumber(orderIdOf).as('order_number'))
    .where('report_id', '=', reportId)
    .where('position', '>', after)
    .orderBy('position')
    .limit(limit)
    .execute();
  return rows.map(({ order_id, order_number, payment_id, idempotency_key, kind, ours, theirs, position }) => ({
    position,
    kind,
    orderId: order_id,
    orderNumber: order_number,
    paymentId: payment_id,
    idempotencyKey: idempotency_key,
    ours,
    theirs,
  }));
}

function toReport(row: Selectable<PaymentReportsTable>): OpenPaymentReport {
  return {
    id: row.id,
    from: row.from_at,
    to: row.to_at,
    state: row.state,
    actor: row.actor,
    cursor: row.cursor,
    isListed: row.is_listed,
    payments: row.payments,
    orders: row.orders,
    inFlight: row.in_flight,
    problem: row.problem,
    createdAt: row.created_at,
    endedAt: row.ended_at,
  };
}
