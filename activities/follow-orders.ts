import { cancellationSignal } from '@temporalio/activity';
import type { Import, ImportFailure, ImportOrder, ImportOutcome, PlacedImportOrder } from '../src/domain/import.ts';
import { GatewayError } from '../src/gateways/gateway-error.ts';
import { isDatabaseUnavailable } from '../src/repositories/database.ts';
import {
  findFollowedOrders,
  findOpenImportOrders,
  recordOutcomes,
  type FollowedOrder,
  type ImportRange,
} from '../src/repositories/import-orders.ts';
import type { Db } from '../src/repositories/schema.ts';
import type { ActivityDependencies } from './step-activity.ts';

/** How often the orders under way are looked at, all with one query: an order that goes well takes several times that. */
const LOOK_MS = 50;

/** An order that takes longer waits for a service or an operator: others take its turn, and it is looked at again in the end. */
const FOLLOW_MS = 60_000;

/** After a cancellation, what is under way gets this long to be settled, so that its outcome shows. */
const LEAVE_MS = 2_000;

/** A row that makes placing fail for a reason nobody thought of gets this many tries, so that it can't hold up all the others. */
const MAX_TRIES = 3;

/**
 * Places what is open of a range, `inFlight` at a time, and records what becomes of each. Returns when all are settled or left to be
 * looked at later, or soon after the activity was cancelled. Throws when something that is needed is away.
 */
export async function placeAndFollow(
  { db, logger }: Pick<ActivityDependencies, 'db' | 'logger'>,
  job: Import,
  range: ImportRange & { readonly inFlight: number },
  placeOrder: (order: ImportOrder) => Promise<PlacedImportOrder>,
): Promise<void> {
  const waiting = await findOpenImportOrders(db, range);
  const signal = cancellationSignal();
  const journal = new Journal(db, job.id);
  const placing = new Set<Promise<void>>();
  let away: unknown;

  const begin = (order: ImportOrder) => {
    const running = placeWith(order).finally(() => placing.delete(running));
    placing.add(running);
  };
  const placeWith = async (order: ImportOrder) => {
    if (order.state === 'PLACED' && order.orderId !== null) return journal.follow(order.position, order.orderId);
    for (let tries = 1; ; tries += 1) {
      try {
        return journal.note(order.position, await placeOrder(order));
      } catch (error) {
        if (error instanceof GatewayError || isDatabaseUnavailable(error)) {
          away ??= error;
          return;
        }
        if (tries < MAX_TRIES) continue;
        logger.error({ err: error, import_id: job.id, position: order.position }, 'order of an import not placed');
        return journal.note(order.position, { state: 'FAILED', orderId: null, failure: unforeseen });
      }
    }
  };
  const stopped = () => away !== undefined || signal.aborted;

  let leaveAt = Number.POSITIVE_INFINITY;
  while (placing.size > 0 || journal.size > 0 || (!stopped() && waiting.length > 0)) {
    while (!stopped() && placing.size + journal.size < range.inFlight) {
      const order = waiting.shift();
      if (!order) break;
      begin(order);
    }
    if (stopped()) leaveAt = Math.min(leaveAt, Date.now() + LEAVE_MS);
    await Promise.race([pause(LOOK_MS), ...(journal.size === 0 ? placing : [])]);
    await journal.look();
    if (placing.size === 0 && Date.now() >= leaveAt) break;
  }
  await journal.write();
  if (away !== undefined && !signal.aborted) throw away;
}

/** Looks once at orders that were placed; returns how many of them are still open. */
export async function followOrders(
  db: Db,
  importId: string,
  placed: readonly { readonly position: number; readonly orderId: string }[],
): Promise<number> {
  const journal = new Journal(db, importId);
  for (const { position, orderId } of placed) journal.follow(position, orderId);
  await journal.look();
  return journal.size;
}

/** The orders under way, and what has become of others and is not written yet. */
class Journal {
  readonly #db: Db;
  readonly #importId: string;
  readonly #followed = new Map<string, { readonly position: number; readonly until: number }>();
  readonly #outcomes: ImportOutcome[] = [];

  constructor(db: Db, importId: string) {
    this.#db = db;
    this.#importId = importId;
  }

  /** Orders that are waited for. */
  get size(): number {
    return this.#followed.size;
  }

  follow(position: number, orderId: string): void {
    this.#followed.set(orderId, { position, until: Date.now() + FOLLOW_MS });
  }

  note(position: number, placed: PlacedImportOrder): void {
    const failure = placed.state === 'FAILED' ? placed.failure : null;
    this.#outcomes.push({ position, state: placed.state, orderId: placed.orderId, failure });
    if (placed.state === 'PLACED') this.follow(position, placed.orderId);
  }

  /** Lets go of the orders that are settled, or have taken too long, and writes what is new. */
  async look(): Promise<void> {
    const orders = this.#followed.size === 0 ? [] : await findFollowedOrders(this.#db, [...this.#followed.keys()]);
    for (const order of orders) {
      const { position = -1, until = 0 } = this.#followed.get(order.id) ?? {};
      const outcome = outcomeOf(order);
      if (outcome) this.#outcomes.push({ position, orderId: order.id, ...outcome });
      if (outcome || order.sagaState === 'NEEDS_ATTENTION' || Date.now() >= until) this.#followed.delete(order.id);
    }
    await this.write();
  }

  async write(): Promise<void> {
    // Placed and settled since the last time: one row can be updated once a statement, and the later outcome counts.
    const written = this.#outcomes.length;
    if (written === 0) return;
    const latest = new Map(this.#outcomes.map((outcome) => [outcome.position, outcome]));
    await recordOutcomes(this.#db, this.#importId, [...latest.values()]);
    // More may have been noted while this was written.
    this.#outcomes.splice(0, written);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
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

const unforeseen: ImportFailure = {
  code: 'INTERNAL',
  message: 'It could not be placed for a reason that the logs tell; it is safe to send it again.',
  details: [],
};
