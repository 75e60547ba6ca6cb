import { answerOf, followOrder, OrdersProblemError, type ServerEvent } from '../../client/client.ts';
import { pause } from '../../client/pause.ts';
import type { Cli } from './connect.ts';
import { paint, paintStatus, plain, when } from './output.ts';

/** Until when an order is watched; without a status, until it is final. */
export interface WatchOptions {
  readonly until?: string;
}

/** Where an order stands, as events and reads tell it. */
interface Standing {
  readonly status: string;
  readonly payment_status: string;
  readonly saga_state: string;
  readonly version: number;
  readonly at: string;
  readonly actor?: string;
  readonly reason?: string | null;
}

/** How often an order is read where the service has no events. */
const POLL_MS = 1_000;

const final = ['CANCELLED', 'REFUNDED'];

/** `orders watch`: a line for each change of an order, until it is final or has the status asked for. */
export async function watchOrder(cli: Cli, id: string, options: WatchOptions): Promise<void> {
  let shown = 0;
  const show = (type: string, data: Record<string, unknown>): boolean => {
    const standing = standingOf(data);
    // What a reconnection tells again is no news.
    if (standing.version > shown || type !== 'order.snapshot') {
      if (cli.json) cli.printJson({ type, ...data });
      else cli.print(lineOf(standing));
    }
    shown = Math.max(shown, standing.version);
    return options.until === undefined ? final.includes(standing.status) : standing.status === options.until;
  };
  for await (const { type, data } of changesOf(cli, id)) {
    if (show(type, Object(data) as Record<string, unknown>)) return;
  }
}

/** The events of the order; where the service has none, its reads. */
async function* changesOf(cli: Cli, id: string): AsyncGenerator<Pick<ServerEvent, 'type' | 'data'>> {
  try {
    const onLost = () => {
      cli.note('the connection was lost, coming back …');
    };
    yield* followOrder(cli.baseUrl, id, { token: cli.token, onLost });
  } catch (error) {
    if (!(error instanceof OrdersProblemError) || !hasNoEvents(error)) throw error;
    yield* polledChanges(cli, id);
  }
}

function hasNoEvents({ problem }: OrdersProblemError): boolean {
  return problem.status === 406 || (problem.status === 404 && problem.code === 'NOT_FOUND');
}

async function* polledChanges({ client }: Cli, id: string): AsyncGenerator<Pick<ServerEvent, 'type' | 'data'>> {
  let version = 0;
  for (;;) {
    const order = await answerOf(client.orders[':id'].$get({ param: { id } }));
    if (order.version > version) yield { type: 'order.snapshot', data: order };
    version = order.version;
    await pause(POLL_MS);
  }
}

/** Of an event, or of an order as it is read. */
function standingOf(data: Record<string, unknown>): Standing {
  const text = (name: string) => (typeof data[name] === 'string' ? data[name] : '');
  return {
    status: text('status'),
    payment_status: text('payment_status'),
    saga_state: text('saga_state'),
    version: Number(data['version'] ?? 0),
    at: text('at') || text('updated_at'),
    actor: text('actor'),
    reason: text('reason'),
  };
}

function lineOf({ status, payment_status: payment, saga_state: saga, at, actor, reason }: Standing): string {
  const by = actor ? `by ${plain(actor)}` : '';
  const why = reason ? `: ${plain(reason)}` : '';
  const states = `${paintStatus(status, status.padEnd(14))}  payment ${paintStatus(payment)}, saga ${paintStatus(saga)}`;
  return `${paint(when(at), 'dim')}  ${states}  ${paint(by + why, 'dim')}`.trimEnd();
}
