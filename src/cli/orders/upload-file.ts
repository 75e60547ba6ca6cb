import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { importModes } from '../../domain/import-columns.ts';
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
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly idempotencyKey?: string;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly currency?: string;
  readonly paymentMethod?: string;
  readonly customer?: string;
  readonly country?: string;
  readonly source?: string;
  readonly column?: readonly string[];
  readonly preset?: string;
  readonly presetFile?: string;
  readonly tolerance?: string;
  readonly decimal?: string;
  readonly dateFormat?: string;
  readonly timeZone?: string;
  readonly prices?: string;
  readonly mode?: string;
  readonly unpaid?: string;
  readonly takeStock?: boolean;
  readonly createMissing?: string;
  readonly missingCustomers?: string;
  readonly missingProducts?: string;
}

/** The fields of an import that are shown. */
export const importSchema = z.looseObject({
  id: z.string(),
  mode: z.enum(importModes),
  recognised: z.string().nullish(),
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
  acknowledged_by: z.string().nullish(),
  acknowledged_at: z.string().nullish(),
});

/** An import, as far as it is shown. */
export type Import = z.infer<typeof importSchema>;

/** Uploads the file, or standard input for `-`; returns the import that it became. */
export async function sendFile(cli: Cli, file: string, options: ImportOptions): Promise<Import> {
  return importSchema.parse(await upload(cli, file, options, {}));
}

/** What a dry run has found, as far as it is shown. */
const dryRunSchema = z.looseObject({
  mode: z.string(),
  recognised: z.string(),
  columns: z.record(z.string(), z.array(z.string())),
  assumed: z.record(z.string(), z.string()),
  unused_columns: z.array(z.string()),
  conventions: z
    .object({ decimal: z.string().nullable(), dates: z.string().nullable(), time_zone: z.string() })
    .nullable(),
  rows: z.number(),
  orders: z.number(),
  refused: z.number(),
  known: z.number(),
  states: z.array(z.object({ state: z.string(), payment_state: z.string(), orders: z.number() })),
  sums: z.array(
    z.looseObject({
      currency: z.string(),
      orders: z.number(),
      unpriced: z.number(),
      goods: z.string(),
      discount: z.string().nullable(),
      tax: z.string().nullable(),
      shipping: z.string().nullable(),
      fees: z.string().nullable(),
      total: z.string().nullable(),
      refunded: z.string().nullable(),
    }),
  ),
  problems: z.array(z.object({ message: z.string(), orders: z.number() })),
  faults: z.array(
    z.object({
      line: z.number().nullable(),
      column: z.string().nullable(),
      order_reference: z.string(),
      message: z.string(),
    }),
  ),
  differing: z.number(),
  differences: z.array(z.object({ order_reference: z.string(), message: z.string() })),
  missing_customers: z.array(z.object({ id: z.string(), name: z.string().nullable(), email: z.string().nullable() })),
  missing_products: z.array(z.object({ sku: z.string(), name: z.string(), price: z.string(), currency: z.string() })),
});

/** What a dry run has found. */
export type DryRun = z.infer<typeof dryRunSchema>;

/** Has the file read and checked; nothing is imported. */
export async function checkFile(cli: Cli, file: string, options: ImportOptions): Promise<DryRun> {
  return dryRunSchema.parse(await upload(cli, file, options, { dry_run: 'true' }));
}

async function upload(cli: Cli, file: string, options: ImportOptions, how: Readonly<Record<string, string>>) {
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
    ...how,
    ...(options.presetFile !== undefined && { preset_file: await readPreset(options.presetFile) }),
    ...(!isInput && { file_name: basename(file).slice(0, 200) }),
  }).toString();
  return cli.call('POST', `/imports?${query}`, request);
}

/** A pipe such as `/dev/stdin` is as good as a file. */
async function requireReadable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || found.isDirectory()) throw new CliError(`${file} can't be read as a file.`);
}

/** The preset as it goes into the query: without the blanks that make it readable. */
async function readPreset(file: string): Promise<string> {
  await requireReadable(file);
  try {
    return JSON.stringify(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new CliError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function toQuery(options: ImportOptions): Record<string, string> {
  const given = {
    currency: options.currency,
    payment_method: options.paymentMethod,
    customer_id: options.customer,
    country: options.country,
    source: options.source,
    delimiter: options.delimiter,
    preset: options.preset,
    tolerance: options.tolerance,
    decimal: options.decimal,
    date_format: options.dateFormat,
    time_zone: options.timeZone,
    prices: options.prices,
    mode: options.mode,
    unpaid: options.unpaid,
    take_stock: options.takeStock === true ? 'true' : undefined,
    create_missing: options.createMissing,
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
