import type { OrderLine } from '../domain/order.ts';

/** A product of the catalogue; the price in minor units of its currency. */
export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly priceMinor: number;
  readonly currency: string;
  /** Units that nobody has reserved; `undefined` when the service doesn't tell. */
  readonly available?: number | undefined;
}

/** A product that the catalogue may not have yet; the price in minor units of its currency. */
export type NewProduct = Pick<Product, 'sku' | 'name' | 'priceMinor' | 'currency'>;

/** A hold on stock. */
export interface Reservation {
  readonly id: string;
  readonly expiresAt: string;
}

/** A reservation that the service has accepted and decides on later. */
export interface PendingReservation {
  readonly pendingId: string;
}

/** What the saga and the API need of an inventory service. Every failure is a `GatewayError`; each method makes one attempt. */
export interface InventoryGateway {
  /** Puts a product without stock into the catalogue, unless it has one of that SKU, which stays as it is. Refused or rejected by a service that takes none. */
  readonly createProduct: (product: NewProduct) => Promise<void>;
  /** Products by sku or id; unknown ones are absent. */
  readonly findProducts: (wanted: { skus: readonly string[]; ids: readonly string[] }) => Promise<Product[]>;
  /**
   * Holds all lines or none for `ttlMs`, keyed on the order. Refused `OUT_OF_STOCK` with a `StockShortage[]` as details,
   * or `RESERVATION_RELEASED` when a release came first.
   */
  readonly reserve: (
    orderId: string,
    lines: readonly OrderLine[],
    ttlMs: number,
  ) => Promise<Reservation | PendingReservation>;
  /** What became of the order's reservation, refused as `reserve` is; `undefined` when the service never got it. */
  readonly findReservation: (orderId: string) => Promise<Reservation | PendingReservation | undefined>;
  /** Takes the held goods out of stock; when the hold has expired, takes them if there are enough, else is refused `OUT_OF_STOCK`. */
  readonly commit: (orderId: string) => Promise<Reservation>;
  /** Returns to stock what the order holds or took, if anything, and leaves a tombstone that refuses a later reservation, also one that is pending. */
  readonly release: (orderId: string) => Promise<void>;
  /**
   * Changes what the order holds or took to exactly these lines, all or none, under an amendment's number: repeating it changes
   * nothing, a number below the newest is refused. Goods whose hold has expired are held again for `ttlMs`. Refused `OUT_OF_STOCK`,
   * `RESERVATION_RELEASED`, `AMENDMENT_SUPERSEDED`.
   */
  readonly amend: (orderId: string, amendment: number, lines: readonly OrderLine[], ttlMs: number) => Promise<void>;
  /** Puts sold goods back into stock, once per key. Refused `RESTOCK_WITHDRAWN` when a withdrawal came first. */
  readonly restock: (orderId: string, key: string, lines: readonly OrderLine[]) => Promise<void>;
  /** Takes restocked goods out again, if the restock happened, and leaves a tombstone. Refused `ALREADY_SOLD`. */
  readonly withdrawRestock: (orderId: string, key: string) => Promise<void>;
}
