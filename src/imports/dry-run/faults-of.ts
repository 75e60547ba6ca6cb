import type { ImportField, ImportFormat } from '../../domain/import-columns.ts';
import type { Refusal, RefusalDetail } from '../../domain/refusal.ts';
import type { HeldOrder } from './hold-lines.ts';
import type { FileFault } from './tally.ts';

/** The faults for which an order is refused, each with its row and its column where it is about one. */
export function faultsOf({ details, message }: Refusal, held: HeldOrder, format: ImportFormat): FileFault[] {
  const found = details.length > 0 ? details : [{ pointer: '', message }];
  return found.map((detail) => toFault(detail, held, format));
}

/** A detail says its row and its column itself, or points to a field of a line. */
function toFault(detail: RefusalDetail, { reference, lines }: HeldOrder, { header, columns }: ImportFormat): FileFault {
  const pointer = detail.pointer ?? '';
  const [, item, ofLine] = /^\/items\/(\d+)(?:\/(\w+))?$/.exec(pointer) ?? [];
  const field = ofLine ?? pointer.split('/').at(-1) ?? '';
  const own = Object.hasOwn(columns, field) ? columns[field as ImportField] : undefined;
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
