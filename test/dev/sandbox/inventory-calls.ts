import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { TestSandbox } from './sandbox.ts';

/** What tests ask of the inventory; `sandbox` is called late, since it starts after a file is loaded. */
export function inventoryCalls(sandbox: () => TestSandbox) {
  const reserve = (order_id: string, quantities: Record<string, number>, expires_in_seconds = 600) =>
    sandbox().call('POST', '/reservations', {
      order_id,
      items: Object.entries(quantities).map(([sku, quantity]) => ({ sku, quantity })),
      expires_in_seconds,
    });
  const commit = (orderId: string) => sandbox().call('POST', `/reservations/${orderId}/commit`);
  const release = (orderId: string) => sandbox().call('DELETE', `/reservations/${orderId}`);
  const reservation = async (orderId: string) => (await sandbox().call('GET', `/reservations/${orderId}`)).body;
  const inStore = async (sku: string) => {
    const { stock, reserved, available } = (await sandbox().call('GET', `/products/${sku}`)).body;
    return { stock, reserved, available };
  };

  /** A new product with this stock; answers its SKU. */
  async function product(stock: number): Promise<string> {
    const sku = `sku-${randomUUID()}`;
    const { status } = await sandbox().call('PUT', `/products/${sku}`, {
      name: 'Mug',
      price: '2.50',
      currency: 'EUR',
      stock,
    });
    expect(status).toBe(201);
    return sku;
  }
  return { reserve, commit, release, reservation, inStore, product };
}
