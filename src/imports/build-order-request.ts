import { addressFields, importFieldNames, type ImportField, type ImportFormat } from '../domain/import-columns.ts';
import type { CheckedLine } from '../domain/import.ts';
import { isUuid } from '../domain/uuid.ts';
import { tooWide } from './check-lines.ts';
import { countryCode } from './country-code.ts';
import { unescapeFormula } from './escape-formula.ts';
import { readAmount, readQuantity } from './read-number.ts';
import { damageOf } from './spreadsheet-damage.ts';
import type { RefusalDetail } from '../domain/refusal.ts';

/** The request for `POST /orders` that the lines of one order make, not yet checked, or what is wrong with the lines. */
export type BuiltRequest = { readonly request: unknown } | { readonly faults: readonly RefusalDetail[] };

/** Fields of one line; all others are of the whole order: every line may repeat them, none may contradict another. */
const lineFields: ReadonlySet<ImportField> = new Set([
  'order_reference',
  'sku',
  'product_id',
  'variant_id',
  'quantity',
  'unit_price',
]);

/** The fields that a file has a column for, and those of them that are of the whole order. */
interface UsedFields {
  readonly all: readonly ImportField[];
  readonly ofOrder: readonly ImportField[];
}

/** Found once for all orders of a file. */
const usedFields = new WeakMap<ImportFormat['columns'], UsedFields>();

function usedFieldsOf({ columns }: ImportFormat): UsedFields {
  const known = usedFields.get(columns);
  if (known) return known;
  const all = importFieldNames.filter((field) => columns[field] !== undefined);
  const found = { all, ofOrder: all.filter((field) => !lineFields.has(field)) };
  usedFields.set(columns, found);
  return found;
}

/**
 * Builds the request for one order from its lines, or says what is wrong with them. The result depends only on the lines and the format,
 * so the same file always makes the same requests.
 */
export function buildOrderRequest(
  reference: string,
  lines: readonly CheckedLine[],
  format: ImportFormat,
): BuiltRequest {
  const { given, faults } = collectCells(lines, format);
  const country = countryOf(given.get('country'), format);
  if (country === undefined) {
    faults.push({ pointer: '/shipping_address/country', message: 'is not the code or the name of a country' });
  }
  const stated = stateOrDefault(given, country, format);
  // An unknown country has its own fault and is not missing as well.
  faults.push(...missingFaults(country === undefined ? { ...stated, country: '' } : stated, format));
  const items = lines.map(({ cells }, index) =>
    buildItem(cells, stated.currency, format, (field, message) => {
      faults.push({ pointer: `/items/${index}/${field}`, message });
    }),
  );
  if (faults.length > 0) return { faults };
  return { request: buildRequest(reference, given, items, stated, format) };
}

