import type { FileOrder } from '../../domain/file-order.ts';
import type { ImportFormat } from '../../domain/import-columns.ts';
import { invalidRequest, Refusal } from '../../domain/refusal.ts';
import type { StatedOrder } from '../../domain/stated-amounts.ts';
import { checkRequest } from '../../orders/check-request.ts';
import type { OrderRequest, orderRequestSchema } from '../../orders/order-request.ts';
import { checkReference } from '../import-key.ts';
import { readFileOrder } from '../presets/read-file-order.ts';
import { readOrderRequest } from '../read-order-request.ts';
import type { HeldOrder } from './hold-lines.ts';

/** By what an order of a file is read. */
export interface ReadBy {
  readonly format: ImportFormat;
  readonly schema: ReturnType<typeof orderRequestSchema>;
  readonly maxRows: number;
}

/** An order of a file that is to be taken in as it stands, or to be placed. */
export type ReadOrder = { readonly held: HeldOrder } & (
  | { readonly file: FileOrder; readonly request: null }
  | {
      readonly request: OrderRequest;
      readonly stated: StatedOrder | undefined;
      readonly file: FileOrder | undefined;
    }
);

/** Reads an order of a file, or says why it is refused: all that its lines alone tell. */
export function readOrder(held: HeldOrder, { format, schema, maxRows }: ReadBy): ReadOrder | Refusal {
  const { reference, lines, lineCount } = held;
  return refusalOr(() => {
    checkReference(reference);
    if (lineCount > maxRows) {
      const message = `has ${lineCount} lines, and an order has at most ${maxRows}`;
      throw invalidRequest([{ pointer: '/items', message }]);
    }
    if (format.takingIn) {
      const read = readFileOrder(reference, lines, format);
      if ('faults' in read) throw invalidRequest(read.faults);
      return { held, file: read.order, request: null };
    }
    const read = readOrderRequest(reference, lines, format);
    if ('faults' in read) throw invalidRequest(read.faults);
    const { request, stated, file } = read;
    return { held, request: checkRequest(schema, request), stated, file };
  });
}

/** What `run` returns, or the refusal that it throws. A file may have a million orders that are refused: what is thrown tells one frame only, since whole traces would take a sixth of the time. */
export function refusalOr<T>(run: () => T): T | Refusal {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
