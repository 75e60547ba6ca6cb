import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { CliError, UsageError } from './cli-error.ts';
import type { Cli } from './connect.ts';

/** What to import and how to read it, or which import to pause, resume, cancel or follow. */
export interface ImportOptions {
  readonly pause?: string;
  readonly resume?: string;
  readonly cancel?: string;
  readonly follow?: string;
  readonly reason?: string;
  readonly errors?: string;
  readonly detach?: boolean;
  readonly idempotencyKey?: string;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly currency?: string;
  readonly paymentMethod?: string;
  readonly customer?: string;
  readonly country?: string;
  readonly column?: readonly string[];
}

/** The fields of an import that are shown. */
export const importSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  file_name: z.string().nullish(),
  total: z.number(),
  confirmed: z.number(),
  failed: z.number(),
  repeated: z.number(),
  cancelled: z.number(),
  pending: z.number(),
  error_count: z.number(),
  completed_at: z.string().nullish(),
});

/** An import, as far as it is shown. */
export type Import = z.infer<typeof importSchema>;

/** Uploads the file, or standard input for `-`; returns the import that it became. */
export async function sendFile(cli: Cli, file: string, options: ImportOptions): Promise<Import> {
  const isInput = file === '-';
  if (!isInput) await requireReadable(file);
  const charset = options.encoding === undefined ? '' : `; charset=${options.encoding}`;
  const request: RequestInit & { duplex: 'half' } = {
    headers: {
      'content-type': `text/csv${charset}`,
      ...(options.idempotencyKey !== undefined && { 'idempotency-key': options.idempotencyKey }),
    },
    body: Readable.toWeb(isInput ? process.stdin : createReadStream(file)),
    // The API answers after it has read the whole file.
    duplex: 'half',
  };
  const query = new URLSearchParams({
    ...toQuery(options),
    ...(!isInput && { file_name: basename(file).slice(0, 200) }),
  }).toString();
  return importSchema.parse(await cli.call('POST', `/imports?${query}`, request));
}

/** A pipe such as `/dev/stdin` is as good as a file. */
async function requireReadable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || found.isDirectory()) throw new CliError(`${file} can't be read as a file.`);
}

function toQuery(options: ImportOptions): Record<string, string> {
  const given = {
    currency: options.currency,
    payment_method: options.paymentMethod,
    customer_id: options.customer,
    country: options.country,
    delimiter: options.delimiter,
  };
  const columns = (options.column ?? []).map((text): [string, string] => {
    const [, field, header] = /^(\w+)=(.+)$/.exec(text) ?? [];
    if (field === undefined || header === undefined) {
      throw new UsageError(`"${text}" is not a column. Write FIELD=HEADER, such as sku=StockCode.`);
    }
    return [`column.${field}`, header];
  });
  const set = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries([...set, ...columns]);
}
