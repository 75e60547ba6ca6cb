import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { CliError, UsageError } from './cli-error.ts';

/** An order, as command line options describe it. */
export interface OrderFlags {
  readonly file?: string;
  readonly customer?: string;
  readonly item?: readonly string[];
  readonly currency?: string;
  readonly paymentMethod?: string;
  readonly name?: string;
  readonly line1?: string;
  readonly line2?: string;
  readonly city?: string;
  readonly region?: string;
  readonly postalCode?: string;
  readonly country?: string;
  readonly shippingMethod?: string;
  readonly coupon?: string;
  readonly notes?: string;
  readonly customerName?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly company?: string;
  readonly reference?: string;
  readonly source?: string;
  readonly locale?: string;
}

/** Builds the body of `POST /orders` from a file (`-` is standard input) and options, which override the file. The API validates it. */
export async function readOrderRequest(flags: OrderFlags): Promise<Record<string, unknown>> {
  const file = flags.file === undefined ? {} : parseObject(await readInput(flags.file), flags.file);
  const address = keepDefined({
    name: flags.name,
    company: flags.company,
    line1: flags.line1,
    line2: flags.line2,
    city: flags.city,
    region: flags.region,
    postal_code: flags.postalCode,
    country: flags.country,
  });
  const body = {
    ...file,
    ...keepDefined({
      customer_id: flags.customer,
      customer_name: flags.customerName,
      customer_email: flags.email,
      customer_phone: flags.phone,
      reference: flags.reference,
      source: flags.source,
      locale: flags.locale,
      currency: flags.currency,
      items: flags.item?.map(parseItem),
      payment_method: flags.paymentMethod,
      shipping_method: flags.shippingMethod,
      coupon_code: flags.coupon,
      notes: flags.notes,
    }),
    ...(Object.keys(address).length > 0 && {
      shipping_address: { ...(file['shipping_address'] as object | undefined), ...address },
    }),
  };
  if (Object.keys(body).length === 0)
    throw new UsageError('Describe the order with --item and the other options, or with --file.');
  return body;
}

/** `SKU:QTY` or `SKU:QTY:PRICE`; a SKU may hold colons. */
function parseItem(text: string): { sku: string; quantity: number; unit_price?: string } {
  const [, sku, quantity, price] = /^(.+?):(\d{1,9})(?::(\d+(?:\.\d+)?))?$/.exec(text) ?? [];
  if (sku === undefined || quantity === undefined) {
    throw new UsageError(
      `"${text}" is not an item. Write SKU:QUANTITY or SKU:QUANTITY:PRICE, such as TEA-001:2 or TEA-001:2:12.50.`,
    );
  }
  return { sku, quantity: Number(quantity), ...(price !== undefined && { unit_price: price }) };
}

async function readInput(file: string): Promise<string> {
  if (file === '-') return await readAll(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(`${file} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseObject(text: string, file: string): Record<string, unknown> {
  const value = tryParse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError(`${file === '-' ? 'Standard input' : file} does not hold a JSON object.`);
  }
  return value as Record<string, unknown>;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function keepDefined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
