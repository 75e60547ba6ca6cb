import { z } from 'zod';
import type { ServiceEndpoint } from '../config/service-settings.ts';
import type { Logger } from '../logger.ts';
import { formatMoney } from '../domain/money.ts';
import { createUnlessThere } from './create-unless-there.ts';
import { GatewayError } from './gateway-error.ts';
import { serviceClient, type ServiceClient } from './http-client.ts';
import { productFinder } from './find-products.ts';
import { heldReservation, restocked } from './inventory-answers.ts';
import type { InventoryGateway, PendingReservation, Reservation } from './inventory.ts';

const reservation = heldReservation.transform(({ id, expires_at }) => ({ id, expiresAt: expires_at ?? '' }));
const pendingReservation = z.object({ id: z.string() }).transform(({ id }) => ({ pendingId: id }));
const anyReservation = z.union([
  z
    .object({ id: z.string(), status: z.literal('PENDING') })
    .transform(({ id }): PendingReservation => ({ pendingId: id })),
  reservation,
]);
/** A reservation as it is looked up, after the service has decided on it. */
const foundReservation = z.union([
  z.object({ status: z.enum(['REFUSED', 'RELEASED']), details: z.unknown().optional() }),
  anyReservation,
]);
const created = z.object({ sku: z.string() });

/** An inventory service over HTTP, as the sandbox speaks it. */
export function httpInventoryGateway(endpoint: ServiceEndpoint, logger: Logger): InventoryGateway {
  const call = serviceClient({ name: 'inventory', endpoint, logger });
  return {
    findProducts: productFinder(call),
    createProduct: async ({ priceMinor, ...product }) => {
      const body = { ...product, price: formatMoney(priceMinor, product.currency), stock: 0 };
      await createUnlessThere(() =>
        call({ operation: 'create_product', method: 'POST', path: '/products', body, schema: created }),
      );
    },
    reserve: (orderId, lines, ttlMs) =>
      call({
        operation: 'reserve',
        method: 'POST',
        path: '/reservations',
        body: { order_id: orderId, items: lines, expires_in_seconds: Math.ceil(ttlMs / 1_000) },
        schema: anyReservation,
        acceptedSchema: pendingReservation,
      }),
    findReservation: (orderId) => findReservation(call, orderId),
    commit: (orderId) =>
      call({ operation: 'commit', method: 'POST', path: `/reservations/${orderId}/commit`, schema: reservation }),
    release: async (orderId) => {
      await call({ operation: 'release', method: 'DELETE', path: `/reservations/${orderId}`, schema: z.unknown() });
    },
    amend: async (orderId, amendment, items, ttlMs) => {
      const body = { amendment, items, expires_in_seconds: Math.ceil(ttlMs / 1_000) };
      await call({ operation: 'amend', method: 'PUT', path: `/reservations/${orderId}`, body, schema: reservation });
    },
    restock: async (orderId, key, items) => {
      const path = `/reservations/${orderId}/restocks/${key}`;
      await call({ operation: 'restock', method: 'PUT', path, body: { items }, schema: restocked });
    },
    withdrawRestock: async (orderId, key) => {
      await call({
        operation: 'withdraw_restock',
        method: 'DELETE',
        path: `/reservations/${orderId}/restocks/${key}`,
        schema: restocked,
      });
    },
  };
}

async function findReservation(
  call: ServiceClient,
  orderId: string,
): Promise<Reservation | PendingReservation | undefined> {
  const path = `/reservations/${orderId}`;
  try {
    const found = await call({ operation: 'find_reservation', method: 'GET', path, schema: foundReservation });
    if (!('status' in found)) return found;
    const code = found.status === 'REFUSED' ? 'OUT_OF_STOCK' : 'RESERVATION_RELEASED';
    throw new GatewayError('refused', 'inventory', `the reservation is ${found.status}`, {
      code,
      details: found.details,
    });
  } catch (error) {
    if (error instanceof GatewayError && error.status === 404) return undefined;
    throw error;
  }
}
