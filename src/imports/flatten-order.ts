import { maskCardNumbers } from '../domain/card-number.ts';
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
  const named = reference === '' ? `${position + 1}` : reference;
  const items = itemsOf(order);
  return (items.length === 0 ? [{}] : items).map((item) => {
    const given: Record<string, unknown> = { ...order, ...address, ...objectOf(item), order_reference: named };
    return { line: position + 1, cells: importFieldNames.map((field) => text(given, field)) };
  });
}

/** What is kept of an order of a batch that can't be placed: no more than {@link flattenOrder} writes, with card numbers masked. */
export function keepFlattened(body: unknown): Record<string, unknown> {
  const order = objectOf(body);
  return {
    ...keepFields(order),
    shipping_address: keepFields(objectOf(order['shipping_address'])),
    items: itemsOf(order).map((item) => keepFields(objectOf(item))),
  };
}

function keepFields(given: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    importFieldNames.flatMap((field) => {
      const value = maskCardNumbers(text(given, field));
      return value === '' ? [] : [[field, value]];
    }),
  );
}

function itemsOf(order: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Array.isArray(order['items']) ? order['items'] : [];
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function text(given: Readonly<Record<string, unknown>>, field: ImportField): string {
  const value = given[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
