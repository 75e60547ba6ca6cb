import type { OrderLine } from '../../../src/domain/messages.ts';
import { GatewayError } from '../../../src/gateways/gateway-error.ts';
import type { InventoryGateway, Reservation } from '../../../src/gateways/inventory.ts';
import type { Agenda } from './agenda.ts';
import type { Network } from './network.ts';

/** What the stand-in for the inventory can be made to leave out, to see that its absence is noticed. */
export interface InventoryFlaws {
  readonly forgetsReleases?: boolean;
}

type Status = 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';

export type Inventory = ReturnType<typeof createInventory>;

/** An inventory of one product, with holds that expire, tombstones, and other customers. */
export function createInventory(
  agenda: Agenda,
  network: Network,
  { initialStock, onHold }: { readonly initialStock: number; readonly onHold: () => void },
  flaws: InventoryFlaws = {},
) {
  let stock = initialStock;
  let held = 0;
  let soldToOthers = 0;
  const reservations = new Map<string, { status: Status; quantity: number; ttlMs: number }>();
  const hold: Reservation = { id: 'hold', expiresAt: '2030-01-01T00:00:00Z' };

  const outOfStock = (requested: number) =>
    new GatewayError('refused', 'inventory', 'out of stock', {
      code: 'OUT_OF_STOCK',
      details: [{ sku: 'TEAPOT', requested, available: stock - held }],
    });

  const services = {
    reserve: (orderId: string, lines: readonly OrderLine[], ttlMs: number, refuse = false): Reservation => {
      const known = reservations.get(orderId)?.status;
      if (known === 'RELEASED') throw released();
      if (known === 'HELD' || known === 'COMMITTED') return hold;
      const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
      if (refuse || stock - held < quantity) throw outOfStock(quantity);
      const reservation = { status: 'HELD' as Status, quantity, ttlMs };
      reservations.set(orderId, reservation);
      held += quantity;
      onHold();
      agenda.add(ttlMs, () => {
        if (reservation.status !== 'HELD') return;
        reservation.status = 'EXPIRED';
        held -= quantity;
      });
      return hold;
    },
    commit: (orderId: string, refuse = false): Reservation => {
      const reservation = reservations.get(orderId);
      if (!reservation) throw new GatewayError('rejected', 'inventory', 'no such reservation', { status: 404 });
      if (reservation.status === 'RELEASED') throw released();
      if (reservation.status === 'COMMITTED') return hold;
      const { status, quantity } = reservation;
      if (status === 'EXPIRED' && (refuse || stock - held < quantity)) throw outOfStock(quantity);
      if (status === 'HELD') held -= quantity;
      stock -= quantity;
      reservation.status = 'COMMITTED';
      return hold;
    },
    release: (orderId: string): void => {
      const reservation = reservations.get(orderId);
      if (reservation?.status === 'HELD') held -= reservation.quantity;
      if (reservation?.status === 'COMMITTED') stock += reservation.quantity;
      if (reservation) reservation.status = 'RELEASED';
      if (flaws.forgetsReleases) reservations.delete(orderId);
      else if (!reservation) reservations.set(orderId, { status: 'RELEASED', quantity: 0, ttlMs: 0 });
    },
  };

  const gateway: Pick<InventoryGateway, 'findProducts' | 'reserve' | 'commit' | 'release'> = {
    findProducts: () => Promise.resolve([]),
    reserve: (orderId, lines, ttlMs) =>
      network.call('reserve', (refuse) => services.reserve(orderId, lines, ttlMs, refuse)),
    commit: (orderId) => network.call('commit', (refuse) => services.commit(orderId, refuse)),
    release: (orderId) => network.call('release', () => services.release(orderId)),
  };

  return {
    gateway,
    /** The same without a network, for what people do by hand. */
    byHand: services,
    /** Sells everything that is free to somebody else. */
    sellRest: () => {
      soldToOthers += stock - held;
      stock = held;
    },
    status: (orderId: string) => reservations.get(orderId)?.status,
    books: () => ({ stock, held, soldToOthers, initialStock }),
  };
}

function released(): GatewayError {
  return new GatewayError('refused', 'inventory', 'released for good', { code: 'RESERVATION_RELEASED' });
}
