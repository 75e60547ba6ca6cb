import { stringify } from 'csv-stringify/sync';
import type { OrderListQuery, OrderPage } from '../../../repositories/list-orders.ts';
import type { OrderWithItems } from '../../../domain/order.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { escapeFormula } from '../../../imports/escape-formula.ts';
import { orderView, type OrderView } from '../../../orders/order-view.ts';

/** Orders read at a time: about a megabyte with their lines, a few milliseconds for the database. */
const ORDERS_AT_ONCE = 500;

/** What a cell shows; nothing for null and undefined. */
export type Cell = string | number | null | undefined;

const orderColumns: Readonly<Record<string, (order: OrderView) => Cell>> = {
  id: ({ id }) => id,
  order_number: ({ order_number: number }) => number,
  customer_id: ({ customer_id: customer }) => customer,
  customer_name: ({ customer_name: name }) => name,
  customer_email: ({ customer_email: email }) => email,
  customer_phone: ({ customer_phone: phone }) => phone,
  reference: ({ reference }) => reference,
  source: ({ source }) => source,
  locale: ({ locale }) => locale,
  status: ({ status }) => status,
  payment_status: ({ payment_status: status }) => status,
  saga_state: ({ saga_state: state }) => state,
  currency: ({ currency }) => currency,
  subtotal: ({ subtotal }) => subtotal,
  discount: ({ discount }) => discount,
  tax: ({ tax }) => tax,
  tax_included: ({ tax_included: isIncluded }) => String(isIncluded),
  shipping: ({ shipping }) => shipping,
  fees: ({ fees }) => fees,
  total: ({ total }) => total,
  refunded_amount: ({ refunded_amount: refunded }) => refunded,
  lines: ({ items }) => items.length,
  items: ({ items }) => items.map(({ quantity, sku }) => `${quantity} × ${sku}`).join('; '),
  payment_method: ({ payment_method: method }) => method,
  shipping_method: ({ shipping_method: method }) => method,
  shipping_name: ({ shipping_address: address }) => address.name,
  shipping_company: ({ shipping_address: address }) => address.company,
  shipping_line1: ({ shipping_address: address }) => address.line1,
  shipping_line2: ({ shipping_address: address }) => address.line2,
  shipping_city: ({ shipping_address: address }) => address.city,
  shipping_region: ({ shipping_address: address }) => address.region,
  shipping_postal_code: ({ shipping_address: address }) => address.postal_code ?? '',
  shipping_country: ({ shipping_address: address }) => address.country,
  shipping_phone: ({ shipping_address: address }) => address.phone,
  shipping_email: ({ shipping_address: address }) => address.email,
  tracking_carrier: ({ tracking }) => tracking?.carrier,
  tracking_number: ({ tracking }) => tracking?.number,
  batch_id: ({ batch_id: batch }) => batch,
  order_reference: ({ metadata }) => metadata['order_reference'],
  notes: ({ notes }) => notes,
  cancellation_reason: ({ cancellation_reason: reason }) => reason,
  failure_code: ({ failure }) => failure?.code,
  created_at: ({ created_at: at }) => at,
  updated_at: ({ updated_at: at }) => at,
  confirmed_at: ({ confirmed_at: at }) => at,
  shipped_at: ({ shipped_at: at }) => at,
  delivered_at: ({ delivered_at: at }) => at,
  cancelled_at: ({ cancelled_at: at }) => at,
};

/** An export with a row for each order. */
export const ordersTable: CsvTable = tableOf(orderColumns, (order) => [orderView(order)]);

/** The columns of an export, and the rows of an order in it. */
export interface CsvTable {
  readonly columns: readonly string[];
  /** The rows of an order with these columns only, in their order. */
  readonly withColumns: (names: readonly string[]) => CsvTable;
  readonly rowsOf: (order: OrderWithItems) => Cell[][];
}

/** A table of `columns` by name, with a row for each of `entriesOf(order)`. */
export function tableOf<Entry>(
  columns: Readonly<Record<string, (entry: Entry) => Cell>>,
  entriesOf: (order: OrderWithItems) => readonly Entry[],
): CsvTable {
  const cells = Object.values(columns);
  return {
    columns: Object.keys(columns),
    withColumns: (names) => tableOf(chooseColumns(columns, names), entriesOf),
    rowsOf: (order) => entriesOf(order).map((entry) => cells.map((cell) => cell(entry))),
  };
}

function chooseColumns<Column>(columns: Readonly<Record<string, Column>>, names: readonly string[]) {
  return Object.fromEntries(
    names.map((name) => {
      const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
      if (column !== undefined) return [name, column];
      const message = `has no column "${name.slice(0, 40)}": there are ${Object.keys(columns).join(', ')}`;
      throw new Refusal('VALIDATION', `The export ${message}.`, { details: [{ parameter: 'columns', message }] });
    }),
  );
}

/** How an export is written. */
export interface CsvStyle {
  readonly delimiter: string;
  /** Begins with a byte order mark, by which spreadsheets know UTF-8. */
  readonly hasBom: boolean;
}

/**
 * Orders as CSV, page by page along the list's index, so that any number of orders takes the memory of one page. The header comes
 * with the first page, so that a failure to read is known before the answer begins.
 */
export async function* ordersCsv(
  readPage: (query: OrderListQuery) => Promise<OrderPage>,
  filters: Omit<OrderListQuery, 'limit' | 'after'>,
  table: CsvTable,
  { delimiter, hasBom }: CsvStyle,
): AsyncGenerator<string> {
  const write = (rows: readonly (readonly string[])[]) => stringify([...rows], { delimiter });
  let header = `${hasBom ? '\ufeff' : ''}${write([table.columns])}`;
  for (let after: OrderListQuery['after']; ;) {
    const { orders, next } = await readPage({ ...filters, limit: ORDERS_AT_ONCE, after });
    const rows = orders.flatMap(table.rowsOf);
    yield header + write(rows.map((cells) => cells.map((cell) => escapeFormula(String(cell ?? '')))));
    header = '';
    if (!next) return;
    after = next;
  }
}
