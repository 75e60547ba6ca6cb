import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { saveBody } from './export-orders.ts';
import { stripControls } from './output.ts';
import { formatTable, type Column } from './table.ts';

/** What is compared, and where the differences go. */
export interface ReconcileOptions {
  readonly from?: string;
  readonly to?: string;
  readonly report?: string;
  readonly csv?: string;
}

/** How often the report is read until it is done: well within what RATE_LIMIT allows a user. */
const POLL_MS = 1_000;

/** `orders reconcile-payments`: compares the payment service's list with our books, and fails when they differ. */
export async function runReconcilePaymentsCommand(
  cli: Cli,
  { from, to, report, csv }: ReconcileOptions,
): Promise<void> {
  const id = report ?? (await begin(cli, from, to));
  let found = await cli.client.getReconciliation({ id });
  while (found.state === 'RUNNING') {
    // It is done when it is done.
    // oxlint-disable-next-line no-await-in-loop
    await delay(POLL_MS);
    // oxlint-disable-next-line no-await-in-loop
    found = await cli.client.getReconciliation({ id });
  }
  if (csv !== undefined) {
    const answer = await cli.send('GET', `/reconciliations/${id}/differences`, { headers: { accept: 'text/csv' } });
    await saveBody(answer, csv);
  }
  if (cli.json) cli.printJson(found);
  if (found.state === 'FAILED')
    throw new CliError(`The report could not be made: ${stripControls(found.problem ?? '')}`);
  const { differences, differences_by_kind: counts } = found;
  cli.note(
    `${found.from} to ${found.to}: ${found.payments} payments and ${found.orders} orders compared, ${found.in_flight} under way left out`,
  );
  const count = Object.values(counts).reduce((sum, one) => sum + one, 0);
  if (count === 0) return cli.note('no difference');
  if (!cli.json) cli.print(formatTable(columns, differences));
  throw new CliError(`${count} differences: orders reconcile-payments --report ${id} --csv FILE has all of them.`);
}

async function begin(cli: Cli, from: string | undefined, to: string | undefined): Promise<string> {
  const now = Date.now();
  const body = { from: from ?? new Date(now - 86_400_000).toISOString(), to: to ?? new Date(now).toISOString() };
  return (await cli.client.reconcilePayments({ body })).id;
}

type Difference = Awaited<ReturnType<Cli['client']['getReconciliation']>>['differences'][number];

const columns: readonly Column<Difference>[] = [
  { title: 'KIND', of: ({ kind }) => kind },
  { title: 'ORDER', of: ({ order_id: order }) => stripControls(order ?? '') },
  { title: 'OURS', of: ({ ours }) => stripControls(ours ?? '') },
  { title: 'THEIRS', of: ({ theirs }) => stripControls(theirs ?? '') },
  { title: 'WHAT TO DO', of: ({ what_to_do: what }) => what },
];
