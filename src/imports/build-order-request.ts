import { holdsCardNumber } from '../domain/card-number.ts';
import { importFieldNames, type ImportField, type ImportFormat } from '../domain/import-columns.ts';
import type { ImportLine } from '../domain/import.ts';
import { isUuid } from '../domain/uuid.ts';
import { countryCode } from './country-code.ts';
import { unescapeFormula } from './escape-formula.ts';
import type { RefusalDetail } from '../domain/refusal.ts';

/** The request for `POST /orders` that the lines of one order make, not yet checked, or what is wrong with the lines. */
export type BuiltRequest = { readonly request: unknown } | { readonly faults: readonly RefusalDetail[] };

/** Fields of the whole order: every line may repeat them, none may contradict another. */
const orderFields = importFieldNames.filter(
  (field) => !['order_reference', 'sku', 'product_id', 'quantity', 'unit_price'].includes(field),
);

/** Columns of an address; a file with any of them must have all that an address needs. */
const addressFields = ['line1', 'city', 'postal_code'] as const satisfies ImportField[];

/**
 * Builds the request for one order from its lines, or says what is wrong with them. The result depends only on the lines and the format,
 * so the same file always makes the same requests.
 */
export function buildOrderRequest(reference: string, lines: readonly ImportLine[], format: ImportFormat): BuiltRequest {
  const { given, faults } = collectCells(lines, format);
  const country = countryOf(given.get('country'), format);
  if (country === undefined) {
    faults.push({ pointer: '/shipping_address/country', message: 'is not the code or English name of a country' });
  }
  const stated = stateOrDefault(given, country, format);
  // An unknown country has its own fault and is not missing as well.
  faults.push(...missingFaults(country === undefined ? { ...stated, country: '' } : stated));
  if (faults.length > 0) return { faults };
  const items = lines.map(({ cells }) => buildItem(cells, format));
  return { request: buildRequest(reference, given, items, stated, format) };
}

/** The cells that hold for the whole order; a fault for each line that contradicts an earlier one, or has more cells than the header. */
function collectCells(lines: readonly ImportLine[], format: ImportFormat) {
  const faults: RefusalDetail[] = [];
  const given = new Map<ImportField, string>();
  for (const [index, { cells }] of lines.entries()) {
    if (cells.slice(format.header.length).some((cell) => cell !== '')) {
      const message = `has ${cells.length} cells, the header has ${format.header.length}: quote cells that hold a delimiter`;
      faults.push({ pointer: `/items/${index}`, message });
    }
    for (const field of orderFields) {
      const cell = cellOf(cells, field, format);
      if (cell === '') continue;
      const known = given.get(field);
      if (known === undefined) given.set(field, cell);
      else if (known !== cell) {
        faults.push({ pointer: `/items/${index}`, message: `${field} differs from that of another line of the order` });
      }
    }
  }
  return { given, faults };
}

/** Fields that every order needs and a file may leave to the import's defaults, with their place in a request and their setting. */
const defaultedFields = {
  customer_id: { pointer: '/customer_id', setting: 'IMPORT_CUSTOMER' },
  currency: { pointer: '/currency', setting: 'IMPORT_CURRENCY' },
  payment_method: { pointer: '/payment_method', setting: 'IMPORT_PAYMENT_METHOD' },
  country: { pointer: '/shipping_address/country', setting: 'IMPORT_COUNTRY' },
} as const;

type Stated = Readonly<Record<keyof typeof defaultedFields, string | undefined>>;

function stateOrDefault(
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

function buildRequest(
  reference: string,
  given: ReadonlyMap<ImportField, string>,
  items: readonly object[],
  { customer_id: customerId, currency, payment_method: paymentMethod, country }: Stated,
  { columns }: ImportFormat,
) {
  const couponCode = given.get('coupon_code');
  const notes = given.get('notes');
  const shippingMethod = given.get('shipping_method')?.toLowerCase();
  const hasAddress = addressFields.some((field) => columns[field] !== undefined);
  const fallback: { line1: string; city: string; postal_code?: string } = hasAddress
    ? { line1: '', city: '' }
    : { line1: `Order ${reference}`, city: 'Not stated', postal_code: '00000' };
  const [line2, region] = [given.get('line2'), given.get('region')];
  const postalCode = given.get('postal_code') ?? fallback.postal_code;
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
      ...(postalCode !== undefined && { postal_code: postalCode }),
      country,
    },
    ...(shippingMethod !== undefined && { shipping_method: shippingMethod }),
    ...(couponCode !== undefined && { coupon_code: couponCode }),
    ...(notes !== undefined && { notes }),
    // Metadata with a card number is refused; a reference that only looks like one must not stop the order.
    ...(!holdsCardNumber(reference) && { metadata: { order_reference: reference } }),
  };
}

function buildItem(cells: readonly string[], format: ImportFormat) {
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
  return index === undefined ? '' : unescapeFormula(cells[index] ?? '').trim();
}

/** A number, whatever its sign and size; other text stays text, which the order's schema refuses. */
function quantityOf(cell: string): number | string {
  return /^[+-]?\d{1,15}([.,]0{1,9})?$/.test(cell) ? Number.parseInt(cell, 10) : cell;
}

/** In a file delimited by semicolons, prices may have a decimal comma. */
function amountOf(cell: string, delimiter: string): string {
  return delimiter === ';' && /^-?\d+,\d{1,4}$/.test(cell) ? cell.replace(',', '.') : cell;
}

/** `null` where no country is stated, `undefined` where it is unknown. */
function countryOf(text: string | undefined, { columns }: ImportFormat): string | null | undefined {
  if (columns.country === undefined || text === undefined) return null;
  return countryCode(text);
}
