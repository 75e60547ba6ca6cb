import { type CatalogueEntry, chooseStock } from './catalogue.ts';
import type { HttpClient } from './http-client.ts';
import { CURRENCY } from './order-request.ts';
import { readProducts } from './read-system.ts';
import { ReplayError } from './replay-error.ts';

/** A bulk request of so many rows is well under a megabyte. */
const BULK_ROWS = 1_000;

/** Puts the products that are missing or have too little stock, and no others. Returns how many it put. */
export async function seedProducts(sandbox: HttpClient, catalogue: readonly CatalogueEntry[]): Promise<number> {
  const present = new Map((await readProducts(sandbox)).map((product) => [product.sku, product]));
  const products = catalogue.flatMap((entry) => {
    const product = present.get(entry.sku);
    const level = product && {
      currency: product.currency,
      stockUnits: product.stock,
      reservedUnits: product.reserved,
    };
    const stock = chooseStock(entry, level);
    return stock === undefined
      ? []
      : [{ sku: entry.sku, name: entry.name, price: entry.price, currency: CURRENCY, stock }];
  });
  await putInBulk(sandbox, 'products', products);
  return products.length;
}

/** Puts every customer with status ACTIVE. */
export async function seedCustomers(sandbox: HttpClient, customerIds: Iterable<string>): Promise<void> {
  const users = [...new Set(customerIds)].map((id) => ({
    id,
    name: `Customer ${id}`,
    email: `customer-${id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}@example.com`,
    status: 'ACTIVE',
  }));
  await putInBulk(sandbox, 'users', users);
}

async function putInBulk(sandbox: HttpClient, what: 'products' | 'users', rows: readonly unknown[]): Promise<void> {
  for (let start = 0; start < rows.length; start += BULK_ROWS) {
    const body = { [what]: rows.slice(start, start + BULK_ROWS) };
    const answer = await sandbox({ method: 'PUT', path: `/${what}`, body });
    if (answer.status >= 300) {
      const said = JSON.stringify(answer.body)?.slice(0, 300) ?? '';
      throw new ReplayError(`The ${what} were refused with status ${answer.status} ${said}`);
    }
  }
}
