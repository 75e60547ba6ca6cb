import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Cli } from './connect.ts';
import { toQuery, type ListOptions } from './list-orders.ts';

/** `orders export`: orders as CSV, to a file or standard output, as they come. */
export async function runExportCommand(
  cli: Cli,
  { output, ...filters }: ListOptions & { output?: string },
): Promise<void> {
  const query = new URLSearchParams(toQuery(filters)).toString();
  const answer = await cli.send('GET', `/orders/export${query && `?${query}`}`, { headers: { accept: 'text/csv' } });
  await saveBody(answer, output);
  if (output !== undefined) cli.note(`saved to ${output}`);
}

/** Writes an answer's body to a file, or to standard output, holding little of it in memory. */
export async function saveBody(answer: Response, file?: string): Promise<void> {
  const body = Readable.fromWeb(answer.body ?? new ReadableStream({ start: (controller) => controller.close() }));
  if (file === undefined) await pipeline(body, process.stdout, { end: false });
  else await pipeline(body, createWriteStream(file));
}
