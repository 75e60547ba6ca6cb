import type { Cli } from './connect.ts';
import { formatOrderLine } from './show-order.ts';

/** How much goes back without goods, and why. */
export interface RefundOptions {
  readonly amount: string;
  readonly reason: string;
  readonly notify?: boolean;
  readonly idempotencyKey?: string;
}

/** `orders refund`: gives money back without goods; the API refuses more than is left. */
export async function runRefundCommand(cli: Cli, id: string, options: RefundOptions): Promise<void> {
  const { amount, reason, notify = false, idempotencyKey } = options;
  const after = await cli.client.refundPayment({
    id,
    body: { amount, reason, notify },
    ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
  });
  if (cli.json) cli.printJson(after);
  else cli.print(formatOrderLine(after));
  cli.note(`refunded so far: ${after.refunded_amount} of ${after.total} ${after.currency}`);
  if (Number(after.refund_due) > 0) {
    cli.note(`${after.refund_due} ${after.currency} has to go back by hand: orders saga ${after.order_number}`);
  }
}
