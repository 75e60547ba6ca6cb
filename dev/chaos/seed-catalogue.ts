import type { HttpClient } from '../replay/http-client.ts';
import { customerIds, type PlannedProduct } from './plan-orders.ts';

/** Puts the products and customers of the run into the sandbox. */
export async function seedCatalogue(sandbox: HttpClient, products: readonly PlannedProduct[]): Promise<void> {
  const users = customerIds.map((id) => ({ id, name: `Customer ${id}`, email: `${id}@example.com`, status: 'ACTIVE' }));
  for (const [path, body] of [
    ['/products', { products }],
    ['/users', { users }],
  ] as const) {
    const answer = await sandbox({ method: 'PUT', path, body });
    if (answer.status !== 200) throw new Error(`PUT ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
}
