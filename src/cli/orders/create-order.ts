import type { Order, OrderRequest } from '../../client/client.ts';
import { pause } from '../../client/pause.ts';
import { CliError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { readOrderRequest, type OrderFlags } from './order-request.ts';
import { formatOrderLine } from './show-order.ts';

/** How an order is placed, beside its contents. */
export interface CreateOptions extends OrderFlags {
  /** Seconds; `false` does not wait at all. */
  readonly wait?: number | boolean;
  readonly idempotencyKey?: string;
}

/** The longest that one request waits for the outcome; after that the order is polled. */
const LONGEST_WAIT_SECONDS = 30;

const DEFAULT_WAIT_SECONDS = 60;

const POLL_MS = 500;

/** `orders create`: places an order; with `--wait` it waits for the outcome and fails when the order is refused later. */
export async function runCreateCommand(cli: Cli, { wait, idempotencyKey, ...flags }: CreateOptions): Promise<void> {
  const seconds = wait === true ? DEFAULT_WAIT_SECONDS : wait;
  const deadline = Date.now() + Number(seconds ?? 0) * 1_000;
  const placed = await cli.client.createOrder({
    headers: {
      ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
      ...(seconds !== undefined && { Prefer: toPreference(seconds) }),
    },
    // The API checks the body and says where each mistake is.
    body: (await readOrderRequest(flags)) as unknown as OrderRequest,
  });
  const order = typeof seconds === 'number' ? await waitForOutcome(cli, placed, deadline) : placed;
  if (cli.json) cli.printJson(order);
  else cli.print(`${formatOrderLine(order)}\n${order.id}`);
  if (order.failure) throw new CliError(`${order.failure.code}: ${order.failure.message}`);
  if (order.status === 'PENDING')
    cli.note(`accepted; the outcome is not known yet. To follow it: orders watch ${order.order_number}`);
}

function toPreference(seconds: number | boolean): string {
  return seconds === false || seconds === 0
    ? 'respond-async'
    : `wait=${Math.min(Math.ceil(Number(seconds)), LONGEST_WAIT_SECONDS)}`;
}

async function waitForOutcome({ client }: Cli, placed: Order, deadline: number): Promise<Order> {
  let order = placed;
  while (order.status === 'PENDING' && Date.now() < deadline) {
    await pause(POLL_MS);
    order = await client.getOrder({ id: placed.id });
  }
  return order;
}
