import { expect } from 'vitest';
import type { OrderStatus } from '../../src/domain/order-status.ts';
import { findHistory, findPaymentTransactions, findSagaSteps } from '../../src/repositories/order-details.ts';
import { findOrder } from '../../src/repositories/order-repository.ts';
import type { Db } from '../../src/repositories/schema.ts';
import type { startTestSandbox } from '../dev/sandbox/sandbox.ts';
import { eventually } from './eventually.ts';

/** A fault for the sandbox, see its `POST /faults`. */
export interface Fault {
  service: 'inventory' | 'payment' | 'notification' | 'review';
  operation: string;
  mode: string;
  times?: number;
  match?: { order_id: string; payment_method?: string };
  delay_ms?: number;
}

/** What the services have, and how they are made to fail. */
export function servicesOf(sandbox: Awaited<ReturnType<typeof startTestSandbox>>) {
  return {
    product: (sku: string, stock: number) =>
      sandbox.call('PUT', `/products/${sku}`, { name: sku, price: '12.50', currency: 'EUR', stock }),
    fault: (fault: Fault) => sandbox.call('POST', '/faults', fault),
    removeFault: (id: string) => sandbox.call('DELETE', `/faults/${id}`),
    noFaults: () => sandbox.call('DELETE', '/faults'),
    stock: async (sku: string) => {
      const { body } = await sandbox.call('GET', `/products/${sku}`);
      return { stock: body.stock, reserved: body.reserved };
    },
    money: async (orderId: string) => {
      const { body } = await sandbox.call('GET', `/payments/order/${orderId}`);
      return body.data.map((payment: { status: string }) => payment.status).toSorted() as string[];
    },
  };
}

/** What the projection says of an order. */
export function projectionOf(db: Db) {
  return {
    order: (orderId: string) => findOrder(db, orderId).then((order) => order!),
    history: async (orderId: string) => (await findHistory(db, orderId)).map(({ to_status }) => to_status),
    historyRows: (orderId: string) => findHistory(db, orderId),
    ledger: async (orderId: string) =>
      Object.fromEntries((await findSagaSteps(db, orderId)).map(({ step, state }) => [step, state])),
    ledgerRows: (orderId: string) => findSagaSteps(db, orderId),
    transactions: (orderId: string) => findPaymentTransactions(db, orderId),
    /** Waits until the projection has the order in `status`. */
    reaches: (orderId: string, status: OrderStatus) =>
      eventually(async () => {
        const order = await findOrder(db, orderId);
        expect(order?.status).toBe(status);
        return order ?? false;
      }),
  };
}
