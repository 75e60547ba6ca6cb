/** The fields that a column of a file can hold, each with its usual headers; case, blanks and punctuation don't matter. */
export const importFields = {
  order_reference: [
    'order_reference',
    'order_ref',
    'order_number',
    'order_no',
    'invoice_no',
    'invoice_number',
    'invoice',
    'order',
  ],
  sku: ['sku', 'stock_code', 'product', 'product_code', 'item'],
  product_id: ['product_id'],
  quantity: ['quantity', 'qty'],
  unit_price: ['unit_price', 'price'],
  customer_id: ['customer_id', 'customer'],
  currency: ['currency', 'currency_code'],
  payment_method: ['payment_method', 'payment_token'],
  coupon_code: ['coupon_code', 'coupon'],
  notes: ['notes', 'note', 'comment'],
  shipping_method: ['shipping_method'],
  name: ['name', 'customer_name', 'recipient', 'ship_to', 'shipping_name'],
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
  readonly paymentMethod?: string | undefined;
  readonly customerId?: string | undefined;
  readonly country?: string | undefined;
}

/** How the lines of a file are read. */
export interface ImportFormat {
  readonly delimiter: string;
  readonly header: readonly string[];
  /** The column of each field that the file has, by index. */
  readonly columns: Readonly<Partial<Record<ImportField, number>>>;
  readonly defaults: ImportDefaults;
}

/** An order line needs one field of each group. */
const required: readonly (readonly ImportField[])[] = [['order_reference'], ['sku', 'product_id'], ['quantity']];

/** The column of each field, by index, and what is wrong with the header: with any fault the columns are not to be used. */
export interface MappedColumns {
  readonly columns: ImportFormat['columns'];
  readonly faults: readonly string[];
}

/** Finds the columns of `header` by their usual names; `named` gives the header of a field that has another name. */
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
  const normal = header.map(normalise);
  const wanted = named === undefined ? importFields[field] : [named];
  for (const name of wanted) {
    const index = normal.indexOf(normalise(name));
    if (index === -1) continue;
    if (normal.lastIndexOf(normalise(name)) !== index) return `the header "${header[index]}" occurs twice`;
    return index;
  }
  return named === undefined ? undefined : `column.${field} names "${named}", which the header does not have`;
}

/** `Invoice No`, `InvoiceNo` and `invoice_no` are the same header. */
function normalise(header: string): string {
  return header.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
