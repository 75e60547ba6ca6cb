import { z } from 'zod';
import { orderStatuses } from '../../src/domain/order-status.ts';
import type { HttpClient } from './http-client.ts';
import { ReplayError } from './replay-error.ts';

const orderSchema = z.object({
  id: z.string(),
  status: z.enum(orderStatuses),
  total: z.string(),
  currency: z.string(),
  metadata: z.record(z.string(), z.string()).nullish(),
  failure: z.object({ code: z.string() }).nullish(),
  items: z.array(z.object({ sku: z.string(), quantity: z.int() })),
});
const productSchema = z.object({ sku: z.string(), currency: z.string(), stock: z.int(), reserved: z.int() });
const paymentSchema = z.object({
  order_id: z.string(),
  amount: z.string(),
  /** What was taken of a payment that was authorised first; all of any other. */
  captured_amount: z.string().optional(),
  refunded_amount: z.string(),
  currency: z.string(),
  status: z.string(),
});

/** An order as the API lists it. */
export type ListedOrder = Readonly<z.infer<typeof orderSchema>>;
/** A product as the inventory lists it; `stock` includes `reserved`, both in units. */
export type ListedProduct = Readonly<z.infer<typeof productSchema>>;
/** A payment as the payment service lists it. */
export type ListedPayment = Readonly<z.infer<typeof paymentSchema>>;

/** The running system's data at one moment. */
export interface Reading {
  readonly orders: readonly ListedOrder[];
  readonly products: readonly ListedProduct[];
  readonly payments: readonly ListedPayment[];
}

/** The largest page of the API. */
const PAGE_ROWS = 200;

/** Reads every order, product and payment, page by page. */
export async function readSystem(api: HttpClient, sandbox: HttpClient): Promise<Reading> {
  const orders = await readPages(api, '/api/v1/orders', orderSchema);
  const products = await readProducts(sandbox);
  const payments = await readPages(sandbox, '/payments', paymentSchema);
  return { orders, products, payments };
}

/** Reads every product of the inventory. */
export function readProducts(sandbox: HttpClient): Promise<ListedProduct[]> {
  return readPages(sandbox, '/products', productSchema);
}

/** Follows `next_cursor` to the end; throws {@link ReplayError} when a page is refused or is not a list of `row`. */
export async function readPages<T>(client: HttpClient, path: string, row: z.ZodType<T>): Promise<T[]> {
  const page = z.object({ data: z.array(row), next_cursor: z.string().nullish() });
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: String(PAGE_ROWS), ...(cursor !== undefined && { cursor }) });
    const answer = await client({ path: `${path}?${query.toString()}` });
    if (answer.status !== 200) throw new ReplayError(`GET ${path} was refused with status ${answer.status}`);
    const parsed = page.safeParse(answer.body);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new ReplayError(`GET ${path} has an unexpected form at ${issue?.path.join('.')}: ${issue?.message}`);
    }
    for (const item of parsed.data.data) rows.push(item);
    cursor = parsed.data.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return rows;
}
