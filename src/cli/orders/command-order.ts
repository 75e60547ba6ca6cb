import type { Operations, Order } from '../../client/client.ts';
import { UsageError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { paintStatus, stripControls, formatTime } from './output.ts';
import { formatOrderLine } from './show-order.ts';
import { formatFields } from './table.ts';

/** `orders cancel`: cancels an order, or fails when it is too late. */
export async function runCancelCommand(cli: Cli, id: string, options: { reason?: string }): Promise<void> {
  const order = await cli.client.cancelOrder({
    id,
    body: options.reason === undefined ? {} : { reason: options.reason },
  });
  showOutcome(
    cli,
    order,
    order.status === 'CANCELLED' ? 'cancelled' : `is being cancelled: orders watch ${order.order_number}`,
  );
}

/** `orders status`: shows an order's status and the allowed next ones, or sets the given status. */
export async function runStatusCommand(
  cli: Cli,
  id: string,
  status: string | undefined,
  { reason, carrier, tracking }: { reason?: string; carrier?: string; tracking?: string },
): Promise<void> {
  if (status === undefined) {
    if (reason !== undefined || carrier !== undefined || tracking !== undefined) {
      throw new UsageError('Give the status to set: orders status ID STATUS --reason …');
    }
    await showStatus(cli, id);
    return;
  }
  if (reason === undefined) throw new UsageError('Give a --reason for the new status; it is recorded.');
  const travel = { ...(carrier !== undefined && { carrier }), ...(tracking !== undefined && { number: tracking }) };
  const body = {
    status: status.toUpperCase(),
    reason,
    ...(Object.keys(travel).length > 0 && { tracking: travel }),
  } as Operations['changeStatus']['request']['body'];
  const order = await cli.client.changeStatus({ id, body });
  showOutcome(cli, order, order.status === body.status ? '' : `on its way: orders watch ${order.order_number}`);
}

/** `orders retry`: pays with another payment method, or resumes a parked saga. */
export async function runRetryCommand(
  cli: Cli,
  id: string,
  options: { paymentMethod?: string; step?: string; action: string; reason?: string; reference?: string },
): Promise<void> {
  const { paymentMethod, step, action, reason, reference } = options;
  if ((paymentMethod === undefined) === (step === undefined)) {
    throw new UsageError(
      'Give --payment-method to pay again, or --step and --reason to resume a saga that needs attention.',
    );
  }
  if (paymentMethod !== undefined) {
    const order = await cli.client.retryPayment({ id, body: { payment_method: paymentMethod } });
    const isUnderWay = order.status === 'PENDING' || order.payment_status === 'FAILED';
    showOutcome(cli, order, isUnderWay ? `under way: orders watch ${order.order_number}` : 'paid');
    return;
  }
  if (reason === undefined) throw new UsageError('Give a --reason for resolving the step; it is recorded.');
  const request = {
    id,
    step,
    body: { action, reason, ...(reference !== undefined && { reference }) },
  } as Operations['resolveStep']['request'];
  const order = await cli.client.resolveStep(request);
  showOutcome(cli, order, `saga ${order.saga_state}`);
}

/** Prints the order as it is after a command, and what that means. */
export function showOutcome({ json, print, printJson, note }: Cli, order: Order, said: string): void {
  if (json) printJson(order);
  else print(formatOrderLine(order));
  if (said !== '') note(said);
}

async function showStatus({ client, json, print, printJson }: Cli, id: string): Promise<void> {
  const report = await client.getOrderStatus({ id });
  if (json) printJson(report);
  else {
    print(
      formatFields([
        ['order', stripControls(report.order_number)],
        ['status', paintStatus(report.status)],
        ['payment', paintStatus(report.payment_status)],
        ['saga', paintStatus(report.saga_state)],
        ['may become', report.allowed.join(', ') || 'nothing else: it is final'],
        ['since', formatTime(report.updated_at)],
      ]),
    );
  }
}
