import type { deliveryStates } from '../../domain/event-delivery.ts';
import type { EventDelivery, Operations } from '../../client/client.ts';
import { CliError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { findOrderId } from './find-order-id.ts';
import { formatTime, paint } from './output.ts';
import { formatTable, type Column } from './table.ts';

/** Which deliveries of events, as command line options. */
export interface EventFilterOptions {
  readonly sink?: string;
  readonly order?: string;
  readonly event?: string;
  readonly type?: string;
  readonly since?: string;
}

/** The options of `orders events list`. */
export interface ListEventsOptions extends EventFilterOptions {
  readonly state?: (typeof deliveryStates)[number];
  readonly all?: boolean;
}

/** `orders events list`: the sinks, and what became of events at them where there is something to tell. */
export async function runListEventsCommand(cli: Cli, { state, all, ...options }: ListEventsOptions): Promise<void> {
  const filters = { ...(await toFilter(cli, options)), ...(state && { state }), limit: 200 };
  const { data: sinks } = await cli.client.listEventSinks();
  const events: EventDelivery[] = [];
  let cursor: string | null = null;
  for (;;) {
    // Each page continues the one before.
    // oxlint-disable-next-line no-await-in-loop
    const page: Operations['listEvents']['answer'] = await cli.client.listEvents({
      ...filters,
      ...(cursor !== null && { cursor }),
    });
    events.push(...page.data);
    cursor = page.next_cursor;
    if (all !== true || cursor === null) break;
  }
  if (cli.json) return cli.printJson({ sinks, data: events, next_cursor: cursor });
  for (const sink of sinks) {
    const failing =
      sink.failing_since === null ? '' : `, failing since ${formatTime(sink.failing_since)}: ${sink.last_error}`;
    cli.note(`${sink.name}: ${sink.unpublished} to deliver, ${sink.dead_letters} dead letters${failing}`);
  }
  if (events.length === 0) return cli.note('no such events');
  cli.print(formatTable(columns, events));
  if (cursor !== null) cli.note('There are more: --all');
}

const columns: readonly Column<EventDelivery>[] = [
  { title: 'EVENT', of: ({ event_id: id }) => id, align: 'right' },
  { title: 'TYPE', of: ({ type }) => type },
  { title: 'SINK', of: ({ sink }) => sink },
  { title: 'ORDER', of: ({ order_id: id, order_number: number }) => number ?? id ?? '–' },
  {
    title: 'STATE',
    of: ({ state, is_held: isHeld }) => (isHeld ? 'HELD' : state),
    paint: ({ state }, text) => paint(text, state === 'DEAD' ? 'red' : state === 'PENDING' ? 'yellow' : 'green'),
  },
  { title: 'ATTEMPTS', of: ({ attempts }) => String(attempts), align: 'right' },
  { title: 'LAST ATTEMPT', of: ({ last_attempt_at: at }) => (at === null ? '–' : formatTime(at)) },
  { title: 'LAST ERROR', of: ({ last_error: error }) => error ?? '' },
];

/** The options of `orders events retry` and `orders events skip`. */
export interface DecideEventsOptions extends EventFilterOptions {
  readonly state?: 'DEAD' | 'PENDING';
  readonly reason?: string;
}

/** `orders events retry|skip`: dead letters are sent once more, or never. */
export async function runDecideEventsCommand(
  cli: Cli,
  decision: 'retry' | 'skip',
  { state, reason, ...options }: DecideEventsOptions,
): Promise<void> {
  if (reason === undefined) throw new CliError('Say why with --reason.');
  const filter = await toFilter(cli, options);
  const request = { body: { ...filter, ...(state && { state }), reason } };
  const decide = decision === 'retry' ? cli.client.retryEvents : cli.client.skipEvents;
  let events = 0;
  for (let hasMore = true; hasMore;) {
    // What was decided on is no longer found by the next request.
    // oxlint-disable-next-line no-await-in-loop
    const answer = await decide(request);
    events += answer.events;
    // One that is rejected again at once would be found again.
    if (answer.has_more && decision === 'retry') cli.note('There may be more: run it again.');
    hasMore = answer.has_more && decision === 'skip';
  }
  if (cli.json) return cli.printJson({ events });
  cli.print(`${events} ${events === 1 ? 'event' : 'events'} ${decision === 'retry' ? 'sent again' : 'skipped'}`);
  if (events === 0 && (state ?? 'DEAD') === 'DEAD') await tellWhatIsTried(cli, filter);
}

/** A dead letter that was sent again and refused again waits for its next attempt, and is no dead letter meanwhile. */
async function tellWhatIsTried(cli: Cli, filter: Operations['listEvents']['request']) {
  const { data } = await cli.client.listEvents({ ...filter, state: 'PENDING', limit: 1 });
  if (data.length > 0)
    cli.note('There is no such dead letter, but some are tried again already: --state PENDING sends them at once.');
}

/** `orders events forget-sink`: nothing is kept any longer for a sink that is configured no more. */
export async function runForgetSinkCommand(
  cli: Cli,
  sink: string,
  { reason }: { readonly reason?: string },
): Promise<void> {
  if (reason === undefined) throw new CliError('Say why with --reason.');
  const forgotten = await cli.client.forgetEventSink({ body: { sink, reason } });
  if (cli.json) return cli.printJson(forgotten);
  const { name, events } = forgotten;
  cli.print(`${name} is forgotten; ${events} ${events === 1 ? 'event' : 'events'} it never gets`);
}

async function toFilter(cli: Cli, { sink, order, event, type, since }: EventFilterOptions) {
  return {
    ...(sink !== undefined && { sink }),
    ...(order !== undefined && { order_id: await findOrderId(cli, order) }),
    ...(event !== undefined && { event_id: event }),
    ...(type !== undefined && { type }),
    ...(since !== undefined && { since }),
  };
}
