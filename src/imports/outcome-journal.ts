import type { ImportOutcome, PlacedImportOrder } from '../domain/import.ts';
import { findFollowedOrders, recordOutcomes, type FollowedOrder } from '../repositories/import-orders.ts';
import type { Db } from '../repositories/schema.ts';

/** An order that takes longer waits for a service or an operator: another one takes its place, and it is settled at the end of the import. */
const WATCH_MS = 60_000;

/** The placed orders of an import that are not settled yet, and outcomes that are not written yet. */
export class OutcomeJournal {
  readonly #db: Db;
  readonly #importId: string;
  readonly #watched = new Map<string, { readonly position: number; readonly until: number }>();
  readonly #unwritten: ImportOutcome[] = [];

  constructor(db: Db, importId: string) {
    this.#db = db;
    this.#importId = importId;
  }

  /** How many orders are watched. */
  get size(): number {
    return this.#watched.size;
  }

  /** Watches an order until it is settled, needs attention, or has taken too long. */
  watch(position: number, orderId: string): void {
    this.#watched.set(orderId, { position, until: Date.now() + WATCH_MS });
  }

  /** Notes what placing the order at `position` came to, and watches it if it was placed. */
  note(position: number, placed: PlacedImportOrder): void {
    const { state, orderId } = placed;
    const told = state === 'FAILED' ? placed.failure : state === 'PLACED' ? placed.difference : null;
    this.#unwritten.push({ position, state, orderId, failure: told ?? null });
    if (placed.state === 'PLACED') this.watch(position, placed.orderId);
  }

  /**
   * Reads all watched orders with one query, stops watching those that need no more waiting, and writes what is new. Returns how many of them
   * are settled: an order that needs attention is watched no more, and still open.
   */
  async update(): Promise<number> {
    const orders = this.#watched.size === 0 ? [] : await findFollowedOrders(this.#db, [...this.#watched.keys()]);
    let settled = 0;
    for (const order of orders) {
      const { position = -1, until = 0 } = this.#watched.get(order.id) ?? {};
      const outcome = outcomeOf(order);
      if (outcome) this.#unwritten.push({ position, orderId: order.id, ...outcome });
      if (outcome) settled += 1;
      if (outcome || order.sagaState === 'NEEDS_ATTENTION' || Date.now() >= until) this.#watched.delete(order.id);
    }
    await this.write();
    return settled;
  }

  /** Writes the outcomes that are not written yet. */
  async write(): Promise<void> {
    const written = this.#unwritten.length;
    if (written === 0) return;
    // A statement updates each row once: of an order that was placed and settled since the last write, the later outcome counts, with what was told before.
    const latest = new Map<number, ImportOutcome>();
    for (const outcome of this.#unwritten) {
      const failure = outcome.failure ?? latest.get(outcome.position)?.failure ?? null;
      latest.set(outcome.position, { ...outcome, failure });
    }
    await recordOutcomes(this.#db, this.#importId, [...latest.values()]);
    // More may have been noted meanwhile.
    this.#unwritten.splice(0, written);
  }
}

/** What an order has come to; `undefined` while that is open. */
function outcomeOf(order: FollowedOrder): Pick<ImportOutcome, 'state' | 'failure'> | undefined {
  const { status, failure, cancellationReason } = order;
  if (status === 'PENDING') return undefined;
  if (status !== 'PAYMENT_FAILED' && status !== 'CANCELLED') return { state: 'CONFIRMED', failure: null };
  if (failure) return { state: 'FAILED', failure };
  const message = `The order was cancelled${cancellationReason === null ? '' : `: ${cancellationReason}`}.`;
  return { state: 'FAILED', failure: { code: 'CANCELLED', message, details: [] } };
}
