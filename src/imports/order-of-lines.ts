import { holdsCardNumber } from '../domain/card-number.ts';
import { importFieldNames, type ImportField, type ImportFormat } from '../domain/import-columns.ts';
import type { ImportLine } from '../domain/import.ts';
import { isUuid } from '../domain/uuid.ts';
import { countryCode } from './country-code.ts';
import { withoutGuard } from './spreadsheet.ts';
import type { RefusalDetail } from '../domain/refusal.ts';

/** The body of `POST /orders` that lines with one reference make, as yet unchecked, or what makes them no order. */
export type OrderOfLines = { readonly body: unknown } | { readonly faults: readonly RefusalDetail[] };

/** What is said of a whole order: every line may repeat it, none may contradict. */
const ofOrder = importFieldNames.filter(
  (field) => !['order_reference', 'sku', 'product_id', 'quantity', 'unit_price'].includes(field),
);

/** Columns that say where to; a file that has any of them has to say all that is needed. */
const ofAddress = ['line1', 'city', 'postal_code'] as const satisfies ImportField[];

/** Makes an order of its lines. It depends on nothing but the lines and the format, so that the same file is the same request. */
export function orderOfLines(reference: string, lines: readonly ImportLine[], format: ImportFormat): OrderOfLines {
  const faults: RefusalDetail[] = [];
  const given = new Map<ImportField, string>();
  for (const [index, { cells }] of lines.entries()) {
    if (cells.length > format.header.length && cells.slice(format.header.length).some((cell) => cell !== '')) {
      const message = `has ${cells.length} cells, the header ${format.header.length}: is a delimiter not quoted?`;
      faults.push({ pointer: `/items/${index}`, message });
    }
    for (const field of ofOrder) {
      const cell = cellOf(cells, field, format);
      if (cell === '') continue;
      const known = given.get(field);
      if (known === undefined) given.set(field, cell);
      else if (known !== cell) {
        faults.push({ pointer: `/items/${index}`, message: `${field} differs from that of another line of the order` });
      }
    }
  }
  const country = countryOf(given.get('country'), format);
  if (country === undefined)
    faults.push({ pointer: '/shipping_address/country', message: 'is no country that is known' });
  const stated = statedOrDefault(given, country, format);
  // A country that is not known is no missing one.
  faults.push(...missingFaults(country === undefined ? { ...stated, country: '' } : stated));
  if (faults.length > 0) return { faults };
  const items = lines.map(({ cells }) => itemOf(cells, format));
  return { body: bodyOf(reference, given, items, stated, format) };
}

/** What every order needs and a file may leave to the import's defaults: where it stands in an order, and the setting that gives it. */
const defaultedFields = {
  customer_id: { pointer: '/customer_id', setting: 'IMPORT_CUSTOMER' },
  currency: { pointer: '/currency', setting: 'IMPORT_CURRENCY' },
  payment_method: { pointer: '/payment_method', setting: 'IMPORT_PAYMENT_METHOD' },
  country: { pointer: '/shipping_address/country', setting: 'IMPORT_COUNTRY' },
} as const;

type Stated = Readonly<Record<keyof typeof defaultedFields, string | undefined>>;

function statedOrDefault(
  given: ReadonlyMap<ImportField, string>,
  country: string | null | undefined,
  { defaults }: ImportFormat,
): Stated {
  return {
    customer_id: given.get('customer_id')?.replace(/\.0*$/, '') || defaults.customerId,
    currency: given.get('currency')?.toUpperCase() ?? defaults.currency,
    payment_method: given.get('payment_method') ?? defaults.paymentMethod,
    country: country ?? defaults.country,
  };
}

function missingFaults(stated: Stated): RefusalDetail[] {
  return Object.entries(defaultedFields).flatMap(([field, { pointer, setting }]) =>
    stated[field as keyof Stated] === undefined
      ? [{ pointer, message: `is missing: fill the column ${field}, give ${field} with the import, or set ${setting}` }]
      : [],
  );
}

function bodyOf(
  reference: string,
  given: ReadonlyMap<ImportField, string>,
  items: readonly object[],
  { customer_id: customerId, currency, payment_method: paymentMethod, country }: Stated,
  { columns }: ImportFormat,
) {
  const couponCode = given.get('coupon_code');
  const notes = given.get('notes');
  const shippingMethod = given.get('shipping_method')?.toLowerCase();
  const hasAddress = ofAddress.some((field) => columns[field] !== undefined);
  const fallback = hasAddress
    ? { line1: '', city: '', postal_code: '' }
    : { line1: `Order ${reference}`, city: 'Not stated', postal_code: '00000' };
  const [line2, region] = [given.get('line2'), given.get('region')];
  return {
    customer_id: customerId,
    currency,
    items,
    payment_method: paymentMethod,
    shipping_address: {
      name: given.get('name') ?? `Customer ${customerId}`,
      line1: given.get('line1') ?? fallback.line1,
      ...(line2 !== undefined && { line2 }),
      city: given.get('city') ?? fallback.city,
      ...(region !== undefined && { region }),
      postal_code: given.get('postal_code') ?? fallback.postal_code,
      country,
    },
    ...(shippingMethod !== undefined && { shipping_method: shippingMethod }),
    ...(couponCode !== undefined && { coupon_code: couponCode }),
    ...(notes !== undefined && { notes }),
    // Where a card number would be refused, one that only looks like it must not stop the order.
    ...(!holdsCardNumber(reference) && { metadata: { order_reference: reference } }),
  };
}

function itemOf(cells: readonly string[], format: ImportFormat) {
  const productId = cellOf(cells, 'product_id', format);
  const sku = cellOf(cells, 'sku', format) || (isUuid(productId) ? '' : productId);
  const price = cellOf(cells, 'unit_price', format);
  return {
    ...(sku !== '' ? { sku } : { product_id: productId }),
    quantity: quantityOf(cellOf(cells, 'quantity', format)),
    ...(price !== '' && { unit_price: amountOf(price, format.delimiter) }),
  };
}

function cellOf(cells: readonly string[], field: ImportField, { columns }: ImportFormat): string {
  const index = columns[field];
  return index === undefined ? '' : withoutGuard(cells[index] ?? '').trim();
}

/** A number as a number, whatever its sign and size; anything else stays text, for the order's schema to refuse. */
function quantityOf(cell: string): number | string {
  return /^[+-]?\d{1,15}([.,]0{1,9})?$/.test(cell) ? Number.parseInt(cell, 10) : cell;
}

/** Where a semicolon parts cells, a comma parts decimals. */
function amountOf(cell: string, delimiter: string): string {
  return delimiter === ';' && /^-?\d+,\d{1,4}$/.test(cell) ? cell.replace(',', '.') : cell;
}

/** `null` where none is stated. */
function countryOf(text: string | undefined, { columns }: ImportFormat): string | null | undefined {
  if (columns.country === undefined || text === undefined) return null;
  return countryCode(text);
}
