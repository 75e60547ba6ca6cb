import { namesAddress } from './address-headers.ts';
import { holdsCardNumber } from './card-number.ts';
import type { FileReading } from './preset.ts';
import type { UnpaidOrders } from './order-standing.ts';

/** The fields that a column of a file can hold, each with its usual headers; case, blanks and punctuation don't matter. */
export const importFields = {
  order_reference: [
    'order_reference',
    'order_ref',
    'order_number',
    'order_no',
    'order_id',
    'invoice_no',
    'invoice_number',
    'invoice',
    'order',
  ],
  sku: ['sku', 'stock_code', 'product', 'product_code', 'item'],
  product_id: ['product_id'],
  variant_id: ['variant_id', 'variant'],
  quantity: ['quantity', 'qty'],
  unit_price: ['unit_price', 'price'],
  customer_id: ['customer_id', 'customer'],
  customer_name: ['customer_name', 'buyer_name', 'customer_full_name'],
  customer_email: ['customer_email', 'email', 'email_address', 'buyer_email', 'contact_email'],
  customer_phone: ['customer_phone', 'phone', 'phone_number', 'telephone', 'buyer_phone', 'buyer_phone_number'],
  source: ['source'],
  locale: ['locale'],
  currency: ['currency', 'currency_code'],
  payment_method: ['payment_method', 'payment_token'],
  coupon_code: ['coupon_code', 'coupon'],
  notes: ['notes', 'note', 'comment'],
  shipping_method: ['shipping_method'],
  name: ['name', 'recipient', 'ship_to', 'shipping_name'],
  company: ['company', 'company_name', 'shipping_company'],
  line1: ['line1', 'address_line_1', 'address_line1', 'address1', 'address', 'street', 'shipping_line1'],
  line2: ['line2', 'address_line_2', 'address_line2', 'address2', 'shipping_line2'],
  city: ['city', 'town', 'shipping_city'],
  region: ['region', 'state', 'county', 'province', 'shipping_region'],
  postal_code: ['postal_code', 'postcode', 'post_code', 'zip', 'zip_code', 'shipping_postal_code'],
  country: ['country', 'country_code', 'shipping_country'],
} as const satisfies Record<string, readonly [string, ...string[]]>;

export type ImportField = keyof typeof importFields;

/** The fields, in the order in which they are documented and written. */
export const importFieldNames = Object.keys(importFields) as ImportField[];

/** Columns that the errors file adds; a file that has them is read as if they were not there. */
export const errorColumns = ['error_code', 'error_message', 'error_line', 'error_order_id'] as const;

/** What is used where neither a row nor the file states it; an order that needs one that is not given is refused. */
export interface ImportDefaults {
  readonly currency?: string | undefined;
  /** `currency` when the caller stated it; `undefined` when it comes from the settings. */
  readonly statedCurrency?: string | undefined;
  readonly paymentMethod?: string | undefined;
  readonly customerId?: string | undefined;
  /** `customerId` when the caller stated it; `undefined` when it comes from the settings. */
  readonly statedCustomerId?: string | undefined;
  readonly country?: string | undefined;
  /** The system or shop that orders are of whose lines state none. */
  readonly source?: string | undefined;
  /** The country of addresses without one, which the caller has stated. */
  readonly addressCountry?: string | undefined;
}

/** What is done with the orders of a file. */
export const importModes = ['new', 'history'] as const;

export type ImportMode = (typeof importModes)[number];

/** What people are told that an import has done with its orders. */
export const doneWords: Readonly<Record<ImportMode, string>> = { new: 'confirmed', history: 'taken in' };

/** How orders are taken in as they stood in the system that wrote the file, instead of being placed. */
export interface TakingIn {
  /** Whether the goods of what is not shipped yet are taken out of stock. */
  readonly takeStock: boolean;
  readonly unpaid: UnpaidOrders;
}

/** Whether unknown customers and products are created in their services. */
export interface CreateMissing {
  readonly customers: boolean;
  readonly products: boolean;
}

