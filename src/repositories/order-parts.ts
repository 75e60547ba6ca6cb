import { sql, type RawBuilder, type Selectable } from 'kysely';
import { sagaActions } from '../domain/saga.ts';
import { toRefund } from './amount-refunds.ts';
import { toDispute } from './disputes.ts';
import { toMessage } from './order-messages.ts';
import { toStall } from './order-stalls.ts';
import { openPaymentMethod } from './payment-method-column.ts';
import { toReturn } from './returns.ts';
import type { Db, Schema } from './schema.ts';
import { toShipment } from './shipments.ts';

/** Where the parts of an order are. */
const tables = {
  history: 'order_status_history',
  steps: 'order_saga_steps',
  payments: 'order_payment_transactions',
  shipments: 'order_shipments',
  returns: 'order_returns',
  refunds: 'order_refunds',
  messages: 'order_messages',
  notes: 'order_notes',
  disputes: 'order_disputes',
  reviews: 'order_reviews',
  stalls: 'order_stalls',
} as const satisfies Readonly<Record<string, keyof Schema>>;

type Part = keyof typeof tables;
type RowOf<Name extends Part> = Selectable<Schema[(typeof tables)[Name]]>;
type Rows = { readonly [Name in Part]: RowOf<Name>[] };

/** In which order the rows of a part are listed: as the lists of a single part have them. */
const sorting: Readonly<Record<Part, RawBuilder<unknown>>> = {
  history: sql`t.version`,
  steps: sql`t.started_at, array_position(${sagaActions}::text[], t.step)`,
  payments: sql`t.at`,
  shipments: sql`t.shipped_at, t.id`,
  returns: sql`t.number`,
  refunds: sql`t.number`,
  messages: sql`t.created_at, t.key`,
  notes: sql`t.at, t.id`,
  disputes: sql`t.opened_at`,
  reviews: sql`t.at, t.key`,
  stalls: sql`t.since`,
};

/** The columns that hold a moment, all of them: in JSON they are text. */
type Moments<Row> = {
  readonly [Column in keyof Row as [Extract<Row[Column], Date>] extends [never] ? never : Column]: true;
};

const moments: { readonly [Name in Part]: Moments<RowOf<Name>> } = {
  history: { at: true },
  steps: { started_at: true, updated_at: true },
  payments: { at: true },
  shipments: { shipped_at: true, delivered_at: true },
  returns: { created_at: true, told_at: true, ended_at: true },
  refunds: { created_at: true, told_at: true, ended_at: true },
  messages: { next_attempt_at: true, created_at: true, tried_since: true, sent_at: true },
  notes: { at: true },
  disputes: { respond_by: true, opened_at: true, closed_at: true },
  reviews: { decide_until: true, decided_at: true, at: true },
  stalls: { since: true, seen_at: true },
};

const parts = Object.keys(tables) as readonly Part[];

/** Everything that hangs on an order, each list as the repository of its own table has it, read by one statement. */
export async function findOrderParts(db: Db, orderId: string) {
  // As JSON a row has whatever columns its table has, so that the statement can be a prepared one.
  const lists = parts.map(
    (part) =>
      sql`(select coalesce(json_agg(t order by ${sorting[part]}), '[]') from ${sql.table(tables[part])} t
        where t.order_id = ${orderId}) as ${sql.ref(part)}`,
  );
  const { rows } = await sql<Rows>`select ${sql.join(lists)}`.execute(db);
  const found = withMoments(rows[0]!);
  return {
    history: found.history,
    steps: found.steps,
    payments: found.payments.map((row) => ({ ...row, payment_method: openPaymentMethod(row.payment_method) })),
    shipments: found.shipments.map(toShipment),
    returns: found.returns.map(toReturn),
    refunds: found.refunds.map(toRefund),
    messages: found.messages.map(toMessage),
    notes: found.notes,
    disputes: found.disputes.map(toDispute),
    reviews: found.reviews,
    stall: found.stalls.map(toStall)[0],
  };
}

function withMoments(rows: Rows): Rows {
  const revived = parts.map((part) => {
    const columns = Object.keys(moments[part]);
    return [part, rows[part].map((row) => ({ ...row, ...momentsOf(row, columns) }))] as const;
  });
  return Object.fromEntries(revived) as unknown as Rows;
}

function momentsOf(row: object, columns: readonly string[]): Record<string, Date | null> {
  const texts = row as Readonly<Record<string, string | null>>;
  return Object.fromEntries(columns.map((name) => [name, texts[name] == null ? null : new Date(texts[name])]));
}
