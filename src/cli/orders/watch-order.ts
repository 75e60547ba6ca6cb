import { OrdersProblemError, type Order, type OrderEvent } from '../../client/client.ts';
import { pause } from '../../client/pause.ts';
import { canReach, isFinal, type OrderStatus } from '../../domain/order-status.ts';
import { CliError, exitCodes } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { paint, paintStatus, stripControls, formatTime } from './output.ts';

/** Until which status an order is watched; without one, until the order is final. */
export interface WatchOptions {
  readonly until?: OrderStatus;
}

/** A change of an order, or the order as it is read. */
type Change = Pick<OrderEvent, 'event' | 'data'>;

/** How often an order is read when the API has no event stream. */
const POLL_MS = 1_000;

/**
 * `orders watch`: prints a line for each change of an order, until it is final or has the requested status. Fails as soon as the order
 * can't have that status any more.
 */
export async function runWatchCommand(cli: Cli, id: string, { until }: WatchOptions): Promise<void> {
  let shown = 0;
  let status: OrderStatus | undefined;
  for await (const { event, data } of streamChanges(cli, id)) {
    // A snapshot after a reconnection may repeat what was shown.
    if (data.version > shown || event !== 'order.snapshot') {
      if (cli.json) cli.printJson({ type: event, ...data });
      else cli.print(formatLine({ event, data }));
    }
    shown = Math.max(shown, data.version);
    status = data.status;
    if (until === undefined ? isFinal(status) : status === until || !canReach(status, until)) break;
  }
  if (until !== undefined && status !== until) throw await describeMiss(cli, id, until);
}

/** Why the order does not have the status that was waited for. */
async function describeMiss({ client }: Cli, id: string, until: OrderStatus): Promise<CliError> {
  const [order, { data: history }] = await Promise.all([client.getOrder({ id }), client.listOrderHistory({ id })]);
  const now = stripControls(`${order.order_number} is ${order.status}${describeReason(order)}`);
  return history.some(({ to }) => to === until)
    ? new CliError(`${now}: it was ${until} before, and is not any more.`, exitCodes.statusPassed)
    : new CliError(`${now}: it will never be ${until}.`, exitCodes.statusNeverReached);
}

function describeReason({ cancellation_reason: reason, failure }: Order): string {
  const why = reason ?? failure?.message;
  return why === undefined ? '' : ` (${why})`;
}

/** Yields the order's events; polls the order when the API has no event stream. */
async function* streamChanges(cli: Cli, id: string): AsyncGenerator<Change> {
  try {
    const onLost = () => {
      cli.note('the connection was lost, coming back …');
    };
    yield* cli.client.followOrder({ id, onLost });
  } catch (error) {
    if (!(error instanceof OrdersProblemError) || !hasNoEvents(error)) throw error;
    yield* pollChanges(cli, id);
  }
}

function hasNoEvents({ status, code }: OrdersProblemError): boolean {
  return status === 406 || (status === 404 && code === 'NOT_FOUND');
}

async function* pollChanges({ client }: Cli, id: string): AsyncGenerator<Change> {
  let version = 0;
  for (;;) {
    const order = await client.getOrder({ id });
    if (order.version > version) yield { event: 'order.snapshot', data: order };
    version = order.version;
    await pause(POLL_MS);
  }
}

function formatLine({ event, data }: Change): string {
  if ('amount' in data && 'provider' in data) {
    return `${paint(formatTime(data.occurred_at), 'dim')}  ${event.padEnd(17)} ${data.amount} ${data.currency}`;
  }
  const { at, actor, reason } =
    'actor' in data ? { ...data, at: data.occurred_at } : { at: data.updated_at, actor: '', reason: null };
  const { status, payment_status: payment, saga_state: saga } = data;
  const by = actor ? `by ${stripControls(actor)}` : '';
  const why = reason ? `: ${stripControls(reason)}` : '';
  const states = `${paintStatus(status, status.padEnd(14))}  payment ${paintStatus(payment)}, saga ${paintStatus(saga)}`;
  return `${paint(formatTime(at), 'dim')}  ${states}  ${paint(by + why, 'dim')}`.trimEnd();
}
