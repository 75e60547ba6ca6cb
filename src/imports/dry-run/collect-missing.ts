import type { CreateMissing } from '../../domain/import-columns.ts';
import type { NewCustomer } from '../../gateways/customer.ts';
import type { NewProduct } from '../../gateways/inventory.ts';
import type { OrderFacts } from '../../orders/find-order-facts.ts';
import type { NamedInOrder } from '../named-in-order.ts';
import type { AskedServices } from './ask-services.ts';

/** Customers and products of a file that their services don't know, each as the first order that names it says. */
export interface Missing {
  readonly customers: readonly NewCustomer[];
  readonly products: readonly NewProduct[];
}

/** Collects what is missing. */
export interface MissingCollector {
  readonly note: (named: NamedInOrder) => void;
  /** The facts as they are once what `wanted` says has been created; products without a price can't be. */
  readonly complete: (facts: OrderFacts, named: NamedInOrder, wanted: CreateMissing) => OrderFacts;
  readonly conclude: () => Missing;
}

/** Starts to collect. */
export function collectMissing({ lacksCustomer, lacksProduct }: AskedServices): MissingCollector {
  const customers = new Map<string, NewCustomer>();
  const products = new Map<string, NewProduct>();
  return {
    note: (named) => {
      const { customer } = named;
      if (lacksCustomer(customer.id) && !customers.has(customer.id)) customers.set(customer.id, customer);
      for (const one of named.products) if (lacksProduct(one.sku) && !products.has(one.sku)) products.set(one.sku, one);
    },
    complete: (facts, { customer, products: own }, wanted) => {
      const created = wanted.products ? own.filter(({ sku }) => lacksProduct(sku)) : [];
      return {
        ...facts,
        customer: facts.customer ?? (wanted.customers ? { id: customer.id, active: true } : undefined),
        products: [...facts.products, ...created.map((one) => ({ ...one, id: one.sku, available: 0 }))],
      };
    },
    conclude: () => ({
      customers: [...customers.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1)),
      products: [...products.values()].toSorted((one, other) => (one.sku < other.sku ? -1 : 1)),
    }),
  };
}
