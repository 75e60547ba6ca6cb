import type { FileOrder, FileOrderLine } from '../domain/file-order.ts';
import type { ImportFormat } from '../domain/import-columns.ts';
import { formatMoney } from '../domain/money.ts';
import type { FileReading } from '../domain/preset.ts';
import type { RefusalDetail } from '../domain/refusal.ts';
import type { StatedOrder } from '../domain/stated-amounts.ts';
import { customerIdOf } from './name-customer.ts';

/** The request for `POST /orders` that an order of another system's file makes, or why it is not to be placed. */
export type FileOrderRequest =
  | {
      /** Not yet checked. */
      readonly request: unknown;
      /** What counts beside the request; absent where the catalogue and our own rates do. */
      readonly stated: StatedOrder | undefined;
    }
  | { readonly faults: readonly RefusalDetail[] };

/**
 * Makes the request of an order of another system's file: with the file's prices and amounts, or with those of the catalogue and our own rates. Says
 * why it is not to be placed: what was paid, sent or cancelled there would be charged and sent again.
 */
export function requestOfFileOrder(
  order: FileOrder,
  { defaults, createMissing }: Pick<ImportFormat, 'defaults' | 'createMissing'>,
  { prices }: Pick<FileReading, 'prices'>,
): FileOrderRequest {
  const faults = reasonsAgainst(order);
  const customerId = customerIdOf(order, defaults, createMissing?.customers === true);
  if (defaults.paymentMethod === undefined)
    faults.push('payment_method is missing: give payment_method with the import');
  if (customerId === null) {
    faults.push('customer_id is missing: give customer_id with the import, or create_missing=customers');
  }
  if (faults.length > 0) return { faults: faults.map((message): RefusalDetail => ({ pointer: '', message })) };
  const { customer, currency, shippingAddress, billingAddress, reference, couponCode } = order;
  const isPricedByFile = prices === 'file';
  const request = {
    customer_id: customerId,
    ...given({
      customer_name: customer.name,
      customer_email: customer.email,
      customer_phone: customer.phone,
      source: order.source,
      locale: order.locale,
      notes: order.notes,
      // A coupon of another system is none of ours: what it has granted stands in the amounts.
      coupon_code: isPricedByFile ? null : couponCode,
    }),
    reference,
    currency,
    items: order.lines.map((line) => itemOf(line, isPricedByFile ? currency : null)),
    payment_method: defaults.paymentMethod,
    shipping_address: shippingAddress,
    ...(billingAddress && { billing_address: billingAddress }),
    metadata: {
      order_reference: reference,
      ...(isPricedByFile && couponCode !== null && { coupon_code: couponCode }),
    },
  };
  return { request, stated: isPricedByFile ? statedOf(order) : undefined };
}

function reasonsAgainst({ state, payment }: FileOrder): string[] {
  if (state !== 'OPEN') return [`it is ${state} already: mode=history takes it in as it stands`];
  if (payment.state !== 'UNPAID')
    return [`its payment is ${payment.state} already: mode=history takes it in as it stands`];
  return [];
}

function itemOf({ sku, variantId, quantity, unitPriceMinor }: FileOrderLine, pricedIn: string | null) {
  return {
    sku,
    ...(variantId !== undefined && { variant_id: variantId }),
    quantity,
    ...(unitPriceMinor !== null && pricedIn !== null && { unit_price: formatMoney(unitPriceMinor, pricedIn) }),
  };
}

function statedOf({ lines, shippingMethod, ...amounts }: FileOrder): StatedOrder {
  const { currency, discountMinor, taxMinor, isTaxIncluded, shippingMinor, feesMinor, totalMinor } = amounts;
  return {
    amounts: { currency, discountMinor, taxMinor, isTaxIncluded, shippingMinor, feesMinor, totalMinor },
    lineDiscountsMinor: lines.map((line) => line.discountMinor),
    shippingMethod,
  };
}

function given(fields: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).flatMap(([field, text]) => (text === null ? [] : [[field, text]])));
}
