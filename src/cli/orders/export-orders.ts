import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Cli } from './connect.ts';
import { toQuery, type ListOptions } from './list-orders.ts';

/** What to export and how, as command line options. */
export interface ExportOptions extends ListOptions {
  readonly output?: string;
  readonly lines?: boolean;
  readonly columns?: string;
  readonly delimiter?: string;
  readonly bom?: boolean;
  readonly gzip?: boolean;
  readonly archived?: boolean;
}

/** `orders export`: orders as CSV, to a file or standard output, as they come. */
export async function runExportCommand(cli: Cli, options: ExportOptions): Promise<void> {
  const { output, columns, delimiter, lines, bom, gzip, archived } = options;
  const style = {
    ...(lines === true && { lines: 'true' }),
    ...(columns !== undefined && { columns }),
    ...(delimiter !== undefined && { delimiter }),
    ...(bom === true && { bom: 'true' }),
    ...(gzip === true && { compress: 'gzip' }),
    ...(archived === true && { archived: 'true' }),
  };
  const query = new URLSearchParams({ ...toQuery(options), ...style }).toString();
  const headers = { accept: 'text/csv, application/gzip' };
  const answer = await cli.send('GET', `/orders/export${query && `?${query}`}`, { headers });
  await saveBody(answer, output);
  if (output !== undefined) cli.note(`saved to ${output}`);
}

/** Writes an answer's body to a file, or to standard output, holding little of it in memory. */
export async function saveBody(answer: Response, file?: string): Promise<void> {
  const body = Readable.fromWeb(answer.body ?? new ReadableStream({ start: (controller) => controller.close() }));
  if (file === undefined) await pipeline(body, process.stdout, { end: false });
  else await pipeline(body, createWriteStream(file));
}
