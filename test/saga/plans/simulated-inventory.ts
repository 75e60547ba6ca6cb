import { GatewayError } from '../../../src/gateways/gateway-error.ts';
import type { InventoryGateway, PendingReservation, Product, Reservation } from '../../../src/gateways/inventory.ts';
import type { Decision, Network } from './network.ts';
import { products } from './order.ts';
import { addUp, difference, sum, type Quantities } from './quantities.ts';
import { refused, Shelves } from './shelves.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { OrderLine } from '../../../src/domain/order.ts';

/** What the stand-in for the inventory can be made to leave out, to see that its absence is noticed. */
export interface InventoryFlaws {
  readonly forgetsReleases?: boolean;
  /** It carries out whatever amendment comes, in whatever order. */
  readonly ignoresAmendmentNumbers?: boolean;
}

interface Hold {
  status: 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';
  quantities: Quantities;
  amendment: number;
}

interface Restock {
  readonly quantities: Quantities;
  isWithdrawn: boolean;
}

interface InventoryParts {
  readonly clock: VirtualClock;
  readonly initialStock: number;
  readonly onHold: () => void;
  readonly flaws: InventoryFlaws;
}

const reservation: Reservation = { id: 'hold', expiresAt: '2030-01-01T00:00:00Z' };

/** An inventory of a few products, with holds that expire, numbered amendments, restocks, tombstones, and other customers. */
export class SimulatedInventory {
  readonly shelves: Shelves;
  readonly #parts: InventoryParts;
  readonly #holds = new Map<string, Hold>();
  /** Orders whose reservations were accepted and are not decided on, and what those that were refused then have been told. */
  readonly #pending = new Set<string>();
  readonly #refusals = new Map<string, GatewayError>();
  readonly #restocks = new Map<string, Restock>();
  #products = products;

  constructor(parts: InventoryParts) {
    this.#parts = parts;
    this.shelves = new Shelves(parts.initialStock);
  }

  findProducts(skus: readonly string[]): Product[] {
    return this.#products.filter(({ sku }) => skus.includes(sku));
  }

  /** Gives a product another price, for whoever buys it from now on. */
  reprice(sku: string, priceMinor: number): void {
    this.#products = this.#products.map((product) => (product.sku === sku ? { ...product, priceMinor } : product));
  }

  /** Accepts a reservation, to decide on it later. */
  accept(orderId: string): Reservation | PendingReservation {
    const known = this.#holds.get(orderId)?.status;
    if (known === 'RELEASED') throw refused('RESERVATION_RELEASED');
    if (known !== undefined) return reservation;
    this.#pending.add(orderId);
    this.#refusals.delete(orderId);
    return pending;
  }

