import type { FileOrder, FileOrderLine } from '../domain/file-order.ts';
import type { ImportDefaults } from '../domain/import-columns.ts';
import { formatMoney } from '../domain/money.ts';
import type { RefusalDetail } from '../domain/refusal.ts';
import type { BuiltRequest } from './build-order-request.ts';

/**
 * Builds the request of `POST /orders` for an order of another system's file, or says why it is not to be placed: what was paid, sent or cancelled
 * there would be charged and sent again.
 */
export function requestOfFileOrder(order: FileOrder, defaults: ImportDefaults): BuiltRequest {
  const faults = reasonsAgainst(order);
  if (defaults.paymentMethod === undefined)
    faults.push('payment_method is missing: give payment_method with the import');
  if (order.customer.id === null) faults.push('customer_id is missing: give customer_id with the import');
  if (faults.length > 0) return { faults: faults.map((message): RefusalDetail => ({ pointer: '', message })) };
  const { customer, currency, shippingAddress, reference } = order;
  return {
    request: {
      customer_id: customer.id,
      ...given({
        customer_name: customer.name,
        customer_email: customer.email,
        customer_phone: customer.phone,
        source: order.source,
        locale: order.locale,
        coupon_code: order.couponCode,
        notes: order.notes,
      }),
      reference,
      currency,
      items: order.lines.map((line) => itemOf(line, currency)),
      payment_method: defaults.paymentMethod,
      shipping_address: shippingAddress,
      metadata: { order_reference: reference },
    },
  };
}

function reasonsAgainst({ state, payment }: FileOrder): string[] {
  if (state !== 'OPEN') return [`it is ${state} already: mode=history takes it in as it stands`];
  if (payment.state !== 'UNPAID')
    return [`its payment is ${payment.state} already: mode=history takes it in as it stands`];
  return [];
}

function itemOf({ sku, variantId, quantity, unitPriceMinor }: FileOrderLine, currency: string) {
  return {
    sku,
    ...(variantId !== undefined && { variant_id: variantId }),
    quantity,
    ...(unitPriceMinor !== null && { unit_price: formatMoney(unitPriceMinor, currency) }),
  };
}

function given(fields: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).flatMap(([field, text]) => (text === null ? [] : [[field, text]])));
}
