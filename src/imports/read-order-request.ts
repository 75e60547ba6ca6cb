import type { FileOrder } from '../domain/file-order.ts';
import type { ImportFormat } from '../domain/import-columns.ts';
import type { CheckedLine } from '../domain/import.ts';
import type { OrderRules } from '../domain/order-rules.ts';
import type { RefusalDetail } from '../domain/refusal.ts';
import type { StatedOrder } from '../domain/stated-amounts.ts';
import { buildOrderRequest } from './build-order-request.ts';
import { readFileOrder } from './presets/read-file-order.ts';
import { requestOfFileOrder } from './request-of-file-order.ts';

/** An order of a file that is to be placed. */
export interface StatedRequest {
  /** For `POST /orders`, not yet checked. */
  readonly request: unknown;
  /** What its file states, which is kept as it is; absent where the catalogue's prices and our own rates count. */
  readonly stated?: StatedOrder | undefined;
  /** The order as another system's file states it. */
  readonly file?: FileOrder | undefined;
}

/** Makes the request of an order of a file, whichever way the file is read, or says what is wrong with its lines. The same lines and format always make the same. */
export function readOrderRequest(
  reference: string,
  lines: readonly CheckedLine[],
  format: ImportFormat,
): StatedRequest | { readonly faults: readonly RefusalDetail[] } {
  const { reading } = format;
  if (!reading) return buildOrderRequest(reference, lines, format);
  const read = readFileOrder(reference, lines, format);
  if ('faults' in read) return read;
  const built = requestOfFileOrder(read.order, format, reading);
  return 'faults' in built ? built : { ...built, file: read.order };
}

/** More rows than that are no order of a shop, and would have to be held in memory together. */
export const MAX_ROWS_OF_ORDER = 2_000;

/** How many rows of an order are read at all: where each is a line, no more than an order may have. */
export function maxRowsOf({ reading }: ImportFormat, { maxItems }: Pick<OrderRules, 'maxItems'>): number {
  return reading ? MAX_ROWS_OF_ORDER : maxItems;
}
