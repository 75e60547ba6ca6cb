import type { Operations } from '../../client/client.ts';
import { UsageError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { formatTime, stripControls } from './output.ts';
import { formatOrderLine } from './show-order.ts';
import { formatTable, type Column } from './table.ts';

type Review = Operations['listOrderReviews']['answer']['data'][number];

/** `orders review`: shows what reviews said of an order and why, or decides on one that waits for a person. */
export async function runReviewCommand(
  { client, json, print, printJson }: Cli,
  id: string,
  { approve = false, reject = false, reason }: { approve?: boolean; reject?: boolean; reason?: string },
): Promise<void> {
  if (!approve && !reject) {
    const reviews = await client.listOrderReviews({ id });
    if (json) printJson(reviews);
    else print(reviews.data.length > 0 ? formatTable(columns, reviews.data) : 'This order was not reviewed.');
    return;
  }
  if (approve && reject) throw new UsageError('Give --approve or --reject, not both.');
  if (reason === undefined) throw new UsageError('Give a --reason for the decision; it is recorded.');
  const order = await client.decideReview({ id, body: { decision: approve ? 'approve' : 'reject', reason } });
  if (json) printJson(order);
  else print(formatOrderLine(order));
}

const columns: readonly Column<Review>[] = [
  { title: 'FOR', of: ({ occasion }) => occasion },
  { title: 'VERDICT', of: ({ verdict }) => verdict ?? 'none yet' },
  { title: 'REASONS', of: ({ reasons }) => stripControls(reasons.join('; ')) },
  { title: 'DECIDE UNTIL', of: ({ decide_until: until }) => (until === null ? '' : formatTime(until)) },
  { title: 'DECISION', of: ({ decision }) => decision ?? '' },
  { title: 'BY', of: ({ decided_by: by }) => stripControls(by ?? '') },
  { title: 'WHY', of: ({ decision_reason: why }) => stripControls(why ?? '') },
];
