import { z } from '@hono/zod-openapi';
import { importModes, modeOf } from '../../../domain/import-columns.ts';
import { importKinds, importStatuses, type Import } from '../../../domain/import.ts';
import { dateOrders } from '../../../domain/preset.ts';
import { describeReading } from '../../../imports/describe-reading.ts';
import { readProgress } from '../../../repositories/import-repository.ts';
import type { ListedImport } from '../../../repositories/list-imports.ts';
import type { Db } from '../../../repositories/schema.ts';
import { timeSchema } from '../../schemas/order-schema.ts';

const count = z.int().min(0);

/** How a file writes numbers and dates; null where nothing needs to be found. */
export const conventionsSchema = z
  .strictObject({
    decimal: z.enum(['.', ',', 'mixed']).nullable(),
    dates: z.enum([...dateOrders, 'mixed']).nullable(),
    time_zone: z.string(),
  })
  .nullable();

/** An import on the wire. */
export const importSchema = z
  .strictObject({
    id: z.uuid().openapi({ description: 'Also the `batch_id` of its orders.' }),
    kind: z.enum(importKinds),
    mode: z.enum(importModes).openapi({
      description: '`new`: its orders are placed; `history`: they are taken in as they stood.',
    }),
    status: z.enum(importStatuses),
    file_name: z.string().nullable(),
    rows: count.openapi({ description: 'Lines of the file; of a batch, its orders.' }),
    total: count.openapi({ description: 'Orders: the sum of the next five.' }),
    pending: count.openapi({ description: 'Not placed yet, or placed and their saga still running.' }),
    confirmed: count.openapi({ description: 'Placed and confirmed; with `history`, taken in.' }),
    failed: count.openapi({ description: 'Refused, out of stock, or not paid: see `errors_url`.' }),
    repeated: count.openapi({
      description: 'Placed by an earlier import under the same reference, and left as they are.',
    }),
    cancelled: count.openapi({ description: 'Not placed because the import was cancelled.' }),
    placed: count.openapi({ description: 'Orders that this import has placed, whatever their outcome.' }),
    error_count: count.openapi({ description: 'Rows at `errors_url` so far.' }),
    errors_url: z.string(),
    recognised: z.string().nullable().openapi({
      description:
        'The system that wrote the file, as `preset=` names it; `orders` for our own header, null for a batch.',
    }),
    columns: z
      .record(z.string(), z.array(z.string()))
      .openapi({ description: 'The headers that each field was taken from.' }),
    conventions: conventionsSchema.openapi({
      description:
        "How another system's file writes numbers and dates, as it shows itself or the caller has said: the decimal sign, the order of day, " +
        'month and year, and the zone of times that state none. Null for our own header.',
    }),
    created_by: z.string(),
    created_at: timeSchema,
    completed_at: timeSchema.nullable().openapi({ description: 'When its last order was settled.' }),
    acknowledged_at: timeSchema.nullable().openapi({ description: 'When somebody has seen to what failed.' }),
    acknowledged_by: z.string().nullable(),
  })
  .openapi('Import', {
    example: {
      id: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a001',
      kind: 'csv',
      mode: 'new',
      status: 'COMPLETED',
      file_name: 'december.csv',
      rows: 42_481,
      total: 1_600,
      pending: 0,
      confirmed: 1_353,
      failed: 247,
      repeated: 0,
      cancelled: 0,
      placed: 1_353,
      error_count: 1_020,
      errors_url: '/api/v1/imports/01999a3e-5f1c-7c11-9f6e-2a40c1b1a001/errors',
      recognised: 'orders',
      columns: { order_reference: ['InvoiceNo'], sku: ['StockCode'], quantity: ['Quantity'] },
      conventions: null,
      created_by: 'service:shop',
      created_at: '2026-11-21T09:30:00.000Z',
      completed_at: '2026-11-21T09:30:42.000Z',
      acknowledged_at: null,
      acknowledged_by: null,
    },
  });

type ImportView = z.output<typeof importSchema>;

/** An import as clients see it, with its progress. */
export async function importView(db: Db, job: Import): Promise<ImportView> {
  return listedImportView({ job, progress: await readProgress(db, job) });
}

/** An import as clients see it, whose progress is known. */
export function listedImportView({ job, progress: { counts, placed, errorRows } }: ListedImport): ImportView {
  return {
    id: job.id,
    kind: job.kind,
    mode: modeOf(job.format),
    status: job.status,
    file_name: job.fileName,
    rows: job.rows,
    total: job.total,
    pending: counts.WAITING + counts.PLACED,
    confirmed: counts.CONFIRMED,
    failed: counts.FAILED,
    repeated: counts.REPEATED,
    cancelled: counts.CANCELLED,
    placed,
    error_count: errorRows,
    errors_url: `${importPath(job.id)}/errors`,
    ...readingView(job),
    created_by: job.actor,
    created_at: job.createdAt.toISOString(),
    completed_at: job.completedAt && job.completedAt.toISOString(),
    acknowledged_at: job.acknowledged && job.acknowledged.at.toISOString(),
    acknowledged_by: job.acknowledged && job.acknowledged.by,
  };
}

function readingView({ format }: Import): Pick<ImportView, 'recognised' | 'columns' | 'conventions'> {
  if (!format) return { recognised: null, columns: {}, conventions: null };
  const { recognised, columns, conventions } = describeReading(format);
  return {
    recognised,
    columns: Object.fromEntries(Object.entries(columns).map(([field, headers]) => [field, [...headers]])),
    conventions: conventions && {
      decimal: conventions.decimal,
      dates: conventions.dates,
      time_zone: conventions.timeZone,
    },
  };
}

/** Where an import is found. */
export function importPath(id: string): string {
  return `/api/v1/imports/${id}`;
}
