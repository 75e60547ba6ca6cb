import { Hono } from 'hono';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { formatMoney } from '../../src/domain/money.ts';
import { run, sqlState } from './database.ts';
import type { Pool } from './database.ts';
import { createProduct, productsAfter, productsByKey, putProducts } from './inventory-sql.ts';
import type { ProductRow } from './inventory-sql.ts';
import { invalid, Refusal } from './refusal.ts';
import { amount, currency, firstRepeat, isUuid, key, minorUnits, page, readBody, readQuery, stock } from './request.ts';
import type { SandboxEnv } from './request.ts';

const productBody = z.object({ name: z.string().min(1).max(500), price: amount, currency, stock });
const newProductBody = productBody.extend({ sku: key, stock: stock.default(0) });
const bulkBody = z.object({ products: z.array(productBody.extend({ sku: key })).max(5000) });
type Product = z.output<typeof bulkBody>['products'][number];

/** More than any catalogue here; clients that page ask for less. */
const UNPAGED = 1_000_000;

/** Products with their stock: read by SKU or id, created, put one by one or in bulk. */
export function inventoryRoutes(db: Pool): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>();

  app.get('/products', async (c) => {
    const keys = [...(c.req.queries('sku') ?? []), ...(c.req.queries('id') ?? [])];
    if (keys.length > 0) return c.json({ data: (await findProducts(db, keys)).map(toWire) });
    const { limit, cursor } = readQuery(c, page);
    const paged = c.req.query('limit') !== undefined;
    const rows = await run<ProductRow>(db, productsAfter, [cursor ?? '', paged ? limit : UNPAGED]);
    const next = rows.length === limit ? (rows.at(-1)?.sku ?? null) : null;
    return c.json({ data: rows.map(toWire), ...(paged && { next_cursor: next }) });
  });

  app.get('/products/:sku', async (c) => {
    const sku = c.req.param('sku');
    const found = await findProducts(db, [sku]);
    const product = found.find((row) => row.sku === sku) ?? found[0];
    if (product === undefined) throw new Refusal(404, 'UNKNOWN_PRODUCT', `no product "${sku}"`);
    return c.json(toWire(product));
  });

  app.post('/products', async (c) => {
    const product = await readBody(c, newProductBody);
    const price = minorUnits(product.price, product.currency, '/price');
    const { sku, name, currency: code, stock: inStock } = product;
    const [created] = await run<ProductRow>(db, createProduct, [uuidv7(), sku, name, price, code, inStock]);
    if (created === undefined) throw new Refusal(409, 'PRODUCT_EXISTS', `there is a product "${sku}" already`);
    return c.json(toWire(created), 201);
  });

  app.put('/products/:sku', async (c) => {
    const product = { ...(await readBody(c, productBody)), sku: c.req.param('sku') };
    const [row] = await put(db, [{ ...product, price: minorUnits(product.price, product.currency, '/price') }]);
    if (row === undefined) throw new Error('a put returned no product');
    return c.json(toWire(row), row.created ? 201 : 200);
  });

  app.put('/products', async (c) => {
    const { products } = await readBody(c, bulkBody);
    const skus = products.map((product) => product.sku);
    const twice = firstRepeat(skus);
    if (twice >= 0) throw invalid(`/products/${twice}/sku`, `"${skus[twice]}" stands there twice`);
    const rows = await put(
      db,
      products.map((p, index) => ({ ...p, price: minorUnits(p.price, p.currency, `/products/${index}/price`) })),
    );
    return c.json({
      created: rows.filter((row) => row.created).length,
      updated: rows.filter((r) => !r.created).length,
    });
  });

  return app;
}

async function findProducts(db: Pool, keys: string[]): Promise<ProductRow[]> {
  return run<ProductRow>(db, productsByKey, [keys, keys.filter(isUuid)]);
}

async function put(db: Pool, products: (Omit<Product, 'price'> & { price: number })[]) {
  try {
    return await run<ProductRow & { created: boolean }>(db, putProducts, [
      products.map(() => uuidv7()),
      products.map((product) => product.sku),
      products.map((product) => product.name),
      products.map((product) => product.price),
      products.map((product) => product.currency),
      products.map((product) => product.stock),
    ]);
  } catch (error) {
    if (sqlState(error) !== '23514') throw error;
    throw new Refusal(409, 'STOCK_BELOW_RESERVED', 'the stock would be less than what is reserved');
  }
}

function toWire(row: ProductRow) {
  const { id, sku, name, price, currency: code, stock: inStock, reserved } = row;
  const available = inStock - reserved;
  return { id, sku, name, price: formatMoney(price, code), currency: code, stock: inStock, reserved, available };
}
