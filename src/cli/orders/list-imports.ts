import type { Import, Operations } from '../../client/client.ts';
import type { Cli } from './connect.ts';
import { formatTime, paintStatus, stripControls } from './output.ts';
import { formatTable, type Column } from './table.ts';

/** The filters of a list of imports, as command line options. */
export interface ListImportsOptions {
  readonly status?: string;
  readonly from?: string;
  readonly to?: string;
  readonly withErrors?: boolean;
  readonly limit?: string;
  readonly cursor?: string;
}

/** `orders imports`: a page of imports, the newest first. */
export async function runListImportsCommand(cli: Cli, options: ListImportsOptions): Promise<void> {
  const { status, withErrors = false, ...others } = options;
  const query = {
    ...others,
    ...(status !== undefined && { status: status.toUpperCase() }),
    ...(withErrors && { has_failed: true, acknowledged: false }),
  };
  const page = await cli.client.listImports(query as Operations['listImports']['request']);
  if (cli.json) return cli.printJson(page);
  if (page.data.length === 0) return cli.note('no imports');
  cli.print(formatTable(columns, page.data));
  if (page.next_cursor !== null) cli.note(`There are more: --cursor ${page.next_cursor}`);
}

/** `orders imports acknowledge`: an operator has seen to what failed of an import. */
export async function runAcknowledgeImportCommand(
  cli: Cli,
  id: string,
  { reason }: { readonly reason?: string },
): Promise<void> {
  const job = await cli.client.acknowledgeImport({ id, ...(reason !== undefined && { body: { reason } }) });
  if (cli.json) return cli.printJson(job);
  const { acknowledged_by: by, acknowledged_at: at, failed } = job;
  cli.print(`${failed} failed, acknowledged by ${stripControls(by ?? '')} ${at === null ? '' : formatTime(at)}`);
}

const columns: readonly Column<Import>[] = [
  { title: 'IMPORT', of: ({ id }) => id },
  { title: 'SENT', of: ({ created_at: at }) => formatTime(at) },
  { title: 'BY', of: ({ created_by: by }) => by },
  { title: 'STATUS', of: ({ status }) => status, paint: ({ status }, text) => paintStatus(status, text) },
  { title: 'ORDERS', of: ({ total }) => String(total), align: 'right' },
  { title: 'OUTCOME', of: tellOutcome },
  { title: 'FILE', of: ({ kind, file_name: file }) => file ?? (kind === 'batch' ? 'a batch' : '–') },
];

function tellOutcome({ pending, confirmed, failed, repeated, cancelled }: Import): string {
  const counts = Object.entries({ confirmed, failed, repeated, cancelled, pending }).filter(([, count]) => count > 0);
  return counts.map(([name, count]) => `${count} ${name}`).join(', ');
}
