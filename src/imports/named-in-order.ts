import { isCurrency } from '../domain/currency.ts';
import type { FileOrder } from '../domain/file-order.ts';
import type { ImportDefaults } from '../domain/import-columns.ts';
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
export function namedInRequest(
  request: OrderRequest,
  file: FileOrder | undefined,
  defaults: ImportDefaults,
): NamedInOrder {
  const { customer_id: id = '', customer_name: name, customer_email: email, shipping_address: address } = request;
  if (file) return namedInFile(file, id, defaults);
  const { currency } = request;
  const products = request.items.flatMap(({ sku, unit_price: price }): NewProduct[] =>
    sku === undefined || price === undefined || !isCurrency(currency)
      ? []
      : [{ sku, name: sku, priceMinor: parseMoney(price, currency), currency }],
  );
  return { customer: describe({ id, name: name ?? address.name, email: email ?? null }, defaults), products };
}

/** What an order of another system's file names, whose customer has this id. */
export function namedInFile(file: FileOrder, id: string, defaults: ImportDefaults): NamedInOrder {
  const { customer, shippingAddress, lines, currency } = file;
  return {
    customer: describe({ id, name: customer.name ?? shippingAddress.name, email: customer.email }, defaults),
    products: lines.flatMap(({ sku, name, unitPriceMinor }) =>
      unitPriceMinor === null ? [] : [{ sku, name: name ?? sku, priceMinor: unitPriceMinor, currency }],
    ),
  };
}

/** One customer for all orders without one is nobody whom an order describes. */
function describe(customer: NewCustomer, { customerId }: ImportDefaults): NewCustomer {
  return customer.id === customerId ? { id: customer.id, name: null, email: null } : customer;
}