  /** Decides on a reservation that was accepted, unless it was released meanwhile; returns whether it has been decided on. */
  decide(orderId: string, lines: readonly OrderLine[], ttlMs: number, decision: Decision): boolean {
    if (!this.#pending.delete(orderId) || decision === 'lost later') return false;
    try {
      this.reserve(orderId, lines, ttlMs, decision === 'refused later');
    } catch (error) {
      if (error instanceof GatewayError) this.#refusals.set(orderId, error);
    }
    return true;
  }

  find(orderId: string): Reservation | PendingReservation | undefined {
    const hold = this.#holds.get(orderId);
    if (hold?.status === 'RELEASED') throw refused('RESERVATION_RELEASED');
    if (hold) return reservation;
    const refusal = this.#refusals.get(orderId);
    if (refusal) throw refusal;
    return this.#pending.has(orderId) ? pending : undefined;
  }

  /** Reserves at once, unless an earlier request is still to be decided on. */
  request(
    orderId: string,
    lines: readonly OrderLine[],
    ttlMs: number,
    isRefused: boolean,
  ): Reservation | PendingReservation {
    return this.#pending.has(orderId) ? pending : this.reserve(orderId, lines, ttlMs, isRefused);
  }

  reserve(orderId: string, lines: readonly OrderLine[], ttlMs: number, isRefused = false): Reservation {
    const known = this.#holds.get(orderId)?.status;
    if (known === 'RELEASED') throw refused('RESERVATION_RELEASED');
    if (known === 'HELD' || known === 'COMMITTED') return reservation;
    const quantities = addUp(lines);
    this.shelves.requireFree(quantities, isRefused);
    const hold: Hold = { status: 'HELD', quantities, amendment: 0 };
    this.#holds.set(orderId, hold);
    this.shelves.move('held', quantities, 1);
    this.#expireLater(hold, ttlMs);
    return reservation;
  }

  commit(orderId: string, isRefused = false): Reservation {
    const hold = this.#find(orderId);
    if (hold.status === 'COMMITTED') return reservation;
    if (hold.status === 'EXPIRED') this.shelves.requireFree(hold.quantities, isRefused);
    if (hold.status === 'HELD') this.shelves.move('held', hold.quantities, -1);
    this.shelves.move('stock', hold.quantities, -1);
    hold.status = 'COMMITTED';
    return reservation;
  }

  release(orderId: string): void {
    if (!this.#parts.flaws.forgetsReleases) this.#pending.delete(orderId);
    const hold = this.#holds.get(orderId);
    if (hold?.status === 'HELD') this.shelves.move('held', hold.quantities, -1);
    if (hold?.status === 'COMMITTED') this.shelves.move('stock', hold.quantities, 1);
    if (hold) hold.status = 'RELEASED';
    if (this.#parts.flaws.forgetsReleases) this.#holds.delete(orderId);
    else if (!hold) this.#holds.set(orderId, { status: 'RELEASED', quantities: {}, amendment: 0 });
  }

  amend(orderId: string, number: number, lines: readonly OrderLine[], ttlMs: number, isRefused = false): void {
    const { ignoresAmendmentNumbers } = this.#parts.flaws;
    const hold = this.#find(orderId);
    if (hold.amendment === number && !ignoresAmendmentNumbers) return;
    if (hold.amendment > number && !ignoresAmendmentNumbers) throw refused('AMENDMENT_SUPERSEDED');
    const wanted = addUp(lines);
    const wasExpired = hold.status === 'EXPIRED';
    const more = wasExpired ? wanted : difference(wanted, hold.quantities);
    this.shelves.requireFree(more, isRefused);
    Object.assign(hold, { quantities: wanted, amendment: number });
    if (hold.status === 'COMMITTED') this.shelves.move('stock', more, -1);
    else this.shelves.move('held', more, 1);
    if (!wasExpired) return;
    hold.status = 'HELD';
    this.#expireLater(hold, ttlMs);
  }

  restock(orderId: string, key: string, lines: readonly OrderLine[]): void {
    const known = this.#restocks.get(key);
    if (known?.isWithdrawn) throw refused('RESTOCK_WITHDRAWN');
    if (known) return;
    const hold = this.#find(orderId);
    const returned = [...this.#restocks.values()].filter(({ isWithdrawn }) => !isWithdrawn);
    const quantities = addUp(lines);
    const all = sum([...returned.map((one) => one.quantities), quantities]);
    const isTooMuch = Object.entries(all).some(([sku, quantity]) => quantity > (hold.quantities[sku] ?? 0));
    if (hold.status !== 'COMMITTED' || isTooMuch) throw refused('RESTOCK_EXCEEDS');
    this.#restocks.set(key, { quantities, isWithdrawn: false });
    this.shelves.move('stock', quantities, 1);
  }

  withdrawRestock(key: string): void {
    const known = this.#restocks.get(key);
    if (known?.isWithdrawn) return;
    const quantities = known?.quantities ?? {};
    const isSold = Object.entries(quantities).some(([sku, quantity]) => this.shelves.free(sku) < quantity);
    if (isSold) throw refused('ALREADY_SOLD');
    this.#restocks.set(key, { quantities, isWithdrawn: true });
    this.shelves.move('stock', quantities, -1);
  }

  #expireLater(hold: Hold, ttlMs: number): void {
    this.#parts.onHold();
    this.#parts.clock.schedule(ttlMs, () => {
      if (hold.status !== 'HELD') return;
      hold.status = 'EXPIRED';
      this.shelves.move('held', hold.quantities, -1);
    });
  }

  #find(orderId: string): Hold {
    const hold = this.#holds.get(orderId);
    if (!hold) throw new GatewayError('rejected', 'inventory', 'no such reservation', { status: 404 });
    if (hold.status === 'RELEASED') throw refused('RESERVATION_RELEASED');
    return hold;
  }
}

const pending: PendingReservation = { pendingId: 'pending' };

/** The way to the inventory through the network; `tell` hears of each reservation that was decided on later. */
export function inventoryGateway(inventory: SimulatedInventory, network: Network, tell: () => void): InventoryGateway {
  return {
    createProduct: () => Promise.reject(new Error('no import creates products here')),
    findProducts: ({ skus }) => network.call('findProducts', () => inventory.findProducts(skus)),
    reserve: (orderId, lines, ttlMs) =>
      network.call('reserve', (isRefused) => inventory.request(orderId, lines, ttlMs, isRefused), {
        accept: () => inventory.accept(orderId),
        decide: (decision) => {
          if (inventory.decide(orderId, lines, ttlMs, decision)) tell();
        },
      }),
    findReservation: (orderId) => network.call('findReservation', () => inventory.find(orderId)),
    commit: (orderId) => network.call('commit', (isRefused) => inventory.commit(orderId, isRefused)),
    release: (orderId) => network.call('release', () => inventory.release(orderId)),
    amend: (orderId, number, lines, ttlMs) =>
      network.call('amend', (isRefused) => inventory.amend(orderId, number, lines, ttlMs, isRefused)),
    restock: (orderId, key, lines) => network.call('restock', () => inventory.restock(orderId, key, lines)),
    withdrawRestock: (_orderId, key) => network.call('withdrawRestock', () => inventory.withdrawRestock(key)),
  };
}
