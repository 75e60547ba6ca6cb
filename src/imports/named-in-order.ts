import { isCurrency } from '../domain/currency.ts';
import type { FileOrder } from '../domain/file-order.ts';
import { parseMoney } from '../domain/money.ts';
import type { NewCustomer } from '../gateways/customer.ts';
import type { NewProduct } from '../gateways/inventory.ts';
import type { OrderRequest } from '../orders/order-request.ts';

/** Whom and what an order names, as far as its file says what the services have to know of them. */
export interface NamedInOrder {
  readonly customer: NewCustomer;
  /** Those with a SKU and a price. */
  readonly products: readonly NewProduct[];
}

/** What an order names that is to be placed; `file` is what another system's file says of it. */
export function namedInRequest(request: OrderRequest, file: FileOrder | undefined): NamedInOrder {
  const { customer_id: id = '', customer_name: name, customer_email: email, shipping_address: address } = request;
  if (file) return namedInFile(file, id);
  const { currency } = request;
  const products = request.items.flatMap(({ sku, unit_price: price }): NewProduct[] =>
    sku === undefined || price === undefined || !isCurrency(currency)
      ? []
      : [{ sku, name: sku, priceMinor: parseMoney(price, currency), currency }],
  );
  return { customer: { id, name: name ?? address.name, email: email ?? null }, products };
}

/** What an order of another system's file names, whose customer has this id. */
export function namedInFile({ customer, shippingAddress, lines, currency }: FileOrder, id: string): NamedInOrder {
  return {
    customer: { id, name: customer.name ?? shippingAddress.name, email: customer.email },
    products: lines.flatMap(({ sku, name, unitPriceMinor }) =>
      unitPriceMinor === null ? [] : [{ sku, name: name ?? sku, priceMinor: unitPriceMinor, currency }],
    ),
  };
}
