import { UsageError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { stripControls } from './output.ts';
import { formatTable, type Column } from './table.ts';

/** Which dispute is closed, how it ended, and why. */
export interface DisputeOptions {
  readonly close?: string;
  readonly outcome?: string;
  readonly reason?: string;
}

/** `orders disputes`: shows an order's disputes, or closes one by hand that the payment service tells no more of. */
export async function runDisputesCommand(
  cli: Cli,
  id: string,
  { close, outcome, reason }: DisputeOptions,
): Promise<void> {
  const { data } = close === undefined ? await cli.client.listOrderDisputes({ id }) : await closeOne();
  if (cli.json) cli.printJson(data);
  else if (data.length === 0) cli.note('no dispute');
  else cli.print(formatTable(columns, data));

  function closeOne() {
    if ((outcome !== 'won' && outcome !== 'lost') || reason === undefined) {
      throw new UsageError('Say how it was decided and why: --close DISPUTE --outcome won|lost --reason TEXT.');
    }
    return cli.client.closeDispute({ id, body: { dispute_id: close ?? '', outcome, reason } });
  }
}

type Row = Awaited<ReturnType<Cli['client']['listOrderDisputes']>>['data'][number];

const columns: readonly Column<Row>[] = [
  { title: 'DISPUTE', of: (row) => stripControls(row.id) },
  { title: 'STATE', of: ({ state }) => state },
  { title: 'AMOUNT', of: ({ amount, currency }) => `${amount} ${currency}` },
  { title: 'RESPOND BY', of: ({ respond_by: until }) => until ?? '' },
  { title: 'REASON', of: ({ reason: why }) => stripControls(why ?? '') },
];
