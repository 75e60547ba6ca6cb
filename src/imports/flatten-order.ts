import { importFieldNames, type ImportField } from '../domain/import-columns.ts';
import type { ImportLine } from '../domain/import.ts';
import type { FailedImportOrder } from '../repositories/import-errors.ts';

/**
 * Writes an order of a batch as lines of a file, with the fields that a file has columns for. The line number is the order's
 * position in the batch, from 1.
 */
export function flattenOrder({ body, reference, position }: FailedImportOrder): ImportLine[] {
  const order = objectOf(body);
  const address = objectOf(order['shipping_address']);
  const items: unknown[] = Array.isArray(order['items']) ? order['items'] : [];
  const named = reference === '' ? `${position + 1}` : reference;
  return (items.length === 0 ? [{}] : items).map((item) => {
    const given: Record<string, unknown> = { ...order, ...address, ...objectOf(item), order_reference: named };
    return { line: position + 1, cells: importFieldNames.map((field) => text(given, field)) };
  });
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function text(given: Readonly<Record<string, unknown>>, field: ImportField): string {
  const value = given[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
