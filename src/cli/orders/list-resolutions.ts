import type { Operations, SagaResolution } from '../../client/client.ts';
import type { Cli } from './connect.ts';
import { formatTime, paintStatus } from './output.ts';
import { formatTable, type Column } from './table.ts';

/** The filters of a list of resolutions, as command line options. */
export interface ListResolutionsOptions {
  readonly status?: string;
  readonly action?: string;
  readonly actor?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** `orders resolutions`: a page of the decisions on many parked steps, the newest first. */
export async function runListResolutionsCommand(cli: Cli, options: ListResolutionsOptions): Promise<void> {
  const page = await cli.client.listSagaResolutions(options as Operations['listSagaResolutions']['request']);
  if (cli.json) return cli.printJson(page);
  if (page.data.length === 0) return cli.note('no resolutions');
  cli.print(formatTable(columns, page.data));
  if (page.next_cursor !== null) cli.note(`There are more: --cursor ${page.next_cursor}`);
}

const columns: readonly Column<SagaResolution>[] = [
  { title: 'RESOLUTION', of: ({ id }) => id },
  { title: 'MADE', of: ({ created_at: at }) => formatTime(at) },
  { title: 'BY', of: ({ actor }) => actor },
  { title: 'ACTION', of: ({ action }) => action },
  { title: 'STATUS', of: ({ status }) => status, paint: ({ status }, text) => paintStatus(status, text) },
  { title: 'OUTCOME', of: tellOutcome },
  { title: 'WHICH', of: tellFilter },
  { title: 'REASON', of: ({ reason }) => reason },
];

function tellOutcome({ counts: { waiting, decided, unchanged, failed } }: SagaResolution): string {
  const counts = Object.entries({ decided, 'not parked any more': unchanged, failed, 'to come': waiting });
  return counts.flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : [])).join(', ') || 'none matched';
}

/** As it is given to `orders resolve`. */
function tellFilter({ filter: { order_ids: chosen, ...others } }: SagaResolution): string {
  const parts = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  return [...(chosen ? [`${chosen.length} chosen`] : []), ...parts].join(' ');
}
