import type { Operations, WebhookDelivery } from '../../client/client.ts';
import { UsageError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { formatTime, paintStatus, stripControls } from './output.ts';
import { formatTable, type Column } from './table.ts';

type Query = Operations['listWebhookDeliveries']['request'];

/** The filters of a log of deliveries, as command line options. */
export interface DeliveryOptions {
  readonly state?: string;
  readonly type?: string;
  readonly order?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** What is to be sent again, as command line options. */
export interface RedeliverOptions {
  readonly event?: string;
  readonly since?: string;
}

/** `orders endpoints deliveries`: a page of what was sent to an endpoint. */
export async function runListDeliveriesCommand(cli: Cli, id: string, options: DeliveryOptions): Promise<void> {
  const { state, type, order, limit, cursor } = options;
  const query = {
    id,
    ...(state !== undefined && { state: state.toUpperCase() }),
    ...(type !== undefined && { type }),
    ...(order !== undefined && { order_id: order }),
    ...(limit !== undefined && { limit }),
    ...(cursor !== undefined && { cursor }),
  } as Query;
  const page = await cli.client.listWebhookDeliveries(query);
  if (cli.json) return cli.printJson(page);
  if (page.data.length === 0) return cli.note('no deliveries');
  cli.print(formatTable(columns, page.data));
  if (page.next_cursor !== null) cli.note(`There are more: --cursor ${page.next_cursor}`);
}

/** `orders endpoints redeliver`: sends one event again, or everything since a time. */
export async function runRedeliverCommand(cli: Cli, id: string, { event, since }: RedeliverOptions): Promise<void> {
  if (event !== undefined && since === undefined) {
    const delivery = await cli.client.redeliverWebhook({ id, event_id: event });
    return cli.json ? cli.printJson(delivery) : cli.print(`event ${stripControls(event)} is sent again`);
  }
  if (since === undefined || event !== undefined) throw new UsageError('Give either --event or --since.');
  const result = await cli.client.redeliverWebhooks({ id, body: { since } });
  if (cli.json) return cli.printJson(result);
  cli.print(`${result.redelivered} events are sent again`);
  if (result.gone > 0) cli.note(`${result.gone} can't be: they are older than OUTBOX_RETENTION and no longer kept.`);
}

const columns: readonly Column<WebhookDelivery>[] = [
  { title: 'EVENT', of: ({ event_id: id }) => id, align: 'right' },
  { title: 'TYPE', of: ({ type }) => type },
  { title: 'ORDER', of: ({ order_id: id }) => id },
  { title: 'STATE', of: ({ state }) => state, paint: ({ state }, text) => paintStatus(state, text) },
  { title: 'ATTEMPTS', of: ({ attempts }) => String(attempts), align: 'right' },
  { title: 'STATUS', of: ({ response_status: status }) => (status === null ? '–' : String(status)), align: 'right' },
  { title: 'MS', of: ({ duration_ms: ms }) => (ms === null ? '–' : String(ms)), align: 'right' },
  { title: 'LAST ATTEMPT', of: ({ last_attempt_at: at }) => formatTime(at) },
  { title: 'LAST ERROR', of: ({ last_error: error }) => error ?? '' },
];
