import type { OrderLine } from '../../../src/domain/messages.ts';
import { GatewayError } from '../../../src/gateways/gateway-error.ts';
import type { InventoryGateway, Reservation } from '../../../src/gateways/inventory.ts';
import type { Agenda } from './agenda.ts';
import type { Network } from './network.ts';
import { products } from './order.ts';

/** What the stand-in for the inventory can be made to leave out, to see that its absence is noticed. */
export interface InventoryFlaws {
  readonly forgetsReleases?: boolean;
  /** It carries out whatever amendment comes, in whatever order. */
  readonly ignoresAmendmentNumbers?: boolean;
}

/** How many of each product. */
export type Quantities = Readonly<Record<string, number>>;

interface Hold {
  status: 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';
  quantities: Quantities;
  amendment: number;
}

interface Restock {
  readonly quantities: Quantities;
  isWithdrawn: boolean;
}

export type Inventory = ReturnType<typeof createInventory>;

/** An inventory of a few products, with holds that expire, numbered amendments, restocks, tombstones, and other customers. */
export function createInventory(
  agenda: Agenda,
  network: Network,
  { initialStock, onHold }: { readonly initialStock: number; readonly onHold: () => void },
  flaws: InventoryFlaws = {},
) {
  const shelves = new Map(products.map(({ sku }) => [sku, { stock: initialStock, held: 0, soldToOthers: 0 }]));
  const holds = new Map<string, Hold>();
  const restocks = new Map<string, Restock>();
  const reservation: Reservation = { id: 'hold', expiresAt: '2030-01-01T00:00:00Z' };

  /** All or nothing. */
  const requireInStock = (wanted: Quantities, refuse: boolean) => {
    const lacking = Object.entries(wanted).flatMap(([sku, requested]) => {
      const { stock, held } = shelves.get(sku)!;
      return requested > 0 && (refuse || requested > stock - held) ? [{ sku, requested, available: stock - held }] : [];
    });
    if (lacking.length > 0) throw refused('OUT_OF_STOCK', lacking);
  };
  const move = (pile: 'stock' | 'held', quantities: Quantities, sign: 1 | -1) => {
    for (const [sku, quantity] of Object.entries(quantities)) shelves.get(sku)![pile] += sign * quantity;
  };
  const expire = (hold: Hold, ttlMs: number) => {
    onHold();
    agenda.add(ttlMs, () => {
      if (hold.status !== 'HELD') return;
      hold.status = 'EXPIRED';
      move('held', hold.quantities, -1);
    });
  };
  const find = (orderId: string): Hold => {
    const hold = holds.get(orderId);
    if (!hold) throw new GatewayError('rejected', 'inventory', 'no such reservation', { status: 404 });
    if (hold.status === 'RELEASED') throw refused('RESERVATION_RELEASED');
    return hold;
  };

  const services = {
    reserve: (orderId: string, lines: readonly OrderLine[], ttlMs: number, refuse = false): Reservation => {
      const known = holds.get(orderId)?.status;
      if (known === 'RELEASED') throw refused('RESERVATION_RELEASED');
      if (known === 'HELD' || known === 'COMMITTED') return reservation;
      const quantities = addUp(lines);
      requireInStock(quantities, refuse);
      const hold: Hold = { status: 'HELD', quantities, amendment: 0 };
      holds.set(orderId, hold);
      move('held', quantities, 1);
      expire(hold, ttlMs);
      return reservation;
    },
    commit: (orderId: string, refuse = false): Reservation => {
      const hold = find(orderId);
      if (hold.status === 'COMMITTED') return reservation;
      if (hold.status === 'EXPIRED') requireInStock(hold.quantities, refuse);
      if (hold.status === 'HELD') move('held', hold.quantities, -1);
      move('stock', hold.quantities, -1);
      hold.status = 'COMMITTED';
      return reservation;
    },
    release: (orderId: string): void => {
      const hold = holds.get(orderId);
      if (hold?.status === 'HELD') move('held', hold.quantities, -1);
      if (hold?.status === 'COMMITTED') move('stock', hold.quantities, 1);
      if (hold) hold.status = 'RELEASED';
      if (flaws.forgetsReleases) holds.delete(orderId);
      else if (!hold) holds.set(orderId, { status: 'RELEASED', quantities: {}, amendment: 0 });
    },
    amend: (orderId: string, number: number, lines: readonly OrderLine[], ttlMs: number, refuse = false): void => {
      const hold = find(orderId);
      if (hold.amendment === number && !flaws.ignoresAmendmentNumbers) return;
      if (hold.amendment > number && !flaws.ignoresAmendmentNumbers) throw refused('AMENDMENT_SUPERSEDED');
      const wanted = addUp(lines);
      const wasExpired = hold.status === 'EXPIRED';
      const more = wasExpired ? wanted : difference(wanted, hold.quantities);
      requireInStock(more, refuse);
      Object.assign(hold, { quantities: wanted, amendment: number });
      if (hold.status === 'COMMITTED') move('stock', more, -1);
      else move('held', more, 1);
      if (!wasExpired) return;
      hold.status = 'HELD';
      expire(hold, ttlMs);
    },
    restock: (orderId: string, key: string, lines: readonly OrderLine[]): void => {
      const known = restocks.get(key);
      if (known?.isWithdrawn) throw refused('RESTOCK_WITHDRAWN');
      if (known) return;
      const hold = find(orderId);
      const returned = [...restocks.values()].filter(({ isWithdrawn }) => !isWithdrawn).map((one) => one.quantities);
      const quantities = addUp(lines);
      const all = sum([...returned, quantities]);
      const isTooMuch = Object.entries(all).some(([sku, quantity]) => quantity > (hold.quantities[sku] ?? 0));
      if (hold.status !== 'COMMITTED' || isTooMuch) throw refused('RESTOCK_EXCEEDS');
      restocks.set(key, { quantities, isWithdrawn: false });
      move('stock', quantities, 1);
    },
    withdrawRestock: (_orderId: string, key: string): void => {
      const known = restocks.get(key);
      if (known?.isWithdrawn) return;
      const quantities = known?.quantities ?? {};
      for (const [sku, quantity] of Object.entries(quantities)) {
        const { stock, held } = shelves.get(sku)!;
        if (stock - held < quantity) throw refused('ALREADY_SOLD');
      }
      restocks.set(key, { quantities, isWithdrawn: true });
      move('stock', quantities, -1);
    },
  };

  const gateway: InventoryGateway = {
    findProducts: ({ skus }) =>
      network.call('findProducts', () => products.filter(({ sku }) => skus.includes(sku)).slice()),
    reserve: (orderId, lines, ttlMs) =>
      network.call('reserve', (refuse) => services.reserve(orderId, lines, ttlMs, refuse)),
    commit: (orderId) => network.call('commit', (refuse) => services.commit(orderId, refuse)),
    release: (orderId) => network.call('release', () => services.release(orderId)),
    amend: (orderId, number, lines, ttlMs) =>
      network.call('amend', (refuse) => services.amend(orderId, number, lines, ttlMs, refuse)),
    restock: (orderId, key, lines) => network.call('restock', () => services.restock(orderId, key, lines)),
    withdrawRestock: (orderId, key) => network.call('withdrawRestock', () => services.withdrawRestock(orderId, key)),
  };

  return {
    gateway,
    /** The same without a network, for what people do by hand. */
    byHand: services,
    /** Sells everything that is free of some products to somebody else, but for a few. */
    sellRest: (skus: readonly string[], keep: number) => {
      for (const sku of skus) {
        const shelf = shelves.get(sku)!;
        const sold = Math.max(0, shelf.stock - shelf.held - keep);
        shelf.soldToOthers += sold;
        shelf.stock -= sold;
      }
    },
    /** What the order has taken of each product: sold to it and not come back, and held for it. */
    taken: (): { readonly sold: Quantities; readonly held: Quantities } => {
      const sold: Record<string, number> = {};
      const held: Record<string, number> = {};
      for (const [sku, shelf] of shelves) {
        sold[sku] = initialStock - shelf.soldToOthers - shelf.stock;
        held[sku] = shelf.held;
      }
      return { sold, held };
    },
  };
}

/** The units of lines by product. */
export function addUp(lines: readonly OrderLine[]): Quantities {
  return sum(lines.map(({ sku, quantity }) => ({ [sku]: quantity })));
}

/** Several quantities together. */
function sum(all: readonly Quantities[]): Quantities {
  const total: Record<string, number> = {};
  for (const [sku, quantity] of all.flatMap((one) => Object.entries(one))) total[sku] = (total[sku] ?? 0) + quantity;
  return total;
}

/** One less the other. */
export function difference(one: Quantities, other: Quantities): Quantities {
  return sum([one, Object.fromEntries(Object.entries(other).map(([sku, quantity]) => [sku, -quantity]))]);
}

function refused(code: string, details?: unknown): GatewayError {
  return new GatewayError('refused', 'inventory', code.toLowerCase(), { code, details });
}
