import type { Operations, Order } from '../../client/client.ts';
import type { Cli } from './connect.ts';
import { paintStatus, formatTime } from './output.ts';
import { formatTable, type Column } from './table.ts';

type Query = Operations['listOrders']['request'];

/** The filters of a list, as command line options. */
export interface ListOptions {
  readonly customer?: string;
  readonly status?: string;
  readonly paymentStatus?: string;
  readonly sagaState?: string;
  readonly step?: string;
  readonly waitingSince?: string;
  readonly from?: string;
  readonly to?: string;
  readonly q?: string;
  readonly reference?: string;
  readonly email?: string;
  readonly tracking?: string;
  readonly source?: string;
  readonly batch?: string;
  readonly needsAttention?: boolean;
  readonly sort?: string;
  readonly limit?: string;
  readonly cursor?: string;
  readonly all?: boolean;
}

/** The largest page of the API. */
const LARGEST_PAGE = '200';

/** `orders list`: a page of orders, or with `--all` every page, each shown as soon as it is read. */
export async function runListCommand(cli: Cli, options: ListOptions): Promise<void> {
  const filters = toQuery(options);
  const collected: Order[] = [];
  let cursor: string | null | undefined = options.cursor;
  let shown = 0;
  do {
    const query = { ...filters, ...(typeof cursor === 'string' && { cursor }) } as Query;
    const page = await cli.client.listOrders(query);
    cursor = page.next_cursor;
    if (cli.json) collected.push(...page.data);
    else if (page.data.length > 0) cli.print(rows(page.data, shown === 0));
    shown += page.data.length;
  } while (options.all === true && cursor !== null);

  if (cli.json) cli.printJson({ data: collected, next_cursor: cursor });
  else if (shown === 0) cli.note('no orders');
  else if (cursor !== null)
    cli.note(`${shown} orders shown, and there are more. To see them: --all, or --cursor ${cursor}`);
}

/** The filters by the API's names. */
export function toQuery(options: ListOptions): Record<string, string> {
  const given = {
    customer_id: options.customer,
    status: options.status,
    payment_status: options.paymentStatus,
    saga_state: options.sagaState?.toUpperCase(),
    step: options.step,
    waiting_since: options.waitingSince,
    from: options.from,
    to: options.to,
    q: options.q,
    reference: options.reference,
    email: options.email,
    tracking: options.tracking,
    source: options.source,
    batch_id: options.batch,
    needs_attention: options.needsAttention === true ? 'true' : undefined,
    sort: options.sort,
    limit: options.limit ?? (options.all === true ? LARGEST_PAGE : undefined),
  };
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function rows(orders: readonly Order[], withHeader: boolean): string {
  const text = formatTable(columns, orders);
  return withHeader ? text : text.slice(text.indexOf('\n') + 1);
}

const columns: readonly Column<Order>[] = [
  { title: 'ORDER       ', of: (order) => order.order_number },
  { title: 'STATUS        ', of: (order) => order.status, paint: (order, text) => paintStatus(order.status, text) },
  { title: 'PAYMENT           ', of: (o) => o.payment_status, paint: (o, text) => paintStatus(o.payment_status, text) },
  { title: 'SAGA           ', of: (o) => o.saga_state, paint: (o, text) => paintStatus(o.saga_state, text) },
  { title: '       TOTAL', of: ({ total, currency }) => `${total} ${currency}`, align: 'right' },
  { title: 'CREATED            ', of: (order) => formatTime(order.created_at) },
  { title: 'CUSTOMER', of: (order) => order.customer_id },
];