/** How the lines of a file are read. */
export interface ImportFormat {
  readonly delimiter: string;
  readonly header: readonly string[];
  /** The column of each field that the file has, by index. */
  readonly columns: Readonly<Partial<Record<ImportField, number>>>;
  readonly defaults: ImportDefaults;
  /** How its lines become orders of another system's file; absent where they make requests of `POST /orders` straight. */
  readonly reading?: FileReading | undefined;
  /** Set when its orders are taken in as they stood; they are placed otherwise. */
  readonly takingIn?: TakingIn | undefined;
  readonly createMissing?: CreateMissing | undefined;
}

/** What is done with the orders of a file of this format; those of a batch, which has none, are placed. */
export function modeOf(format: ImportFormat | null): ImportMode {
  return format?.takingIn ? 'history' : 'new';
}

/** The fields of a shipping address; a file that has a column for any of them has to state addresses. */
export const addressFields = ['line1', 'line2', 'city', 'region', 'postal_code'] as const satisfies ImportField[];

/** What a caller names as the column of a field that the file does not have. */
const NO_COLUMN = '-';

/** An order line needs one field of each group. */
const required: readonly (readonly ImportField[])[] = [['order_reference'], ['sku', 'product_id'], ['quantity']];

/** The column of each field, by index, and what is wrong with the header: with any fault the columns are not to be used. */
export interface MappedColumns {
  readonly columns: ImportFormat['columns'];
  readonly faults: readonly string[];
}

/**
 * Finds the columns of `header` by their usual names; `named` gives the header of a field that has another name, or `-` where the file has none.
 * A field with two usual columns is a fault, and so is a header that looks like an unused part of an address, unless the caller has named its columns.
 */
export function mapColumns(
  header: readonly string[],
  named: Readonly<Partial<Record<ImportField, string>>>,
): MappedColumns {
  const faults: string[] = [];
  const columns: Partial<Record<ImportField, number>> = {};
  for (const field of importFieldNames) {
    const found = columnOf(header, field, named[field]);
    if (typeof found === 'string') faults.push(found);
    else if (found !== undefined) columns[field] = found;
  }
  if (faults.length > 0) return { columns, faults };
  if (!addressFields.some((field) => named[field] !== undefined)) faults.push(...findUnusedAddress(header, columns));
  faults.push(
    ...header.flatMap((name, column) =>
      holdsCardNumber(name) ? [`the header of column ${column + 1} holds a card number`] : [],
    ),
  );
  for (const fields of required) {
    if (fields.some((field) => columns[field] !== undefined)) continue;
    const usual = fields.flatMap((field) => importFields[field]).join(', ');
    faults.push(
      `no column for ${fields.join(' or ')}: usual headers are ${usual}; another one can be named with column.${fields[0]}=…`,
    );
  }
  return { columns, faults };
}

function columnOf(
  header: readonly string[],
  field: ImportField,
  named: string | undefined,
): number | string | undefined {
  if (named === NO_COLUMN) return undefined;
  const wanted = (named === undefined ? importFields[field] : [named]).map(normaliseHeader);
  const found = header.flatMap((name, column) => (wanted.includes(normaliseHeader(name)) ? [column] : []));
  const [first, second] = found;
  if (first === undefined) {
    return named === undefined ? undefined : `column.${field} names "${named}", which the header does not have`;
  }
  if (second === undefined) return first;
  const [one = '', other = ''] = [header[first], header[second]];
  return normaliseHeader(one) === normaliseHeader(other)
    ? `the header "${one}" occurs twice`
    : `the headers "${one}" and "${other}" may both be ${field}: name the one to use with column.${field}=…`;
}

function findUnusedAddress(header: readonly string[], columns: ImportFormat['columns']): string[] {
  const used = new Set(Object.values(columns));
  const billingToo = !addressFields.some((field) => columns[field] !== undefined);
  return header
    .filter((name, column) => !used.has(column) && namesAddress(name, { billingToo }))
    .map(
      (name) =>
        `the header "${name}" looks like a part of an address and is not used: name the columns of the address with column.line1=… ` +
        'and so on, or say with column.line1=- that there are none',
    );
}

/** `Invoice No`, `InvoiceNo` and `invoice_no` are the same header. */
export function normaliseHeader(header: string): string {
  return header.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
