import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

/** Shapes that files of orders have: few columns, many, all lines in cells, all lines in one order. */
export const fileShapes = ['own header', 'shopify', 'packed lines', 'one order'] as const;

export type FileShape = (typeof fileShapes)[number];

/** A file of orders that were delivered, and how many it has. */
export interface OrderFile {
  readonly path: string;
  readonly bytes: number;
  readonly orders: number;
  readonly rows: number;
}

type Cells = Readonly<Record<string, string | number>>;

interface Shape {
  readonly header: readonly string[];
  /** The rows of order `n`, whose reference begins with `run`. */
  readonly rowsOf: (n: number, run: string) => readonly Cells[];
}

/** Texts written to the file at once. */
const CHARACTERS_AT_ONCE = 1_000_000;

/** Writes a file of about `bytes` to `path`; references begin with `run`, so that no two files have an order in common. */
export async function writeOrderFile(
  path: string,
  shape: FileShape,
  { bytes, run }: { readonly bytes: number; readonly run: string },
): Promise<OrderFile> {
  const { header, rowsOf } = shapes[shape];
  const file = createWriteStream(path);
  const size = { bytes: 0, orders: 0, rows: 0 };
  let text = `${header.join()}\n`;
  for (let n = 0; size.bytes + text.length < bytes; n += 1) {
    for (const cells of rowsOf(n, run)) {
      text += `${header.map((name) => cells[name] ?? '').join()}\n`;
      size.rows += 1;
    }
    size.orders += 1;
    if (text.length < CHARACTERS_AT_ONCE) continue;
    size.bytes += text.length;
    if (!file.write(text)) await once(file, 'drain');
    text = '';
  }
  size.bytes += text.length;
  file.end(text);
  await finished(file);
  return { path, ...size, orders: shape === 'one order' ? 1 : size.orders };
}

const ownHeader =
  'order_reference,currency,customer_name,customer_email,name,line1,city,postal_code,country,status,payment_status,placed_at,shipped_at,delivered_at,total,shipping,sku,product_name,quantity,unit_price'.split(
    ',',
  );

const shopifyHeader =
  'Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,Payment References'.split(
    ',',
  );

const packedHeader =
  'order_id,order_number,order_date,paid_date,status,shipping_total,fee_total,tax_total,discount_total,order_total,order_key,order_currency,payment_method,payment_method_title,transaction_id,customer_user,customer_email,billing_first_name,billing_last_name,billing_email,billing_address_1,billing_postcode,billing_city,billing_country,shipping_first_name,shipping_last_name,shipping_address_1,shipping_postcode,shipping_city,shipping_country,customer_note,line_item_1,line_item_2,line_item_3,line_item_4'.split(
    ',',
  );

const shapes: Readonly<Record<FileShape, Shape>> = {
  'own header': { header: ownHeader, rowsOf: (n, run) => ownRows(n, `${run}-${n}`) },
  shopify: { header: shopifyHeader, rowsOf: shopifyRows },
  'packed lines': { header: packedHeader, rowsOf: packedRows },
  'one order': { header: ownHeader, rowsOf: (n, run) => ownRows(n, run) },
};

const SHIPPING_MINOR = 450;

/** Prices of the lines of an order, in minor units: one to four lines, all different. */
function linesOf(n: number): readonly { sku: string; name: string; quantity: number; minor: number }[] {
  return Array.from({ length: 1 + (n % 4) }, (_, index) => ({
    sku: `SKU-${(n * 7 + index) % 5_000}`,
    name: `Enamel cup ${(n + index) % 300}`,
    quantity: 1 + ((n + index) % 3),
    minor: 500 + ((n * 37 + index) % 9_000),
  }));
}

function totalOf(n: number): number {
  return linesOf(n).reduce((sum, { quantity, minor }) => sum + quantity * minor, SHIPPING_MINOR);
}

function money(minor: number): string {
  return (minor / 100).toFixed(2);
}

const MINUTE_MS = 60_000;
const FIRST_ORDER_MS = Date.UTC(2023, 0, 1);

/** An order a minute, as a shop of half a million orders a year has. */
function momentOf(n: number, daysLater = 0): string {
  return new Date(FIRST_ORDER_MS + (n + daysLater * 1_440) * MINUTE_MS).toISOString().slice(0, 19).replace('T', ' ');
}

const cities = ['Bristol', 'Leeds', 'York', 'Bath', 'Derby', 'Exeter', 'Ely', 'Truro'];

function buyerOf(n: number) {
  const number = (n * 2_654_435_761) % 200_000;
  return {
    first: `Mia${number % 997}`,
    last: `Example${number % 1_999}`,
    email: `buyer${number}@example.com`,
    line1: `${1 + (number % 90)} Test Row`,
    city: cities[number % cities.length] ?? '',
    postcode: `BS${1 + (number % 9)} ${1 + (number % 8)}XX`,
  };
}

