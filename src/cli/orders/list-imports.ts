import type { Import, Operations } from '../../client/client.ts';
import { doneWords } from '../../domain/import-columns.ts';
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

/** `orders imports acknowledge`: an operator has dealt with what failed of an import; who was first stays. */
export async function runAcknowledgeImportCommand(
  cli: Cli,
  id: string,
  { reason }: { readonly reason?: string },
): Promise<void> {
  const job = await cli.client.acknowledgeImport({ id, ...(reason !== undefined && { body: { reason } }) });
  if (cli.json) return cli.printJson(job);
  cli.print(`${job.failed} of ${job.total} orders failed; acknowledged ${tellAcknowledgement(job)}`);
}

/** Who acknowledged the failed orders of an import, and when; null before that. */
export function tellAcknowledgement({
  acknowledged_by: by,
  acknowledged_at: at,
}: Partial<Pick<Import, 'acknowledged_by' | 'acknowledged_at'>>): string | null {
  return by == null || at == null ? null : `by ${stripControls(by)} at ${formatTime(at)}`;
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

function tellOutcome({ mode, pending, confirmed, failed, repeated, cancelled, acknowledged_at: at }: Import): string {
  const failures = at == null ? 'failed' : 'failed (acknowledged)';
  const counts = Object.entries({ [doneWords[mode]]: confirmed, [failures]: failed, repeated, cancelled, pending });
  return counts.flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : [])).join(', ');
}
