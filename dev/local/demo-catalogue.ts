/** The products of a new system, so that the first command works. */
const products = {
  'TEA-001': { name: 'Tea, Assam, 250 g', price: '12.50', currency: 'EUR', stock: 10_000 },
  'MUG-001': { name: 'Mug, white, 0.3 l', price: '8.90', currency: 'EUR', stock: 10_000 },
};

const user = { name: 'Demo Customer', email: 'demo@example.com', status: 'ACTIVE' };

/** Creates two products and the customer `demo` in the sandbox unless they exist. */
export async function ensureDemoCatalogue(sandboxUrl: string): Promise<void> {
  const entries = [
    ...Object.entries(products).map(([sku, product]) => [`${sandboxUrl}/products/${sku}`, product] as const),
    [`${sandboxUrl}/users/demo`, user] as const,
  ];
  await Promise.all(entries.map(([url, body]) => putIfMissing(url, body)));
}

async function putIfMissing(url: string, body: object): Promise<void> {
  const found = await fetch(url);
  await found.body?.cancel();
  if (found.ok) return;
  const headers = { 'content-type': 'application/json' };
  const put = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(body) });
  if (!put.ok) throw new Error(`PUT ${url} answered ${put.status}: ${await put.text()}`);
}

/** Returns a shell command that places an order for one of these products. */
export function buildFirstOrderCommand(apiUrl: string): string {
  const order = {
    currency: 'EUR',
    items: [{ sku: 'TEA-001', quantity: 2, unit_price: products['TEA-001'].price }],
    payment_method: 'tok_ok',
    shipping_address: {
      name: 'Ada Lovelace',
      line1: '12 St James Square',
      city: 'London',
      postal_code: 'SW1Y 4JH',
      country: 'GB',
    },
  };
  return [
    `curl -s ${apiUrl}/api/v1/orders`,
    `-H "authorization: Bearer $(npm run -s token -- --sub demo --role customer)"`,
    `-H 'content-type: application/json'`,
    `-d '${JSON.stringify(order)}'`,
  ].join(' \\\n    ');
}
