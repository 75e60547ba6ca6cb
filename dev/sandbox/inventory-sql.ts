/** A row of a product; `price` in minor units. */
export interface ProductRow {
  id: string;
  sku: string;
  name: string;
  price: number;
  currency: string;
  stock: number;
  reserved: number;
}

/** Reads products by SKUs or ids; unknown ones are left out. */
export const productsByKey = {
  name: 'sandbox-products-by-key',
  text: `SELECT * FROM sandbox.products WHERE sku = ANY($1::text[]) OR id = ANY($2::uuid[]) ORDER BY sku`,
};

/** Reads products after a SKU, in SKU order. */
export const productsAfter = {
  name: 'sandbox-products-after',
  text: `SELECT * FROM sandbox.products WHERE sku > $1 ORDER BY sku LIMIT $2`,
};

/** Creates a product; returns nothing when there is one of that SKU, which stays as it is. */
export const createProduct = {
  name: 'sandbox-create-product',
  text: `
    INSERT INTO sandbox.products (id, sku, name, price, currency, stock)
    VALUES ($1::uuid, $2::text, $3::text, $4::bigint, $5::text, $6::bigint)
    ON CONFLICT (sku) DO NOTHING RETURNING *`,
};

/**
 * Inserts or replaces products, all or none; `created` says which. Stock below the reserved units violates a constraint.
 * Rows are locked in SKU order, as everywhere, so that no two statements wait for each other.
 */
export const putProducts = {
  name: 'sandbox-put-products',
  text: `
    INSERT INTO sandbox.products AS p (id, sku, name, price, currency, stock)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::bigint[])
      AS w(id, sku, name, price, currency, stock)
    ORDER BY w.sku COLLATE "C"
    ON CONFLICT (sku) DO UPDATE SET
      name = excluded.name, price = excluded.price, currency = excluded.currency, stock = excluded.stock
    RETURNING p.*, (p.xmax = 0) AS created`,
};
