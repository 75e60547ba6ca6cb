import type { Operations, WaitingOrder } from '../../client/client.ts';
import type { Cli } from './connect.ts';
import { formatTime, paint, paintStatus } from './output.ts';
import { formatTable, type Column } from './table.ts';

type Query = Operations['listWaitingOrders']['request'];

/** The filters of `orders stuck`, as command line options. */
export interface StuckOptions {
  readonly step?: string;
  readonly cause?: string;
  readonly since?: string;
  readonly all?: boolean;
}

/** `orders stuck`: every order that waits for a service, a worker, a pause or an operator, longest wait first. */
export async function runStuckCommand(cli: Cli, { step, cause, since, all }: StuckOptions): Promise<void> {
  const filters = {
    ...(step !== undefined && { step }),
    ...(cause !== undefined && { cause }),
    ...(since !== undefined && { waiting_since: since }),
    limit: 200,
  };
  const orders: WaitingOrder[] = [];
  let cursor: string | null = null;
  for (;;) {
    const query = { ...filters, ...(cursor !== null && { cursor }) } as Query;
    // Each page continues the one before.
    // oxlint-disable-next-line no-await-in-loop
    const page: Operations['listWaitingOrders']['answer'] = await cli.client.listWaitingOrders(query);
    orders.push(...page.data);
    cursor = page.next_cursor;
    if (all !== true || cursor === null) break;
  }
  if (cli.json) return cli.printJson({ data: orders, next_cursor: cursor });
  if (orders.length === 0) return cli.note('no order waits');
  cli.print(formatTable(columns, orders));
  const stuck = orders.filter(({ is_stuck }) => is_stuck).length;
  const more = cursor === null ? '' : ', and there are more: --all';
  cli.note(`${orders.length} waiting, ${stuck} of them stuck${more}. What each did: orders saga ID`);
}

const columns: readonly Column<WaitingOrder>[] = [
  { title: 'ORDER', of: ({ order_number: number }) => number },
  { title: 'STATUS', of: ({ status }) => status, paint: ({ status }, text) => paintStatus(status, text) },
  { title: 'STEP', of: ({ step }) => step ?? '–' },
  {
    title: 'WHY',
    of: ({ cause }) => cause,
    paint: ({ is_stuck: isStuck }, text) => paint(text, isStuck ? 'red' : 'yellow'),
  },
  { title: 'FOR', of: ({ since }) => formatAge(since), align: 'right' },
  { title: 'SINCE', of: ({ since }) => formatTime(since) },
  { title: 'ATTEMPTS', of: ({ attempts }) => String(attempts), align: 'right' },
  { title: 'LAST ERROR', of: ({ last_error: error }) => error ?? '' },
];

/** How long ago a time is, in its largest two units, such as `2h 5m`. */
function formatAge(since: string): string {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1_000));
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(Math.floor);
  const parts = [`${days}d`, `${hours}h`, `${minutes}m`, `${seconds % 60}s`];
  const first = parts.findIndex((part) => !part.startsWith('0'));
  return first < 0 ? '0s' : parts.slice(first, first + 2).join(' ');
}
