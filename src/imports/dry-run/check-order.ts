import { isCurrency } from '../../domain/currency.ts';
import type { ImportFormat } from '../../domain/import-columns.ts';
import { parseMoney } from '../../domain/money.ts';
import { invalidRequest, Refusal, type RefusalDetail } from '../../domain/refusal.ts';
import { checkRequest } from '../../orders/check-request.ts';
import type { OrderRequest, orderRequestSchema } from '../../orders/order-request.ts';
import { buildOrderRequest } from '../build-order-request.ts';
import { checkReference } from '../import-key.ts';
import { readFileOrder } from '../presets/read-file-order.ts';
import { requestOfFileOrder } from '../request-of-file-order.ts';
import type { HeldOrder } from './hold-lines.ts';
import type { FileFault, TalliedOrder } from './tally.ts';

/** By what an order of a file is checked. */
export interface CheckedBy {
  readonly format: ImportFormat;
  readonly mode: 'new' | 'history';
  readonly schema: ReturnType<typeof orderRequestSchema>;
  readonly maxItems: number;
}

/** What an order comes to when it is imported, or why it is refused: everything that its file alone tells. */
export function checkOrder(held: HeldOrder, by: CheckedBy): TalliedOrder | { readonly faults: readonly FileFault[] } {
  try {
    return readOrder(held, by);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const details = error.details.length > 0 ? error.details : [{ pointer: '', message: error.message }];
    return { faults: details.map((detail) => toFault(detail, held, by.format)) };
  }
}

function readOrder(
  held: HeldOrder,
  { format, mode, schema, maxItems }: CheckedBy,
): TalliedOrder | { readonly faults: readonly FileFault[] } {
  const { reference, lines, lineCount } = held;
  checkReference(reference);
  if (lineCount > maxItems) {
    const message = `must have a number of entries of at most ${maxItems}, has ${lineCount}`;
    throw invalidRequest([{ pointer: '/items', message }]);
  }
  const faulty = (faults: readonly RefusalDetail[]) => ({
    faults: faults.map((detail) => toFault(detail, held, format)),
  });
  if (!format.reading) {
    const built = buildOrderRequest(reference, lines, format);
    return 'faults' in built ? faulty(built.faults) : tallyRequest(checkRequest(schema, built.request));
  }
  const read = readFileOrder(reference, lines, format);
  if ('faults' in read) return faulty(read.faults);
  if (mode === 'history') return read.order;
  const built = requestOfFileOrder(read.order, format.defaults);
  if ('faults' in built) return faulty(built.faults);
  checkRequest(schema, built.request);
  return read.order;
}

/** What a request says of its amounts: tax, shipping and coupons are those of the shop's settings. */
function tallyRequest({ currency, items }: OrderRequest): TalliedOrder {
  return {
    currency,
    lines: items.map(({ quantity, unit_price: price }) => ({
      quantity,
      unitPriceMinor: price === undefined || !isCurrency(currency) ? null : parseMoney(price, currency),
      discountMinor: 0,
    })),
  };
}

/** A detail says its row and its column itself, or points to a field of a line. */
function toFault(detail: RefusalDetail, { reference, lines }: HeldOrder, { header, columns }: ImportFormat): FileFault {
  const pointer = detail.pointer ?? '';
  const [, item, ofLine] = /^\/items\/(\d+)(?:\/(\w+))?$/.exec(pointer) ?? [];
  const field = ofLine ?? pointer.split('/').at(-1) ?? '';
  const own = Object.entries(columns).find(([name]) => name === field)?.[1];
  const stated = detail['column'];
  const column = typeof stated === 'string' ? stated : own === undefined ? null : (header[own] ?? null);
  const said = detail.message ?? 'can not be used';
  return {
    line: typeof detail['line'] === 'number' ? detail['line'] : (lines[Number(item ?? 0)]?.line ?? null),
    column,
    reference,
    // A field without a column is named by the message.
    message:
      column === null && field !== '' && pointer !== '/items' && !/^\d+$/.test(field) ? `${field}: ${said}` : said,
  };
}