function ownRows(n: number, reference: string): readonly Cells[] {
  const buyer = buyerOf(n);
  const name = `${buyer.first} ${buyer.last}`;
  return linesOf(n).map(({ sku, name: product, quantity, minor }) => ({
    order_reference: reference,
    currency: 'GBP',
    customer_name: name,
    customer_email: buyer.email,
    name,
    line1: buyer.line1,
    city: buyer.city,
    postal_code: buyer.postcode,
    country: 'GB',
    status: 'DELIVERED',
    payment_status: 'CAPTURED',
    placed_at: momentOf(n),
    shipped_at: momentOf(n, 1),
    delivered_at: momentOf(n, 3),
    total: money(totalOf(n)),
    shipping: money(SHIPPING_MINOR),
    sku,
    product_name: product,
    quantity,
    unit_price: money(minor),
  }));
}

function shopifyRows(n: number, run: string): readonly Cells[] {
  const buyer = buyerOf(n);
  const name = `${buyer.first} ${buyer.last}`;
  const total = totalOf(n);
  const address = (kind: 'Billing' | 'Shipping') => ({
    [`${kind} Name`]: name,
    [`${kind} Address1`]: buyer.line1,
    [`${kind} City`]: buyer.city,
    [`${kind} Zip`]: `'${buyer.postcode}`,
    [`${kind} Country`]: 'GB',
  });
  return linesOf(n).map((line, index) => ({
    Name: `#${run}-${n}`,
    Email: buyer.email,
    'Created at': `${momentOf(n)} +0000`,
    'Lineitem quantity': line.quantity,
    'Lineitem name': line.name,
    'Lineitem price': money(line.minor),
    'Lineitem sku': line.sku,
    'Lineitem requires shipping': 'true',
    'Lineitem taxable': 'true',
    'Lineitem fulfillment status': 'fulfilled',
    Vendor: 'Example Goods',
    ...(index === 0 && {
      'Financial Status': 'paid',
      'Paid at': `${momentOf(n)} +0000`,
      'Fulfillment Status': 'fulfilled',
      'Fulfilled at': `${momentOf(n, 1)} +0000`,
      'Accepts Marketing': 'no',
      Currency: 'GBP',
      Subtotal: money(total - SHIPPING_MINOR),
      Shipping: money(SHIPPING_MINOR),
      Taxes: '0.00',
      Total: money(total),
      'Discount Amount': '0.00',
      'Shipping Method': 'Standard',
      ...address('Billing'),
      ...address('Shipping'),
      'Payment Method': 'Shopify Payments',
      'Payment Reference': `c${run}${n}.1`,
      'Refunded Amount': '0.00',
      'Outstanding Balance': '0.00',
      Id: String(5_000_000_000 + n),
      'Risk Level': 'Low',
      Source: 'web',
      'Payment ID': `c${run}${n}.1`,
    }),
  }));
}

function packedRows(n: number, run: string): readonly Cells[] {
  const buyer = buyerOf(n);
  const lines = linesOf(n).map(
    ({ sku, name, quantity, minor }) =>
      `name:${name}|product_id:${minor}|sku:${sku}|quantity:${quantity}|total:${money(quantity * minor)}|sub_total:${money(quantity * minor)}`,
  );
  const address = (kind: 'billing' | 'shipping') => ({
    [`${kind}_first_name`]: buyer.first,
    [`${kind}_last_name`]: buyer.last,
    [`${kind}_address_1`]: buyer.line1,
    [`${kind}_postcode`]: buyer.postcode,
    [`${kind}_city`]: buyer.city,
    [`${kind}_country`]: 'GB',
  });
  return [
    {
      order_id: n,
      order_number: `${run}-${n}`,
      order_date: momentOf(n),
      paid_date: momentOf(n),
      status: 'completed',
      shipping_total: money(SHIPPING_MINOR),
      fee_total: '0.00',
      tax_total: '0.00',
      discount_total: '0.00',
      order_total: money(totalOf(n)),
      order_key: `wc_order_${run}${n}`,
      order_currency: 'GBP',
      payment_method: 'stripe',
      payment_method_title: 'Credit card',
      transaction_id: `pi_${run}${n}`,
      customer_user: 1 + (n % 50_000),
      customer_email: buyer.email,
      billing_email: buyer.email,
      ...address('billing'),
      ...address('shipping'),
      ...Object.fromEntries(lines.map((line, index) => [`line_item_${index + 1}`, line])),
    },
  ];
}
