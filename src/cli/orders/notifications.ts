import type { Operations } from '../../client/client.ts';
import { UsageError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { findOrderId } from './find-order-id.ts';
import { formatTime, stripControls } from './output.ts';
import { formatTable, type Column } from './table.ts';

type Notification = Operations['listOrderNotifications']['answer']['data'][number];
type Listed = Operations['listNotifications']['answer']['data'][number];
type Query = NonNullable<Operations['listNotifications']['request']>;
type Which = Operations['retryNotifications']['request']['body'];

/** Which messages, as command line options. */
export interface MessageOptions {
  readonly state?: string;
  readonly type?: string;
  readonly order?: string;
  readonly limit?: string;
}

/** Which messages that failed, and why, as command line options. */
export interface FailedMessageOptions {
  readonly type?: string;
  readonly order?: string;
  readonly reason?: string;
}

/** `orders notifications`: what the customer of an order was told. */
export async function runNotificationsCommand(cli: Cli, id: string): Promise<void> {
  const page = await cli.client.listOrderNotifications({ id });
  if (cli.json) return cli.printJson(page);
  if (page.data.length === 0) return cli.note('the customer was told nothing');
  cli.print(formatTable(columns, page.data));
}

/** `orders notify`: has the customer told again. */
export async function runNotifyCommand(
  cli: Cli,
  id: string,
  type: string,
  { idempotencyKey }: { readonly idempotencyKey?: string },
): Promise<void> {
  const notification = await cli.client.notifyCustomer({
    id,
    body: { type } as Operations['notifyCustomer']['request']['body'],
    ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
  });
  if (cli.json) return cli.printJson(notification);
  cli.print(`${notification.type} is ${notification.state}: orders notifications ${id} shows what becomes of it`);
}

/** `orders messages list`: messages to customers, by default those that wait for a decision. */
export async function runMessagesListCommand(cli: Cli, options: MessageOptions): Promise<void> {
  const { state = 'FAILED', type, order, limit = '50' } = options;
  const query = {
    state,
    ...(type !== undefined && { type }),
    ...(order !== undefined && { order_id: await findOrderId(cli, order) }),
    limit: Number(limit),
  } as Query;
  const page = await cli.client.listNotifications(query);
  if (cli.json) return cli.printJson(page);
  if (page.data.length === 0) return cli.note(`no message is ${state}`);
  cli.print(formatTable(listedColumns, page.data));
  if (page.next_cursor !== null) cli.note('There are more.');
}

/** `orders messages retry`: has messages that failed sent again. */
export async function runMessagesRetryCommand(
  cli: Cli,
  key: string | undefined,
  options: FailedMessageOptions,
): Promise<void> {
  const answer = await cli.client.retryNotifications({ body: await readWhich(cli, key, options) });
  if (cli.json) return cli.printJson(answer);
  cli.print(`${answer.notifications} to be sent again: orders messages list --state PENDING shows those that are left`);
}

/** `orders messages skip`: drops messages that failed. */
export async function runMessagesSkipCommand(
  cli: Cli,
  key: string | undefined,
  options: FailedMessageOptions,
): Promise<void> {
  const answer = await cli.client.skipNotifications({ body: await readWhich(cli, key, options) });
  if (cli.json) return cli.printJson(answer);
  cli.print(`${answer.notifications} dropped`);
}

async function readWhich(
  cli: Cli,
  key: string | undefined,
  { type, order, reason }: FailedMessageOptions,
): Promise<Which> {
  if (reason === undefined) throw new UsageError('Give a --reason; it is recorded.');
  const which = {
    ...(key !== undefined && { key }),
    ...(type !== undefined && { type }),
    ...(order !== undefined && { order_id: await findOrderId(cli, order) }),
  };
  if (Object.keys(which).length === 0) throw new UsageError('Say which: a KEY, --order or --type.');
  return { ...which, reason } as Which;
}

const columns: readonly Column<Notification>[] = [
  { title: 'TYPE', of: ({ type }) => type },
  { title: 'STATE', of: ({ state }) => state },
  { title: 'CREATED', of: ({ created_at: at }) => formatTime(at) },
  { title: 'SENT', of: ({ sent_at: at }) => (at === null ? '–' : formatTime(at)) },
  { title: 'TO', of: ({ recipient }) => stripControls(recipient ?? '–') },
  { title: 'ATTEMPTS', of: ({ attempts }) => String(attempts) },
  { title: 'WHY', of: ({ last_error: reason }) => stripControls(reason ?? '') },
];

const listedColumns: readonly Column<Listed>[] = [
  { title: 'KEY', of: ({ key }) => stripControls(key) },
  { title: 'ORDER', of: ({ order_number: number }) => number },
  { title: 'STATE', of: ({ state }) => state },
  { title: 'CREATED', of: ({ created_at: at }) => formatTime(at) },
  { title: 'ATTEMPTS', of: ({ attempts }) => String(attempts) },
  { title: 'WHY', of: ({ last_error: reason }) => stripControls(reason ?? '') },
];