/** The cells that hold for the whole order; a fault for each line that contradicts an earlier one, or is not as the header says. */
function collectCells(lines: readonly CheckedLine[], format: ImportFormat) {
  const faults: RefusalDetail[] = [];
  const given = new Map<ImportField, string>();
  const { ofOrder } = usedFieldsOf(format);
  for (const [index, line] of lines.entries()) {
    const { cells } = line;
    faults.push(...faultsOfLine(line, format).map((message) => ({ pointer: `/items/${index}`, message })));
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
  return { given, faults };
}

function faultsOfLine({ cells, faults }: CheckedLine, format: ImportFormat): string[] {
  const found = [...(faults ?? []), ...faultOfWidth(cells, format.header.length)];
  for (const field of usedFieldsOf(format).all) {
    const damage = damageOf(field, cellOf(cells, field, format));
    if (damage !== undefined) found.push(`${field} ${damage}`);
  }
  return found;
}

/** What is wrong with a line that has not as many cells as the header; empty ones at its end don't matter. */
export function faultOfWidth(cells: readonly string[], width: number): string[] {
  const isLonger = cells.length > width && cells.slice(width).some((cell) => cell !== '');
  return isLonger || cells.length < width ? [tooWide(cells, width)] : [];
}

/** Fields that every order needs and a file may leave to the import's defaults, with their place in a request and their setting. */
const defaultedFields = {
  customer_id: { pointer: '/customer_id', setting: 'IMPORT_CUSTOMER' },
  currency: { pointer: '/currency', setting: 'IMPORT_CURRENCY' },
  payment_method: { pointer: '/payment_method', setting: 'IMPORT_PAYMENT_METHOD' },
  country: { pointer: '/shipping_address/country', setting: 'IMPORT_COUNTRY' },
} as const;

type DefaultedField = keyof typeof defaultedFields;
const defaultedFieldNames = Object.keys(defaultedFields) as DefaultedField[];

type Stated = Readonly<Record<DefaultedField, string | undefined>>;

function stateOrDefault(
  given: ReadonlyMap<ImportField, string>,
  country: string | null | undefined,
  { defaults, columns }: ImportFormat,
): Stated {
  return {
    // Spreadsheets write the number 17850 as 17850.0 where some cells of the column are empty.
    customer_id: given.get('customer_id')?.replace(/^(0|[1-9]\d*)\.0$/, '$1') ?? defaults.customerId,
    currency: given.get('currency')?.toUpperCase() ?? defaults.currency,
    payment_method: given.get('payment_method') ?? defaults.paymentMethod,
    country: country ?? (hasAddress(columns) ? defaults.addressCountry : defaults.country),
  };
}

function missingFaults(stated: Stated, { columns }: ImportFormat): RefusalDetail[] {
  return defaultedFieldNames.flatMap((field) => {
    if (stated[field] !== undefined) return [];
    const { pointer, setting } = defaultedFields[field];
    const remedy =
      field === 'country' && hasAddress(columns)
        ? `fill the column ${field}, or give ${field} with the import: an address is not completed by ${setting}`
        : `fill the column ${field}, give ${field} with the import, or set ${setting}`;
    return [{ pointer, message: `is missing: ${remedy}` }];
  });
}

function hasAddress(columns: ImportFormat['columns']): boolean {
  return addressFields.some((field) => columns[field] !== undefined);
}

function buildRequest(
  reference: string,
  given: ReadonlyMap<ImportField, string>,
  items: readonly object[],
  { customer_id: customerId, currency, payment_method: paymentMethod, country }: Stated,
  { columns, defaults }: ImportFormat,
) {
  const shippingMethod = given.get('shipping_method')?.toLowerCase();
  const fallback: { line1: string; city: string; postal_code?: string } = hasAddress(columns)
    ? { line1: '', city: '' }
    : { line1: `Order ${reference}`, city: 'Not stated', postal_code: '00000' };
  const postalCode = given.get('postal_code') ?? fallback.postal_code;
  return {
    customer_id: customerId,
    ...(defaults.source !== undefined && { source: defaults.source }),
    ...pick(given, ['customer_name', 'customer_email', 'customer_phone', 'source', 'locale']),
    reference,
    currency,
    items,
    payment_method: paymentMethod,
    shipping_address: {
      name: given.get('name') ?? given.get('customer_name') ?? `Customer ${customerId}`,
      line1: given.get('line1') ?? fallback.line1,
      city: given.get('city') ?? fallback.city,
      ...(postalCode !== undefined && { postal_code: postalCode }),
      country,
      ...pick(given, ['line2', 'region', 'company']),
    },
    ...(shippingMethod !== undefined && { shipping_method: shippingMethod }),
    ...pick(given, ['coupon_code', 'notes']),
    metadata: { order_reference: reference },
  };
}

/** Those of the fields that the order's lines state. */
function pick(given: ReadonlyMap<ImportField, string>, fields: readonly ImportField[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const field of fields) {
    const value = given.get(field);
    if (value !== undefined) picked[field] = value;
  }
  return picked;
}

function buildItem(
  cells: readonly string[],
  currency: string | undefined,
  format: ImportFormat,
  addFault: (field: ImportField, message: string) => void,
) {
  const productId = cellOf(cells, 'product_id', format);
  const givenSku = cellOf(cells, 'sku', format);
  const sku = givenSku || (isUuid(productId) ? '' : productId);
  if (givenSku !== '' && productId !== '' && givenSku !== productId) {
    addFault(
      'product_id',
      'names another product than sku does: leave one of the columns out with column.product_id=- or column.sku=-',
    );
  }
  const variantId = cellOf(cells, 'variant_id', format);
  const quantity = readQuantity(cellOf(cells, 'quantity', format));
  if ('fault' in quantity) addFault('quantity', quantity.fault);
  const price = cellOf(cells, 'unit_price', format);
  const amount = readAmount(price, format.delimiter, currency);
  if ('fault' in amount) addFault('unit_price', amount.fault);
  return {
    ...(sku !== '' ? { sku } : { product_id: productId }),
    ...(variantId !== '' && { variant_id: variantId }),
    ...('value' in quantity && { quantity: quantity.value }),
    ...(price !== '' && 'value' in amount && { unit_price: amount.value }),
  };
}

function cellOf(cells: readonly string[], field: ImportField, { columns }: ImportFormat): string {
  const index = columns[field];
  return index === undefined ? '' : unescapeFormula(cells[index] ?? '').trim();
}

/** `null` where no country is stated, `undefined` where it is unknown. */
function countryOf(text: string | undefined, { columns }: ImportFormat): string | null | undefined {
  if (columns.country === undefined || text === undefined) return null;
  return countryCode(text);
}
