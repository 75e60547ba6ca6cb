import type { AmendItemsCommand, Command } from '../domain/messages.ts';
import { formatMoney, parseMoney } from '../domain/money.ts';
import type { Api } from '../http/api.ts';
import { commandOrder } from './command-order.ts';
import { mayPrice } from './place-order.ts';
import { Refusal } from '../domain/refusal.ts';
import { hasRole, type Caller } from '../domain/caller.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { invalidRequest, versionConflict } from '../domain/refusal.ts';
import { claimCommandId, type KeyedRequest } from './idempotency.ts';

/** Has the order's saga amend it, and returns the order afterwards; `isDone` unless it takes longer than a caller waits. */
export async function amended(
  api: Api,
  caller: Caller,
  order: OrderWithItems,
  change: Omit<AmendItemsCommand, keyof Command>,
  request: KeyedRequest,
  why = 'items amended',
): Promise<{ readonly after: OrderWithItems; readonly isDone: boolean }> {
  const isStale = change.expected_version !== undefined && change.expected_version !== order.version;
  if (isStale && request.key === undefined) throw versionConflict(order.version, order.id);
  const command = {
    actor: caller.actor,
    reason: why,
    command_id: await claimCommandId(api.database.db, caller, { target: order.id, name: 'amendItems' }, request),
    ...change,
  };
  const { reply, order: after } = await commandOrder(api, order, 'amendItems', command);
  return { after, isDone: reply.outcome === 'done' };
}

/** The price at which a product is added, as a decimal amount: the catalogue's, or the caller's where that counts. */
export async function agreedPrice(
  api: Api,
  caller: Caller,
  { currency }: OrderWithItems,
  {
    sku,
    product_id: id,
    unit_price: given,
  }: { sku?: string | undefined; product_id?: string | undefined; unit_price?: string | undefined },
): Promise<string> {
  const pointer = sku === undefined ? '/product_id' : '/sku';
  const [product] = await api.gateways.inventory.findProducts({
    skus: sku === undefined ? [] : [sku],
    ids: id === undefined ? [] : [id],
  });
  if (!product) throw invalidRequest([{ pointer, message: 'is not in the catalogue' }]);
  const givenMinor = given === undefined ? undefined : priceIn(given, currency);
  if (givenMinor !== undefined && hasRole(caller, mayPrice)) return formatMoney(givenMinor, currency);
  if (product.currency !== currency) {
    throw invalidRequest([{ pointer, message: `is sold in ${product.currency}, the order is in ${currency}` }]);
  }
  if (givenMinor === undefined || givenMinor === product.priceMinor) return formatMoney(product.priceMinor, currency);
  throw new Refusal('PRICE_CHANGED', 'The price differs from the catalogue.', {
    details: [
      {
        pointer: '/unit_price',
        sku: product.sku,
        unit_price: formatMoney(givenMinor, currency),
        current_price: formatMoney(product.priceMinor, currency),
      },
    ],
  });
}

function priceIn(text: string, currency: string): number {
  try {
    return parseMoney(text, currency);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidRequest([{ pointer: '/unit_price', message: error.message }]);
  }
}
