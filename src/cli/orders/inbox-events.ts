import type { Operations } from '../../client/client.ts';
import { UsageError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { findOrderId } from './find-order-id.ts';
import { formatTime, stripControls } from './output.ts';
import { formatTable, type Column } from './table.ts';

type Query = NonNullable<Operations['listInboxEvents']['request']>;
type Event = Operations['listInboxEvents']['answer']['data'][number];
type Which = Operations['retryInboxEvents']['request']['body'];

/** Which events, as command line options. */
export interface InboxOptions {
  readonly state?: string;
  readonly source?: string;
  readonly type?: string;
  readonly order?: string;
  readonly limit?: string;
}

/** Which dead letters, and why, as command line options. */
export interface DeadLetterOptions {
  readonly source?: string;
  readonly type?: string;
  readonly order?: string;
  readonly reason?: string;
}

/** `orders inbox list`: events of other services, by default those that wait for a decision. */
export async function runInboxListCommand(cli: Cli, options: InboxOptions): Promise<void> {
  const { state = 'DEAD', source, type, order, limit = '50' } = options;
  const query = {
    ...(state !== 'ALL' && { state }),
    ...(source !== undefined && { source }),
    ...(type !== undefined && { type }),
    ...(order !== undefined && { order_id: await findOrderId(cli, order) }),
    limit: Number(limit),
  } as Query;
  const page = await cli.client.listInboxEvents(query);
  if (cli.json) return cli.printJson(page);
  if (page.data.length === 0) return cli.note(state === 'ALL' ? 'no event' : `no event is ${state}`);
  cli.print(formatTable(columns, page.data));
  if (page.next_cursor !== null) cli.note('There are more.');
}

/** `orders inbox retry`: applies dead letters as if they had just come. */
export async function runInboxRetryCommand(
  cli: Cli,
  id: string | undefined,
  options: DeadLetterOptions,
): Promise<void> {
  const { events } = await cli.client.retryInboxEvents({ body: await readWhich(cli, id, options) });
  if (cli.json) return cli.printJson({ events });
  cli.print(`${events} to be tried again: orders inbox list --state ALL shows what becomes of it`);
}

/** `orders inbox skip`: drops dead letters. */
export async function runInboxSkipCommand(cli: Cli, id: string | undefined, options: DeadLetterOptions): Promise<void> {
  const { events } = await cli.client.skipInboxEvents({ body: await readWhich(cli, id, options) });
  if (cli.json) return cli.printJson({ events });
  cli.print(`${events} dropped`);
}

async function readWhich(
  cli: Cli,
  id: string | undefined,
  { source, type, order, reason }: DeadLetterOptions,
): Promise<Which> {
  if (reason === undefined) throw new UsageError('Give a --reason; it is recorded.');
  const which = {
    ...(id !== undefined && { id }),
    ...(source !== undefined && { source }),
    ...(type !== undefined && { type }),
    ...(order !== undefined && { order_id: await findOrderId(cli, order) }),
  };
  if (Object.keys(which).length === 0) throw new UsageError('Say which: an ID, --order, --type or --source.');
  return { ...which, reason };
}

const columns: readonly Column<Event>[] = [
  { title: 'SOURCE', of: ({ source }) => stripControls(source) },
  { title: 'ID', of: ({ id }) => stripControls(id) },
  { title: 'TYPE', of: ({ type }) => stripControls(type) },
  { title: 'ORDER', of: ({ order_id: id, order_number: number }) => number ?? id ?? '–' },
  { title: 'STATE', of: ({ state }) => state },
  { title: 'RECEIVED', of: ({ received_at: at }) => formatTime(at) },
  { title: 'WHY', of: ({ reason }) => stripControls(reason ?? '') },
];
